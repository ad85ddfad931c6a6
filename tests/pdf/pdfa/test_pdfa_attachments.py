"""Clauses 6.7 and 6.8: attachments, and the logical structure of level a."""

from collections.abc import Callable
from typing import Any

import pytest
from pdfa_files import broken, made, xmp
from pikepdf import Array, Dictionary, Name, Pdf, String

Change = Callable[[Pdf], object]


def attached(data: bytes = b"<x/>", **changes: Any) -> Change:
    """The file with an attachment, less what is None, and other than usual in what is given."""

    def change(document: Pdf) -> None:
        stream = document.make_stream(data)
        stream.Type, stream.Subtype = Name.EmbeddedFile, changes.get("Subtype", Name("/text/xml"))
        entries = {
            "Type": Name.Filespec,
            "F": String("a.xml"),
            "UF": String("a.xml"),
            "AFRelationship": Name.Data,
            "EF": Dictionary(F=stream),
        } | changes
        entries.pop("Subtype", None)
        associated = entries.pop("AF", True)
        kept = {key: value for key, value in entries.items() if value is not None}
        specification = document.make_indirect(Dictionary(**kept))
        document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a.xml"), specification])))
        if associated:
            document.Root.AF = Array([specification])

    return change


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (attached(), set()),
        (attached(Subtype=Name("/xml")), {"6.8-t01"}),
        (attached(F=None), {"6.8-t02"}),
        (attached(UF=None), {"6.8-t02"}),
        (attached(AFRelationship=None), {"6.8-t03"}),
        (attached(AF=False), {"6.8-t04"}),
        (attached(Type=None, UF=None), {"6.8-t02"}),
    ],
)
def test_attachments_of_part_3(change: Change, rules: set[str]) -> None:
    assert broken(made(change)) == rules


def part_2(level: str = "B") -> bytes:
    return (
        xmp().replace(b"<pdfaid:part>3", b"<pdfaid:part>2").replace(b"conformance>B", f"conformance>{level}".encode())
    )


def part_1() -> bytes:
    return xmp().replace(b"<pdfaid:part>3", b"<pdfaid:part>1")


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (made(metadata=part_2()), set()),
        (made(metadata=part_1()), set()),
        (made(), {"6.8-t05"}),
        (b"<x/>", {"6.8-t05"}),
        (made(metadata=part_2()).replace(b"%PDF-1.7", b"%PDF-2.0"), {"6.8-t05"}),
        (made(attached(made(metadata=part_2())), part_2()), set()),
        (made(attached(b"<x/>"), part_2()), {"6.8-t05"}),
    ],
)
def test_attachments_of_part_2_are_pdfa(data: bytes, rules: set[str]) -> None:
    assert broken(made(attached(data), part_2()), "2b") == rules


def test_files_within_files_come_to_an_end() -> None:
    data = made(metadata=part_2())
    for _ in range(6):
        data = made(attached(data), part_2())
    assert broken(data, "2b") == {"6.8-t05"}


def tagged(type_: str = "P", roles: dict[str, str] | None = None, lang: str = "en", **catalog: Any) -> Change:
    """The file with a structure of one element."""

    def change(document: Pdf) -> None:
        element = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{type_}"), Lang=String(lang)))
        root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))
        if roles is not None:
            root.RoleMap = Dictionary({f"/{key}": Name(f"/{value}") for key, value in roles.items()})
        element.P = root
        document.Root.StructTreeRoot = root
        document.Root.MarkInfo = Dictionary(Marked=True)
        for key, value in catalog.items():
            if value is None:
                del document.Root[f"/{key}"]
            else:
                document.Root[f"/{key}"] = value

    return change


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (tagged(), set()),
        (tagged("Mine", {"Mine": "P"}), set()),
        (tagged("Mine", {"Mine": "Yours", "Yours": "P"}), set()),
        (tagged("P", {"P": "H1"}), set()),
        (tagged("Mine"), {"6.7.3.4-t01"}),
        (tagged("Mine", {"Mine": "Yours"}), {"6.7.3.4-t01"}),
        (tagged("Mine", {"Mine": "Yours", "Yours": "Mine"}), {"6.7.3.4-t02"}),
        (tagged("P", {"P": "Mine"}), {"6.7.3.4-t03"}),
        (tagged(lang="x" * 9), {"6.7.4-t01"}),
        (tagged(lang="fr-FR"), set()),
        (tagged(Lang=String("no good")), {"6.7.4-t01"}),
        (tagged(MarkInfo=None), {"6.7.2.2-t01"}),
        (tagged(MarkInfo=Dictionary(Marked=False)), {"6.7.2.2-t01"}),
        (tagged(StructTreeRoot=None), {"6.7.3.3-t01"}),
    ],
)
def test_structure_of_level_a(change: Change, rules: set[str]) -> None:
    level_a = xmp().replace(b"conformance>B", b"conformance>A")
    data = made(change, level_a)
    assert broken(data, "3a") == rules
    assert broken(data, "3b") == set(), "level b asks for no structure"
