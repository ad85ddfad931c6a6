"""The XMP metadata of a PDF: what it says of PDF/A and of the invoice inside, and writing both.

ISO 16684-1 (XMP), ISO 19005-3 6.6 (PDF/A), Factur-X 1.0 section 6.2.2.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lxml import etree

from billingua.engine.xml import Element, parse, tag_of
from billingua.errors import UnreadableInput
from billingua.pdf.document import decoded, pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Pdf

__all__ = ["FACTURX", "NAMESPACES", "Facts", "Metadata", "facts_of", "fit", "packet", "root_of"]

FACTURX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

NAMESPACES: Final = {
    FACTURX: "Factur-X",
    "urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#": "ZUGFeRD 2.0",
    "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#": "ZUGFeRD 1.0",
    "urn:factur-x:pdfa:CrossIndustryDocument:1p0#": "Order-X",
}
"""The namespaces under which XMP tells of a document inside."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META: Final = "adobe:ns:meta/"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PDFAID: Final = "http://www.aiim.org/pdfa/ns/id/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_MM: Final = "http://ns.adobe.com/xap/1.0/mm/"
_RIGHTS: Final = "http://ns.adobe.com/xap/1.0/rights/"
_PDF: Final = "http://ns.adobe.com/pdf/1.3/"
_EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"

_PREFIXES: Final = {
    "x": _META,
    "rdf": _RDF,
    "pdfaid": _PDFAID,
    "dc": _DC,
    "xmp": _XMP,
    "xmpMM": _MM,
    "xmpRights": _RIGHTS,
    "pdf": _PDF,
    "fx": FACTURX,
    "pdfaExtension": _EXTENSION,
    "pdfaSchema": _SCHEMA,
    "pdfaProperty": _PROPERTY,
}

_KEPT: Final = {
    _DC: frozenset({"contributor", "coverage", "identifier", "language", "publisher", "relation", "rights", "source"}),
    _MM: frozenset({"DocumentID", "OriginalDocumentID", "RenditionClass", "VersionID"}),
    _RIGHTS: frozenset({"Certificate", "Marked", "Owner", "UsageTerms", "WebStatement"}),
    _PDF: frozenset(),
}
"""The properties of other writers that are taken over; those that mirror the document info are written anew."""

_DESCRIBED: Final = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


class Facts(NamedTuple):
    """What the metadata says: part and conformance of PDF/A ("" for none), and of the document inside by property.

    `namespace` is the one of those properties, "" where there are none.
    """

    part: str
    conformance: str
    namespace: str
    properties: Mapping[str, str]


class Metadata(NamedTuple):
    """What is to be written. Dates are texts of ISO 8601; "" leaves a value out."""

    conformance: str
    level: str
    file_name: str
    version: str
    title: str
    author: str
    subject: str
    keywords: str
    creator: str
    producer: str
    created: str
    modified: str


def root_of(pdf: "Pdf") -> Element | None:
    """The root of the XMP of the document; None where there is none that can be read."""
    pikepdf = pikepdf_loaded()
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return None
    try:
        return parse(decoded(stream, 16 * 2**20).strip(b"\0 \t\r\n"))
    except UnreadableInput:
        return None


def facts_of(root: Element) -> Facts:
    """What the metadata says of PDF/A and of the document inside."""
    part = conformance = namespace = ""
    found: dict[str, dict[str, str]] = {}
    for space, name, text in _simple(root):
        if space == _PDFAID and name == "part":
            part = text
        elif space == _PDFAID and name == "conformance":
            conformance = text
        elif space in NAMESPACES:
            found.setdefault(space, {})[name] = text
    namespace = next((known for known in NAMESPACES if known in found), "")
    return Facts(part, conformance, namespace, found.get(namespace, {}))


def _simple(root: Element) -> Iterator[tuple[str, str, str]]:
    """Namespace, name and text of each property, whether it is written as an element or an attribute."""
    for description in _descriptions(root):
        for key, value in description.items():
            yield *_split(key), str(value).strip()
        for one in description:
            yield *_split(tag_of(one)), "".join(one.itertext()).strip()


def _descriptions(root: Element) -> Iterable[Element]:
    return root.iterfind(f".//{{{_RDF}}}RDF/{{{_RDF}}}Description") if root.tag != f"{{{_RDF}}}RDF" else root


def _split(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return space[1:], name


def packet(new: Metadata, old: Element | None) -> bytes:
    """The XMP packet: PDF/A-3, the invoice inside with the schema that describes it, and what stays of the old one."""
    meta = etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
    rdf = etree.SubElement(meta, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    _plain(rdf, _PDFAID, {"part": "3", "conformance": new.conformance})
    _dublin(rdf, new)
    _plain(
        rdf,
        _XMP,
        {
            "CreatorTool": new.creator,
            "CreateDate": new.created,
            "ModifyDate": new.modified,
            "MetadataDate": new.modified,
        },
    )
    _plain(rdf, _PDF, {"Producer": new.producer, "Keywords": new.keywords})
    _plain(
        rdf,
        FACTURX,
        {
            "DocumentType": "INVOICE",
            "DocumentFileName": new.file_name,
            "Version": new.version,
            "ConformanceLevel": new.level,
        },
    )
    schemas = _kept(rdf, old) if old is not None else []
    _extension(rdf, schemas)
    body = etree.tostring(meta, encoding="utf-8")
    padding = b"\n" + b" " * 99
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        + body
        + padding * 2
        + b'\n<?xpacket end="w"?>'
    )


def _description(rdf: Element, space: str) -> Element:
    prefix = next((prefix for prefix, uri in _PREFIXES.items() if uri == space), None)
    about = {f"{{{_RDF}}}about": ""}
    return etree.SubElement(rdf, f"{{{_RDF}}}Description", about, nsmap={prefix: space} if prefix else None)


def _plain(rdf: Element, space: str, values: Mapping[str, str]) -> None:
    stated = {name: text for name, text in values.items() if text}
    if stated:
        description = _description(rdf, space)
        for name, text in stated.items():
            etree.SubElement(description, f"{{{space}}}{name}").text = text


def _dublin(rdf: Element, new: Metadata) -> None:
    description = _description(rdf, _DC)
    etree.SubElement(description, f"{{{_DC}}}format").text = "application/pdf"
    for name, kind, text in (
        ("title", "Alt", new.title),
        ("creator", "Seq", new.author),
        ("description", "Alt", new.subject),
    ):
        if text:
            items = etree.SubElement(etree.SubElement(description, f"{{{_DC}}}{name}"), f"{{{_RDF}}}{kind}")
            item = etree.SubElement(items, f"{{{_RDF}}}li")
            item.text = text
            if kind == "Alt":
                item.set(_XML_LANG, "x-default")


def _kept(rdf: Element, old: Element) -> list[Element]:
    """Take over what may stay of the old metadata; gives the descriptions of its extension schemas, but ours."""
    schemas = []
    for item in old.iterfind(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag/{{{_RDF}}}li"):
        space = (item.findtext(f".//{{{_SCHEMA}}}namespaceURI") or "").strip()
        if space and space not in NAMESPACES and space not in _PREFIXES.values():
            schemas.append((space, item))
    described = {space for space, _ in schemas}
    groups: dict[str, Element] = {}
    seen = set()
    for description in _descriptions(old):
        for key, value in description.items():
            space, name = _split(key)
            if _stays(space, name, described) and key not in seen:
                seen.add(key)
                etree.SubElement(_group(rdf, groups, space), str(key)).text = str(value)
        for one in description:
            key = tag_of(one)
            space, name = _split(key)
            if _stays(space, name, described) and key not in seen:
                seen.add(key)
                _group(rdf, groups, space).append(_copy(one))
    return [_copy(item) for space, item in schemas if space in groups]


def _stays(space: str, name: str, described: set[str]) -> bool:
    return space in described or name in _KEPT.get(space, ())


def _group(rdf: Element, groups: dict[str, Element], space: str) -> Element:
    if space not in groups:
        groups[space] = _description(rdf, space)
    return groups[space]


def _copy(one: Element) -> Element:
    copied: Element = deepcopy(one)
    copied.tail = None
    return copied


def _extension(rdf: Element, others: list[Element]) -> None:
    """The description of the schema of Factur-X, as PDF/A asks for it, beside those of others."""
    about = {f"{{{_RDF}}}about": ""}
    spaces = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
    description = etree.SubElement(rdf, f"{{{_RDF}}}Description", about, nsmap=spaces)
    bag = etree.SubElement(etree.SubElement(description, f"{{{_EXTENSION}}}schemas"), f"{{{_RDF}}}Bag")
    bag.extend(others)
    resource = {f"{{{_RDF}}}parseType": "Resource"}
    schema = etree.SubElement(bag, f"{{{_RDF}}}li", resource)
    etree.SubElement(schema, f"{{{_SCHEMA}}}schema").text = "Factur-X PDFA Extension Schema"
    etree.SubElement(schema, f"{{{_SCHEMA}}}namespaceURI").text = FACTURX
    etree.SubElement(schema, f"{{{_SCHEMA}}}prefix").text = "fx"
    listed = etree.SubElement(etree.SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for name, said in _DESCRIBED:
        item = etree.SubElement(listed, f"{{{_RDF}}}li", resource)
        for key, text in (("name", name), ("valueType", "Text"), ("category", "external"), ("description", said)):
            etree.SubElement(item, f"{{{_PROPERTY}}}{key}").text = text


_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: Any) -> str:
    """A text without what XML cannot hold."""
    return _UNFIT.sub("", str(text)).strip()
