"""French e-reporting: what is read is written again, and what is no report is refused."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from lxml import etree

import billingua
from billingua.engine.tree import elements_of
from billingua.errors import InvalidModel, UnknownFormat, UnreadableInput, UnsupportedFormat
from billingua.formats.ereporting.model import EReport, TransactionsReport
from billingua.resources import data_folder
from ereports import PAYMENTS, TRANSACTIONS, changed

XS = "{http://www.w3.org/2001/XMLSchema}"


def canonical(data: bytes) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(data, parser), method="c14n")


@pytest.mark.parametrize("text", [TRANSACTIONS, PAYMENTS])
def test_what_is_read_is_written_again(text: str) -> None:
    document = billingua.read(text.encode())
    assert (document.format, document.profile, document.unmapped) == ("ereporting", None, ())
    assert canonical(billingua.write(document.content, "ereporting")) == canonical(text.encode())
    assert EReport.from_json(document.content.to_json()) == document.content


def test_values_have_their_types() -> None:
    report = billingua.read(TRANSACTIONS.encode()).content
    assert report.issued == datetime(2027, 4, 1, 8, 30)
    assert report.issuer.id.scheme == "0002"
    assert report.transactions.start == date(2027, 3, 1)
    invoice = report.transactions.invoices[0]
    assert invoice.tax.value == Decimal("0.00")
    assert invoice.allowances_charges[0].is_charge
    assert report.transactions.days[0].count == 3
    assert billingua.read(PAYMENTS.encode()).content.payments.days[0].subtotals[0].rate == Decimal("5.5")


def test_the_classes_know_every_element_of_the_schema() -> None:
    schema = etree.parse(f"{data_folder('schemas')}/fr-ereporting/Report.xsd").getroot()
    types = {one.get("name"): one for one in schema.iterchildren(f"{XS}complexType")}

    def below(kind: str) -> list[str]:
        found = []
        for one in types[kind].iter(f"{XS}element") if kind in types else ():
            found.append(one.get("name"))
            found += [f"{one.get('name')}/{path}" for path in below(one.get("type"))]
        return found

    assert sorted(elements_of(EReport)) == sorted(below("report"))


def test_another_root_without_a_namespace_is_no_report() -> None:
    with pytest.raises(UnknownFormat):
        billingua.detect(b"<Rapport/>")
    with pytest.raises(UnknownFormat):
        billingua.detect(b'<Report xmlns="urn:example"/>')
    assert billingua.detect(TRANSACTIONS.encode()).format == "ereporting"


@pytest.mark.parametrize("day", ["2027-03-01", "20270231", "", "2027030", "\u0662\u0660270301"])
def test_a_day_that_is_none_is_told(day: str) -> None:
    with pytest.raises(UnreadableInput, match="is not a date such as"):
        billingua.read(changed(TRANSACTIONS, ("<StartDate>20270301", f"<StartDate>{day}")))


def test_what_is_missing_is_named() -> None:
    report = billingua.read(TRANSACTIONS.encode()).content
    with pytest.raises(InvalidModel, match="it lacks id"):
        billingua.write(report.replace(id=None), "ereporting")
    with pytest.raises(InvalidModel):
        billingua.write(report.replace(transactions=TransactionsReport()), "ereporting")
    with pytest.raises(InvalidModel, match="EReport"):
        billingua.write(billingua.Invoice(), "ereporting")


def test_a_report_is_not_converted() -> None:
    with pytest.raises(UnsupportedFormat):
        billingua.convert(TRANSACTIONS.encode(), "ubl")
