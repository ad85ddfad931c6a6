"""An XMP packet as a tree of properties: the part of RDF/XML that XMP allows, and nothing beyond it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

__all__ = ["BadXmp", "Node", "Packet", "read_packet"]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_X: Final = "adobe:ns:meta/"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_OLD_DC: Final = "http://purl.org/dc/1.1/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_LANG: Final = f"{{{_XML}}}lang"
_UTF_16: Final = (b"\xfe\xff", b"\xff\xfe", b"\x00<", b"<\x00")
_DEEPEST: Final = 100

_SYNTAX: Final = frozenset({"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description"})
"""Names of RDF that can never be properties."""
_OLD: Final = frozenset({"aboutEach", "aboutEachPrefix", "bagID"})
_ARRAYS: Final = {"Bag": "bag", "Seq": "seq", "Alt": "alt"}

Element = etree._Element


class BadXmp(Exception):
    """The bytes are no XMP: not well-formed, or RDF that XMP does not allow. The text says why."""


@dataclass(slots=True)
class Node:
    """A property, a field of a structure or an item of an array.

    `kind` is simple, struct, bag, seq or alt; `prefix` is the one that is written in the packet (None for a default
    namespace); `lang` is the value of xml:lang; `value` is the text of a simple one. Items have the name "[]".
    """

    namespace: str
    name: str
    prefix: str | None
    kind: str = "simple"
    value: str = ""
    lang: str | None = None
    children: "list[Node]" = field(default_factory=list)
    qualified: bool = False
    """Whether one of the fields is rdf:value, which makes the others qualifiers."""

    def child(self, namespace: str, name: str) -> "Node | None":
        """The field of that name."""
        return next((one for one in self.children if one.name == name and one.namespace == namespace), None)

    @property
    def ordered(self) -> bool:
        """Whether it is an array whose order tells: seq, and alt."""
        return self.kind in ("seq", "alt")


@dataclass(slots=True)
class Packet:
    """The properties of an XMP packet, the data of its header (`<?xpacket ...?>`), and its encoding.

    Where there is no rdf:RDF the encoding is "".
    """

    properties: list[Node]
    header: str
    encoding: str


def read_packet(data: bytes) -> Packet:
    """The properties in the bytes of a metadata stream. Without an rdf:RDF there are none.

    Raises:
        BadXmp: not well-formed, or no RDF/XML as XMP asks for.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        top = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXmp(f"not well-formed XML: {error}") from None
    if b"<![CDATA[" in data:
        raise BadXmp("it has a CDATA section, which readers of XMP do not expect")
    tree = top.getroottree()
    header, rdf = _find(top)
    root = Node("", "", None, "struct")
    if rdf is None:
        return Packet([], header, "")
    _node_elements(root, rdf)
    encoding = "UTF-16" if data[:2] in _UTF_16 else (tree.docinfo.encoding or "UTF-8").upper()
    return Packet(root.children, header, encoding)


def _find(top: Element) -> tuple[str, Element | None]:
    """The last packet header before rdf:RDF, and that element."""
    header = ""
    before: list[Element] = []
    one = top.getprevious()
    while one is not None:
        before.append(one)
        one = one.getprevious()
    for node in (*reversed(before), *top.iter()):
        if isinstance(node, etree._ProcessingInstruction):
            if node.target == "xpacket":
                header = node.text or ""
        elif node.tag == f"{{{_RDF}}}RDF":
            return header, node
    return header, None


def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    return namespace, name


def _attributes(element: Element) -> Iterator[tuple[str, str, str, str]]:
    """Namespace, name, full tag and value of each attribute; `about` and `ID` of RDF's own elements belong to RDF."""
    own_rdf = str(element.tag).startswith(f"{{{_RDF}}}")
    for tag, value in sorted(element.attrib.items()):
        namespace, name = _split(str(tag))
        if not namespace and own_rdf and name in ("about", "ID"):
            namespace = _RDF
        yield namespace, name, str(tag), str(value)


def _prefix_of(element: Element, namespace: str) -> str | None:
    return next((prefix for prefix, uri in element.nsmap.items() if uri == namespace and prefix), None)


def _content(element: Element) -> Iterator[Element]:
    """The elements in an element, in which no other text may stand."""
    if element.text is not None and element.text.strip():
        raise BadXmp(f"text stands where only elements may be: {element.text.strip()[:40]!r}")
    for child in element:
        if not isinstance(child.tag, str):
            raise BadXmp("a processing instruction or entity stands among the properties")
        yield child
        if child.tail is not None and child.tail.strip():
            raise BadXmp(f"text stands where only elements may be: {child.tail.strip()[:40]!r}")


def _node_elements(root: Node, rdf: Element) -> None:
    for child in _content(rdf):
        if child.tag != f"{{{_RDF}}}Description":
            raise BadXmp(f"rdf:RDF contains {_split(str(child.tag))[1]}, and rdf:Description only is allowed")
        _node_element(root, child, True, 0)


def _node_element(parent: Node, element: Element, top: bool, depth: int) -> None:
    exclusive = 0
    for namespace, name, _, value in _attributes(element):
        if namespace == _RDF and name in ("ID", "nodeID", "about"):
            exclusive += 1
            if exclusive > 1:
                raise BadXmp("about, ID and nodeID stand together")
            if top and name == "about":
                if parent.value and value and parent.value != value:
                    raise BadXmp("rdf:about differs between the descriptions")
                parent.value = parent.value or value
        elif namespace == _RDF and name in (_SYNTAX | _OLD | {"li"}):
            raise BadXmp(f"the attribute rdf:{name} is not allowed here")
        else:
            _add(parent, Node(namespace, name, _prefix_of(element, namespace), value=value))
    for child in _content(element):
        _property(parent, child, depth + 1)


def _add(parent: Node, child: Node) -> Node:
    """Put a new property into its parent: each name once, and all in a namespace."""
    if not child.namespace:
        raise BadXmp(f"{child.name} is in no namespace")
    if child.namespace == _OLD_DC:
        child.namespace = _DC
    if child.namespace == _RDF and child.name == "li":
        if parent.kind not in ("bag", "seq", "alt"):
            raise BadXmp("rdf:li stands outside of an array")
        child.name, child.namespace = "[]", ""
    elif parent.child(child.namespace, child.name) is not None:
        raise BadXmp(f"{child.prefix or ''}:{child.name} stands there twice")
    if child.namespace == _RDF and child.name == "value":
        if parent.kind != "struct" or not parent.name:
            raise BadXmp("rdf:value stands outside of a structure")
        parent.qualified = True
        parent.children.insert(0, child)
    else:
        parent.children.append(child)
    return child


def _property(parent: Node, element: Element, depth: int) -> None:
    if depth > _DEEPEST:
        raise BadXmp("the properties are nested too deeply")
    namespace, name = _split(str(element.tag))
    if namespace == _RDF and name in (_SYNTAX | _OLD):
        raise BadXmp(f"rdf:{name} is no property")
    node = Node(namespace, name, element.prefix)
    telling = [(one, local, value) for one, local, tag, value in _attributes(element) if tag != _LANG]
    if len(element.attrib) > 3:
        _empty(parent, node, element)
    elif telling:
        first, local, value = telling[0]
        if (first, local) == (_RDF, "datatype"):
            _literal(parent, node, element)
        elif (first, local) != (_RDF, "parseType"):
            _empty(parent, node, element)
        elif value == "Resource":
            _resource(parent, node, element, depth)
        else:
            raise BadXmp(f'rdf:parseType="{value}" is not allowed')
    elif len(element):
        _compound(parent, node, element, depth)
    elif element.text is not None:
        _literal(parent, node, element)
    else:
        _empty(parent, node, element)


def _qualify(node: Node, element: Element, *allowed: str) -> None:
    """Take xml:lang; refuse every attribute that is neither that nor one of RDF that is allowed."""
    for namespace, name, tag, value in _attributes(element):
        if tag == _LANG:
            node.lang = value
        elif namespace != _RDF or name not in allowed:
            raise BadXmp(f"the attribute {name} is not allowed at {node.name}")


def _compound(parent: Node, node: Node, element: Element, depth: int) -> None:
    """A property whose content is one element: an array or a structure."""
    _add(parent, node)
    _qualify(node, element, "ID")
    children = list(_content(element))
    if len(children) > 1:
        raise BadXmp(f"{node.name} has more than one value")
    [child] = children
    namespace, name = _split(str(child.tag))
    node.kind = _ARRAYS.get(name, "struct") if namespace == _RDF else "struct"
    if namespace == _RDF and name in (_SYNTAX | _OLD | {"li"}) - {"Description"}:
        raise BadXmp(f"rdf:{name} is no value")
    if not namespace:
        raise BadXmp(f"{name} is in no namespace")
    _node_element(node, child, False, depth)
    _settle(node)


def _resource(parent: Node, node: Node, element: Element, depth: int) -> None:
    """A structure that is written without a description of its own (rdf:parseType="Resource")."""
    _add(parent, node)
    node.kind = "struct"
    _qualify(node, element, "ID", "parseType")
    for child in _content(element):
        _property(node, child, depth + 1)
    _settle(node)


def _settle(node: Node) -> None:
    """A structure with rdf:value is that value; its other fields only qualify it."""
    if node.qualified:
        value = node.children[0]
        node.kind, node.value, node.children = value.kind, value.value, value.children
        node.lang = node.lang if node.lang is not None else value.lang
        node.qualified = False


def _literal(parent: Node, node: Node, element: Element) -> None:
    _add(parent, node)
    _qualify(node, element, "ID", "datatype")
    if len(element):
        raise BadXmp(f"{node.name} has elements within its text")
    node.value = element.text or ""


def _empty(parent: Node, node: Node, element: Element) -> None:
    """A property without content: its value is an attribute, or its attributes are the fields of a structure."""
    if len(element) or element.text is not None:
        raise BadXmp(f"{node.name} has content beside its attributes")
    attributes = list(_attributes(element))
    names = {name for namespace, name, _, _ in attributes if namespace == _RDF}
    if bad := names & ((_SYNTAX | _OLD | {"li"}) - {"ID", "resource", "nodeID"}):
        raise BadXmp(f"the attribute rdf:{min(bad)} is not allowed at {node.name}")
    if "resource" in names and names & {"nodeID", "value"}:
        raise BadXmp(f"rdf:resource of {node.name} stands beside another value")
    _add(parent, node)
    fields = []
    for namespace, name, tag, value in attributes:
        if namespace == _RDF and name in ("value", "resource"):
            node.value = value
        elif tag == _LANG:
            node.lang = value
        elif namespace != _RDF or name not in ("ID", "nodeID"):
            fields.append(Node(namespace, name, _prefix_of(element, namespace), value=value))
    if fields and not names & {"value", "resource"}:
        node.kind = "struct"
        for one in fields:
            _add(node, one)
