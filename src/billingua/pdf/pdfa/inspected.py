"""The file under inspection, and what several topics ask of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from billingua.pdf.pdfa.level import Level

if TYPE_CHECKING:
    import pikepdf

__all__ = ["Inspected", "items"]

_T = TypeVar("_T")


@dataclass
class Inspected:
    """The bytes of a file, the document read from them, and the level it is judged by."""

    data: bytes
    pdf: "pikepdf.Pdf"
    level: Level
    depth: int = 0
    """How many PDF files this one is embedded in."""
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def kept(self, name: str, make: Callable[[], _T]) -> _T:
        """What was made of the file once under this name."""
        if name not in self._kept:
            self._kept[name] = make()
        found: _T = self._kept[name]
        return found

    def objects(self) -> "tuple[pikepdf.Object, ...]":
        """Every indirect object of the file, whether or not anything refers to it."""
        return self.kept("objects", lambda: tuple(self.pdf.objects))

    def containers(self) -> "list[tuple[str, pikepdf.Object]]":
        """Every dictionary, stream and array, also those within others, with the place of the object it is in."""
        return self.kept("containers", self._containers)

    def _containers(self) -> "list[tuple[str, pikepdf.Object]]":
        gathered: list[tuple[str, pikepdf.Object]] = []
        for thing in self.objects():
            _gather(thing, self.place(thing), gathered)
        return gathered

    def pages(self) -> "list[tuple[int, pikepdf.Object]]":
        """The pages with their numbers from 1."""
        return self.kept("pages", lambda: [(number, page.obj) for number, page in enumerate(self.pdf.pages, 1)])

    def place(self, thing: "pikepdf.Object", path: str = "") -> str:
        """How an object is named in a finding: `12 0 obj`, or the path below `document` of a direct one."""
        number, generation = thing.objgen if hasattr(thing, "objgen") else (0, 0)
        found = f"{number} {generation} obj" if number else "document"
        return f"{found} {path}" if path else found

    @property
    def catalog(self) -> "pikepdf.Object":
        """The document catalogue (the root of the trailer)."""
        return self.pdf.Root

    @property
    def output_intents(self) -> "list[pikepdf.Object]":
        """The dictionaries of the catalogue's OutputIntents."""
        import pikepdf

        intents = self.catalog.get("/OutputIntents")
        if not isinstance(intents, pikepdf.Array):
            return []
        return [intent for intent in intents if isinstance(intent, pikepdf.Dictionary)]


def items(thing: "pikepdf.Object") -> "list[tuple[str, Any]]":
    """Keys and values of a dictionary or stream, also where a key is not UTF-8."""
    try:
        return list(thing.items())
    except UnicodeDecodeError:
        return [(key, thing[key]) for key in thing.keys()]  # noqa: SIM118 - a list with surrogates, not a mapping


def _gather(thing: "pikepdf.Object", place: str, gathered: "list[tuple[str, pikepdf.Object]]") -> None:
    import pikepdf

    waiting: list[Any] = [thing]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, pikepdf.Object):
            continue
        match one._type_code:
            case pikepdf.ObjectType.dictionary | pikepdf.ObjectType.stream:
                values = [value for _, value in items(one)]
            case pikepdf.ObjectType.array:
                values = list(one)
            case _:
                continue
        gathered.append((place, one))
        waiting += [value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect]
