"""Invoices that state terms of EXTENDED-CTC-FR: one that states them all, and Hypothesis strategies for any."""

from format_models import CODES, NUMBERS, TEXTS, complete, group, invoices, without_empty
from hypothesis import strategies as st

from billingua.formats.guidelines import EXTENDED_CTC_FR
from billingua.model import (
    Identifier,
    Invoice,
    ItemAttribute,
    ItemAttributeExtension,
    Line,
    LineCharge,
    LineChargeExtension,
    LineExtension,
    LineVat,
    Price,
    PriceExtension,
)

LINE_EXTENSIONS = group(LineExtension, "lines[].extension", extended=True)


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
    return invoice.replace(specification=EXTENDED_CTC_FR, lines=(line,))


@st.composite
def extended_invoices(draw: st.DrawFn) -> Invoice:
    """An invoice that both syntaxes of EXTENDED-CTC-FR can carry whole."""
    invoice: Invoice = draw(invoices())
    lines = tuple(draw(extended_lines(line, invoice)) for line in invoice.lines)
    result: Invoice = without_empty(invoice.replace(specification=EXTENDED_CTC_FR, lines=lines))
    return result


@st.composite
def extended_lines(draw: st.DrawFn, line: Line, invoice: Invoice) -> Line:
    """The line with an extension that says what both syntaxes can hold, and no two things in one place."""
    extension: LineExtension = draw(LINE_EXTENSIONS)
    seller = extension.seller
    if seller is not None:
        seller = seller.replace(identifiers=in_order(seller.identifiers))
    vat = draw(group(LineVat, "lines[].vat", extended=True))
    if vat.extension is not None and vat.extension.tax_point_date_code is not None:
        vat = vat.replace(extension=vat.extension.replace(tax_point_date_code="432"))
    return line.replace(
        vat=vat,
        price=draw(extended_prices(line.price)),
        charges=tuple(draw(extended_charges(charge)) for charge in line.charges),
        item=line.item
        and line.item.replace(attributes=tuple(draw(extended_attributes(one)) for one in line.item.attributes)),
        extension=extension.replace(
            seller=seller,
            units_per_parent_unit_code=None if extension.units_per_parent is None else "C62",
            vat_total_in_accounting_currency=draw(NUMBERS) if invoice.vat_currency else None,
            total_with_vat=None,
            note_subject_code=draw(st.none() | CODES) if line.note else None,
            further_notes=tuple(
                note.replace(text=draw(TEXTS), subject_code=draw(st.none() | CODES)) for note in extension.further_notes
            )
            if line.note
            else (),
            further_object_identifiers=extension.further_object_identifiers if line.object_identifier else (),
            preceding_invoices=tuple(
                one.replace(number=f"{invoice.number}-{number}")
                for number, one in enumerate(extension.preceding_invoices)
            ),
        ),
    )


@st.composite
def extended_prices(draw: st.DrawFn, price: Price | None) -> Price | None:
    """The price, with the reason of its discount if it has one."""
    if price is None or price.discount is None:
        return price
    return price.replace(extension=draw(group(PriceExtension, "")))


@st.composite
def extended_charges(draw: st.DrawFn, charge: LineCharge) -> LineCharge:
    """The charge, or a tax in its place."""
    if draw(st.booleans()):
        return charge
    return charge.replace(reason_code=None, extension=LineChargeExtension(tax_code=draw(CODES)))


@st.composite
def extended_attributes(draw: st.DrawFn, attribute: ItemAttribute) -> ItemAttribute:
    """The attribute with a code and a measured value; one without a name has the code alone."""
    extension: ItemAttributeExtension = draw(group(ItemAttributeExtension, ""))
    if extension.measure is None:
        extension = extension.replace(measure_unit_code=None)
    if extension.code is not None and draw(st.booleans()):
        attribute = attribute.replace(name=None)
    return attribute.replace(name=None if attribute.name == extension.code else attribute.name, extension=extension)


def in_order(identifiers: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """Identifiers as CII has them: those without a scheme first."""
    return tuple(sorted(identifiers, key=lambda one: one.scheme_id is not None))
