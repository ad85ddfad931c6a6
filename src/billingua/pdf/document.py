"""Opening a PDF: a document of pikepdf, or one error that says why not; and what its streams hold, within bounds."""

import logging
import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import MissingExtra, UnreadableInput, UsageError

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["HEAD", "MAX_PDF", "MAX_STREAM", "damage", "decoded", "is_pdf", "open_pdf", "pikepdf_loaded"]

HEAD: Final = 1024
"""The header of a PDF may stand as far behind the first byte as this (ISO 32000-1, annex H)."""

MAX_PDF: Final = 128 * 1024 * 1024
"""The largest PDF that is read, in bytes."""

MAX_STREAM: Final = 256 * 1024 * 1024
"""The most that one stream of a PDF may unfold to, in bytes; what goes beyond is taken for an attack."""

_SMALLEST: Final = 64
"""No PDF with a header, one page, a trailer and an end is smaller."""

_MEMORY: Final = re.compile(r"^stream <[^>]*>[: ]*")
"""How pikepdf names a file that it reads from the memory."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes say that they are a PDF (which says nothing of their being a sound one)."""
    return b"%PDF-" in data[: HEAD + 5]


def open_pdf(data: bytes, name: str = "", *, as_written: bool = False) -> "Pdf":
    """The PDF document in these bytes. A damaged cross-reference table is rebuilt; an owner password is no hindrance.

    Each page gets what it inherits from the nodes above it, unless the document is wanted `as_written`.

    Raises:
        MissingExtra: the package pikepdf is not installed.
        UsageError: it is no bytes.
        UnreadableInput: no PDF, too large, damaged beyond repair, without pages, or it needs a password.
    """
    if not isinstance(data, bytes):
        raise UsageError(f"A PDF is given as bytes, not as {type(data).__name__}.", todo="Read the file first.")
    pikepdf = pikepdf_loaded()
    if not is_pdf(data):
        raise UnreadableInput("This is not a PDF file.", where=name, todo="A PDF file begins with %PDF-.")
    if len(data) > MAX_PDF:
        raise UnreadableInput(f"The PDF is larger than {MAX_PDF // 2**20} MiB.", where=name, todo="Split it.")
    if len(data) < _SMALLEST:
        raise UnreadableInput(f"The PDF is cut off: it has {len(data)} bytes.", where=name, todo="Fetch it again.")
    try:
        pdf: Pdf = pikepdf.open(BytesIO(data), suppress_warnings=True, inherit_page_attributes=not as_written)
    except pikepdf.PasswordError:
        raise UnreadableInput(
            "The PDF is encrypted and does not open without a password.", where=name, todo="Save it without one."
        ) from None
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError, RecursionError, OverflowError) as error:
        raise _damaged(error, name) from None
    try:
        if not isinstance(pdf.trailer.get("/Root"), pikepdf.Dictionary) or not len(pdf.pages):
            raise UnreadableInput("The PDF has no pages.", where=name, todo="Fetch it again.")
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError, RecursionError, OverflowError) as error:
        raise _damaged(error, name) from None
    return pdf


def decoded(stream: "Object", limit: int = MAX_STREAM, name: str = "") -> bytes:
    """What a stream holds once its filters are undone.

    Raises:
        UnreadableInput: it unfolds to more than `limit` bytes, or cannot be unfolded.
    """
    pikepdf = pikepdf_loaded()
    try:
        if stream.get("/Filter") == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
            data = _inflated(bytes(stream.read_raw_bytes()), limit)
        else:
            data = bytes(stream.read_bytes())
    except (pikepdf.PikepdfError, zlib.error, ValueError, RuntimeError) as error:
        raise UnreadableInput(
            f"A stream of the PDF (object {stream.objgen[0]} {stream.objgen[1]}) is damaged: {_reason(error)}.",
            where=name,
        ) from None
    if len(data) > limit:
        raise UnreadableInput(
            f"A stream of the PDF (object {stream.objgen[0]} {stream.objgen[1]}) unfolds to more than {limit} bytes.",
            where=name,
            todo="A file that unfolds so far is made to exhaust the memory.",
        )
    return data


def _inflated(raw: bytes, limit: int) -> bytes:
    """The bytes that Flate packed, up to one more than `limit`; a cut off end is forgiven as readers of PDF do."""
    unpacker = zlib.decompressobj()
    return unpacker.decompress(raw, limit + 1)


def pikepdf_loaded() -> Any:
    """The package pikepdf, told once how far a stream may unfold (unless the program has told it before)."""
    try:
        import pikepdf
    except ImportError:
        raise MissingExtra("pikepdf", "pdf", "Reading PDF files") from None
    log = logging.getLogger("pikepdf")
    if not log.handlers:  # without one, Python prints its warnings to standard error
        log.addHandler(logging.NullHandler())
    if not pikepdf.settings.get_qpdf_limits()["flate_max_memory"]:
        pikepdf.settings.set_qpdf_limits(
            flate_max_memory=MAX_STREAM,
            run_length_max_memory=MAX_STREAM,
            png_max_memory=MAX_STREAM,
            tiff_max_memory=MAX_STREAM,
            dct_max_memory=MAX_STREAM,
        )
    return pikepdf


def _damaged(error: Exception, name: str) -> UnreadableInput:
    return UnreadableInput(f"The PDF is damaged beyond repair: {_reason(error)}.", where=name, todo="Fetch it again.")


def _reason(error: Exception) -> str:
    """What pikepdf says, without the name it gives to a stream in the memory."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return _MEMORY.sub("", text).rstrip(".")[:200]


def damage() -> tuple[type[Exception], ...]:
    """What objects that are not what they should be make pikepdf and its callers raise."""
    return (
        pikepdf_loaded().PikepdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        NotImplementedError,
        RecursionError,
        RuntimeError,
        TypeError,
        ValueError,
    )
