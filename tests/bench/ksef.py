"""How fast the Polish part is, beside two yardsticks on the same document in the same run: part of `make bench`.

floor         lxml reads the document and checks it against the ministry's XSD, and does nothing else
ksef-client   the package ksef-client, from bytes to its verdict on structure and values
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import SAMPLES, child, cold, milliseconds, print_table

INVOICE = SAMPLES / "invoice.fa3.json"
SMALL = 10_000
ROUNDS = 300
COLD_RUNS = 5
TARGETS = "Targets: a 10 KB FA(3) validated in at most 4 times the floor; a cold `ksef qr` below 0.5 s."


def main() -> None:
    """Measure and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "invoice.fa3.xml")
        child_here("document", str(path))
        measured = child_here("warm", str(path))
        ours, floor, peer = (measured[tool] for tool in ("ours", "floor", "ksef_client"))
        row = [
            "FA(3), 10 KB",
            f"{path.stat().st_size / 1000:,.0f} KB",
            *map(milliseconds, (ours, floor, peer)),
            f"{ours / floor:.1f}",
            f"{peer / ours:.1f}",
        ]
        print_table(
            [
                [
                    "document",
                    "size",
                    "billingua",
                    "floor",
                    "ksef-client",
                    "billingua / floor",
                    "ksef-client / billingua",
                ],
                row,
            ]
        )
        billingua = [sys.executable, "-m", "billingua"]
        rows = [["command", "cold", "memory"]]
        for name, command in {
            "validate, FA(3), 10 KB": ["validate", str(path)],
            "ksef qr": ["ksef", "qr", str(path), "-o", f"{folder}/code.png"],
        }.items():
            ((time, memory),) = cold([[*billingua, *command]], COLD_RUNS)
            rows.append([name, milliseconds(time), f"{memory:.0f} MB"])
        print_table(rows)
    print(TARGETS)


def child_here(task: str, *args: str) -> Any:
    """Run a function of this file in a new process."""
    return child(task, *args, file=__file__)


# What the children do.


def document(path: str) -> None:
    """Write the sample invoice with its lines repeated up to 10 KB."""
    import billingua as bl
    from billingua.ksef import FaInvoice

    invoice = FaInvoice.from_json(INVOICE.read_bytes())

    def repeated(count: int) -> bytes:
        chosen = (invoice.lines[number % len(invoice.lines)] for number in range(count))
        lines = tuple(line.replace(number=number) for number, line in enumerate(chosen, 1))
        return bl.write(invoice.replace(lines=lines).with_totals(), "fa3")

    count = max(count for count in range(1, 60) if len(repeated(count)) <= SMALL)
    report = bl.validate(repeated(count))
    if not report.valid:
        raise SystemExit(f"the document is not valid: {report.findings[:3]}")
    Path(path).write_bytes(repeated(count))


def warm(path: str) -> dict[str, float]:
    """Ours, the floor and ksef-client in turns, so that all meet the same state of the machine."""
    from ksef_client.documents.fa3.xml import validate_fa3_xml_xsd
    from lxml import etree

    import billingua as bl

    data = Path(path).read_bytes()
    schema = official()

    def ours() -> bool:
        return bl.validate(data).valid

    def floor() -> bool:
        return bool(schema.validate(etree.fromstring(data)))

    def ksef_client() -> bool:
        validate_fa3_xml_xsd(data)
        return True

    best: dict[str, float] = {}
    tools: tuple[Callable[[], bool], ...] = (ours, floor, ksef_client)
    for number in range(ROUNDS):
        for tool in tools:
            if tool is ksef_client and number > ROUNDS // 10:
                continue
            start = perf_counter()
            valid = tool()
            took = perf_counter() - start
            if not valid:
                raise SystemExit(f"{tool.__name__} finds {path} invalid")
            best[tool.__name__] = min(took, best.get(tool.__name__, took))
    return best


def official() -> Any:
    """The ministry's schema, which ksef-client brings; what it includes by its address lies in the same folder."""
    from importlib.util import find_spec

    from lxml import etree

    spec = find_spec("ksef_client")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent / "documents" / "fa3" / "schemas"

    class Beside(etree.Resolver):
        def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # noqa: ARG002
            return self.resolve_filename(str(home / system_url.rpartition("/")[2]), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(home / "schemat_FA(3)_v1-0E.xsd", parser))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
