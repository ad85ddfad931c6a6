"""The courier into a folder, from which another program picks the documents up: SFTP, a scanner, a bridge.

A document arrives whole or not at all, under its SHA-256: `HASH.xml`, `HASH.pdf`. It is prepared as `HASH.part` in the
hidden folder `.billingua`, where `HASH.sent` then says that it goes; moving the one into place is one step of the file
system. So `find` knows what has arrived even when it has been picked up: it is gone from both places, and was sent.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from billingua.errors import AlreadyThere, NotReached, UsageError
from billingua.remote.outbox.entry import Answer, Entry, Receipt
from billingua.remote.settings import Service

__all__ = ["FolderCourier", "courier"]

_HIDDEN = ".billingua"


class FolderCourier:
    """Puts documents into `directory`; the folder is made if only it is missing, not those above it."""

    settling = 0.0

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)
        self._hidden = self.directory / _HIDDEN

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        """Put the bytes into the folder under their hash.

        Raises:
            AlreadyThere: they were put there before, whether they have been picked up or not.
            NotReached: the folder cannot be used.
        """
        name = _name(entry)
        if self.find(entry) is not None:
            raise AlreadyThere(f"{name} was put into the folder before.", where=str(self.directory), service="folder")
        part, sent = self._traces(entry)
        with self._reached():
            self.directory.mkdir(exist_ok=True)
            self._hidden.mkdir(exist_ok=True)
            _write(part, data)
            _write(sent, b"")
            _sync_folder(self._hidden)
            os.replace(part, self.directory / name)
            _sync_folder(self.directory)
        return Receipt(name)

    def find(self, entry: Entry, /) -> Receipt | None:
        """Whether the document has arrived; it may have been picked up.

        Raises:
            NotReached: the folder cannot be read.
        """
        name = _name(entry)
        part, sent = self._traces(entry)
        with self._reached():
            arrived = (self.directory / name).exists() or (sent.exists() and not part.exists())
        return Receipt(name) if arrived else None

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:  # noqa: ARG002
        """A folder has nothing more to say."""
        return Answer("accepted")

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise NotReached(
                f"The folder cannot be used: {error.strerror or error}.",
                where=str(self.directory),
                service="folder",
                uncertain=True,
            ) from None

    def _traces(self, entry: Entry) -> tuple[Path, Path]:
        return self._hidden / f"{entry.sha256}.part", self._hidden / f"{entry.sha256}.sent"


def courier(service: Service) -> FolderCourier:
    """The courier into the `directory` of the settings.

    Raises:
        UsageError: there is none, or it depends on where the program is started.
    """
    directory = service.need("directory")
    if not os.path.isabs(directory):
        raise UsageError(f"The directory of {service.name} is {directory!r}.", todo="Give its whole path.")
    return FolderCourier(directory)


def _name(entry: Entry) -> str:
    return f"{entry.sha256}.{'pdf' if entry.format == 'facturx' else 'xml'}"


def _write(path: Path, data: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power failure, where the system can do that."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
