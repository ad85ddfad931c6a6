"""Seeded changes to a document, like those that made the corpus: common mistakes, and odder things."""

import copy
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lxml import etree

__all__ = ["CHANGES", "VALUES", "mutants"]

SCHEMAS = Path(__file__).parents[2] / "schemas"
XS = "{http://www.w3.org/2001/XMLSchema}"
FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"

NUMERIC = (
    *("Amount", "Percent", "Quantity"),
    *("P_8B", "P_9A", "P_9B", "P_10", "P_11", "P_11A", "P_12", "P_12_XII", "P_13_1", "P_14_1", "P_14_1W", "P_15"),
    *("KursWaluty", "KursWalutyZ", "KursUmowny", "Kwota", "KwotaZaplatyCzesciowej", "DoZaplaty", "Udzial", "Ilosc"),
    *("NrWierszaFa", "WartoscZamowienia", "P_11NettoZ", "P_11VatZ"),
)
DATED = (
    *("Date", "DateTimeString"),
    *("P_1", "P_6", "P_6A", "P_6_Od", "P_6_Do", "P_22A", "Termin", "DataZaplaty", "DataUmowy", "DataWytworzeniaFa"),
    *("DataWystFaKorygowanej", "DataGodzRozpTransportu"),
)
CODED = (
    *("Code", "ID", "Indicator"),
    *("KodWaluty", "KodKraju", "KodUE", "NIP", "RodzajFaktury", "P_12", "GTU", "Procedura", "Rola", "FormaPlatnosci"),
    *("P_16", "P_18A", "P_19N", "JST", "TypKorekty", "NrKSeFFaKorygowanej", "REGON", "NrRB", "WariantFormularza"),
)
"""The ends of the names of elements that hold a number, a date, a code: of UBL and CII, then of FA(3)."""

NUMBERS = [
    "-1",
    "-0",
    "-0.00",
    "0",
    "0.00",
    "+1",
    "1e3",
    "NaN",
    "0.005",
    "-0.005",
    "1.005",
    "2.675",
    "1.",
    ".5",
    "1,00",
    "1000",
    "19",
    "100",
    "20.00",
    "7",
    "0.1",
    "1_000",
    "99.995",
    "-99.995",
    "12345678901234567.12",
    "99999999999999999999.99",
    "1.000",
    "-.5",
]
STEPS = (0.01, -0.01, 1, -1, 0.99, 1.01, 0.005, -0.005, 0.001, 100)
DATES = [
    "2024-01-15",
    "15.01.2024",
    "20240115",
    "2024-13-01",
    "2024-1-5",
    "2024-01-15Z",
    "2024-01-15+01:00",
    "2024-02-30",
    "2030-06-30",
    "12024-01-15",
    "202401",
    "20231231",
    "20241301",
]
CODES = [
    "S",
    "Z",
    "E",
    "AE",
    "K",
    "G",
    "O",
    "L",
    "M",
    "B",
    "VAT",
    "vat",
    "GST",
    "VATEX-EU-O",
    "vatex-eu-ae",
    "380",
    "381",
    "384",
    "30",
    "58",
    "59",
    "95",
    "FC",
    "VA",
    "EUR",
    "USD",
    "ZZZ",
    "DE",
    "IT",
    "EL",
    "GR",
    "XI",
    "0088",
    "9930",
    "EM",
    "SEPA",
    "C62",
    "XPP",
    "130",
    "50",
    "916",
    "AAA",
    "text/csv",
    "true",
    "false",
    "1",
    "0",
    "TRUE",
]
BLANKS = (" ", "\n", "\t", "\u00a0", "  ")
ATTRIBUTES = [
    "schemeID",
    "schemeName",
    "schemeAgencyID",
    "listID",
    "listVersionID",
    "name",
    "languageID",
    "currencyID",
    "unitCode",
    "unitCodeListID",
    "format",
    "mimeCode",
    "filename",
    "uri",
]

Element = etree._Element
Change = Callable[[random.Random, list[Element]], None]


@cache
def children(folder: str) -> dict[str, list[str]]:
    """Tag to the tags that the schema allows below it, in their order; one list for each tag."""
    types: dict[str, list[tuple[str, str]]] = {}
    known: dict[str, str] = {}
    groups = {
        group.get("name", ""): group
        for path in sorted((SCHEMAS / folder).glob("*.xsd"))
        for group in etree.parse(path).getroot().iterchildren(f"{XS}group")
    }
    for path in sorted((SCHEMAS / folder).glob("*.xsd")):
        schema = etree.parse(path).getroot()
        space = schema.get("targetNamespace", FA3)

        def qualified(name: str, schema: Element = schema, space: str = space) -> str:
            prefix, _, local = name.rpartition(":")
            return f"{{{schema.nsmap[prefix] if prefix else space}}}{local}"

        for declared in schema.iterchildren(f"{XS}element"):
            if declared.get("type"):
                known[qualified(declared.get("name", ""))] = qualified(declared.get("type", ""))
        for declared in schema.iterchildren(f"{XS}complexType"):
            inside = types.setdefault(qualified(declared.get("name", "")), [])
            for element in _elements(declared, groups):
                tag = qualified(element.get("ref") or element.get("name", ""))
                inside.append((tag, qualified(element.get("type", "")) if element.get("type") else ""))
    for inside in list(types.values()):
        known.update({tag: kind for tag, kind in inside if kind})
    return {tag: [name for name, _ in types[kind]] for tag, kind in known.items() if types.get(kind)}


def _elements(declared: Element, groups: dict[str, Element]) -> Iterator[Element]:
    for one in declared.iter(f"{XS}element", f"{XS}group"):
        if one.get("ref") in groups:
            yield from _elements(groups[one.get("ref", "")], groups)
        elif one.tag == f"{XS}element":
            yield one


def _leaf(rng: random.Random, elements: list[Element], *ends: str) -> Element | None:
    leaves = [one for one in elements if len(one) == 0 and (not ends or one.tag.endswith(ends))]
    return rng.choice(leaves) if leaves else None


def _inner(rng: random.Random, elements: list[Element]) -> Element:
    return rng.choice([one for one in elements if one.getparent() is not None])


def _remove(rng: random.Random, elements: list[Element]) -> None:
    one = _inner(rng, elements)
    one.getparent().remove(one)


def _double(rng: random.Random, elements: list[Element]) -> None:
    one = _inner(rng, elements)
    one.addnext(copy.deepcopy(one))


def _empty(rng: random.Random, elements: list[Element]) -> None:
    one = _inner(rng, elements)
    one[:] = []
    one.text = rng.choice(["", " ", "\n "])


def _move(rng: random.Random, elements: list[Element]) -> None:
    one, target = copy.deepcopy(_inner(rng, elements)), rng.choice(elements)
    one.tail = None
    target.insert(rng.randrange(len(target) + 1), one)


def _shuffle(rng: random.Random, elements: list[Element]) -> None:
    one = rng.choice([one for one in elements if len(one)])
    inside = list(one)
    rng.shuffle(inside)
    one[:] = inside


def _text(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements)
    if one is not None:
        text = one.text or ""
        one.text = rng.choice(
            [rng.choice(BLANKS) + text, text + rng.choice(BLANKS), text.swapcase(), "x", "", text * 2]
        )


def _number(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements, *NUMERIC)
    if one is not None:
        one.text = rng.choice(NUMBERS)


def _step(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements, "Amount", "Percent")
    if one is not None and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]+)?", one.text or ""):
        step = rng.choice(STEPS)
        one.text = f"{float(one.text) + step:.{2 if round(step, 2) == step else 3}f}"


def _date(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements, *DATED)
    if one is not None:
        one.text = rng.choice(DATES)


def _code(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements, *CODED)
    if one is not None:
        one.text = rng.choice(CODES)


def _categories(rng: random.Random, elements: list[Element]) -> None:
    """The same VAT category everywhere, often with the rate that goes with it."""
    category, rate = rng.choice(CODES[:10]), rng.choice(["0", "0.00", "20", "-0"])
    keep = rng.random() < 0.3
    for one in elements:
        if one.tag.endswith("CategoryCode") or (one.tag.endswith("}ID") and "TaxCategory" in str(one.getparent().tag)):
            one.text = category
        elif one.tag.endswith(("}Percent", "RateApplicablePercent")) and not keep:
            one.text = rate


def _scheme(rng: random.Random, elements: list[Element]) -> None:
    text = rng.choice(["vat", " VAT ", "GST", "VAT\u00a0", ""])
    for one in elements:
        if (one.tag.endswith("}ID") and str(one.getparent().tag).endswith("}TaxScheme")) or (
            one.tag.endswith("}TypeCode") and str(one.getparent().tag).endswith("Tax")
        ):
            one.text = text
            if rng.random() < 0.5:
                break


def _currency(rng: random.Random, elements: list[Element]) -> None:
    text = rng.choice(["USD", "eur", "ZZZ", ""])
    for one in elements:
        if one.get("currencyID") is not None and rng.random() < 0.5:
            one.set("currencyID", text)


def _attribute(rng: random.Random, elements: list[Element]) -> None:
    having = [one for one in elements if one.attrib]
    if having and rng.random() < 0.6:
        one = rng.choice(having)
        name = rng.choice(sorted(one.attrib))
        if rng.random() < 0.4:
            del one.attrib[name]
        else:
            one.set(name, rng.choice(["", " ", *CODES]))
    else:
        rng.choice(elements).set(rng.choice(ATTRIBUTES), rng.choice(["", *CODES]))


def _allowed(rng: random.Random, elements: list[Element]) -> None:
    """An element that the schema has a place for, in that place; often one that EN 16931 does not use."""
    folders = {"ubl:schema": "ubl-2.1", "crd.gov.pl": "fa-3", "CrossDomain": "cdar-d22b"}
    allowed = children(next((folder for mark, folder in folders.items() if mark in elements[0].tag), "cii-d16b"))
    one = rng.choice([one for one in elements if one.tag in allowed])
    order = allowed[one.tag]
    new = etree.Element(rng.choice(order))
    if new.tag in allowed:
        etree.SubElement(new, rng.choice(allowed[new.tag])).text = rng.choice([*CODES, *NUMBERS])
    else:
        new.text = rng.choice([*CODES, *NUMBERS])
    after = [x for x in one if x.tag in order and order.index(x.tag) > order.index(new.tag)]
    one.insert(one.index(after[0]) if after else len(one), new)


def _comment(rng: random.Random, elements: list[Element]) -> None:
    one = _leaf(rng, elements)
    if one is not None and one.text:
        position = rng.randrange(len(one.text) + 1)
        note = etree.Comment(" a note ")
        note.tail, one.text = one.text[position:], one.text[:position]
        one.insert(0, note)


VALUES: tuple[Change, ...] = (
    *(_remove, _text, _text, _number, _step, _step, _step, _date, _code, _code),
    *(_categories, _scheme, _currency, _attribute, _attribute, _comment),
)
"""Changes that leave every element in its place."""

CHANGES: tuple[Change, ...] = (*VALUES, _double, _empty, _move, _shuffle, _allowed, _allowed)


def mutants(path: Path, number: int, kinds: tuple[Change, ...] = CHANGES) -> list[tuple[str, bytes]]:
    """So many changed copies of a document, each with a name; the same ones every time."""
    made = []
    for count in range(number):
        rng = random.Random(f"{path.name} {count}")
        root = etree.parse(path).getroot()
        changes = []
        for change in rng.choices(kinds, k=rng.choice([1, 1, 2, 2, 3, 4, 6])):
            change(rng, [one for one in root.iter() if isinstance(one.tag, str)])
            changes.append(change.__name__.strip("_"))
        encoding = "UTF-16" if rng.random() < 0.03 else "UTF-8"
        data = etree.tostring(root, encoding=encoding, xml_declaration=True)
        made.append((f"{path.name} {count} ({', '.join(changes)})", data))
    return made
