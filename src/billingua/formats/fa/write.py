"""Writing FA(3)."""

from collections.abc import Iterator
from importlib import import_module
from typing import Final

from lxml import etree

from billingua.engine.document import Loss, hand_over
from billingua.engine.pause import collector_paused
from billingua.engine.places import Places
from billingua.engine.structure import require_structure
from billingua.engine.tree import write_tree
from billingua.engine.writing import serialize
from billingua.errors import InvalidModel
from billingua.formats.fa import FORMAT
from billingua.formats.fa.model import FaInvoice
from billingua.model import Invoice
from billingua.model.base import description_of

__all__ = ["write"]

_TITLE: Final = f"{FORMAT.title}(3)"
_REQUIRED: Final = ("created", "seller", "buyer", "currency", "issue_date", "number", "total_due", "kind")


def write(content: FaInvoice | Invoice, name: str, losses: list[Loss] | None = None) -> bytes:
    """The invoice as `fa3`; one of EN 16931 is converted first.

    Raises:
        CannotExpress: FA(3) has no place for a value, and no list of losses was given.
        InvalidModel: the invoice lacks what the schema requires.
    """
    if isinstance(content, Invoice):
        found: list[Loss] = []
        convert = import_module("billingua.formats.fa.convert")
        content = convert.from_invoice(content, found)
        if losses is None:
            found = [loss for loss in found if loss.term not in convert.ROUTING]
        hand_over(found, losses, _TITLE)
    if not isinstance(content, FaInvoice):
        raise InvalidModel(f"{_TITLE} is written from an FaInvoice or an Invoice, not from {type(content).__name__}.")
    namespaces = FORMAT.namespaces_of(name)
    root = etree.Element(f"{{{namespaces['']}}}Faktura", nsmap={None: namespaces[""]})
    header = etree.SubElement(root, f"{{{namespaces['']}}}Naglowek")
    form = etree.SubElement(header, f"{{{namespaces['']}}}KodFormularza", kodSystemowy="FA (3)", wersjaSchemy="1-0E")
    form.text = "FA"
    etree.SubElement(header, f"{{{namespaces['']}}}WariantFormularza").text = "3"
    with collector_paused():
        lost = write_tree(content, root, namespaces, variant=name)
    hand_over(lost, losses, _TITLE)
    invoice = content
    require_structure(root, FORMAT.schemas[name], "", Places(FORMAT.prefixes), lambda: _lacking(invoice), _TITLE)
    return serialize(root)


def _lacking(invoice: FaInvoice) -> Iterator[str]:
    """What every invoice has and this one has not: attribute, element and meaning."""
    for name in _REQUIRED:
        if getattr(invoice, name) is None:
            yield f"{name} ({description_of(FaInvoice, name).rstrip('.')})"
