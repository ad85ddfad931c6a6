"""The hash of an invoice: of exactly its bytes, however they are handed in."""

import io
import tracemalloc
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ksef_client.services.crypto import sha256_base64

from billingua import ksef
from billingua.errors import IdentifierError, UnreadableInput, UsageError
from billingua.ksef.hash import digest_of
from ksef_vectors import invoice, vectors


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_the_forms_agree_with_ksef_client(data: bytes) -> None:
    found = ksef.invoice_hash(data)
    assert found.base64 == sha256_base64(data)
    assert found.base64url == urlsafe_b64encode(sha256(data).digest()).decode().rstrip("=")
    assert (found.hex, found.size) == (sha256(data).hexdigest(), len(data))
    assert (len(found.base64), len(found.base64url)) == (44, 43)
    assert digest_of(found) == digest_of(found.base64) == digest_of(found.base64url) == sha256(data).digest()


def test_the_vectors() -> None:
    for one in vectors("hashes"):
        found = ksef.invoice_hash(b64decode(one["bytes_base64"]))
        assert (found.size, found.base64, found.base64url) == (
            one["size"],
            one["sha256_base64"],
            one["sha256_base64url"],
        )


def test_the_files_of_the_vectors() -> None:
    for one in vectors("file_hashes"):
        found = ksef.invoice_hash(invoice(one["file"]))
        assert (found.size, found.base64) == (one["size"], one["sha256_base64"]), one["file"]


def test_every_source_gives_the_same(tmp_path: Path) -> None:
    data = bytes(range(256)) * 20_000
    path = tmp_path / "ż.xml"
    path.write_bytes(data)
    expected = ksef.invoice_hash(data)
    assert expected.size == 5_120_000
    with path.open("rb") as stream:
        sources: list[Any] = [path, str(path), stream, io.BytesIO(data), bytearray(data), memoryview(data)]
        assert [ksef.invoice_hash(source) for source in sources] == [expected] * len(sources)


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as stream:
        stream.truncate(64_000_000)
    tracemalloc.start()
    try:
        assert ksef.invoice_hash(path).size == 64_000_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        ("nothing-here.xml", UnreadableInput, "nothing-here.xml: The file cannot be read: No such file"),
        ("a\0b", UnreadableInput, "null byte"),
        (".", UnreadableInput, "directory"),
        ("<Faktura/>", UsageError, "exact bytes"),
        (io.StringIO("text"), UsageError, "reading text"),
        (None, UsageError, "not NoneType"),
        (7, UsageError, "not int"),
    ],
)
def test_what_is_no_document_is_refused(source: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ksef.invoice_hash(source)


def test_a_closed_file_is_refused() -> None:
    stream = io.BytesIO(b"x")
    stream.close()
    with pytest.raises(UnreadableInput, match="closed"):
        ksef.invoice_hash(stream)


GOOD = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        GOOD[:-2],
        GOOD + "=",
        GOOD[:-1],  # Base64 without its padding, which only Base64url does without
        " " + GOOD,
        GOOD + "\n",
        GOOD.replace("+", "-"),  # half Base64, half Base64url
        GOOD[:-2] + "V=",  # bits are set that no byte has
        sha256(b"").hexdigest(),
        "sha256:" + GOOD,
        "ą" * 43,
        None,
        sha256(b"").digest(),
    ],
)
def test_what_is_no_hash_is_refused(wrong: Any) -> None:
    with pytest.raises(IdentifierError, match="no SHA-256 in Base64"):
        digest_of(wrong)
