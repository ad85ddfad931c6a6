"""The syntax rules of EN 16931: tables complete, each row fires and keeps still, verdicts as the oracle's."""

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from billingua.engine.failure import Failure
from billingua.engine.locate import Locator
from billingua.rules.elements import NAMESPACES
from billingua.rules.en16931 import syntax, syntax_special
from billingua.rules.en16931.syntax import SyntaxRow
from billingua.rules.en16931.syntax_texts import syntax_texts

ORACLE = Path(__file__).parents[4] / "shared" / "oracle"
SYNTAX_ID = re.compile(r"(UBL|CII)-(CR|SR|DT)-")
ROOTS = {"ubl": "ubl:Invoice", "cn": "cn:CreditNote", "cii": "rsm:CrossIndustryInvoice"}
NEVER = {"CII-DT-010", "CII-DT-011", "CII-DT-012"}
ROWS = [(name, row) for name in ("ubl", "cii") for row in syntax.table(name)]
PLAIN = [pytest.param(name, row, id=row.id) for name, row in ROWS if not row.only and row.id not in NEVER]

needs_oracle = pytest.mark.skipif(not ORACLE.is_dir(), reason="the oracle (../shared/oracle) is not here")


@cache
def locator(name: str) -> Locator:
    return Locator(syntax.rows(name), NAMESPACES)


def failures(name: str, root: etree._Element) -> list[Failure]:
    return list(syntax.sweep(locator(name).locate(root), name))


def document(root: str, body: str = "") -> etree._Element:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return etree.fromstring(f"<{ROOTS[root]} {declared}>{body}</{ROOTS[root]}>")


def grow(parent: etree._Element, path: str) -> etree._Element:
    """The element that a path leads to, made below its parent."""
    for step in path.split("/") if path else ():
        if step.startswith("@"):
            parent.set(step[1:], "x")
        else:
            prefix, _, local = step.replace("*", "Some").rpartition(":")
            parent = etree.SubElement(parent, f"{{{NAMESPACES[prefix or 'ram']}}}{local}")
    return parent


def planted(name: str, row: SyntaxRow, times: int) -> tuple[etree._Element, etree._Element]:
    """A document where the path of a row finds so many elements in one context, and that context."""
    root = document(name)
    place = syntax.places(name)
    if row.path.startswith("//") or place[row.context].patterns == ("/",):
        context, searched = root, syntax.patterns(row, name)[0].strip("/")
    else:
        context, searched = grow(root, place[row.context].patterns[0].strip("/")), row.path
    for _ in range(times):
        grow(context, searched)
    return root, context


@pytest.mark.parametrize(("name", "row"), PLAIN)
def test_row_fires_and_keeps_still(name: str, row: SyntaxRow) -> None:
    number = int(row.number or 0)
    fine, broken = {"absent": (0, 2), "at-most": (number, number + 1)}.get(row.kind, (number, number - 1))
    root, _ = planted(name, row, fine)
    assert row.id not in {failure.rule for failure in failures(name, root)}
    root, context = planted(name, row, broken)
    fired = [failure for failure in failures(name, root) if failure.rule == row.id]
    assert [failure.context for failure in fired] == [context]


@pytest.mark.parametrize("rule", sorted(NEVER))
def test_row_that_never_fires(rule: str) -> None:
    row = next(row for _, row in ROWS if row.id == rule)
    root, _ = planted("cii", row, 2)
    assert rule not in {failure.rule for failure in failures("cii", root)}


def adr(kind: str, inside: str = "") -> str:
    code = f"<cbc:DocumentTypeCode>{kind}</cbc:DocumentTypeCode>" if kind else ""
    return f"<cac:AdditionalDocumentReference>{inside}{code}</cac:AdditionalDocumentReference>"


def charge(indicator: str, reasons: int) -> str:
    reason = "<cbc:AllowanceChargeReason/>" * reasons
    return texts("cac:AllowanceCharge", texts("cbc:ChargeIndicator", indicator) + reason)


def registration(scheme: str, number: str = "<cbc:CompanyID/>") -> str:
    inside = f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme>" if scheme else ""
    return f"<cac:PartyTaxScheme>{number}{inside}</cac:PartyTaxScheme>"


def party(role: str, inside: str) -> str:
    return f"<cac:Accounting{role}Party><cac:Party>{inside}</cac:Party></cac:Accounting{role}Party>"


def payee(inside: str, name: str = "Factor") -> str:
    seller = party("Supplier", texts("cac:PartyLegalEntity", texts("cbc:RegistrationName", "Seller")))
    own = texts("cac:PartyName", texts("cbc:Name", name))
    return f"{seller}<cac:PayeeParty>{own}{inside}</cac:PayeeParty>"


def identified(*schemes: str) -> str:
    one = '<cac:PartyIdentification><cbc:ID schemeID="{}"/></cac:PartyIdentification>'
    return "".join(one.format(scheme) for scheme in schemes)


def header(part: str, inside: str) -> str:
    tag = f"ram:ApplicableHeaderTrade{part}"
    return f"<rsm:SupplyChainTradeTransaction><{tag}>{inside}</{tag}></rsm:SupplyChainTradeTransaction>"


def line(part: str, inside: str) -> str:
    tag = f"ram:Specified{part}"
    return (
        "<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem>"
        f"<{tag}>{inside}</{tag}></ram:IncludedSupplyChainTradeLineItem></rsm:SupplyChainTradeTransaction>"
    )


def reference(kind: str, inside: str = "", tag: str = "Additional") -> str:
    code = f"<ram:TypeCode>{kind}</ram:TypeCode>" if kind else ""
    return f"<ram:{tag}ReferencedDocument>{code}{inside}</ram:{tag}ReferencedDocument>"


def discount(indicator: str, amount: str) -> str:
    flag = f"<ram:ChargeIndicator><udt:Indicator>{indicator}</udt:Indicator></ram:ChargeIndicator>" if indicator else ""
    inside = f"<ram:AppliedTradeAllowanceCharge>{flag}{amount}</ram:AppliedTradeAllowanceCharge>"
    return line("LineTradeAgreement", f"<ram:GrossPriceProductTradePrice>{inside}</ram:GrossPriceProductTradePrice>")


def means(code: str, inside: str = "") -> str:
    tag = "ram:SpecifiedTradeSettlementPaymentMeans"
    return f"<{tag}><ram:TypeCode>{code}</ram:TypeCode>{inside}</{tag}>"


def tax(inside: str) -> str:
    return f"<ram:ApplicableTradeTax>{inside}</ram:ApplicableTradeTax>"


def contact(role: str, inside: str) -> str:
    within = f"<ram:DefinedTradeContact><ram:DepartmentName/>{inside}</ram:DefinedTradeContact>"
    return header("Agreement", f"<ram:{role}TradeParty>{within}</ram:{role}TradeParty>")


def both_ids(part: str, role: str, plain: str) -> str:
    return header(part, f"<ram:{role}TradeParty><ram:GlobalID/>{plain}</ram:{role}TradeParty>")


def date(text: str) -> str:
    return f'<ram:X><udt:DateTimeString format="102">{text}</udt:DateTimeString></ram:X>'


def due(*codes: str) -> str:
    return "".join(tax(f"<ram:DueDateTypeCode>{code}</ram:DueDateTypeCode>") for code in codes)


def texts(tag: str, *values: str) -> str:
    return "".join(f"<{tag}>{value}</{tag}>" for value in values)


NAMED = '<cac:PaymentMeans><cbc:PaymentMeansCode name="x"/></cac:PaymentMeans>'
FILE, EXEMPT = "<ram:AttachmentBinaryObject/>", "<ram:ExemptionReasonCode/>"
ID, SCHEME = "<cbc:ID/>", '<cbc:ID schemeID="ABC"/>'
IBAN = "<ram:PayeePartyCreditorFinancialAccount><ram:IBANID/></ram:PayeePartyCreditorFinancialAccount>"
DUE = "<cac:PaymentMeans><cbc:PaymentDueDate/></cac:PaymentMeans>"
PRICE = "<cac:Price><cac:AllowanceCharge><cbc:BaseAmount>1.005</cbc:BaseAmount></cac:AllowanceCharge></cac:Price>"
UNIT = '<ram:{}Quantity unitCode="C62"/>'

SPECIAL = [
    ("UBL-SR-43", "ubl", adr("", SCHEME) + adr("50", ID), adr("130", SCHEME) + adr("", ID), 2),
    ("UBL-SR-43", "cn", adr("916", SCHEME), adr("50", SCHEME), 1),
    ("UBL-DT-01", "ubl", "<cbc:TaxAmount>1.005</cbc:TaxAmount><cbc:Amount>1.00 </cbc:Amount>", PRICE, 2),
    (
        "UBL-DT-01",
        "ubl",
        "<cbc:Amount>1<cbc:X>.005</cbc:X></cbc:Amount>",
        "<cbc:PriceAmount>1.005</cbc:PriceAmount>",
        1,
    ),
    ("UBL-SR-30", "ubl", charge("false", 2), charge("false", 1) + charge("true", 2), 1),
    ("UBL-SR-31", "ubl", charge(" 1 ", 2), charge("true", 1) + charge("0", 2), 1),
    ("UBL-SR-53", "ubl", registration("VAT", "") + registration(""), registration("VAT"), 2),
    (
        "UBL-CR-002",
        "ubl",
        "<cbc:UBLVersionID>2.0</cbc:UBLVersionID>",
        "<cbc:UBLVersionID>2.1</cbc:UBLVersionID>",
        1,
    ),
    ("UBL-CR-412", "ubl", DUE, "<cac:PaymentMeans/>", 1),
    ("UBL-CR-665", "ubl", adr("", SCHEME) + adr("50", SCHEME), adr("130", SCHEME), 1),
    ("UBL-CR-666", "ubl", adr("130", "<cac:Attachment/>"), adr("", "<cac:Attachment/>"), 1),
    ("UBL-CR-673", "ubl", adr("130", "<cbc:DocumentDescription/>"), adr("", "<cbc:DocumentDescription/>"), 1),
    ("UBL-DT-18", "ubl", '<cbc:ID name="x"/>', '<cbc:PaymentMeansCode name="x"/>', 1),
    ("UBL-SR-04", "ubl", adr("130", ID) * 2, adr("130", ID) + adr("", ID) * 2, 1),
    (
        "UBL-SR-12",
        "ubl",
        party("Supplier", registration("vat") * 2),
        party("Supplier", registration("VAT") + registration("TAX")),
        1,
    ),
    (
        "UBL-SR-13",
        "ubl",
        party("Supplier", registration("TAX") * 2),
        party("Supplier", registration("VAT") * 2),
        1,
    ),
    (
        "UBL-SR-18",
        "ubl",
        party("Customer", registration("VAT") * 2),
        party("Customer", registration("VAT") + registration("X")),
        1,
    ),
    ("UBL-SR-29", "ubl", identified("SEPA", "sepa"), identified("SEPA", "0088"), 1),
    ("UBL-SR-44", "ubl", texts("cbc:PaymentID", "1", "2"), texts("cbc:PaymentID", "1", "1"), 1),
    ("UBL-SR-47", "ubl", texts("cbc:PaymentMeansCode", "", "1"), texts("cbc:PaymentMeansCode", "1", "1"), 1),
    ("UBL-SR-46", "ubl", NAMED * 2, NAMED, 1),
    ("UBL-SR-19", "ubl", payee("", "Seller"), payee(""), 1),
    ("UBL-SR-19", "ubl", payee("<cac:PartyName><cbc:Name/></cac:PartyName>"), payee(identified("A", "B")), 1),
    ("UBL-SR-20", "ubl", payee(identified("A", "B")), payee(identified("A", "SEPA")), 1),
    (
        "UBL-SR-21",
        "ubl",
        payee("<cac:PartyLegalEntity><cbc:CompanyID/></cac:PartyLegalEntity>" * 2),
        payee(""),
        1,
    ),
    (
        "CII-SR-046",
        "cii",
        line("TradeProduct", "<ram:GlobalID/>"),
        line("TradeProduct", '<ram:GlobalID schemeID="0160"/>'),
        1,
    ),
    (
        "CII-SR-090",
        "cii",
        line("TradeProduct", "<ram:OriginTradeCountry/>"),
        line("TradeProduct", texts("ram:OriginTradeCountry", "<ram:ID/>")),
        1,
    ),
    (
        "CII-SR-119",
        "cii",
        discount("true", "<ram:ActualAmount/>"),
        discount("false", "<ram:ActualAmount/>"),
        1,
    ),
    ("CII-SR-119", "cii", discount("", "<ram:ActualAmount/>"), discount("", ""), 1),
    ("CII-SR-119", "cii", discount("false", ""), "", 1),
    (
        "CII-SR-474",
        "cii",
        line("LineTradeSettlement", reference(" 130 ") * 2),
        line("LineTradeSettlement", reference("130") + reference("50")),
        1,
    ),
    (
        "CII-SR-457",
        "cii",
        header("Agreement", reference("50") * 2),
        header("Agreement", reference("50") + reference("130")),
        1,
    ),
    (
        "CII-SR-458",
        "cii",
        header("Agreement", reference("130") * 2),
        header("Agreement", reference("130") + reference(" 130 ")),
        1,
    ),
    (
        "CII-SR-475",
        "cii",
        header("Agreement", reference(" 916 ", "<ram:Name/>") * 2),
        header("Agreement", reference("916", "<ram:Name/>") + reference("50", "<ram:Name/>")),
        1,
    ),
    (
        "CII-SR-476",
        "cii",
        header("Agreement", reference("916", FILE) * 2),
        header("Agreement", reference("916", FILE)),
        1,
    ),
    ("CII-SR-449", "cii", both_ids("Delivery", "ShipTo", "<ram:ID/>"), both_ids("Delivery", "ShipTo", ""), 1),
    ("CII-SR-450", "cii", both_ids("Agreement", "Buyer", "<ram:ID/>"), both_ids("Agreement", "Buyer", ""), 1),
    (
        "CII-SR-451",
        "cii",
        both_ids("Settlement", "Payee", "<ram:ID/>"),
        both_ids("Settlement", "Payee", ""),
        1,
    ),
    ("CII-SR-465", "cii", contact("Seller", "<ram:PersonName/>"), contact("Seller", ""), 1),
    ("CII-SR-466", "cii", contact("Buyer", "<ram:PersonName/>"), contact("Buyer", ""), 1),
    ("CII-SR-462", "cii", header("Settlement", due("5", "29")), header("Settlement", due("5", "5")), 1),
    ("CII-SR-462", "cii", header("Settlement", "") + due("5", ""), due("5", ""), 1),
    (
        "CII-SR-470",
        "cii",
        header("Settlement", means(" 30 ")),
        header("Settlement", means("30", IBAN) + means("49")),
        1,
    ),
    (
        "CII-SR-467",
        "cii",
        header("Settlement", means("30") + means("58")),
        header("Settlement", means("30") + means(" 30 ")),
        1,
    ),
    (
        "CII-SR-468",
        "cii",
        header(
            "Settlement",
            means("30", "<ram:Information/>") + means("30", "<ram:Information>x</ram:Information>"),
        ),
        header("Settlement", means("30", "<ram:Information/>") * 2),
        1,
    ),
    ("CII-DT-015", "cii", reference("130", "<ram:URIID/>"), reference("916", "<ram:URIID/>"), 1),
    ("CII-DT-021", "cii", reference("916", "<ram:Name/>", "Contract"), reference("916", "<ram:Name/>"), 1),
    ("CII-DT-022", "cii", reference("", FILE), reference("916", FILE), 1),
    (
        "CII-DT-018",
        "cii",
        reference("130", "", "Contract") + reference("1"),
        reference("130") + reference("50") + reference("916"),
        2,
    ),
    (
        "CII-DT-024",
        "cii",
        reference("916", "<ram:ReferenceTypeCode/>"),
        reference("130", "<ram:ReferenceTypeCode/>"),
        1,
    ),
    (
        "CII-DT-027",
        "cii",
        reference("", "<ram:FormattedIssueDateTime/>"),
        reference("", "<ram:FormattedIssueDateTime/>", "Invoice"),
        1,
    ),
    (
        "CII-DT-033",
        "cii",
        UNIT.format("Basis") * 2 + UNIT.format("Billed"),
        UNIT.format("Basis") + line("LineTradeDelivery", UNIT.format("Billed")),
        3,
    ),
    (
        "CII-DT-037",
        "cii",
        tax("<ram:TypeCode>GST</ram:TypeCode>"),
        tax("<ram:TypeCode>VAT</ram:TypeCode>") + tax(""),
        1,
    ),
    ("CII-DT-041", "cii", tax("<ram:BasisAmount/>"), header("Settlement", tax("<ram:BasisAmount/>")), 1),
    ("CII-DT-052", "cii", texts("ram:CategoryTradeTax", EXEMPT), tax(EXEMPT), 1),
    ("CII-DT-054", "cii", tax("<ram:TaxPointDate/>"), header("Settlement", tax("<ram:TaxPointDate/>")), 1),
    (
        "CII-DT-058",
        "cii",
        tax("<ram:DueDateTypeCode/>"),
        header("Settlement", tax("<ram:DueDateTypeCode/>")),
        1,
    ),
    ("CII-DT-097", "cii", date("20261301") + date("2026-01-01"), date(" 20260230\n"), 2),
    (
        "CII-DT-031",
        "cii",
        '<ram:LineTotalAmount currencyID="EUR"/>',
        '<ram:TaxTotalAmount currencyID="EUR"/>',
        1,
    ),
    (
        "CII-DT-101",
        "cii",
        '<ram:ID schemeName="x"/>',
        '<rsm:ExchangedDocument><ram:ID schemeName="x"/></rsm:ExchangedDocument>',
        1,
    ),
    (
        "CII-DT-001",
        "cii",
        '<rsm:ExchangedDocument><ram:ID schemeName="x"/></rsm:ExchangedDocument>',
        '<ram:ID schemeName="x"/>',
        1,
    ),
]


@pytest.mark.parametrize(("rule", "root", "failing", "passing", "count"), SPECIAL)
def test_special(rule: str, root: str, failing: str, passing: str, count: int) -> None:
    name = "cii" if root == "cii" else "ubl"
    assert Counter(one.rule for one in failures(name, document(root, failing)))[rule] == count
    assert rule not in {one.rule for one in failures(name, document(root, passing))}


def test_due_date_of_a_credit_note_stands_in_the_payment_instructions() -> None:
    assert not [one for one in failures("ubl", document("cn", DUE)) if one.rule == "UBL-CR-412"]


def test_every_special_has_a_case_and_a_function() -> None:
    specials = {row.id: row.only for _, row in ROWS if row.only}
    assert specials.keys() <= {case[0] for case in SPECIAL}
    assert {only for only in specials.values() if not callable(getattr(syntax_special, only, None))} == set()
    assert all((row.kind == "special") == bool(row.only) for _, row in ROWS)


def test_one_failure_for_each_context() -> None:
    wrong = "<cac:Item><cac:ClassifiedTaxCategory/><cac:ClassifiedTaxCategory/></cac:Item>"
    root = document("ubl", f"<cac:InvoiceLine>{wrong}</cac:InvoiceLine>" * 3)
    fired = [one for one in failures("ubl", root) if one.rule == "UBL-SR-48"]
    assert [one.context for one in fired] == list(root)
    assert [one.values for one in fired] == [{"found": "2"}] * 3
    assert fired[0].at is root[0][0][1]


def test_texts_name_every_rule() -> None:
    texts = syntax_texts()
    assert texts.keys() == {row.id for _, row in ROWS}
    for text in texts.values():
        assert text.title, text.id
        assert text.message[0].isupper(), text.id
        assert text.message.format(found="3").endswith("."), text.id
        assert text.hint.endswith("."), text.id


@needs_oracle
@pytest.mark.parametrize("name", ["ubl", "cii"])
def test_table_is_complete(name: str) -> None:
    artefact = json.loads((ORACLE / "rules.json").read_text(encoding="utf-8"))[f"en16931-{name}"]["artefacts"][0]
    theirs = {rule["id"]: rule["flag"] for rule in artefact["rules"] if SYNTAX_ID.match(rule["id"])}
    assert {row.id: row.flag for row in syntax.table(name)} == theirs


def oracle(rules: str) -> Iterator[tuple[str, dict[str, int], bytes]]:
    lines = (ORACLE / f"{rules}.verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    verdicts = {verdict["file"]: verdict["fired"] for verdict in map(json.loads, lines)}
    with tarfile.open(ORACLE / f"{rules}.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            fired = verdicts.get(Path(member.name).name)
            if content is not None and fired is not None:
                counts = {rule: one["count"] for rule, one in fired.items() if SYNTAX_ID.match(rule)}
                yield member.name, counts, content.read()


@needs_oracle
@pytest.mark.parametrize(
    ("rules", "name"),
    [
        ("en16931-ubl", "ubl"),
        ("en16931-cii", "cii"),
        ("peppol", "ubl"),
        ("xrechnung-ubl", "ubl"),
        ("xrechnung-cii", "cii"),
        ("br-fr-ubl", "ubl"),
        ("br-fr-cii", "cii"),
    ],
)
def test_parity(rules: str, name: str) -> None:
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    different = {}
    for file, theirs, content in oracle(rules):
        ours = Counter(one.rule for one in failures(name, etree.fromstring(content, parser)))
        if ours != theirs:
            different[file] = (theirs, dict(ours))
    assert different == {}
