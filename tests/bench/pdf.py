"""How fast a Factur-X is made and a PDF is checked, beside the package factur-x: part of `make bench`.

factur-x puts the file into the PDF and writes the label; billingua makes the PDF what the label says, and checks it.
"""

import io
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import SAMPLES, child, cold, milliseconds, print_table

XML = SAMPLES / "standard-rated.cii.xml"
PLAIN = {"1 page, standard fonts": (1, 0), "1 page, 100 KB": (1, 75), "20 pages, 100 KB": (20, 60)}
CHECKED = 200
ROUNDS = 20
COLD_RUNS = 5
TARGETS = "Targets: embedding into one page of 100 KB in at most 60 ms; 200 pages checked in less than 5 s."


def main() -> None:
    """Measure and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        child_here("documents", folder)
        rows = [["PDF", "size", "embed", "its check alone", "factur-x", "factur-x's is PDF/A-3"]]
        for number, name in enumerate(PLAIN):
            path = Path(folder, f"{number}.pdf")
            found = child_here("embedding", str(path))
            times = [milliseconds(found[tool]) for tool in ("ours", "check", "factur_x")]
            rows.append([name, f"{path.stat().st_size / 1000:,.0f} KB", *times, "yes" if found["pdfa"] else "no"])
        print_table(rows)
        large = Path(folder, "large.pdf")
        size = f"{large.stat().st_size / 1000:,.0f} KB"
        print_table(
            [["checked", "size", "time"], [f"{CHECKED} pages", size, milliseconds(child_here("check", str(large)))]]
        )
        billingua = [sys.executable, "-m", "billingua"]
        rows = [["command", "cold", "memory"]]
        for name, command in {
            "pdf embed": ["pdf", "embed", f"{folder}/0.pdf", str(XML), "-o", f"{folder}/out.pdf"],
            "pdf check": ["pdf", "check", f"{folder}/large.pdf"],
            "validate, PDF": ["validate", str(SAMPLES / "invoice.facturx.pdf")],
        }.items():
            ((time, memory),) = cold([[*billingua, *command]], COLD_RUNS)
            rows.append([name, milliseconds(time), f"{memory:.0f} MB"])
        print_table(rows)
    print(TARGETS)


def child_here(task: str, *args: str) -> Any:
    """Run a function of this file in a new process."""
    return child(task, *args, file=__file__)


# What the children do.


def documents(folder: str) -> None:
    """Write the plain PDFs, and a large PDF/A-3."""
    from billingua import pdf

    for number, (pages, picture) in enumerate(PLAIN.values()):
        Path(folder, f"{number}.pdf").write_bytes(plain(pages, picture))
    Path(folder, "large.pdf").write_bytes(pdf.embed(plain(CHECKED, 0), XML.read_bytes()))


def plain(pages: int, picture: int) -> bytes:
    """A PDF with so many pages of text in a standard font, and a picture of so many kilobytes on each."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    chance = random.Random(7)
    side = int((picture * 1000 / 3) ** 0.5)
    image = ImageReader(Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side))) if side else None
    for page in range(pages):
        canvas.setFont("Helvetica", 10)
        for line in range(50):
            canvas.drawString(
                40, 800 - 15 * line, f"Page {page}, line {line}: article {chance.randrange(10**5)}, 12.50 EUR"
            )
        if image is not None:
            canvas.drawImage(image, 400, 100, 100, 100)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def embedding(path: str) -> dict[str, Any]:
    """Ours, its check and factur-x in turns, so that all meet the same state of the machine."""
    from facturx import generate_from_binary

    from billingua import pdf

    data, xml = Path(path).read_bytes(), XML.read_bytes()
    hybrid = pdf.embed(data, xml)

    def ours() -> bytes:
        return pdf.embed(data, xml)

    def check() -> bool:
        return pdf.check(hybrid).valid

    def factur_x() -> bytes:
        made: bytes = generate_from_binary(data, xml, check_xsd=False, check_schematron=False)
        return made

    best: dict[str, Any] = {}
    tools: tuple[Callable[[], object], ...] = (ours, check, factur_x)
    for _ in range(ROUNDS):
        for tool in tools:
            start = perf_counter()
            tool()
            took = perf_counter() - start
            best[tool.__name__] = min(took, best.get(tool.__name__, took))
    return best | {"pdfa": pdf.check(factur_x()).valid}


def check(path: str) -> float:
    """The seconds that the check of a file takes, warm."""
    from billingua import pdf

    data = Path(path).read_bytes()
    times = []
    for _ in range(3):
        start = perf_counter()
        if not pdf.check(data).valid:
            raise SystemExit(f"{path} is no PDF/A")
        times.append(perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
