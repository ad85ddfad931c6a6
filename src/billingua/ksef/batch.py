"""The package of a batch session: invoices in a ZIP, split into equal parts, each part encrypted.

`pack` writes the parts, the request that opens the session, and a list by which the answers of KSeF find their
invoices again; `unpack` gives back what was packed, to whoever has the private key. Memory stays bounded: one invoice
and one piece of a part at a time. Sending is not done here. Invoices that KSeF would certainly reject are refused
before anything is written that could be sent; whether KSeF knows an invoice already, only KSeF can tell.
"""

import json
import os
import tempfile
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from billingua.errors import BillinguaError, PackageError, UnreadableInput, UsageError
from billingua.ksef.encryption import (
    MAX_INVOICE_WITH_ATTACHMENT,
    SessionKey,
    decrypted,
    encrypted,
    session_key,
    size_problem,
    unwrapped,
)
from billingua.ksef.hash import CHUNK, InvoiceHash, chunks, hash_of, invoice_hash
from billingua.ksef.values import shown

__all__ = [
    "MAX_INVOICES",
    "MAX_NAME",
    "MAX_PACKAGE",
    "MAX_PART",
    "MAX_PARTS",
    "Package",
    "Packed",
    "pack",
    "unpack",
]

MAX_INVOICES: Final = 10_000
MAX_PARTS: Final = 50
MAX_PART: Final = 100_000_000
"""The largest part before encryption, in bytes."""
MAX_PACKAGE: Final = 5_000_000_000
"""The largest ZIP, in bytes."""
MAX_NAME: Final = 128
"""Characters in the name of a file."""

_FORM_CODE: Final = {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"}
_REQUEST = "open-session.json"
_LIST = "invoices.json"
_LISTED_PROBLEMS = 5
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the ZIP, so that the same invoices give the same package."""


class Packed(NamedTuple):
    """An invoice in a package."""

    file: str
    """Its name in the package, which KSeF gives back as invoiceFileName."""
    sha256: str
    """Base64, which KSeF gives back as invoiceHash."""
    nip: str
    """The seller."""
    kind: str
    """RodzajFaktury."""
    number: str
    """P_2."""


class Package(NamedTuple):
    """What `pack` has written."""

    parts: tuple[Path, ...]
    """The encrypted parts, in their order."""
    request: dict[str, Any]
    """The body of the request that opens the session; in the folder it is open-session.json."""
    invoices: tuple[Packed, ...]
    """In the folder they are invoices.json."""


def pack(
    files: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]",
    directory: str | os.PathLike[str],
    public_key: Any,
    *,
    offline_mode: bool = False,
    validate: bool = True,
    tick: Callable[[str], None] | None = None,
) -> Package:
    """Make the package of FA(3) invoices for a batch session.

    Args:
        files: a folder (its *.xml files, by name), a file, or several files.
        directory: a folder to write to, which is made when it is not there, and must be empty.
        public_key: the ministry's key of usage SymmetricKeyEncryption, as for `load_public_key`.
        offline_mode: whether the invoices were issued offline; it holds for all of the session.
        validate: whether every invoice is validated first; False only when that has been done.
        tick: called with the name of each invoice and each part when it is done.

    Raises:
        PackageError: there is nothing to pack, or invoices are not valid, not FA(3), too large, too many or the same
            (KSEF-DUP-01), or the folder is not empty; `.problems` names each invoice and why.
        UnreadableInput: a file or folder cannot be read or written.
        CertificateError, MissingExtra: as `session_key`.
    """
    session = session_key(public_key)
    paths = _paths(files)
    folder = Path(directory)
    tick = tick or _no_tick
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise PackageError("The folder for the package is not empty.", where=str(folder), todo="Name a new one.")
        with _emptied_on_failure(folder):
            with tempfile.TemporaryFile(dir=folder) as stream:
                invoices = _zipped(paths, stream, validate, tick)
                stream.seek(0)
                batch = _encrypt_parts(stream, folder, session, MAX_PART, tick)
            request = {
                "formCode": dict(_FORM_CODE),
                "batchFile": batch,
                "encryption": session.encryption,
                "offlineMode": offline_mode,
            }
            _write_json(folder / _LIST, [invoice._asdict() for invoice in invoices])
            _write_json(folder / _REQUEST, request)
    except (OSError, ValueError) as error:
        raise _unusable(error, folder) from None
    parts = tuple(folder / _part_name(part["ordinalNumber"]) for part in batch["fileParts"])
    return Package(parts, request, invoices)


def unpack(
    directory: str | os.PathLike[str], private_key: Any, password: str | bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every invoice in a package that `pack` has written, after comparing every size and hash.

    Raises:
        PackageError: a part is missing or was changed, or the package is none of `pack`.
        CertificateError: the private key is not that of the public key which was used.
        MissingExtra: cryptography is not installed.
    """
    folder = Path(directory)
    with tempfile.TemporaryFile() as stream:
        try:
            request = json.loads((folder / _REQUEST).read_bytes())
            batch, encryption = request["batchFile"], request["encryption"]
            key = unwrapped(private_key, b64decode(encryption["encryptedSymmetricKey"]), password)
            vector = b64decode(encryption["initializationVector"])
            for part in batch["fileParts"]:
                path = folder / _part_name(part["ordinalNumber"])
                _compare(invoice_hash(path), part, path.name)
                stream.writelines(decrypted(chunks(path), key, vector))
            stream.seek(0)
            _compare(hash_of(chunks(stream)), batch, "the ZIP")
            with zipfile.ZipFile(stream) as archive:
                for info in archive.infolist():
                    if info.file_size > MAX_INVOICE_WITH_ATTACHMENT:
                        raise PackageError(f"{shown(info.filename)} in the ZIP is larger than any invoice.")
                    yield info.filename, archive.read(info)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PackageError(f"{_REQUEST} is not as pack() writes it: {error!r}.", where=str(folder)) from None
        except (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error) as error:
            raise PackageError(f"The ZIP cannot be read: {error}.", where=str(folder)) from None
        except OSError as error:
            raise _unusable(error, folder) from None


@contextmanager
def _emptied_on_failure(folder: Path) -> Iterator[None]:
    """Leave nothing half-made behind: nobody should send it."""
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        raise


def _paths(files: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]") -> list[Path]:
    """The invoices by path, with names that a package can have."""
    if isinstance(files, str | os.PathLike):
        start = Path(files)
        try:
            paths = sorted(start.glob("*.xml")) if start.is_dir() else [start]
        except (OSError, ValueError) as error:
            raise _unusable(error, start) from None
    else:
        try:
            paths = [Path(file) for file in files]
        except TypeError:
            raise UsageError("What to pack is a folder, a file or several files, each by its path.") from None
    if not paths:
        raise PackageError("There is no invoice to pack.", todo="Name XML files, or a folder that holds some.")
    if len(paths) > MAX_INVOICES:
        raise PackageError(
            f"There are {len(paths):,} invoices; a package has at most {MAX_INVOICES:,}.", todo="Make several packages."
        )
    problems = []
    names: dict[str, Path] = {}
    for path in paths:
        first = names.setdefault(path.name.casefold(), path)
        if len(path.name) > MAX_NAME:
            problems.append((str(path), f"Its name is longer than {MAX_NAME} characters."))
        elif not path.name.isprintable():
            problems.append((str(path), "Its name has control characters."))
        elif first is not path:
            problems.append((str(path), f"It has the same name as {first}."))
    _refuse(problems, len(paths))
    return paths


def _zipped(paths: list[Path], stream: BinaryIO, validate: bool, tick: Callable[[str], None]) -> tuple[Packed, ...]:
    """Check the invoices and write them as a ZIP; what is wrong with any of them is told together."""
    seen: dict[tuple[str, str, str], str] = {}
    packed = []
    problems = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            try:
                data = _content(path)
                invoice = _checked(path.name, data, validate)
            except BillinguaError as error:
                problems.append((str(path), f"{error.what} {error.todo}".strip()))
                tick(path.name)
                continue
            key = (invoice.nip, invoice.kind, invoice.number)
            first = seen.setdefault(key, path.name)
            if first != path.name:
                problems.append(
                    (str(path), f"KSEF-DUP-01: {first} has the same seller, kind and number ({', '.join(key)}).")
                )
            if not problems:
                info = zipfile.ZipInfo(path.name, _EARLIEST)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                archive.writestr(info, data)
                packed.append(invoice)
                if stream.tell() > MAX_PACKAGE:
                    break
            tick(path.name)
        _refuse(problems, len(paths))
    if stream.seek(0, os.SEEK_END) > MAX_PACKAGE:
        raise PackageError(f"The package is larger than {MAX_PACKAGE:,} bytes.", todo="Make several packages.")
    return tuple(packed)


def _content(path: Path) -> bytes:
    """The bytes of an invoice, unless the file is too large for any."""
    with suppress(OSError, ValueError):
        if path.stat().st_size > MAX_INVOICE_WITH_ATTACHMENT:
            raise PackageError(size_problem(path.stat().st_size, True))
    return b"".join(chunks(path))


def _checked(name: str, data: bytes, validate: bool) -> Packed:
    """What identifies an invoice, when it may go into a package."""
    from billingua.ksef.invoice import identity

    found = identity(data)
    if found.format != "fa3":
        raise PackageError("It is no FA(3) invoice: it is FA(2), which KSeF takes no more.")
    if problem := size_problem(len(data), found.has_attachment):
        raise PackageError(problem)
    if validate:
        _require_valid(data)
    return Packed(name, invoice_hash(data).base64, found.nip, found.kind, found.number)


def _require_valid(data: bytes) -> None:
    from billingua import api

    report = api.validate(data)
    if report.valid:
        return
    fatal = [finding for finding in report.findings if finding.severity == "fatal"]
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        raise PackageError(f"It is not valid: {fatal[0].rule}: {fatal[0].message}{more}")
    raise PackageError(f"It could not be checked: {'; '.join(layer.reason for layer in report.not_checked)}")


def _encrypt_parts(
    stream: BinaryIO, folder: Path, session: SessionKey, part_size: int, tick: Callable[[str], None]
) -> dict[str, Any]:
    """Split a ZIP into equal parts, encrypt each on its own, and describe them as the request does."""
    whole = hash_of(chunks(stream))
    stream.seek(0)
    count = -(-whole.size // part_size)
    length = -(-whole.size // count)
    parts = []
    for number in range(1, count + 1):
        path = folder / _part_name(number)
        with path.open("xb") as part:
            part.writelines(encrypted(_some(stream, length), session))
        found = invoice_hash(path)
        parts.append({"ordinalNumber": number, "fileSize": found.size, "fileHash": found.base64})
        tick(path.name)
    return {"fileSize": whole.size, "fileHash": whole.base64, "fileParts": parts}


def _some(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """So many bytes of a file, in pieces."""
    while size and (piece := stream.read(min(size, CHUNK))):
        size -= len(piece)
        yield piece


def _compare(found: InvoiceHash, named: dict[str, Any], what: str) -> None:
    if (found.size, found.base64) != (named["fileSize"], named["fileHash"]):
        raise PackageError(f"{what} is not what the request names: its size or hash is another.")


def _refuse(problems: list[tuple[str, str]], count: int) -> None:
    """Raise when there are problems, with the first of them in words."""
    if problems:
        listed = "; ".join(f"{file}: {reason}" for file, reason in problems[:_LISTED_PROBLEMS])
        more = "; ..." if len(problems) > _LISTED_PROBLEMS else ""
        raise PackageError(
            f"{len(problems)} of {count} invoices cannot go into the package: {listed}{more}", problems=tuple(problems)
        )


def _part_name(number: int) -> str:
    return f"part-{number:02d}.bin"


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _unusable(error: Exception, path: Path) -> UnreadableInput:
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableInput(f"The file or folder cannot be used: {reason}.", where=str(path))


def _no_tick(_: str) -> None:
    pass
