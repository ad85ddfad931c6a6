"""Converting a document from one wire format to another, and saying what that loses."""

from typing import Any, NamedTuple

from billingua.engine.document import Document, Loss
from billingua.formats import by_name
from billingua.model import Invoice

__all__ = ["Converted", "convert_document"]


class Converted(NamedTuple):
    """The converted document, and every value of the original that it does not carry."""

    data: bytes
    losses: tuple[Loss, ...]


def convert_document(document: Document[Any], to: str) -> Converted:
    """A document as the wire format `to`; the specification identifier (BT-24) is kept.

    What the model has no attribute for is a loss, and so is what the target has no place for.

    Raises:
        UsageError: there is no such wire format.
        UnsupportedFormat: the target is read only.
        InvalidModel: the document lacks what the structure of the target requires.
    """
    losses = [
        Loss("", place.text, f"line {place.line}, {place.path}", "the model it is read into has no place for it")
        for place in document.unmapped
    ]
    missing: list[Loss] = []
    source, target = by_name(document.format), by_name(to)
    content = document.content
    if source is not target and not isinstance(content, Invoice):
        content = source.to_invoice(content, missing)
    elif document.format in source.read_only and to not in source.read_only and not isinstance(content, Invoice):
        content = source.renewed(content, missing)
    data = target.write(content, to, missing)
    for loss in missing:
        line, path = document.positions.get(loss.where, (None, loss.where))
        where = f"line {line}, {path}" if line else path
        losses.append(Loss(loss.term, loss.value, where, loss.why))
    return Converted(data, tuple(losses))
