"""One walk over a document that finds every group and term a table names (see `engine.automaton` for the tables).

Most documents have been seen before, but for what they say: the walk goes over their shape, and only when that comes
for the first time (see `engine.shape` and `engine.record`).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from lxml import etree

from billingua.engine.automaton import Automaton, Row, read_rows, tag_of_step
from billingua.engine.groups import ROOT, Condition, Element, Group, Subtree, Variant, part_of
from billingua.engine.located import Located, Root
from billingua.engine.record import Names, Recorder
from billingua.engine.shape import LONGEST, Gap, Recorded, Run, Shapes, Written, pieces, shape_of, text_of, written
from billingua.engine.spine import in_parts

__all__ = [
    "ROOT",
    "Condition",
    "Element",
    "Group",
    "Located",
    "Locator",
    "Root",
    "Row",
    "part_of",
    "read_rows",
]


class Locator:
    """Finds what a set of rows names: made once, used for every document of that kind, safe to share by threads.

    `namespaces` maps the prefixes of the paths; `conditions` maps the names used in `when` to predicates on the
    finished group. Where `roots` are given, no group stands in its own place below any other root element, and the root
    is no group itself. `repeated` are steps to elements of which a document may have many, all of one kind; where
    these stand in no group, they are walked apart. `telling` are terms that say the same few things in all documents.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        namespaces: Mapping[str, str],
        conditions: Mapping[str, Condition] | None = None,
        roots: frozenset[str] = frozenset(),
        repeated: Sequence[str] = (),
        telling: frozenset[str] = frozenset(),
    ) -> None:
        self._roots = roots
        self._names = tuple(namespaces.items())
        self._repeated = [tag_of_step(step, namespaces) for step in repeated]
        self._telling = telling
        self._automaton = Automaton(rows, namespaces, conditions or {})
        self._whole = Shapes(_DOCUMENTS)
        self._spines = Shapes(_DOCUMENTS)
        self._seen: set[int] = set()
        self._missed = 0
        self._composed: dict[tuple[Variant, ...], dict[object, Any]] = {}
        self._meant = Names()
        self._called: dict[str, list[str]] = {}
        """The repeated elements with their prefixes, by the opening tag of the root element."""

    def locate(self, root: Element) -> Located:
        """Everything below `root` that the rows name."""
        located = Located(root, astray=bool(self._roots) and root.tag not in self._roots)
        if self._automaton.is_empty:
            return located
        text = self._written(root)
        if not text.runs and self._repeated and any(_DECLARES in tag for tag in text.around[3:-1:2]):
            etree.cleanup_namespaces(root, top_nsmap={name: uri for name, uri in self._names if name})
            text = self._written(root)
        if not self._found(located, text):
            self._found(located, written(text_of(root)))
        return located

    def _written(self, root: Element) -> Written:
        text = text_of(root)
        head = text[: text.find(">")]
        names = self._called.get(head)
        if names is None:
            names = [name for tag in self._repeated if (name := _name(root, tag))]
            if len(self._called) >= _DOCUMENTS:
                self._called = {}
            if len(head) <= LONGEST:
                self._called[head] = names
        return written(text, names)

    def _found(self, located: Located, text: Written) -> bool:
        """Enter all that stands in a document; False if its repeated elements cannot stand for themselves."""
        shape = shape_of(text.around)
        form = self._whole.known.get(shape)
        if form is None and self._is_usual(shape):
            form = self._whole.find(shape, self._meant.uris, self._recorded)
        elif form is None:
            text = in_parts(text, self._meant, self._automaton.start)
            shape = shape_of(text.around)
            form = self._spines.find(shape, self._meant.uris, self._recorded)
        if form.gaps is None:
            return False
        texts = form.texts(text.around, text.is_escaped)
        variant = form.variants.of(texts)
        around = Subtree(variant, texts, located)
        located.tags = text.around[1:-1:2]
        parts: dict[Variant, list[Subtree]] = {variant: [around]}
        for gap, run in zip(form.gaps, text.runs, strict=True):
            self._enter(gap, run, located, text.is_escaped, parts)
        located.settle(parts)
        located.answers = self._answers(tuple(parts))
        return True

    def _answers(self, variants: tuple[Variant, ...]) -> dict[object, Any]:
        """What is remembered of documents with the same variants."""
        known = self._composed.get(variants)
        if known is None:
            known = {}
            if len(variants) <= _COMPOSING and all(variant.is_common for variant in variants):
                if len(self._composed) >= _COMPOSED:
                    self._composed = {}
                self._composed[variants] = known
        return known

    def _is_usual(self, shape: str) -> bool:
        """Whether a shape that is not known as a whole came before, and there is room to know it. Room is made when so
        many others came twice that those which are known cannot come often."""
        if len(shape) > LONGEST:
            return False
        sign = hash(shape)
        if sign not in self._seen:
            if len(self._seen) >= _SEEN:
                self._seen.clear()
            self._seen.add(sign)
            return False
        if self._whole.is_full:
            self._missed += 1
            if self._missed < _MISSED:
                return False
        self._missed = 0
        return True

    def _recorded(self, tags: Sequence[str]) -> Recorded:
        return Recorder(self._telling, self._meant, limit=_SHAPES).whole(self._automaton.start, tags)

    def _enter(
        self, gap: Gap, run: Run, located: Located, is_escaped: bool, parts: dict[Variant, list[Subtree]]
    ) -> None:
        """Enter elements that were cut out, each by the recipe of its shape: invoice lines are mostly alike."""
        first = len(located.around_parts)
        located.around_parts += [gap.around] * len(run)
        located.runs.append(len(run))
        shapes = gap.shapes
        if shapes is None:
            return
        uris, record = gap.names.uris, partial(self._recorded_part, gap)
        for number, text in enumerate(run, first):
            found = pieces(text) if isinstance(text, str) else text
            form = shapes.find(shape_of(found), uris, record)
            texts = form.texts(found, is_escaped if found is text else "&" in text)
            variant = form.variants.of(texts)
            subtree = Subtree(variant, texts, located, number)
            if variant in parts:
                parts[variant].append(subtree)
            else:
                parts[variant] = [subtree]

    def _recorded_part(self, gap: Gap, tags: Sequence[str]) -> Recorded:
        return Recorder(self._telling, gap.names, gap.outside).part(gap.state, gap.tag, tags)


_DOCUMENTS: Final = 100
"""So many shapes of whole documents are remembered, of those that came twice."""

_COMPOSED: Final = 1000
_COMPOSING: Final = 30
"""So many combinations of variants in documents are remembered, of so many at most."""

_MISSED: Final = 2000
"""When so many others came twice, room is made for new ones."""

_SEEN: Final = 10_000
"""Of so many shapes it is remembered that they came."""

_SHAPES: Final = 500
"""So many shapes of elements in one kind of place are remembered."""

_DECLARES: Final = " xmlns"
"""Elements that declare a namespace hide that they are repeated; the root element does that for all of them as well."""


def _name(root: Element, tag: str) -> str:
    """How elements of a tag are written if the root element knows their namespace; "" if it does not."""
    uri, _, name = tag.rpartition("}")
    for prefix, known in root.nsmap.items() if uri else ():
        if known == uri[1:]:
            return f"{prefix}:{name}" if prefix else name
    return "" if uri else name
