"""`billingua.ksef` as a whole: light to import, complete, and clear about the packages it needs."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from ksef_keys import SERIAL, ec_key

from billingua import ksef
from billingua.errors import MissingExtra

HASH = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from billingua import ksef\n"
        "from datetime import date\n"
        "ksef.invoice_link('5265877635', date(2026, 2, 1), ksef.invoice_hash(b'x'))\n"
        "ksef.deadline('offline24', date(2026, 2, 1))\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert set(run.stdout.split()).isdisjoint({"lxml", "cryptography", "segno", "PIL", "msgspec", "click", "rich"})


def test_there_are_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'frobnicate'"):
        ksef.frobnicate  # noqa: B018


@pytest.mark.parametrize(
    ("package", "task"),
    [
        ("segno", lambda: ksef.qr_png("https://x", "")),
        ("segno", lambda: ksef.qr_svg("https://x", "")),
        ("PIL", lambda: ksef.qr_png("https://x", "")),
        ("cryptography", lambda: ksef.certificate_link("Nip", "5265877635", "5265877635", SERIAL, HASH, b"x")),
        ("cryptography", lambda: ksef.verify_certificate_link("https://x", b"")),
        ("cryptography", lambda: ksef.load_private_key(b"x")),
        ("cryptography", lambda: ksef.load_certificate(b"x")),
        ("cryptography", lambda: ksef.session_key(b"x")),
        ("cryptography", lambda: ksef.public_key_id(b"x")),
        ("cryptography", lambda: ksef.certificate_id(b"x")),
        ("cryptography", lambda: ksef.encrypt_invoice(b"x", b"x")),
        ("cryptography", lambda: ksef.pack(".", "nowhere", b"x")),
    ],
)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str, task: Callable[[], object]) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf'{package}.*pip install "billingua\[ksef\]"'):
        task()
    assert not Path("nowhere").exists()


def test_from_a_file_to_its_codes_in_a_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    path.write_bytes(b"<Faktura/>")
    found = ksef.invoice_hash(path)
    links = {
        "invoice": ksef.invoice_link("5265877635", date(2026, 2, 1), found),
        "certificate": ksef.certificate_link("Nip", "5265877635", "5265877635", SERIAL, found, ec_key()),
    }
    images = [ksef.qr_png(links[code.kind], code.label) for code in ksef.codes_on_printout("offline24")]
    assert [image[:4] for image in images] == [b"\x89PNG"] * 2
