"""Clauses 6.3 to 6.5, 6.9 and 6.10: annotations, forms, signatures, actions and layers, broken and mended."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pdfa_files import broken, made
from pikepdf import Array, Dictionary, Name, Pdf, String

Change = Callable[[Pdf], object]


def drawing(document: Pdf) -> pikepdf.Stream:
    """An empty appearance."""
    made_ = document.make_stream(b"")
    made_.stream_dict = Dictionary(Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources=Dictionary())
    return made_


def annotation(appearance: Callable[[Pdf], object] | None = None, **entries: object) -> Change:
    """A page with one annotation; an entry of none is left out."""

    def change(document: Pdf) -> None:
        look = Dictionary(N=drawing(document)) if appearance is None else appearance(document)
        usual = {"Type": Name.Annot, "Subtype": Name.Square, "Rect": Array([1, 1, 9, 9]), "F": 4, "AP": look}
        kept = {key: value for key, value in (usual | entries).items() if value is not None}
        document.pages[0].Annots = Array([document.make_indirect(Dictionary(**kept))])
        if kept.get("Subtype") == Name.Widget:
            document.Root.AcroForm = Dictionary(Fields=document.pages[0].Annots)

    return change


def by_state(document: Pdf) -> Dictionary:
    return Dictionary(N=Dictionary(On=drawing(document), Off=drawing(document)))


def two_looks(document: Pdf) -> Dictionary:
    return Dictionary(N=drawing(document), D=drawing(document))


def form(**entries: object) -> Change:
    """A form with these entries, and one text field."""

    def change(document: Pdf) -> None:
        field = Dictionary(FT=Name.Tx, T="total", **dict(entries.get("field", {})))
        own = {key: value for key, value in entries.items() if key != "field"}
        document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]), **own)

    return change


def catalog(**entries: object) -> Change:
    def change(document: Pdf) -> None:
        for key, value in entries.items():
            document.Root[f"/{key}"] = value

    return change


def page(**entries: object) -> Change:
    def change(document: Pdf) -> None:
        for key, value in entries.items():
            document.pages[0][f"/{key}"] = value

    return change


def action(kind: str, **entries: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def bookmark(one: Dictionary) -> Change:
    def change(document: Pdf) -> None:
        root = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
        item = document.make_indirect(Dictionary(Title="one", Parent=root, A=one))
        root.First = root.Last = item
        document.Root.Outlines = root

    return change


def layers(configs: int = 0, **entries: object) -> Change:
    """Two layers and a default configuration, and more of the same name."""

    def change(document: Pdf) -> None:
        groups = [document.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("one", "two")]
        usual: dict[str, object] = {"Name": String("usual")}
        kept = {key: value for key, value in (usual | entries).items() if value is not None}
        if "Order" in kept:
            kept["Order"] = Array([Array(groups[: int(str(kept["Order"]))])])
        document.Root.OCProperties = Dictionary(OCGs=Array(groups), D=Dictionary(**kept))
        if configs:
            document.Root.OCProperties.Configs = Array([Dictionary(**kept) for _ in range(configs)])

    return change


SCRIPT = action("JavaScript", JS="app.alert(1)")
WIDGET = {"Subtype": Name.Widget, "FT": Name.Tx, "T": "total"}
LINK = {"Subtype": Name.Link, "AP": None}
CASES: list[tuple[str, Change, Change]] = [
    ("6.3.1-t01", annotation(Subtype=Name.Sound), annotation()),
    ("6.3.1-t01", annotation(Subtype=None), annotation()),
    ("6.3.1-t01", annotation(Subtype=Name("/3D")), annotation(Subtype=Name.Redact)),
    ("6.3.2-t01", annotation(F=None), annotation()),
    ("6.3.2-t01", annotation(F=None), annotation(F=None, Subtype=Name.Popup, AP=None)),
    ("6.3.2-t02", annotation(F=0), annotation(F=4)),
    ("6.3.2-t02", annotation(F=5), annotation(F=12)),
    ("6.3.2-t02", annotation(F=6), annotation(F=68)),
    ("6.3.2-t02", annotation(F=36), annotation(F=132)),
    ("6.3.2-t02", annotation(F=260), annotation(F=516)),
    ("6.3.3-t01", annotation(AP=None), annotation(AP=None, Rect=Array([5, 5, 5, 5]))),
    ("6.3.3-t01", annotation(AP=None), annotation(**LINK)),
    ("6.3.3-t02", annotation(two_looks), annotation()),
    ("6.3.3-t03", annotation(**WIDGET | {"FT": Name.Btn}), annotation(by_state, **WIDGET | {"FT": Name.Btn})),
    ("6.3.3-t04", annotation(by_state), annotation()),
    ("6.3.3-t04", annotation(by_state, **WIDGET), annotation(**WIDGET)),
    ("6.4.1-t01", annotation(**WIDGET, A=action("GoTo")), annotation(**LINK, A=action("GoTo"))),
    ("6.4.1-t01", annotation(**WIDGET, AA=Dictionary()), annotation(**WIDGET)),
    ("6.4.1-t02", form(field={"AA": Dictionary()}), form()),
    ("6.4.1-t03", form(NeedAppearances=True), form(NeedAppearances=False)),
    ("6.4.2-t01", form(XFA=Array([])), form()),
    ("6.4.2-t02", catalog(NeedsRendering=True), catalog(NeedsRendering=False)),
    ("6.5.1-t01", catalog(OpenAction=SCRIPT), catalog(OpenAction=action("GoTo", D="a"))),
    ("6.5.1-t01", catalog(OpenAction=action("GoTo", D="a", Next=SCRIPT)), catalog(OpenAction=action("Thread"))),
    ("6.5.1-t01", catalog(OpenAction=action("GoTo", Next=Array([SCRIPT]))), catalog(OpenAction=Array([]))),
    ("6.5.1-t01", annotation(**LINK, A=action("Launch")), annotation(**LINK, A=action("URI", URI="https://a.example"))),
    ("6.5.1-t01", annotation(AA=Dictionary(E=SCRIPT)), annotation()),
    ("6.5.1-t01", bookmark(SCRIPT), bookmark(action("GoToR"))),
    ("6.5.1-t01", form(field={"AA": Dictionary(K=SCRIPT)}), form()),
    ("6.5.1-t01", page(AA=Dictionary(O=SCRIPT)), page()),
    (
        "6.5.1-t02",
        annotation(**LINK, A=action("Named", N=Name.Print)),
        annotation(**LINK, A=action("Named", N=Name.NextPage)),
    ),
    ("6.5.2-t01", catalog(AA=Dictionary()), catalog()),
    ("6.5.2-t02", page(AA=Dictionary()), page()),
    ("6.9-t01", layers(Name=None), layers()),
    ("6.9-t01", layers(Name=String("")), layers()),
    ("6.9-t02", layers(configs=1), layers()),
    ("6.9-t03", layers(Order=1), layers(Order=2)),
    ("6.9-t04", layers(AS=Array([])), layers()),
    ("6.10-t01", catalog(Names=Dictionary(AlternatePresentations=Dictionary())), catalog(Names=Dictionary())),
    ("6.10-t02", page(PresSteps=Dictionary()), page()),
]


@pytest.mark.parametrize(("rule", "wrong", "mended"), CASES, ids=[f"{row[0]}-{n}" for n, row in enumerate(CASES)])
def test_one_clause(rule: str, wrong: Change, mended: Change) -> None:
    assert rule in broken(made(wrong))
    assert broken(made(mended)) == set()


def test_rings_of_actions_bookmarks_and_fields_end() -> None:
    def change(document: Pdf) -> None:
        ring = document.make_indirect(action("GoTo"))
        ring.Next = ring
        document.Root.OpenAction = ring
        bookmark(ring)(document)
        item = document.Root.Outlines.First
        item.Next = item
        form()(document)
        field = document.Root.AcroForm.Fields[0]
        field.Parent = field.Kids = Array([field])

    assert broken(made(change)) == set()


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    size = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + size + content


def sealed(certificates: int = 1, signers: int = 1) -> bytes:
    """The frame of a PKCS #7 object with so many certificates and signers."""
    held = [der(0xA0, *[der(0x30)] * certificates)] if certificates else []
    infos = der(0x31, *[der(0x30, b"\2\1\1")] * signers)
    signed = der(0x30, b"\2\1\1", der(0x31), der(0x30), *held, infos)
    return der(0x30, b"\6\1\1", der(0xA0, signed))


def signed(contents: bytes, shift: int = 0, more: bytes = b"") -> bytes:
    """A file with a signature field whose ByteRange is right, or shifted, or followed by more."""
    room = contents.ljust(len(contents) + 8, b"\0")

    def change(document: Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig, Contents=String(room), ByteRange=Array([0, 1111111111, 2222222222, 3333333333])
        )
        field = Dictionary(FT=Name.Sig, T="seal", V=document.make_indirect(value))
        document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]), SigFlags=3)

    data = made(change)
    written = f"<{room.hex()}>".encode()
    assert data.count(written) == 1
    begin = data.index(written)
    end = begin + len(written)
    ranges = f"[ 0 {begin + shift:<10} {end:<10} {len(data) - end:<10} ]".encode()
    data = data.replace(b"[ 0 1111111111 2222222222 3333333333 ]", ranges)
    assert ranges in data
    return data + more


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (signed(sealed()), set()),
        (signed(sealed(), shift=-1), {"6.4.3-t01"}),
        (signed(sealed(certificates=0)), {"6.4.3-t02"}),
        (signed(sealed(signers=2)), {"6.4.3-t03"}),
        (signed(b"no such thing"), {"6.4.3-t02", "6.4.3-t03"}),
    ],
)
def test_signatures(data: bytes, rules: set[str]) -> None:
    assert {rule for rule in broken(data) if rule.startswith("6.4.3")} == rules


def test_a_later_revision_may_follow_a_signature() -> None:
    data = signed(sealed())
    with pikepdf.open(BytesIO(data)) as document:
        size = int(str(document.trailer.Size))
    start = data.rindex(b"startxref") + 10
    previous = int(data[start : data.index(b"\n", start)])
    offset = len(data)
    later = b"%d 0 obj\n(more)\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, offset)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1,
        previous,
        offset + len(later),
    )
    assert "6.4.3-t01" not in broken(data + later + table + trailer)
