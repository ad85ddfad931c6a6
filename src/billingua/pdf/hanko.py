"""What signing and verifying share of pyHanko: loading it, running it, handing it certificates."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from billingua.errors import MissingExtra, UnreadableInput

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader

__all__ = ["as_asn1", "entry", "need_pyhanko", "own_roots", "reader", "run", "said"]

Result = TypeVar("Result")


def need_pyhanko(purpose: str) -> None:
    """Load pyHanko, and keep its log to those who listen: without a handler Python prints warnings to standard error.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import pyhanko
        import pyhanko_certvalidator
    except ImportError:
        raise MissingExtra("pyhanko", "sign", purpose) from None
    for package in (pyhanko, pyhanko_certvalidator):
        log = logging.getLogger(package.__name__)
        if not log.handlers:
            log.addHandler(logging.NullHandler())


def run(make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """The result of a coroutine, from a thread of its own: the caller may have a running event loop, or a set one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(make())).result()


def reader(data: bytes, name: str = "") -> "PdfFileReader":
    """The file as pyHanko reads it.

    Raises:
        UnreadableInput: its structure is too damaged for pyHanko, which repairs nothing.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        # Not strict: Word writes hybrid cross-reference tables, which strict readers refuse.
        opened = PdfFileReader(BytesIO(data), strict=False)
        if opened.encrypted:
            opened.decrypt("")
        opened.root["/Pages"]
    except Exception as error:  # pyHanko lets errors of every kind through where a file is damaged
        raise UnreadableInput(
            f"The structure of the PDF is damaged: {said(error)}.", where=name, todo="Write the file anew first."
        ) from None
    return opened


def as_asn1(certificates: "Iterable[Certificate]") -> list[Any]:
    """Certificates as pyHanko takes them."""
    from asn1crypto import x509  # type: ignore[import-untyped]
    from cryptography.hazmat.primitives.serialization import Encoding

    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]


def entry(dictionary: Any, key: str) -> Any:
    """An entry of a dictionary, or None; its own `get` would give the reference to an indirect one."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401


def own_roots(certificates: Iterable[Any]) -> list[Any]:
    """The self-issued among certificates: where a chain ends."""
    return [one for one in certificates if one.subject == one.issuer]


def said(error: BaseException) -> str:
    """What an error says, in one line."""
    cause = error
    while cause.__cause__ is not None and not isinstance(cause.__cause__, OSError):
        cause = cause.__cause__
    text = " ".join((str(cause) or type(cause).__name__).split())
    return text[:300].rstrip(".")
