"""The public examples, where they are there, and short ways to read and write."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from billingua import formats
from billingua.engine.document import Document
from billingua.engine.xml import parse
from billingua.model import Invoice

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
SOURCES = ("cen-en16931/ubl/examples", "cen-en16931/cii/examples", "xrechnung-testsuite")


def content_of(path: Path) -> bytes:
    """The bytes of an example, unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def read(data: bytes) -> Document[Invoice]:
    """A document of any format."""
    root = parse(data)
    descriptor = formats.by_root(str(root.tag))
    assert descriptor is not None
    return descriptor.read(root)


def write(invoice: Invoice, name: str) -> bytes:
    """An invoice in a wire format; nothing may be lost."""
    return formats.by_name(name).write(invoice, name)


def _examples() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((CONFORMANCE / source).rglob("*")):
            if path.is_file() and path.stat().st_size < 60_000:
                yield path


EXAMPLES = list(_examples())
"""The public examples without large attachments."""
