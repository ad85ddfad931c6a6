"""Writing reports."""

from collections.abc import Iterator

from lxml import etree

from billingua.engine.document import Loss, hand_over
from billingua.engine.pause import collector_paused
from billingua.engine.places import Places
from billingua.engine.structure import require_structure
from billingua.engine.tree import write_tree
from billingua.engine.writing import serialize
from billingua.errors import InvalidModel
from billingua.formats.ereporting import FORMAT
from billingua.formats.ereporting.model import EReport
from billingua.model.base import description_of

__all__ = ["write"]

_REQUIRED = ("id", "issued", "kind", "sender", "issuer")


def write(content: EReport, name: str, losses: list[Loss] | None = None) -> bytes:
    """The report on the wire.

    Raises:
        InvalidModel: the report lacks what the schema requires, or the content is no report.
    """
    if not isinstance(content, EReport):
        raise InvalidModel(
            f"{FORMAT.title} is written from an EReport, not from {type(content).__name__}.",
            todo="billingua.ereporting makes reports from invoices and payments.",
        )
    root = etree.Element(next(iter(FORMAT.roots)))
    with collector_paused():
        lost = write_tree(content, root, FORMAT.namespaces, variant=name)
    hand_over(lost, losses, FORMAT.title)
    require_structure(root, FORMAT.schemas[name], "", Places(FORMAT.prefixes), lambda: _lacking(content), FORMAT.title)
    return serialize(root)


def _lacking(report: EReport) -> Iterator[str]:
    for name in _REQUIRED:
        if getattr(report, name) is None:
            yield f"{name} ({description_of(EReport, name).rstrip('.')})"
