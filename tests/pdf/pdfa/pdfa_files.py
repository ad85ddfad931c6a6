"""A small PDF/A-3b file, made here, and what a test does to it."""

from collections.abc import Callable
from io import BytesIO
from itertools import count

import pikepdf

from billingua import pdf

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<xmp:CreateDate>2026-01-31T09:00:00+01:00</xmp:CreateDate>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Test</rdf:li></rdf:Alt></dc:title>
</rdf:Description>
%s</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

CONTENT = b"q 10 w 20 20 m 80 80 l n Q"


def xmp(more: str = "", **replaced: str) -> bytes:
    """The metadata, with more in it, or with texts of it replaced (old and new by number)."""
    text = XMP % more
    for number in count():
        if f"old{number}" not in replaced:
            break
        assert replaced[f"old{number}"] in text
        text = text.replace(replaced[f"old{number}"], replaced[f"new{number}"])
    return text.encode()


def made(change: Callable[[pikepdf.Pdf], object] | None = None, metadata: bytes | None = None) -> bytes:
    """The file of one page with a line on it, changed as objects before it is written."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 100))
    document.pages[0].Contents = document.make_stream(CONTENT)
    stream = document.make_stream(metadata or xmp())
    stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    document.Root.Metadata = stream
    if change is not None:
        change(document)
    target = BytesIO()
    document.save(
        target,
        static_id=True,
        min_version="1.7",
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    return target.getvalue()


def broken(data: bytes, flavour: str = "3b") -> set[str]:
    """The rules that a file breaks, without the prefix they share."""
    return {finding.rule.removeprefix("PDFA-") for finding in pdf.check(data, flavour).findings}
