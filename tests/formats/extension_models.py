"""Invoices that state terms of EXTENDED-CTC-FR: one that states them all, and Hypothesis strategies for some."""

from typing import Any, TypeVar

import msgspec
from format_models import CODES, NUMBERS, TEXTS, complete, invoices, without_empty
from hypothesis import strategies as st

from billingua.formats.guidelines import EXTENDED_CTC_FR
from billingua.model import (
    Buyer,
    BuyerExtension,
    DocumentCharge,
    Group,
    Identifier,
    Invoice,
    InvoiceExtension,
    ItemAttribute,
    Line,
    LineCharge,
    LineExtension,
    LineNote,
    LinePrecedingInvoice,
    Payee,
    PayeeExtension,
    Price,
)

GroupT = TypeVar("GroupT", bound=Group)

IDENTIFIERS = st.lists(st.builds(Identifier, TEXTS, st.none() | CODES), max_size=2).map(tuple)


def whole(*, ubl: bool = True) -> Invoice:
    """An invoice with every attribute of the extension; without what UBL has no place for if that is to be written."""
    invoice = complete(extended=True)
    (line,) = invoice.lines
    assert line.extension is not None
    assert line.vat is not None
    assert line.vat.extension is not None
    (charge,) = line.charges
    line = line.replace(
        charges=(charge.replace(reason_code=None),),
        extension=line.extension.replace(total_with_vat=None) if ubl else line.extension,
        vat=line.vat.replace(extension=line.vat.extension.replace(tax_point_date_code="35")),
    )
    (document_charge,) = invoice.charges
    assert invoice.extension is not None
    return invoice.replace(
        specification=EXTENDED_CTC_FR,
        extension=invoice.extension.replace(logistics_charges=()) if ubl else invoice.extension,
        lines=(line,),
        charges=(document_charge.replace(reason_code=None),),
    )


WHOLE = whole()
LINE = WHOLE.lines[0]


def extension_of(group: Any) -> Any:
    """The extension of a part of the whole invoice."""
    assert group is not None
    assert group.extension is not None
    return group.extension


@st.composite
def some_of(draw: st.DrawFn, group: GroupT) -> GroupT:
    """The group with some of its attributes, and groups in it with some of theirs."""
    changes: dict[str, Any] = {}
    kept = draw(st.integers(0, 2 ** len(group.__struct_fields__) - 1))
    for number, name in enumerate(group.__struct_fields__):
        value = getattr(group, name)
        if not kept >> number & 1:
            changes[name] = () if isinstance(value, tuple) else None
        elif isinstance(value, Group) and not isinstance(value, Identifier):
            changes[name] = draw(some_of(value))
    return msgspec.structs.replace(group, **changes)


def in_order(identifiers: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """Identifiers as CII has them: those without a scheme first."""
    return tuple(sorted(identifiers, key=lambda one: one.scheme_id is not None))


@st.composite
def extended_invoices(draw: st.DrawFn) -> Invoice:
    """An invoice that both syntaxes of EXTENDED-CTC-FR can carry whole."""
    invoice: Invoice = draw(invoices())
    allowance = extension_of(WHOLE.allowances[0])
    preceding = extension_of(WHOLE.preceding_invoices[0])
    result: Invoice = without_empty(
        invoice.replace(
            specification=EXTENDED_CTC_FR,
            extension=draw(extended_heads(invoice)),
            buyer=draw(extended_buyers(invoice.buyer)),
            payee=draw(extended_payees(invoice.payee)),
            preceding_invoices=tuple(
                one.replace(extension=draw(some_of(preceding))) for one in invoice.preceding_invoices
            ),
            allowances=tuple(one.replace(extension=draw(some_of(allowance))) for one in invoice.allowances),
            charges=tuple(draw(extended_charges(one, WHOLE.charges[0])) for one in invoice.charges),
            lines=tuple(draw(extended_lines(line, invoice)) for line in invoice.lines),
        )
    )
    return result


@st.composite
def extended_heads(draw: st.DrawFn, invoice: Invoice) -> InvoiceExtension:
    """What the extension says of the whole invoice, as far as what it needs is there."""
    extension: InvoiceExtension = draw(some_of(extension_of(WHOLE)))
    exchange = extension.vat_exchange
    return extension.replace(
        payer=extension.payer if invoice.payment else None,
        contract_type=extension.contract_type if invoice.contract_reference else None,
        contract_date=extension.contract_date if invoice.contract_reference else None,
        purchase_order_date=extension.purchase_order_date
        if invoice.purchase_order_reference or invoice.sales_order_reference
        else None,
        despatch_advice_date=extension.despatch_advice_date if invoice.despatch_advice_reference else None,
        further_invoiced_objects=draw(IDENTIFIERS) if invoice.invoiced_object_identifier else (),
        vat_exchange=exchange and exchange.replace(source_currency="EUR", target_currency="SEK", rate=draw(NUMBERS)),
    )


@st.composite
def extended_buyers(draw: st.DrawFn, buyer: Buyer | None) -> Buyer | None:
    """The buyer with several identifiers, those without a scheme first."""
    if buyer is None or buyer.identifier is None:
        return buyer
    first, *others = in_order((buyer.identifier, *draw(IDENTIFIERS)))
    return buyer.replace(identifier=first, extension=BuyerExtension(further_identifiers=tuple(others)))


@st.composite
def extended_payees(draw: st.DrawFn, payee: Payee | None) -> Payee | None:
    """The payee with what the extension says of it; identifiers without a scheme first."""
    if payee is None:
        return None
    extension: PayeeExtension = draw(some_of(extension_of(WHOLE.payee)))
    identifiers = in_order((payee.identifier, *draw(IDENTIFIERS))) if payee.identifier else ()
    return payee.replace(
        identifier=identifiers[0] if identifiers else None,
        extension=extension.replace(further_identifiers=identifiers[1:]),
    )


@st.composite
def extended_charges(draw: st.DrawFn, charge: Any, example: DocumentCharge | LineCharge) -> Any:
    """The charge with what the extension says of it; a tax has no reason code."""
    extension = draw(some_of(extension_of(example)))
    return charge.replace(reason_code=None if extension.tax_code else charge.reason_code, extension=extension)


@st.composite
def extended_lines(draw: st.DrawFn, line: Line, invoice: Invoice) -> Line:
    """The line with an extension that says what both syntaxes can hold, and no two things in one place."""
    extension: LineExtension = draw(some_of(extension_of(LINE)))
    notes = draw(st.lists(st.builds(LineNote, text=TEXTS, subject_code=st.none() | CODES), max_size=2))
    preceding = draw(st.lists(some_of(extension_of(LINE).preceding_invoices[0]), max_size=2))
    extension = extension.replace(
        units_per_parent_unit_code=None if extension.units_per_parent is None else "C62",
        vat_total_in_accounting_currency=draw(NUMBERS) if invoice.vat_currency else None,
        note_subject_code=draw(st.none() | CODES) if line.note else None,
        further_notes=tuple(notes) if line.note else (),
        further_object_identifiers=draw(IDENTIFIERS) if line.object_identifier else (),
        preceding_invoices=tuple(_numbered(one, f"{invoice.number}-{n}") for n, one in enumerate(preceding)),
    )
    attributes = line.item.attributes if line.item is not None else ()
    return line.replace(
        vat=draw(some_of(LINE.vat)) if LINE.vat is not None else None,
        price=draw(extended_prices(line.price)),
        charges=tuple(draw(extended_charges(charge, LINE.charges[0])) for charge in line.charges),
        item=line.item and line.item.replace(attributes=tuple(draw(extended_attributes(one)) for one in attributes)),
        extension=extension,
    )


def _numbered(preceding: LinePrecedingInvoice, number: str) -> LinePrecedingInvoice:
    return preceding.replace(number=number)


@st.composite
def extended_prices(draw: st.DrawFn, price: Price | None) -> Price | None:
    """The price, with the reason of its discount if it has one."""
    if price is None or price.discount is None:
        return price
    return price.replace(extension=draw(some_of(extension_of(LINE.price))))


@st.composite
def extended_attributes(draw: st.DrawFn, attribute: ItemAttribute) -> ItemAttribute:
    """The attribute with a code and a measured value; one without a name has the code alone."""
    assert LINE.item is not None
    extension = draw(some_of(extension_of(LINE.item.attributes[0])))
    if extension.measure is None:
        extension = extension.replace(measure_unit_code=None)
    nameless = attribute.name == extension.code or (extension.code is not None and draw(st.booleans()))
    return attribute.replace(name=None if nameless else attribute.name, extension=extension)
