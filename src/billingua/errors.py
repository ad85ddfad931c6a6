"""Every error billingua raises on purpose.

    BillinguaError
    ├── InputError               what was given cannot be used as a document
    │   ├── UnreadableInput      no file, empty, not XML, truncated, wrong encoding, forbidden DTD, too deep, too large
    │   ├── UnknownFormat        well-formed, but no vocabulary billingua knows
    │   └── UnsupportedFormat    known, but not for this task (ZUGFeRD 1.0, a format that is read only, ...)
    ├── BuildError               the model cannot become what was asked for
    │   ├── InvalidModel         a value of the model (or its JSON) is missing, of the wrong type or impossible
    │   └── CannotExpress        the target format has no place for a value
    ├── IdentifierError          a number, hash, serial or other identifier has a wrong form or wrong check digits
    │   └── KsefNumberError      a KSeF number or collective identifier
    ├── CertificateError         a key or certificate cannot be read, or must not be used for this
    ├── LifecycleError           a status cannot be set like that, or cannot follow those before
    ├── PackageError             invoices cannot go together in one package, or a package cannot be unpacked
    ├── PdfError                 a PDF cannot become PDF/A-3, or cannot be signed: page and object
    ├── SignatureError           a time stamp or what proves a certificate could not be had
    ├── TooLarge                 whoever a document is for takes no such size
    ├── UsageError               an argument names something that does not exist (format, rule set, rule, option)
    └── MissingExtra             an optional package is not installed

A finding of a validation is data, not an exception.
"""

__all__ = [
    "BillinguaError",
    "BuildError",
    "CannotExpress",
    "CertificateError",
    "IdentifierError",
    "InputError",
    "InvalidModel",
    "KsefNumberError",
    "LifecycleError",
    "MissingExtra",
    "PackageError",
    "PdfError",
    "SignatureError",
    "TooLarge",
    "UnknownFormat",
    "UnreadableInput",
    "UnsupportedFormat",
    "UsageError",
]


class BillinguaError(Exception):
    """Base of all errors raised on purpose: what was wrong, where, and what to do.

    `what` is one sentence; `where` is a file, line or path ("" when there is none); `todo` tells how to mend it.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        super().__init__(what, where, todo)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} {self.todo}" if self.todo else text


class InputError(BillinguaError):
    """What was given cannot be used as a document."""


class UnreadableInput(InputError):
    """No file, empty, not XML, truncated, wrong encoding, a forbidden DTD, too deep or too large."""


class UnknownFormat(InputError):
    """The input is well-formed, but its vocabulary is not one that billingua knows."""


class UnsupportedFormat(InputError):
    """The format is known, but cannot be used for this task."""


class BuildError(BillinguaError):
    """The model cannot become what was asked for."""


class InvalidModel(BuildError):
    """A value of the model (or of its JSON) is missing, of the wrong type or impossible."""


class CannotExpress(BuildError):
    """The target format has no place for a value of the model."""


class IdentifierError(BillinguaError):
    """A number, hash, serial or other identifier has a wrong form or wrong check digits."""


class KsefNumberError(IdentifierError):
    """A KSeF number or collective identifier is wrong."""


class CertificateError(BillinguaError):
    """A key or certificate cannot be read, or must not be used for this."""


class LifecycleError(BillinguaError):
    """A status of the French life cycle cannot be set like that, or cannot follow those before."""


class PackageError(BillinguaError):
    """Invoices cannot go together in one package, or a package cannot be unpacked.

    `problems` are file and reason for each invoice that was refused.
    """

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", problems: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.problems = problems


class PdfError(BillinguaError):
    """A PDF cannot become what was asked for, and what stands in the way.

    `page` counts from 1 (None when no page is meant); `object` is the number and generation of the object in the file,
    such as "12 0" ("" when none is meant).
    """

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", page: int | None = None, object: str = ""
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.page = page
        self.object = object


class SignatureError(BillinguaError):
    """A signature does not come about: no time stamp, or nothing that proves that a certificate is not revoked."""


class TooLarge(BillinguaError):
    """A document has more bytes than the service takes that it is for: `size` and `limit`."""

    def __init__(self, what: str, size: int, limit: int, *, where: str = "", todo: str = "") -> None:
        super().__init__(f"{what} has {size:,} bytes; at most {limit:,} are taken.", where=where, todo=todo)
        self.size = size
        self.limit = limit


class UsageError(BillinguaError):
    """An argument names something that does not exist."""


class MissingExtra(BillinguaError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package}, which is not installed.",
            todo=f'Install it with: pip install "billingua[{extra}]"',
        )
