"""Taking files out of PDFs: all of them, once each, and none that lead elsewhere or explode."""

import hashlib
import json
import zlib
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.errors import UnreadableInput
from billingua.pdf.extraction import extract, safe_name

pikepdf = pytest.importorskip("pikepdf")

HYBRID = Path(__file__).resolve().parents[3] / "shared" / "facturx-pdfs"
MANIFEST = HYBRID / "manifest.jsonl"
LINES = [json.loads(line) for line in MANIFEST.read_text().splitlines()] if MANIFEST.exists() else []


def spec(pdf: Any, name: Any, data: bytes = b"<a/>", **more: Any) -> Any:
    stream = pikepdf.Stream(pdf, data)
    stream.Type = pikepdf.Name.EmbeddedFile
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F=name, EF=pikepdf.Dictionary(F=pdf.make_indirect(stream)), **more
        )
    )


def saved(pdf: Any) -> bytes:
    pdf.add_blank_page(page_size=(100, 100))
    stream = BytesIO()
    pdf.save(stream)
    return stream.getvalue()


@pytest.mark.skipif(not LINES, reason="../shared/facturx-pdfs is absent")
@pytest.mark.parametrize("line", LINES, ids=lambda line: line["file"])
def test_every_hybrid_gives_what_the_manifest_lists(line: dict[str, Any]) -> None:
    data = (HYBRID / line["file"]).read_bytes()
    if line["bytes"] < 100:
        with pytest.raises(UnreadableInput):
            extract(data)
        return
    expected = {
        (one["name"], one["afrelationship"] or "", one["mime"] or "", one["sha256"]) for one in line["embedded_files"]
    }
    found = extract(data)
    assert {(o.name, o.relationship, o.mime, hashlib.sha256(o.data).hexdigest()) for o in found} == expected
    assert len(found) == len(line["embedded_files"])


def test_a_file_mentioned_thrice_comes_once() -> None:
    with pikepdf.new() as pdf:
        one = spec(pdf, "a.xml", AFRelationship=pikepdf.Name.Data)
        tree = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), one]))
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=tree)
        pdf.Root.AF = pikepdf.Array([one])
        pdf.add_blank_page()
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=one, Rect=[0, 0, 1, 1])
        pdf.pages[0].obj.Annots = pikepdf.Array([note])
        assert [tuple(found) for found in extract(saved(pdf))] == [("a.xml", "", "Data", b"<a/>")]


def test_a_file_of_an_annotation_alone_is_found() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=spec(pdf, "n.txt"), Rect=[0, 0, 1, 1])
        pdf.pages[0].obj.Annots = pikepdf.Array([note])
        assert [found.name for found in extract(saved(pdf))] == ["n.txt"]


def test_a_deep_tree_that_bites_its_tail_is_walked_once() -> None:
    with pikepdf.new() as pdf:
        top = pdf.make_indirect(pikepdf.Dictionary())
        node = top
        for _ in range(2000):
            lower = pdf.make_indirect(pikepdf.Dictionary())
            node.Kids = pikepdf.Array([lower])
            node = lower
        node.Kids = pikepdf.Array([top, pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("k"), spec(pdf, "d")]))])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=top)
        assert [found.name for found in extract(saved(pdf))] == ["d"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"\xfe\xff\x00r\x00\xe9", "ré"),
        (b"\xff\xfer\x00\xe9\x00", "ré"),
        ("ré.xml".encode(), "ré.xml"),
        (b"\xef\xbb\xbfr\xc3\xa9", "ré"),
        (b"r\xe9\x00.xml", "ré.xml"),
        (b"\xfe\xff\xd8\x00", "\ufffd"),
    ],
)
def test_names_in_any_encoding_are_read(raw: bytes, name: str) -> None:
    with pikepdf.new() as pdf:
        pdf.Root.AF = pikepdf.Array([spec(pdf, pikepdf.String(raw))])
        assert [found.name for found in extract(saved(pdf))] == [name]


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("billingua.pdf.extraction"), "MAX_STREAM", 100_000)
    with pikepdf.new() as pdf:
        bomb = spec(pdf, "b.xml")
        bomb.EF.F = pdf.make_indirect(
            pikepdf.Stream(pdf, zlib.compress(bytes(9_000_000), 9), Filter=pikepdf.Name.FlateDecode)
        )
        pdf.Root.AF = pikepdf.Array([bomb])
        with pytest.raises(UnreadableInput, match="unfolds to more than"):
            extract(saved(pdf))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factur-x.xml", "factur-x.xml"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\autoexec.bat", "autoexec.bat"),
        ("C:\\temp\\a.xml", "a.xml"),
        ("a:b|c.xml", "a_b_c.xml"),
        ("..", "_"),
        ("", "_"),
        (".bashrc", "bashrc"),
        ("NUL.xml", "_NUL.xml"),
        ("a" * 300 + ".xml", "a" * 146 + ".xml"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set("/\\\0")
    assert safe not in {".", ".."}
