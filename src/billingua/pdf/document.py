"""Opening a PDF: bytes in, a document or a typed error out."""

from typing import TYPE_CHECKING

from billingua.errors import MissingExtra, UnreadableInput

if TYPE_CHECKING:
    import pikepdf

__all__ = ["open_pdf"]

_HEAD = 1024
"""The header of a PDF may stand as far behind the first byte as this."""


def open_pdf(data: bytes, name: str = "") -> "pikepdf.Pdf":
    """The PDF document in these bytes; a damaged cross-reference table is rebuilt.

    Raises:
        MissingExtra: the package pikepdf is not installed.
        UnreadableInput: the bytes are no PDF, too damaged, or encrypted with a password.
    """
    try:
        import pikepdf
    except ImportError:
        raise MissingExtra("pikepdf", "pdf", "Reading PDF files") from None
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableInput("This is not a PDF file.", where=name, todo="A PDF file begins with %PDF-.")
    from io import BytesIO

    try:
        return pikepdf.open(BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise UnreadableInput(
            "The PDF file is encrypted and needs a password.", where=name, todo="Remove the password first."
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, OverflowError) as error:
        raise UnreadableInput(f"The PDF file is damaged: {error}.", where=name) from None
