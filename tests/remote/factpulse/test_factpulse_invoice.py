"""The full model of FactPulse: its words, its required fields, its older keys, and incoming flows."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import billingua as bl
from billingua.errors import CannotExpress, InvalidModel, UsageError
from billingua.model import (
    Address,
    Buyer,
    Contact,
    CreditTransfer,
    DocumentAllowance,
    DocumentCharge,
    Identifier,
    Invoice,
    Line,
    LineAllowance,
    LineCharge,
    LineExtension,
    LineVat,
    Note,
    Payee,
    PaymentInstructions,
    PrecedingInvoice,
    Price,
    Seller,
    Totals,
)
from billingua.remote.factpulse import invoice_json
from billingua.remote.mapping.json import decode, encode

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def invoice() -> Invoice:
    """An invoice that the full model carries whole, but for BT-24."""
    found = bl.read(SAMPLES / "france.ubl.xml").content
    assert isinstance(found, Invoice)
    payment = found.payment.replace(means_code="30")
    lines = tuple(line.replace(unit_code="C62") for line in found.lines)
    return found.replace(tax_point_date_code="3", payment=payment, lines=lines, specification=None)


def written(invoice: Invoice, **options: Any) -> dict[str, Any]:
    return invoice_json.write(invoice, **options).content


def test_there_and_back(invoice: Invoice) -> None:
    content = written(invoice)
    assert invoice_json.read(decode(encode(content))) == (invoice, ())
    references = content["references"]
    assert {key: references[key] for key in ("invoice_type", "payment_means", "vat_accounting_code")} == {
        "invoice_type": "380",
        "payment_means": "VIREMENT",
        "vat_accounting_code": "TVA_SUR_DEBIT",
    }
    assert content["supplier"]["electronic_address"] == {"identifier": "100000009", "scheme_id": "0225"}
    assert content["supplier"]["siret"] == "10000000900017"
    assert content["notes"][0] == {"content": "B2B", "subject_code": "BAR"}


def test_amounts_and_prices_are_text_and_rates_numbers(invoice: Invoice) -> None:
    line = invoice.lines[0].replace(
        price=Price(net_price=Decimal("0.0000")), vat=LineVat(category_code="S", rate=Decimal("5.50"))
    )
    [content] = written(invoice.replace(lines=(line,)))["invoice_lines"]
    assert [content[key] for key in ("line_number", "quantity", "unit_net_price", "lineNetAmount")] == [
        1,
        "20",
        "0.0000",
        "478.80",
    ]
    assert encode(content["manual_vat_rate"]) == b"5.50"
    assert {type(value) for value in written(invoice)["totals"].values()} == {str}


def test_wrapped_keys_are_read_in_camel_case(invoice: Invoice) -> None:
    content = written(invoice)

    def camel(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                "".join([key.split("_")[0], *map(str.title, key.split("_")[1:])]): camel(one)
                for key, one in node.items()
            }
        return [camel(one) for one in node] if isinstance(node, list) else node

    content["allowances_charges"] = [{"is_charge": True, "amount": "1"}]
    renamed = camel(content)
    charge = DocumentCharge(amount=Decimal(1))
    assert "invoiceLines" in renamed
    assert "schemeId" in renamed["supplier"]["electronicAddress"]
    assert invoice_json.read(renamed) == (invoice.replace(charges=(charge,)), ())


@pytest.mark.parametrize(
    ("code", "word", "meant"),
    [
        ("10", "ESPECE", ""),
        ("49", "PRELEVEMENT", ""),
        ("57", "AUTRE", ""),
        ("58", "VIREMENT", "30"),
        ("48", "AUTRE", "57"),
    ],
)
def test_words_for_means_of_payment(invoice: Invoice, code: str, word: str, meant: str) -> None:
    changed = invoice.replace(payment=invoice.payment.replace(means_code=code))
    found = invoice_json.write(changed, allow_losses=True)
    assert found.content["references"]["payment_means"] == word
    assert [loss.why for loss in found.losses] == ([f"it becomes {word}, which stands for {meant}"] if meant else [])
    assert invoice_json.read(found.content).invoice.payment.means_code == (meant or code)


def test_codes_that_factpulse_does_not_know_are_refused_always(invoice: Invoice) -> None:
    unit = invoice.replace(lines=(invoice.lines[0].replace(unit_code="XBX"),))
    split = invoice.replace(vat_breakdown=(invoice.vat_breakdown[0].replace(category_code="B"),))
    for refused, term in ((unit, "BT-130"), (invoice.replace(type_code="393"), "BT-3"), (split, "BT-118")):
        with pytest.raises(CannotExpress, match=f"no place for {term}; .*has no word for .*afnor/flow/v1/flows"):
            written(refused, allow_losses=True)


def test_words_for_units_are_read(invoice: Invoice) -> None:
    content = written(invoice)
    content["invoice_lines"][0]["unit"] = "HEURE"
    assert invoice_json.read(content).invoice.lines[0].unit_code == "HUR"


def test_when_vat_falls_due(invoice: Invoice) -> None:
    for code, word, number in (("3", "TVA_SUR_DEBIT", "5"), ("432", "TVA_SUR_ENCAISSEMENT", "72")):
        content = written(invoice.replace(tax_point_date_code=code))
        assert content["references"]["vat_accounting_code"] == word
        assert {line["due_date_type_code"] for line in content["vat_lines"]} == {number}
    silent = invoice.replace(tax_point_date_code=None)
    with pytest.raises(InvalidModel, match=r"when VAT falls due, .*BT-8.* Give vat_accounting: TVA_SUR_DEBIT, "):
        written(silent)
    content = written(silent, vat_accounting="TVA_SUR_ENCAISSEMENT")
    assert content["references"]["vat_accounting_code"] == "TVA_SUR_ENCAISSEMENT"
    assert invoice_json.read(content).invoice.tax_point_date_code == "432"
    on_delivery = written(invoice.replace(tax_point_date_code="35"), vat_accounting="TVA_SUR_DEBIT")
    found = invoice_json.read(on_delivery)
    assert found.invoice.tax_point_date_code == "35"
    assert [place.path for place in found.unmapped] == ["references.vat_accounting_code"]
    with pytest.raises(UsageError, match="no vat_accounting 'DEBIT'"):
        written(invoice, vat_accounting="DEBIT")


@pytest.mark.parametrize(("category", "word"), [("E", "EXONERATION"), ("AE", "SANS_TVA"), ("O", "SANS_TVA")])
def test_where_no_vat_falls_due(invoice: Invoice, category: str, word: str) -> None:
    untaxed = invoice.vat_breakdown[0].replace(category_code=category, rate=None, tax_amount=Decimal("0.00"))
    silent = invoice.replace(tax_point_date_code=None, vat_breakdown=(untaxed,))
    content = written(silent)
    assert content["references"]["vat_accounting_code"] == word
    assert invoice_json.read(content) == (silent, ())


def test_the_process_stands_twice(invoice: Invoice) -> None:
    content = written(invoice.replace(business_process="S5"))
    assert content["invoicing_framework"] == {"operation_nature": "S5"}
    assert content["references"]["business_process_id"] == "S5"
    other = written(invoice.replace(business_process="B8"))
    assert "invoicing_framework" not in other
    with pytest.raises(InvalidModel, match="BT-23 is 'S5' here, but 'B8'"):
        invoice_json.read(other | {"invoicing_framework": {"operation_nature": "S5"}})


def test_lines_have_whole_numbers(invoice: Invoice) -> None:
    def named(*names: str) -> Invoice:
        return invoice.replace(lines=tuple(invoice.lines[0].replace(identifier=name) for name in names))

    assert [line["line_number"] for line in written(named("30", "10"))["invoice_lines"]] == [30, 10]
    found = invoice_json.write(named("1", "2.1", "03"), allow_losses=True)
    assert [line["line_number"] for line in found.content["invoice_lines"]] == [1, 2, 3]
    assert [(loss.where, loss.value) for loss in found.losses] == [
        ("lines[1].identifier", "2.1"),
        ("lines[2].identifier", "03"),
    ]
    with pytest.raises(CannotExpress, match="BT-126"):
        written(named("A"))
    assert written(named("9" * 5000), allow_losses=True)["invoice_lines"][0]["line_number"] == 1


def test_a_line_names_the_line_it_is_part_of(invoice: Invoice) -> None:
    def nested(parent: str, part: str) -> Invoice:
        head = invoice.lines[0].replace(identifier=parent, extension=LineExtension(subtype="GROUP"))
        below = LineExtension(subtype="DETAIL", parent_line=parent)
        return invoice.replace(lines=(head, invoice.lines[1].replace(identifier=part, extension=below)))

    content = written(nested("10", "20"))
    lines = [(one["line_number"], one["line_sub_type"], one.get("parent_line_id")) for one in content["invoice_lines"]]
    assert lines == [(10, "GROUP", None), (20, "DETAIL", "10")]
    assert invoice_json.read(content) == (nested("10", "20"), ())
    assert written(nested("A", "A.1"), allow_losses=True)["invoice_lines"][1]["parent_line_id"] == "1"


def test_what_factpulse_requires(invoice: Invoice) -> None:
    bare = invoice.replace(due_date=None, payment=None, totals=Totals())
    with pytest.raises(
        InvalidModel,
        match=r"needs BT-9 Payment due date \(due_date\), BT-81 .*, BT-109 .*, BT-110 .*, BT-112 .*, BT-115",
    ):
        written(bare)
    with pytest.raises(InvalidModel, match=r"BT-59 Payee name \(payee.name\)"):
        written(invoice.replace(payee=Payee(identifier=Identifier("7"))))


def test_allowances_and_charges_in_one_list(invoice: Invoice) -> None:
    allowance = DocumentAllowance(amount=Decimal(5), percentage=Decimal(10), vat_category_code="S", reason_code="95")
    line = invoice.lines[0].replace(
        charges=(LineCharge(amount=Decimal(1), reason="fee"),),
        allowances=(LineAllowance(amount=Decimal(2), reason_code="ZZZ"),),
    )
    richer = invoice.replace(allowances=(allowance,), lines=(line,))
    found = invoice_json.write(richer, allow_losses=True)
    assert [loss.where for loss in found.losses] == ["lines[0].allowances[0].reason_code"]
    assert found.content["allowances_charges"] == [
        {"is_charge": False, "amount": "5", "percentage": Decimal(10), "reason_code": "95", "vat_category": "S"}
    ]
    assert [one["is_charge"] for one in found.content["invoice_lines"][0]["allowances_charges"]] == [False, True]
    known = richer.replace(lines=(line.replace(allowances=(LineAllowance(amount=Decimal(2)),)),))
    assert invoice_json.read(found.content) == (known, ())


def test_identifiers_of_any_scheme_it_knows(invoice: Invoice) -> None:
    numbers = (Identifier("10000000900017", "0009"), Identifier("7", "0088"), Identifier("8"), Identifier("9", "0007"))
    found = invoice_json.write(
        invoice.replace(
            seller=invoice.seller.replace(identifiers=numbers),
            buyer=invoice.buyer.replace(legal_registration_identifier=Identifier("5", "0007")),
        ),
        allow_losses=True,
    )
    assert found.content["supplier"]["global_ids"] == [{"identifier": "7", "scheme_id": "0088"}, {"identifier": "8"}]
    assert [(loss.term, loss.value) for loss in found.losses] == [
        ("BT-29", "9"),
        ("BT-29-1", "0007"),
        ("BT-47", "5"),
        ("BT-47-1", "0007"),
    ]
    assert found.losses[0].why == "the service does not know its scheme"


def test_only_the_first_where_the_model_has_one(invoice: Invoice) -> None:
    several = invoice.replace(
        preceding_invoices=(PrecedingInvoice(number="A", issue_date=date(2026, 1, 1)), PrecedingInvoice(number="B")),
        payment=PaymentInstructions(
            means_code="30",
            credit_transfers=(CreditTransfer(account_identifier="X"), CreditTransfer(account_identifier="Y")),
        ),
    )
    found = invoice_json.write(several, allow_losses=True)
    assert found.content["references"]["preceding_invoice_reference"] == "A"
    assert found.content["supplier"]["iban"] == "X"
    assert [(loss.term, loss.value, loss.why) for loss in found.losses] == [
        ("BT-25", "B", "there is room for one"),
        ("BT-84", "Y", "there is room for one"),
    ]


def test_older_and_other_keys_are_read(invoice: Invoice) -> None:
    content = written(invoice.replace(notes=(Note(text="first"),)))
    content |= {"comment": "second", "supplementary_attachments": [{"id": 1}], "payee": {"nom": "P", "iban": "Z"}}
    content["supplier"]["contact"] = {"department_name": "Sales"}
    line = content["invoice_lines"][0]
    line |= {"line_notes": [{"content": "n", "subject_code": "AAI"}, {"content": "m"}], "allowanceAmount": 3}
    line["allowanceReason"] = "old form"
    found = invoice_json.read(content)
    assert found.invoice.notes == (Note(text="first"), Note(text="second"))
    assert found.invoice.seller.contact == Contact(name="Sales")
    assert found.invoice.lines[0].note == "n"
    assert found.invoice.lines[0].allowances == (LineAllowance(amount=Decimal(3), reason="old form"),)
    assert {place.path for place in found.unmapped} == {
        "supplementary_attachments",
        "invoice_lines[0].line_notes",
        "payee.iban",
    }
    content["comment"] = "first"
    assert invoice_json.read(content).invoice.notes == (Note(text="first"),)


@pytest.mark.parametrize(
    ("specification", "profile", "lost"),
    [
        (None, "EN16931", False),
        ("urn:cen.eu:en16931:2017", "EN16931", False),
        ("urn:factur-x.eu:1p0:minimum", "MINIMUM", False),
        ("urn:factur-x.eu:1p0:basicwl", "BASICWL", False),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "EXTENDED", False),
        ("urn:cen.eu:en16931:2017#conformant#urn:example:1", "EXTENDED", True),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "EN16931", True),
        ("urn:example:1", "EN16931", True),
    ],
)
def test_the_profile_says_the_specification(
    invoice: Invoice, specification: str | None, profile: str, lost: bool
) -> None:
    one = invoice.replace(specification=specification)
    assert invoice_json.profile(one) == profile
    assert [loss.term for loss in invoice_json.write(one, allow_losses=True).losses] == (["BT-24"] if lost else [])


def test_an_incoming_flow() -> None:
    content = {
        "flowId": "flow-1",
        "sourceFormat": "CII",
        "supplierReference": "F-1",
        "documentType": "380",
        "supplier": {
            "name": "Exemple A",
            "siren": "100000009",
            "siret": "10000000900017",
            "vatNumber": "FR88100000009",
            "postalAddress": {
                "lineOne": "1 rue de l'Exemple",
                "postalCode": "75003",
                "city": "Paris",
                "countryCode": "FR",
            },
            "electronicAddress": {"identifier": "100000009", "schemeId": "0225"},
            "email": None,
        },
        "billingSiteName": "Exemple B",
        "billingSiteSiret": "20000000800017",
        "issueDate": "2026-09-01",
        "dueDate": None,
        "currency": "EUR",
        "netAmount": "51.00",
        "vatAmount": 10,
        "grossAmount": Decimal("61.00"),
        "purchaseOrderNumber": "EJ-1",
        "invoiceSubject": "Objets",
        "documentFilename": "f.pdf",
    }
    found = invoice_json.read_incoming(content)
    assert found.invoice == Invoice(
        number="F-1",
        type_code="380",
        issue_date=date(2026, 9, 1),
        currency="EUR",
        purchase_order_reference="EJ-1",
        seller=Seller(
            name="Exemple A",
            identifiers=(Identifier("10000000900017", "0009"),),
            legal_registration_identifier=Identifier("100000009", "0002"),
            vat_identifier="FR88100000009",
            electronic_address=Identifier("100000009", "0225"),
            address=Address(line1="1 rue de l'Exemple", post_code="75003", city="Paris", country_code="FR"),
        ),
        buyer=Buyer(name="Exemple B", identifier=Identifier("20000000800017", "0009")),
        totals=Totals(total_without_vat=Decimal("51.00"), total_vat=Decimal(10), total_with_vat=Decimal("61.00")),
    )
    assert [place.path for place in found.unmapped] == ["invoiceSubject", "documentFilename"]


def test_a_line_without_numbers_is_refused() -> None:
    with pytest.raises(InvalidModel, match=r"BT-129 Invoiced quantity \(lines\[0\].quantity\)"):
        written(Invoice(lines=(Line(identifier="1", unit_code="C62"),)), allow_losses=True)
