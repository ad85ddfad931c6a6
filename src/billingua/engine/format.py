"""What the program must know of a wire format before it uses one: its descriptor, light and lazy.

A format is a folder on the shelf `billingua.formats` with one `FORMAT` in its `__init__.py`. Nothing else of the
folder is imported until a document of that format is read or written.
"""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.engine.xml import Element, first_below, tag_of
from billingua.errors import UnsupportedFormat
from billingua.resources import table_beside

if TYPE_CHECKING:
    from billingua.engine.document import Document, Loss
    from billingua.engine.locate import Condition, Row

__all__ = ["Format"]


_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class _Described(NamedTuple):
    """What a descriptor says.

    `package` is the folder as a dotted name. `roots` maps each root element (Clark notation) to the wire format it
    means, which is the word of the API and of reports. `namespaces` maps the conventional prefixes of child elements;
    `schemas` maps each wire format to its schema below `schemas/`, `releases` further releases of that schema by name,
    `schemas_with` an element to the schemas that take over in documents where it stands, `cores` each wire format to
    a part of its schema that accepts nothing the whole one refuses. `profile` is the path from
    the root to the specification identifier (BT-24), in those prefixes ("" if documents have none); `version` the
    release of the syntax, which the element at `version_path` may say otherwise. `alias` is a name accepted when
    writing that leaves the choice of the root to the document ("" if there is none). `namespaces_with` names the
    namespaces of those wire formats, or root elements, that have others than `namespaces`. `read_only` are the wire
    formats that are not written. `versions` tells the release by the root element where that depends on it. `apart` is
    the tag of a child of the root that the schema knows nothing of: a signature put into a finished document.
    `structure_only` says that no rule set is meant for the format: what its structure says is the whole verdict.
    `own_model` is the class in the folder's `model` that documents become when they are not the invoice of EN 16931 (""
    if they are). `repeated` are the elements of which a document may have any number, as steps of a path.
    """

    package: str
    title: str
    roots: Mapping[str, str]
    namespaces: Mapping[str, str]
    schemas: Mapping[str, str]
    version: str
    profile: str = ""
    version_path: str = ""
    alias: str = ""
    cores: Mapping[str, str] = _NONE
    schemas_with: Mapping[str, Mapping[str, str]] = _NONE
    releases: Mapping[str, str] = _NONE
    namespaces_with: Mapping[str, Mapping[str, str]] = _NONE
    read_only: frozenset[str] = frozenset()
    versions: Mapping[str, str] = _NONE
    apart: str = ""
    structure_only: bool = False
    own_model: str = ""
    repeated: tuple[str, ...] = ()


class Format(_Described):
    """The descriptor of a format; all of it is given by name."""

    @property
    def folder(self) -> str:
        """The folder on the shelf: `ubl`."""
        return self.package.rpartition(".")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """The wire formats it serves: `("ubl-invoice", "ubl-creditnote")`."""
        return tuple(dict.fromkeys(self.roots.values()))

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Namespace to prefix, as paths in reports show them."""
        every = (self.namespaces, *self.namespaces_with.values())
        return {uri: prefix for namespaces in every for prefix, uri in namespaces.items()}

    def namespaces_of(self, name: str) -> Mapping[str, str]:
        """The namespaces of a wire format by their prefixes."""
        return self.namespaces_with.get(name, self.namespaces)

    def name_of(self, root: Element) -> str:
        """The wire format that a root element means.

        An unknown element in the namespace of a root is taken for that root: the structure then tells what is wrong.
        """
        tag = tag_of(root)
        return self.roots.get(tag) or self.vocabularies[tag.rpartition("}")[0]]

    @cached_property
    def vocabularies(self) -> dict[str, str]:
        """Namespace of a root element (with its opening brace) to the wire format; roots without one are left out."""
        return {tag.rpartition("}")[0]: name for tag, name in self.roots.items() if "}" in tag}

    def schema_of(self, name: str, root: Element) -> str:
        """The schema for a document of the wire format `name`, below `schemas/`."""
        for tag, schemas in self.schemas_with.items():
            if next(root.iter(tag), None) is not None:
                return schemas[name]
        return self.schemas[name]

    def version_of(self, root: Element) -> str:
        """The release of the syntax that a document follows."""
        stated = root.findtext(self.version_path, namespaces=dict(self.namespaces)) if self.version_path else None
        return (stated or "").strip() or self.versions.get(tag_of(root)) or self.version

    def profile_of(self, root: Element) -> str | None:
        """The specification identifier (BT-24) of a document; None when it has none."""
        if not self.profile:
            return None
        stated = first_below(root, self.profile_tags)
        return None if stated is None else (stated.text or "").strip() or None

    @cached_property
    def profile_tags(self) -> list[str]:
        """The path to the profile, as tags."""
        steps = (step.split(":") for step in self.profile.split("/"))
        return [f"{{{self.namespaces[prefix]}}}{name}" for prefix, name in steps]

    def model(self) -> Any:
        """The class that documents of this format become: that of the folder, or the invoice of EN 16931 (None)."""
        return getattr(import_module(f"{self.package}.model"), self.own_model) if self.own_model else None

    def codes(self) -> "Mapping[str, Mapping[str, str]]":
        """What the codes of its own model mean: by list and code; empty where it has none."""
        found = getattr(import_module(f"{self.package}.model"), "codes", None) if self.own_model else None
        return {} if found is None else found()

    def rows(self) -> "Sequence[Row]":
        """The rows of the binding table, for the walk that locates terms."""
        return _rows(self.package)

    def table(self) -> str:
        """The binding table as it stands in the folder."""
        return _table(self.package)

    def conditions(self) -> "Mapping[str, Condition]":
        """The conditions that the rows name in their column `when`."""
        if not any(row.when for row in self.rows()):
            return {}
        conditions: Mapping[str, Condition] = import_module(f"{self.package}.conditions").CONDITIONS
        return conditions

    def read(self, root: Element, file: str = "") -> "Document[Any]":
        """The document below a root element of this format; `file` is named in errors.

        Raises:
            UnreadableInput: a value cannot be of the type its term has.
        """
        document: Document[Any] = import_module(f"{self.package}.read").read(root, file)
        return document

    def to_invoice(self, content: Any, losses: "list[Loss]") -> Any:
        """The invoice of EN 16931 that a document's own model becomes; what that loses is entered in `losses`.

        Raises:
            CannotExpress: the content is one that the standard has no form for.
            UnsupportedFormat: documents of this format are no invoices.
        """
        try:
            convert = import_module(f"{self.package}.convert")
        except ModuleNotFoundError as error:
            if error.name != f"{self.package}.convert":
                raise
            raise UnsupportedFormat(f"{self.title} is no invoice and cannot be converted.") from None
        return convert.to_invoice(content, losses)

    def renewed(self, content: Any, losses: "list[Loss]") -> Any:
        """A document's own model as the newest of the wire formats has it; what that loses is entered in `losses`."""
        return import_module(f"{self.package}.convert").renewed(content, losses)

    def write(self, content: Any, name: str = "", losses: "list[Loss] | None" = None) -> bytes:
        """A model on the wire, as `name` (one of `names`, or the alias).

        What the format has no place for is entered in `losses`; without such a list it is an error.

        Raises:
            CannotExpress: the format has no place for a value, and no list of losses was given.
            InvalidModel: the model lacks what the structure of the format requires.
            UnsupportedFormat: this format is read only.
        """
        if name in self.read_only:
            raise UnsupportedFormat(f"{name} is read, not written.")
        try:
            writer = import_module(f"{self.package}.write")
        except ModuleNotFoundError as error:
            if error.name != f"{self.package}.write":
                raise
            raise UnsupportedFormat(f"{self.title} is read, not written.") from None
        data: bytes = writer.write(content, name or self.alias or self.names[0], losses)
        return data


@cache
def _rows(package: str) -> "Sequence[Row]":
    from billingua.engine.locate import read_rows

    return read_rows(_table(package))


@cache
def _table(package: str) -> str:
    return table_beside(str(import_module(package).__file__), "binding.tsv")
