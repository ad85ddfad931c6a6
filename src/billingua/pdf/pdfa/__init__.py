"""The PDF/A check: a module a topic, each a function that yields what it finds broken."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Final

from billingua.pdf.document import damage
from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected

__all__ = ["TOPICS", "inspect"]

Topic = Callable[[Inspected], Iterator[Breach]]

_STRUCTURE: Final = (
    ("structure", "check_structure"),
    ("limits", "check_limits"),
    ("operands", "check_operands"),
    ("metadata", "check_metadata"),
    ("tagging", "check_tagging"),
    ("attachments", "check_attachments"),
)

_CONTENT: Final[tuple[tuple[str, str], ...]] = (
    ("content_streams", "check_content_streams"),
    ("output_intents", "check_output_intents"),
    ("colours", "check_colours"),
    ("graphics_states", "check_graphics_states"),
    ("content_streams", "check_intents"),
    ("images", "check_images"),
    ("xobjects", "check_xobjects"),
    ("transparency", "check_transparency"),
    ("fonts.check", "check_fonts"),
    ("annotations", "check_annotations"),
    ("forms", "check_forms"),
    ("actions", "check_actions"),
    ("layers", "check_layers"),
    ("presentations", "check_presentations"),
)

TOPICS: Final = _STRUCTURE + _CONTENT
"""Module and function of each topic, in the order of the clauses."""

_UNREADABLE = "6.1.1-t01"


def inspect(file: Inspected) -> Iterator[Breach]:
    """Everything that keeps a file from being PDF/A of the level, each once.

    Objects too damaged to be looked at end their topic, and are a breach themselves.

    Raises:
        UnreadableInput: the content is too large to be read.
    """
    from billingua.pdf.pdfa.bounds import refuse_bombs
    from billingua.pdf.pdfa.texts import applies

    with suppress(*damage()):
        refuse_bombs(file)
    seen = set()
    for module, function in TOPICS:
        topic: Topic = getattr(import_module(f"{__name__}.{module}"), function)
        for breach in _guarded(topic, file, module):
            if breach not in seen and applies(breach.rule, file.level):
                seen.add(breach)
                yield breach


def _guarded(topic: Topic, file: Inspected, name: str) -> Iterator[Breach]:
    try:
        yield from topic(file)
    except damage() as error:
        yield Breach(_UNREADABLE, "document", values=(("topic", name), ("error", f"{type(error).__name__}: {error}")))
