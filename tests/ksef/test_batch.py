"""The batch package: out as in, by the vectors, small in memory, and without what KSeF would reject."""

import io
import json
import os
import random
import tracemalloc
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ksef_client.services.crypto import decrypt_aes_cbc_pkcs7
from ksef_keys import ec_key, public_bytes, rsa_key

from billingua import api, ksef
from billingua.errors import CertificateError, PackageError, UnreadableInput, UsageError
from billingua.identifiers import nip
from billingua.ksef import batch
from billingua.ksef.encryption import wrapped
from ksef_vectors import invoice, vectors

PUBLIC = public_bytes(rsa_key())
FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"


def document(number: str = "FV/1", kind: str = "VAT", seller: str = "1111111111", more: str = "") -> bytes:
    """As much of an FA(3) invoice as a package looks at."""
    return (
        f'<Faktura xmlns="{FA3}"><Podmiot1><DaneIdentyfikacyjne><NIP>{seller}</NIP></DaneIdentyfikacyjne></Podmiot1>'
        f"<Fa><P_1>2026-02-01</P_1><P_2> {number} </P_2><RodzajFaktury>{kind}</RodzajFaktury></Fa>{more}</Faktura>"
    ).encode()


def folder(path: Path, *documents: bytes) -> Path:
    path.mkdir()
    for number, data in enumerate(documents, 1):
        (path / f"{number:05}.xml").write_bytes(data)
    return path


def pack(files: Any, directory: Path, **options: Any) -> ksef.Package:
    return ksef.pack(files, directory, PUBLIC, **({"validate": False} | options))


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    documents = [document(f"FV/{number}") for number in range(1, 6)]
    source = folder(tmp_path / "in", *documents)
    (source / "notes.txt").write_text("not an invoice")
    done: list[str] = []
    package = pack(source, tmp_path / "new" / "out", offline_mode=True, tick=done.append)
    assert dict(ksef.unpack(tmp_path / "new" / "out", rsa_key())) == {
        f"{number:05}.xml": data for number, data in enumerate(documents, 1)
    }
    assert done == [*(f"0000{number}.xml" for number in range(1, 6)), "part-01.bin"]
    assert package.request == json.loads((tmp_path / "new" / "out" / "open-session.json").read_bytes())
    assert package.request["formCode"] == {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"}
    assert package.request["offlineMode"] is True
    assert list(package.request) == ["formCode", "batchFile", "encryption", "offlineMode"]
    assert sorted(package.request["encryption"]) == ["encryptedSymmetricKey", "initializationVector", "publicKeyId"]
    listed = json.loads((tmp_path / "new" / "out" / "invoices.json").read_bytes())
    assert [ksef.Packed(**one) for one in listed] == list(package.invoices)
    assert package.invoices[0] == (
        "00001.xml",
        ksef.invoice_hash(documents[0]).base64,
        "1111111111",
        "VAT",
        "FV/1",
    )
    [part] = package.parts
    assert package.request["batchFile"]["fileParts"] == [
        {"ordinalNumber": 1, "fileSize": part.stat().st_size, "fileHash": ksef.invoice_hash(part).base64}
    ]
    assert sorted(path.name for path in part.parent.iterdir()) == ["invoices.json", "open-session.json", "part-01.bin"]


def test_files_may_be_named_one_by_one(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document("1"), document("2"), document("3"))
    package = pack([source / "00003.xml", str(source / "00001.xml")], tmp_path / "out")
    assert [one.file for one in package.invoices] == ["00003.xml", "00001.xml"]
    assert [one.number for one in pack(source / "00002.xml", tmp_path / "one").invoices] == ["2"]


def test_the_same_invoices_give_the_same_zip(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document("ą"), document("2"))
    first = pack(source, tmp_path / "a").request["batchFile"]
    os.utime(source / "00001.xml", (0, 0))
    second = pack(source, tmp_path / "b").request["batchFile"]
    assert (first["fileSize"], first["fileHash"]) == (second["fileSize"], second["fileHash"])
    assert first["fileParts"] != second["fileParts"], "another key"


def test_the_vectors(tmp_path: Path) -> None:
    known = vectors("batch")
    zip_bytes = b64decode(known["zip_base64"])
    session = wrapped(known["certificate_pem"], bytes.fromhex(known["aes_key_hex"]), bytes.fromhex(known["iv_hex"]))
    found = batch._encrypt_parts(io.BytesIO(zip_bytes), tmp_path, session, known["max_part_size"], lambda _: None)
    assert found == known["batchFile"]
    parts = [(tmp_path / f"part-{number:02}.bin").read_bytes() for number in range(1, len(found["fileParts"]) + 1)]
    assert parts == [b64decode(part) for part in known["encrypted_parts_base64"]]
    plain = [decrypt_aes_cbc_pkcs7(part, session.key, session.vector) for part in parts]
    assert [len(part) for part in plain] == known["plain_part_sizes"]
    assert b"".join(plain) == zip_bytes
    request = {"batchFile": found, "encryption": session.encryption}
    (tmp_path / "open-session.json").write_text(json.dumps(request))
    entries = [
        {"name": name, "size": len(data), "sha256_base64": ksef.invoice_hash(data).base64}
        for name, data in ksef.unpack(tmp_path, known["private_key_pem"])
    ]
    assert entries == known["zip_entries"]


def test_official_documents(tmp_path: Path) -> None:
    names = [one["name"] for one in vectors("batch", "zip_entries")]
    source = folder(tmp_path / "in")
    for name in names:
        (source / name).write_bytes(invoice(name))
    package = pack([source / name for name in names], tmp_path / "out")
    hashes = [one["sha256_base64"] for one in vectors("batch", "zip_entries")]
    assert [one.sha256 for one in package.invoices] == hashes
    assert all(nip.is_valid(one.nip) for one in package.invoices)
    assert {one.kind for one in package.invoices} == {"VAT", "UPR"}


def test_memory_stays_bounded_and_parts_are_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """25 MB of invoices that shrink to the half, in parts of at most 4 MB."""
    noise = random.Random(1)
    monkeypatch.setattr(batch, "MAX_PART", 4_000_000)
    source = tmp_path / "in"
    source.mkdir()
    for number in range(25):
        data = document(str(number), more=f"<Stopka>{noise.randbytes(490_000).hex()}</Stopka>")
        (source / f"{number}.xml").write_bytes(data)
    tracemalloc.start()
    try:
        package = pack(source, tmp_path / "out")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    sizes = [part["fileSize"] for part in package.request["batchFile"]["fileParts"]]
    assert sum(sizes) > 12_000_000
    assert len(set(sizes[:-1])) == 1
    assert max(sizes) - min(sizes) <= 32
    assert max(sizes) <= 4_000_016
    assert peak < 10_000_000, "a few copies of one invoice of a megabyte, and pieces of a megabyte"
    assert len(list(ksef.unpack(tmp_path / "out", rsa_key()))) == 25


FULL = document(more=f"<Stopka>{'x' * 1_000_000}</Stopka>")


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ([document(), document(" FV/1  ")], "KSEF-DUP-01: 00001.xml has the same seller, kind and number"),
        ([b""], "The document is empty"),
        ([b"<Faktura"], "not well-formed"),
        ([b"%PDF-1.7"], "is a PDF file"),
        ([b"<Faktura/>"], "no FA invoice"),
        (
            [document(), document("2").replace(b"2025/06/25/13775", b"2023/06/29/12648")],
            "no FA\\(3\\) invoice: it is FA\\(2\\)",
        ),
        ([document(seller="")], "lacks NIP"),
        ([document(number="")], "lacks P_2"),
        ([document(kind=" ")], "lacks RodzajFaktury"),
        ([FULL], "larger than 1,000,000 bytes"),
        ([document(more=f"<Zalacznik>{'x' * 3_000_000}</Zalacznik>")], "larger than 3,000,000 bytes"),
    ],
)
def test_invoices_that_ksef_would_reject_are_refused(tmp_path: Path, documents: list[bytes], said: str) -> None:
    source = folder(tmp_path / "in", *documents)
    with pytest.raises(PackageError, match=said) as caught:
        pack(source, tmp_path / "out")
    assert [Path(file).name for file, _ in caught.value.problems] == [f"{len(documents):05}.xml"]
    assert list((tmp_path / "out").iterdir()) == [], "nothing that could be sent"


def test_another_kind_or_seller_is_no_duplicate(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document(), document(kind="KOR"), document(seller="5265877635"), document("fv/1"))
    assert len(pack(source, tmp_path / "out").invoices) == 4


def test_an_attachment_makes_room(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document(more=f"<Zalacznik>{'x' * 2_000_000}</Zalacznik>"))
    assert len(pack(source, tmp_path / "out").invoices) == 1


def test_every_problem_is_told(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document(), *[b"<x/>"] * 7)
    with pytest.raises(PackageError, match=r"^7 of 8 invoices cannot go.*00006\.xml.*; \.\.\.$") as caught:
        pack(source, tmp_path / "out")
    assert len(caught.value.problems) == 7


def test_limits_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder(tmp_path / "in", document("1"), document("2"))
    monkeypatch.setattr(batch, "MAX_INVOICES", 1)
    with pytest.raises(PackageError, match="2 invoices; a package has at most 1"):
        pack(source, tmp_path / "out")
    monkeypatch.undo()
    monkeypatch.setattr(batch, "MAX_PACKAGE", 100)
    with pytest.raises(PackageError, match="larger than 100 bytes"):
        pack(source, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert batch.MAX_PARTS * batch.MAX_PART == 5_000_000_000


def test_names_that_a_package_cannot_have(tmp_path: Path) -> None:
    names = ["a.xml", "A.xml", f"{'x' * 125}.xml", "b\n.xml", f"{'y' * 124}.xml"]
    for place, name in enumerate(names):
        (tmp_path / str(place)).mkdir()
        (tmp_path / str(place) / name).write_bytes(document(name))
    with pytest.raises(PackageError) as caught:
        pack([tmp_path / str(place) / name for place, name in enumerate(names)], tmp_path / "out")
    assert [reason.partition(" ")[2][:19] for _, reason in caught.value.problems] == [
        "has the same name a",
        "name is longer than",
        "name has control ch",
    ]


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        ([], PackageError, "no invoice to pack"),
        ("nothing-here", PackageError, "nothing-here: The file cannot be read"),
        ("a\0b.xml", PackageError, "control characters"),
        (7, UsageError, "each by its path"),
        ([b"<x/>", 5], UsageError, "each by its path"),
    ],
)
def test_what_cannot_be_packed(tmp_path: Path, files: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        pack(files, tmp_path / "out")


def test_where_a_package_cannot_be_written(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document())
    with pytest.raises(PackageError, match="not empty"):
        pack(source, source)
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("a\0b")):
        with pytest.raises(UnreadableInput, match="cannot be used"):
            pack(source, place)
    with pytest.raises(PackageError, match="no invoice"):
        pack(folder(tmp_path / "empty"), tmp_path / "out")


def test_a_key_that_cannot_encrypt_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", document())
    for key in (b"x", public_bytes(ec_key()), None):
        with pytest.raises(CertificateError):
            ksef.pack(source, tmp_path / "out", key)
    assert not (tmp_path / "out").exists()


def test_an_interrupted_package_leaves_nothing(tmp_path: Path) -> None:
    def stop(name: str) -> None:
        if name.startswith("part"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(folder(tmp_path / "in", document()), tmp_path / "out", tick=stop)
    assert list((tmp_path / "out").iterdir()) == []


def verdict(valid: bool, *rules: str, not_checked: tuple[str, ...] = ()) -> SimpleNamespace:
    findings = [SimpleNamespace(rule=rule, severity="fatal", message=f"About {rule}.") for rule in rules]
    layers = [SimpleNamespace(reason=reason) for reason in not_checked]
    return SimpleNamespace(valid=valid, findings=findings, not_checked=layers)


def test_invoices_are_validated_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder(tmp_path / "in", document("1"), document("2"), document("3"), document("4"))
    verdicts = [
        verdict(True),
        verdict(False, "KSEF-NIP-01", "SCHEMA"),
        verdict(False, not_checked=("No rule set is there.",)),
        verdict(True),
    ]
    answers = iter([*verdicts, *[verdict(True)] * 4])
    monkeypatch.setattr(api, "validate", lambda _: next(answers))
    with pytest.raises(PackageError, match="2 of 4 invoices") as caught:
        ksef.pack(source, tmp_path / "out", PUBLIC)
    assert [reason for _, reason in caught.value.problems] == [
        "It is not valid: KSEF-NIP-01: About KSEF-NIP-01. (and 1 more)",
        "It could not be checked: No rule set is there.",
    ]
    assert len(ksef.pack(source, tmp_path / "out", PUBLIC).invoices) == 4


def test_a_damaged_package_is_not_unpacked(tmp_path: Path) -> None:
    pack(folder(tmp_path / "in", document()), tmp_path / "out")
    part, request = tmp_path / "out" / "part-01.bin", tmp_path / "out" / "open-session.json"
    good, described = part.read_bytes(), json.loads(request.read_bytes())
    with pytest.raises(CertificateError, match="does not open"):
        list(ksef.unpack(tmp_path / "out", rsa_key(2048, 1)))
    part.write_bytes(good[:-16])
    with pytest.raises(PackageError, match=r"part-01\.bin is not what the request names"):
        list(ksef.unpack(tmp_path / "out", rsa_key()))
    part.write_bytes(good)
    described["batchFile"]["fileHash"] = described["batchFile"]["fileHash"][::-1]
    request.write_text(json.dumps(described))
    with pytest.raises(PackageError, match="the ZIP is not what"):
        list(ksef.unpack(tmp_path / "out", rsa_key()))
    for broken in ("", "[]", "{}", '{"batchFile": 1, "encryption": {"encryptedSymmetricKey": 2}}'):
        request.write_text(broken)
        with pytest.raises(PackageError, match="not as pack"):
            list(ksef.unpack(tmp_path / "out", rsa_key()))
    request.unlink()
    with pytest.raises(UnreadableInput, match="cannot be used"):
        list(ksef.unpack(tmp_path / "out", rsa_key()))
