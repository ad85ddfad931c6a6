"""The rules on invoices that nobody would write, and on many that are right."""

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ksef_cases import HERE, base, element, found, ids, judged
from lxml import etree

DOCUMENTS = sorted(path.stem for path in (HERE / "documents").glob("*.xml"))
TEXTS = (
    *(
        "",
        " ",
        "x",
        "NaN",
        "-INF",
        "1e400",
        "1,5",
        "--1",
        "0x1",
        "١٢",
        "½",
        "1" * 400,
        "-0",
        "+",
        "999999999999999.999",
    ),
    *("2026-02-30", "2026-13-01", "0000-00-00", "2026-02-01Z", "99999-01-01", "PLN", "KOR_ROZ", "ZAL", "UPR", "oo"),
    *("0 WDT", "0", "1", "11", "4", "zw", "1111111111", "11111111111", "-" * 36, "PL" + "0" * 24, "IPKSeF=", "\u00a0"),
)
ANCHORED = ("Fa", "FaWiersz", "Podmiot2", "Platnosc", "Zamowienie", "Rozliczenie", "Zalacznik", "Tabela", "Wiersz")


def strange(seed: int) -> bytes:
    """A document with up to six things changed that should not be."""
    chance = random.Random(seed)
    root = etree.fromstring(base(chance.choice(DOCUMENTS)))
    for _ in range(chance.randint(1, 6)):
        nodes = list(root.iter())
        node, other = chance.choice(nodes), chance.choice(nodes)
        match chance.randrange(6):
            case 0 | 1:
                node.text = chance.choice(TEXTS)
            case 2 if node is not root:
                node.getparent().remove(node)
            case 3 if node is not root:
                node.addnext(etree.fromstring(etree.tostring(node)))
            case 4 if node is not root:
                other.append(etree.fromstring(etree.tostring(node)))
            case _:
                node.append(element(f"<{chance.choice(ANCHORED)}/>"))
    return etree.tostring(root)


@pytest.mark.parametrize("start", range(0, 1600, 400))
def test_nothing_strange_ends_in_an_error(start: int) -> None:
    fired: set[str] = set()
    for seed in range(start, start + 400):
        report = judged(strange(seed))
        assert report.schema_valid or not report.valid
        for finding in report.findings:
            assert finding.path.startswith("/Faktura")
            fired.add(finding.rule)
    assert len(fired) > 15


CENT = Decimal("0.01")
RATES = {"23": "1", "22": "1", "8": "2", "7": "2", "5": "3", "4": "4", "3": "4"}
amounts = st.decimals("0.01", "99999.99", places=2)
sold = st.lists(st.tuples(st.decimals("0.001", "500", places=3), amounts, st.sampled_from(sorted(RATES))), min_size=1)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@settings(max_examples=60, deadline=None)
@given(sold)
def test_an_invoice_that_is_added_up_keeps_every_rule(lines: list[tuple[Decimal, Decimal, str]]) -> None:
    root = etree.fromstring(base("upr"))
    [fa] = found(root, "//Fa")
    nets: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for old in (*found(root, "//FaWiersz"), *found(root, "//P_15")):
        fa.remove(old)
    once: dict[str, str] = {}
    for number, (quantity, price, rate) in enumerate(lines, 1):
        rate = once.setdefault(RATES[rate], rate)  # an invoice has one rate of a group
        value = rounded(quantity * price)
        nets[RATES[rate], rate] += value
        row = f"<NrWierszaFa>{number}</NrWierszaFa><P_8B>{quantity}</P_8B><P_9A>{price}</P_9A>"
        fa.append(element(f"<FaWiersz>{row}<P_11>{value}</P_11><P_12>{rate}</P_12></FaWiersz>"))
    taxes = {key: rounded(net * Decimal(key[1]) / 100) for key, net in nets.items()}
    totals: list[Any] = [f"<P_15>{sum(nets.values()) + sum(taxes.values())}</P_15>"]
    for (field, rate), net in sorted(nets.items(), reverse=True):
        totals = [f"<P_13_{field}>{net}</P_13_{field}><P_14_{field}>{taxes[field, rate]}</P_14_{field}>", *totals]
    [issued] = found(root, "//P_2")
    for total in reversed(etree.fromstring(f'<x xmlns="{fa.nsmap[None]}">{"".join(totals)}</x>')):
        issued.addnext(total)
    report = judged(etree.tostring(root))
    assert report.schema_valid, report.findings
    assert ids(report) <= {"KSEF-KIND-10"}
