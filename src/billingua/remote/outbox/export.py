"""All that an outbox holds, for an archive: JSON objects, and the documents as files."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billingua.errors import SendingError
from billingua.remote.outbox.entry import Entry, to_json

if TYPE_CHECKING:
    from billingua.remote.outbox.front import Outbox

__all__ = ["exported"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


def exported(outbox: "Outbox", documents: str | os.PathLike[str] | None = None) -> Iterator[dict[str, Any]]:
    """Each entry with its history and its report, in the types of JSON.

    Args:
        outbox: the outbox.
        documents: a folder that receives the exact bytes of each entry as `NUMBER-HASH.xml`, and what the service gave
            for it as `NUMBER-PLACE-NAME`; the objects name them in `files`. It is made when it is not there.

    Raises:
        SendingError: the folder cannot be written to, or the bytes of an entry are damaged.
    """
    folder = None if documents is None else Path(documents)
    for entry in outbox.entries():
        fields = to_json(entry)
        fields["history"] = [to_json(step) for step in outbox.history(entry.id)]
        fields["report"] = json.loads(outbox.report(entry.id) or b"null")
        if folder is not None:
            fields["files"] = _written(outbox, entry, folder)
        yield fields


def _written(outbox: "Outbox", entry: Entry, folder: Path) -> list[str]:
    ending = "pdf" if entry.format == "facturx" else "xml"
    files = {f"{entry.id}-{entry.sha256}.{ending}": outbox.data(entry.id)}
    for place, document in enumerate(outbox.documents(entry.id), 1):
        plain = _UNSAFE.sub("_", document.name)[-_LONGEST_NAME:]
        files[f"{entry.id}-{place}-{plain}"] = document.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise SendingError(f"The documents cannot be written: {error.strerror or error}.", where=str(folder)) from None
    return list(files)
