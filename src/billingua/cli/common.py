"""What the commands share: naming inputs, saying what is wrong with one, writing the output."""

import contextlib
import os
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any, BinaryIO, NoReturn, Self

from billingua.cli.ending import complain
from billingua.errors import BillinguaError, UnreadableInput, UsageError

__all__ = [
    "Output",
    "internal",
    "named",
    "open_input",
    "read_input",
    "say",
    "shown",
    "tell",
    "without_name",
    "write_output",
]

STDIN = "-"


def shown(name: str) -> str:
    """A file name that can be printed, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def say(name: str, text: str) -> None:
    """One line on standard error about an input."""
    from billingua.engine.shown import printable

    complain(printable(f"billingua: {name}: {text}"))


def without_name(error: BillinguaError, name: str) -> str:
    """What an error says, less the name of the input, which is told beside it."""
    where = error.where
    if where == name or where.startswith((f"{name}:", f"{name},")):
        where = where[len(name) :].lstrip(":, ")
    return " ".join(part for part in (f"{where}:" if where else "", error.what, error.todo) if part)


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """Put the name of the input before whatever goes wrong with it."""
    try:
        yield
    except UsageError:
        raise
    except BillinguaError as error:
        raise UnreadableInput(without_name(error, name), where=name) from None
    except Exception as error:
        raise UnreadableInput(internal(error), where=name) from None


def internal(error: Exception) -> str:
    """What is said of an error that nobody expected."""
    return (
        f"Internal error: {type(error).__name__}: {error}. "
        "Please report it to the authors of billingua, with the input if you can."
    )


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; of a file too large, no more than shows that it is.

    Raises UnreadableInput for a directory, a missing or forbidden file.
    """
    from billingua.engine.xml import MAX_BYTES

    try:
        if name == STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin is not None else b""
        with open_input(name) as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        refuse_file(name, error)


def open_input(name: str) -> BinaryIO:
    """A file opened for reading.

    Raises:
        UnreadableInput: a directory, a missing or forbidden file.
    """
    try:
        return open(name, "rb")
    except (OSError, ValueError) as error:
        refuse_file(name, error)


def refuse_file(name: str, error: OSError | ValueError) -> NoReturn:
    """Say why a file cannot be opened."""
    if isinstance(error, FileNotFoundError):
        raise UnreadableInput("There is no such file.", where=shown(name)) from None
    if isinstance(error, IsADirectoryError) or os.path.isdir(name):
        raise UnreadableInput(
            "This is a directory.", where=shown(name), todo="Name the files in it, for example with *.xml."
        ) from None
    reason = getattr(error, "strerror", None) or str(error)
    raise UnreadableInput(f"The file cannot be read: {reason}.", where=shown(name)) from None


def write_output(name: str, data: bytes) -> None:
    """Write a finished result to a file, or to standard output for `-`."""
    with Output(name) as output:
        output.write(data)


class Output:
    """Where results go: a file, or standard output for None and `-`. It is opened, and fails, at once."""

    def __init__(self, name: str | None) -> None:
        self.standard = name is None or name == STDIN
        if self.standard:
            self._stream = sys.stdout.buffer
            return
        assert name is not None
        try:
            self._stream = open(name, "wb")  # noqa: SIM115 - closed by __exit__
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError(f"The output cannot be written: {reason}.", where=shown(name)) from None

    def write(self, data: bytes) -> None:
        """Write and pass on at once, so that a reader of a pipe sees each result when it is there."""
        if data:
            self._stream.write(data)
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.standard:
            with contextlib.suppress(OSError):
                self._stream.close()


def tell(fields: dict[str, Any], as_json: bool) -> None:
    """The answer: one JSON object, or a line for each field that has a value."""
    if as_json:
        import json

        print(json.dumps(fields, ensure_ascii=False, default=str))
        return
    from billingua.engine.shown import printable

    width = max(len(name) for name in fields)
    for name, value in fields.items():
        if value is not None:
            text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            print(f"{name.replace('_', ' '):<{width}}  {printable(str(text))}")
