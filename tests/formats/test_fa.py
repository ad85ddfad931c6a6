"""FA(3) and FA(2): the model against the schemas, reading and writing, JSON."""

import importlib.util
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fa_models import example, invoices
from hypothesis import HealthCheck, given, settings
from lxml import etree

import billingua
from billingua.engine.kinds import attribute_kinds, extra_of
from billingua.engine.places import Places
from billingua.engine.structure import compiled_schema
from billingua.engine.tree import elements_of, read_tree, write_tree
from billingua.errors import (
    BillinguaError,
    CannotExpress,
    InvalidModel,
    UnknownFormat,
    UnreadableInput,
    UnsupportedFormat,
)
from billingua.formats import by_name
from billingua.formats.fa import FORMAT
from billingua.formats.fa.model import Buyer, FaInvoice, Line, Payment, PaymentTerm, Seller, codes, json_schema
from billingua.model import Invoice, term_at
from billingua.model.terms import attributes_below, terms_of
from billingua.resources import data_folder

XSD = "{http://www.w3.org/2001/XMLSchema}"
NAMESPACES = FORMAT.namespaces_of("fa3")
FA = f"{{{NAMESPACES['']}}}"
SCHEMAS = Path(data_folder("schemas"))
OFFICIAL = Path(importlib.util.find_spec("ksef_client").origin).parent / "documents" / "fa3" / "schemas"
ENTRIES = {
    "fa3": SCHEMAS / "fa-3" / "Faktura.xsd",
    "fa2": SCHEMAS / "fa-2" / "Faktura.xsd",
    "official": OFFICIAL / "schemat_FA(3)_v1-0E.xsd",
}
CONSTANTS = {"Naglowek/KodFormularza", "Naglowek/WariantFormularza"}

NEW_IN_FA3 = {
    *("Podmiot2/JST", "Podmiot2/GV", "Zalacznik", "Fa/Platnosc/LinkDoPlatnosci", "Fa/Platnosc/IPKSeF"),
    *(f"Fa/Platnosc/ZaplataCzesciowa/{name}" for name in ("FormaPlatnosci", "PlatnoscInna", "OpisPlatnosci")),
}


class Schema:
    """The paths of a schema of FA in its order, with the declaration of each."""

    def __init__(self, entry: Path) -> None:
        self.declared: dict[str, etree._Element] = {}
        self.home = etree.parse(entry).getroot().get("targetNamespace")
        self._load(entry, self.home, set())
        self.paths = dict(self._below(self.declared[f"element {{{self.home}}}Faktura"], ""))

    def _load(self, path: Path, including: str, seen: set[Path]) -> None:
        seen.add(path)
        root = etree.parse(path).getroot()
        namespace = root.get("targetNamespace") or including
        for node in root.iterchildren("{*}*"):
            kind = etree.QName(node).localname
            if kind in ("include", "import"):
                name = node.get("schemaLocation").rpartition("/")[2]
                found = next(one for one in (path.parent / name, SCHEMAS / "fa-3" / name) if one.exists())
                if found not in seen:
                    self._load(found, namespace, seen)
            elif node.get("name"):
                node.set("home", namespace)
                self.declared[f"{kind} {{{namespace}}}{node.get('name')}"] = node

    def _find(self, kind: str, node: etree._Element, name: str) -> etree._Element | None:
        prefix, _, local = name.rpartition(":")
        home = next((one.get("home") for one in (node, *node.iterancestors()) if one.get("home")), None)
        return self.declared.get(f"{kind} {{{node.nsmap.get(prefix or None, home)}}}{local}")

    def _particles(self, node: etree._Element) -> Iterator[etree._Element]:
        for inner in node.iterchildren(f"{XSD}*"):
            if inner.tag == f"{XSD}element":
                yield inner
                continue
            if (
                inner.tag == f"{XSD}extension"
                and (base := self._find("complexType", inner, inner.get("base"))) is not None
            ):
                yield from self._particles(base)
            if inner.tag == f"{XSD}group":
                yield from self._particles(self._find("group", inner, inner.get("ref")))
            yield from self._particles(inner)

    def _below(self, element: etree._Element, path: str) -> Iterator[tuple[str, etree._Element]]:
        kind = element.find(f"{XSD}complexType")
        if kind is None and element.get("type"):
            kind = self._find("complexType", element, element.get("type"))
        for particle in self._particles(kind) if kind is not None else ():
            name = f"{path}{particle.get('name')}"
            yield name, particle
            yield from self._below(particle, f"{name}/")

    def simple(self, element: etree._Element) -> tuple[str, list[str]]:
        """The built-in type of an element, and the values it is confined to."""
        extension = element.find(f"{XSD}complexType/{XSD}simpleContent/{XSD}extension")
        kind, node = element.find(f"{XSD}simpleType"), element if extension is None else extension
        values: list[str] = []
        while True:
            if kind is None:
                name = node.get("type") or node.get("base")
                kind = self._find("simpleType", node, name)
                if kind is None:
                    return name.rpartition(":")[2], values
            if kind.find(f"{XSD}union") is not None:
                return "union", values
            node = kind.find(f"{XSD}restriction")
            values = values or [one.get("value") for one in node.findall(f"{XSD}enumeration")]
            kind = node.find(f"{XSD}simpleType")


@pytest.mark.parametrize("entry", ["fa3", "official"])
def test_every_element_of_the_schema_has_its_place_in_order(entry: str) -> None:
    theirs = [path for path in Schema(ENTRIES[entry]).paths if path not in CONSTANTS]
    ours = list(elements_of(FaInvoice, "fa3"))
    assert len(ours) > 400
    assert sorted(ours) == sorted(theirs)
    alternatives = ("BrakID",)
    assert [one for one in ours if not one.endswith(alternatives)] == [
        one for one in theirs if not one.endswith(alternatives)
    ]


def test_every_element_of_fa2_has_its_place() -> None:
    theirs = set(Schema(ENTRIES["fa2"]).paths) - CONSTANTS
    ours = set(elements_of(FaInvoice, "fa2"))
    assert theirs <= ours
    assert {one for one in ours - theirs if not one.startswith("Zalacznik/")} == NEW_IN_FA3


KINDS = {
    Decimal: {"decimal"},
    int: {"nonNegativeInteger", "integer"},
    bool: {"byte", "integer"},
    date: {"date"},
    datetime: {"dateTime"},
    str: {"token", "string", "normalizedString", "integer", "union"},
}


def leaves(kind: type[msgspec.Struct], path: str) -> Iterator[tuple[str, Any, str, str, bool]]:
    """Path, type, form, list of codes and repetition of every attribute with an element in FA(3)."""
    for field in msgspec.structs.fields(kind):
        extra, bound = extra_of(kind, field.name), attribute_kinds(kind)[field.name]
        if extra["only"] == "fa2" or extra["form"] == "attribute":
            continue
        if issubclass(bound, msgspec.Struct):
            yield from leaves(bound, f"{path}{extra['path']}/")
        else:
            yield f"{path}{extra['path']}", bound, extra["form"], extra["codes"], field.default == ()


def test_attributes_are_of_the_types_of_the_schema_and_codes_complete() -> None:
    schema = Schema(ENTRIES["official"])
    seen = set()
    for path, kind, form, name, many in leaves(FaInvoice, ""):
        element = schema.paths[path]
        primitive, values = schema.simple(element)
        assert primitive in KINDS[kind], path
        assert many is (element.get("maxOccurs", "1") != "1"), path
        if form == "mark":
            assert values == ["1"], path
        if name:
            seen.add(name)
            assert set(values) <= set(codes()[name]), path
            if path != "Fa/Zamowienie/ZamowienieWiersz/ProceduraZ":
                assert list(codes()[name]) == values, path
    assert {*seen, "column_type"} == set(codes())


def written(invoice: FaInvoice) -> etree._Element:
    return etree.fromstring(billingua.write(invoice, "fa3"))


def test_a_plain_invoice_is_short_and_valid() -> None:
    data = billingua.write(example(), "fa3")
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Faktura xmlns="http://crd.gov.pl/')
    assert data == billingua.write(example(), "fa3")
    document = billingua.read(data)
    assert (document.format, document.profile, document.unmapped) == ("fa3", None, ())
    assert document.content == example()
    root = etree.fromstring(data)
    form = root.find(f"{FA}Naglowek/{FA}KodFormularza")
    assert (form.text, dict(form.attrib)) == ("FA", {"kodSystemowy": "FA (3)", "wersjaSchemy": "1-0E"})
    assert root.findtext(f"{FA}Naglowek/{FA}WariantFormularza") == "3"
    assert root.findtext(f"{FA}Naglowek/{FA}DataWytworzeniaFa") == "2026-02-02T10:30:00Z"
    notes = {etree.QName(one).localname: one.text for one in root.iterfind(f"{FA}Fa/{FA}Adnotacje//{FA}*") if one.text}
    assert {name: text for name, text in notes.items() if text.strip()} == {
        **dict.fromkeys(("P_16", "P_17", "P_18", "P_18A", "P_23"), "2"),
        **dict.fromkeys(("P_19N", "P_22N", "P_PMarzyN"), "1"),
    }


def test_positions_lead_to_the_elements() -> None:
    data = billingua.write(example(), "fa3")
    positions = billingua.read(data).positions
    line, path = positions["lines[0].net_price"]
    assert path == "/Faktura/Fa[1]/FaWiersz[1]/P_9A[1]"
    assert b"P_9A" in data.splitlines()[line - 1]
    assert positions["seller.nip"][1] == "/Faktura/Podmiot1[1]/DaneIdentyfikacyjne[1]/NIP[1]"
    assert positions["lines[0]"][1] == "/Faktura/Fa[1]/FaWiersz[1]"


def texts(root: etree._Element, path: str) -> list[str]:
    """Names and texts of what stands directly below an element."""
    found = root.find(path.replace("/", f"/{FA}").join((FA, "")) if path else ".")
    return [f"{etree.QName(one).localname}={(one.text or '').strip()}" for one in found]


def test_markers_follow_from_the_values_they_announce() -> None:
    invoice = example().replace(
        exemption_by_act="art. 43 ust. 1 pkt 2",
        margin_art=True,
        buyer=Buyer(name="Jan"),
        payment=Payment(paid_on=date(2026, 2, 3), other_form="kompensata"),
    )
    root = written(invoice)
    assert texts(root, "Fa/Adnotacje/Zwolnienie") == ["P_19=1", "P_19A=art. 43 ust. 1 pkt 2"]
    assert texts(root, "Fa/Adnotacje/PMarzy") == ["P_PMarzy=1", "P_PMarzy_3_2=1"]
    assert texts(root, "Podmiot2/DaneIdentyfikacyjne") == ["BrakID=1", "Nazwa=Jan"]
    payment = ["Zaplacono=1", "DataZaplaty=2026-02-03", "PlatnoscInna=1", "OpisPlatnosci=kompensata"]
    assert texts(root, "Fa/Platnosc") == payment
    assert billingua.read(etree.tostring(root)).content == invoice


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 2, 1, 8, tzinfo=UTC), "2026-02-01T08:00:00Z"),
        (datetime(2026, 2, 1, 8), "2026-02-01T08:00:00"),
        (datetime.fromisoformat("2026-02-01T08:00:00.25+01:00"), "2026-02-01T08:00:00.25+01:00"),
    ],
)
def test_moments_keep_their_zone(moment: datetime, text: str) -> None:
    assert written(example().replace(created=moment)).findtext(f"{FA}Naglowek/{FA}DataWytworzeniaFa") == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-01T24:00:00", datetime(2026, 2, 2)),
        ("2026-12-31T24:00:00.000Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-02-28T24:00:00+01:00", datetime.fromisoformat("2026-03-01T00:00:00+01:00")),
        ("2026-02-01T08:00:00-00:00", datetime(2026, 2, 1, 8, tzinfo=UTC)),
        ("2026-02-01T08:00:00.123456789+14:00", datetime.fromisoformat("2026-02-01T08:00:00.123456+14:00")),
    ],
)
def test_every_moment_of_the_schema_is_read(text: str, moment: datetime) -> None:
    root = written(example())
    made = root.find(f"{FA}Naglowek/{FA}DataWytworzeniaFa")
    assert made is not None
    made.text = text
    data = etree.tostring(root)
    assert billingua.validate(data, rulesets=[]).schema_valid
    assert billingua.read(data).content.created == moment


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"created": None}, ["it lacks created (DataWytworzeniaFa when", "KSeF FA(3)", "datetime("]),
        ({"currency": None, "kind": None}, ["it lacks currency (KodWaluty currency", ", kind (RodzajFaktury kind"]),
        ({"total_due": None}, ["total_due (P_15 amount"]),
        ({"kind": "PRO"}, ["RodzajFaktury", "/Faktura/Fa[1]/RodzajFaktury[1]"]),
        ({"seller": Seller(nip="123")}, ["/Faktura/Podmiot1[1]/DaneIdentyfikacyjne[1]/NIP[1]"]),
        ({"created": datetime(2025, 8, 31, tzinfo=UTC)}, ["DataWytworzeniaFa", "2025-09-01"]),
        ({"tax_23": None}, ["P_14_1"]),
    ],
)
def test_what_the_schema_refuses_is_one_error(changes: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(InvalidModel) as caught:
        billingua.write(example().replace(**changes), "fa3")
    for part in parts:
        assert part in str(caught.value)


def test_only_its_model_is_written() -> None:
    with pytest.raises(InvalidModel, match="not from Line"):
        billingua.write(Line(), "fa3")
    with pytest.raises(InvalidModel, match="not from FaInvoice"):
        billingua.write(example(), "cii")
    with pytest.raises(UnsupportedFormat, match="fa2 is read, not written"):
        billingua.write(example(), "fa2")


def test_an_invoice_of_the_standard_is_converted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from billingua.engine.document import Loss
    from billingua.formats.fa import write

    class Convert:
        ROUTING = frozenset({"BT-24"})

        @staticmethod
        def from_invoice(invoice: Invoice, losses: list[Loss]) -> FaInvoice:
            losses.append(Loss("BT-10", "x", "buyer_reference", "no place"))
            return example().replace(number=invoice.number)

    monkeypatch.setattr(write, "import_module", lambda name: {"billingua.formats.fa.convert": Convert}[name])
    losses: list[Loss] = []
    assert b"<P_2>7</P_2>" in by_name("fa3").write(Invoice(number="7"), "fa3", losses)
    assert [loss.term for loss in losses] == ["BT-10"]
    with pytest.raises(CannotExpress, match="BT-10"):
        billingua.write(Invoice(number="7"), "fa3")


def as_fa2(data: bytes) -> etree._Element:
    namespace = FORMAT.namespaces_of("fa2")[""]
    root = etree.fromstring(data.replace(NAMESPACES[""].encode(), namespace.encode()))
    for name in ("JST", "GV"):
        found = root.find(f"{{*}}Podmiot2/{{*}}{name}")
        found.getparent().remove(found)
    root.find("{*}Naglowek/{*}KodFormularza").set("kodSystemowy", "FA (2)")
    root.find("{*}Naglowek/{*}WariantFormularza").text = "2"
    return root


def test_fa2_is_read_with_its_terms_in_words() -> None:
    term = PaymentTerm(due_date=date(2026, 3, 1))
    invoice = example().replace(payment=Payment(terms=(term,)))
    root = as_fa2(billingua.write(invoice, "fa3"))
    payment_term = root.find("{*}Fa/{*}Platnosc/{*}TerminPlatnosci")
    etree.SubElement(payment_term, payment_term[0].tag.replace("Termin", "TerminOpis")).text = "14 dni od dostawy"
    assert compiled_schema("fa-2/Faktura.xsd").validate(root)
    document = billingua.read(etree.tostring(root))
    assert (document.format, document.unmapped) == ("fa2", ())
    described = term.replace(description="14 dni od dostawy")
    assert document.content == invoice.replace(payment=Payment(terms=(described,)))

    with pytest.raises(CannotExpress, match="TerminOpis"):
        billingua.write(document.content, "fa3")


def test_terms_in_words_of_fa3_are_structured() -> None:
    terms = (PaymentTerm(count=14, unit="dni", start_event="dostawa"),)
    root = written(example().replace(payment=Payment(terms=terms)))
    assert texts(root, "Fa/Platnosc/TerminPlatnosci/TerminOpis") == [
        "Ilosc=14",
        "Jednostka=dni",
        "ZdarzeniePoczatkowe=dostawa",
    ]
    assert billingua.read(etree.tostring(root)).content.payment.terms == terms


def test_other_invoices_of_the_ministry_are_unknown() -> None:
    farmer = b'<Faktura xmlns="http://crd.gov.pl/wzor/2026/03/06/14189/"/>'
    with pytest.raises(UnknownFormat):
        billingua.read(farmer)


def test_an_unreadable_value_is_one_error_that_says_where() -> None:
    data = billingua.write(example(), "fa3").replace(b"<P_15>123.00</P_15>", b"<P_15>123,00</P_15>")
    with pytest.raises(UnreadableInput) as caught:
        billingua.read(data)
    assert "'123,00' is not a decimal number" in str(caught.value)
    assert "/Faktura/Fa[1]/P_15[1]" in caught.value.where


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(invoices())
def test_what_is_written_is_read_again(invoice: FaInvoice) -> None:
    root = etree.Element(f"{FA}Faktura", nsmap={None: NAMESPACES[""]})
    assert write_tree(invoice, root, NAMESPACES, variant="fa3") == ()
    root = etree.fromstring(etree.tostring(root))
    read, unmapped, _ = read_tree(FaInvoice, root, NAMESPACES, Places({}), variant="fa3")
    assert read == invoice
    assert unmapped == ()
    assert FaInvoice.from_json(invoice.to_json()) == invoice


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(invoices())
def test_writing_any_model_is_a_document_or_one_error(invoice: FaInvoice) -> None:
    with suppress(BillinguaError):
        assert billingua.read(billingua.write(invoice, "fa3")).content == invoice


# JSON


def test_json_round_trip_and_schema() -> None:
    text = example().to_json(indent=2)
    assert FaInvoice.from_json(text) == example()
    assert b'"net_price": "50.00"' in text
    described = json_schema()["$defs"]["FaInvoice"]["properties"]
    assert described["issue_date"]["description"].startswith("P_1 ")
    assert all(one.get("description") for one in described.values())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('{"issue_date": "2026-13-01"}', ["issue_date: issue date (P_1):"]),
        ('{"lines": [{"net_price": "x"}]}', ["lines[0].net_price: net price (P_9A):"]),
        ('{"lines": [{"net_prise": "1"}]}', ["lines[0].net_prise", "Did you mean net_price?"]),
        ('{"seller": {"nip": 5260250274}}', ["seller.nip: nip (NIP): expected text, got int"]),
        ('{"self_billing": null}', ["self_billing"]),
        ('{"lines": [{"number": 1000000000000000000}]}', ["lines[0].number", "number (NrWierszaFa) has more than 18"]),
    ],
)
def test_json_errors_name_path_and_element(text: str, parts: list[str]) -> None:
    with pytest.raises(InvalidModel) as caught:
        FaInvoice.from_json(text)
    for part in parts:
        assert part in str(caught.value)


def test_python_errors_name_the_element() -> None:
    with pytest.raises(InvalidModel, match=r"Line\.net_price \(P_9A\) must be a Decimal"):
        Line(net_price=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidModel, match=r"FaInvoice\.self_billing \(P_17\) must be True or False, not NoneType"):
        FaInvoice(self_billing=None)  # type: ignore[arg-type]


def test_terms_of_the_model() -> None:
    term = term_at("lines[3].rate", FaInvoice)
    assert (term.id, term.name, term.codes, term.attribute) == ("P_12", "rate", "rate", "lines[].rate")
    assert term_at("terms.transports[].carrier.nip", FaInvoice).id == "NIP"
    assert term_at("lines[3].item", FaInvoice) is None
    assert attributes_below("seller.address", FaInvoice) == ["country", "line_1", "line_2", "gln"]
    assert terms_of(Invoice)["number"].id == "BT-1"
    assert codes()["kind"]["ZAL"] == "advance invoice"
