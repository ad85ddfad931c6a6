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
    ├── RemoteError              a remote service did not do what it was asked
    │   ├── NotReached           no connection, no answer in time, or the connection broke off
    │   ├── SignInFailed         the service does not accept the credentials, or the token even after a new sign-in
    │   │   └── SecondFactorNeeded   signing in asks for a second factor or a captcha: a person is needed
    │   ├── NotPermitted         signed in, but not allowed to do this
    │   ├── CreditUsedUp         the account has no credit left
    │   ├── NotThere             the service knows no such thing
    │   ├── Refused              the service finds the request or the document wrong: field errors
    │   │   └── AlreadyThere     the service has this document already
    │   ├── TooManyRequests      the service asks to wait: retry_after
    │   ├── StillWorking         not finished when the time limit ended
    │   ├── NotOffered           this platform does not offer the call
    │   ├── ServiceFailed        the service failed
    │   └── UnexpectedAnswer     an answer that the description of the service does not know
    ├── WebhookError             a callback is forged or garbled
    ├── SendingError             the outbox cannot take an entry, or do that with it
    ├── TooLarge                 whoever a document is for takes no such size
    ├── UsageError               an argument names something that does not exist (format, rule set, rule, option)
    └── MissingExtra             an optional package is not installed

A finding of a validation is data, not an exception.
"""

__all__ = [
    "AlreadyThere",
    "BillinguaError",
    "BuildError",
    "CannotExpress",
    "CertificateError",
    "CreditUsedUp",
    "IdentifierError",
    "InputError",
    "InvalidModel",
    "KsefNumberError",
    "LifecycleError",
    "MissingExtra",
    "NotOffered",
    "NotPermitted",
    "NotReached",
    "NotThere",
    "PackageError",
    "PdfError",
    "Refused",
    "RemoteError",
    "SecondFactorNeeded",
    "SendingError",
    "ServiceFailed",
    "SignInFailed",
    "SignatureError",
    "StillWorking",
    "TooLarge",
    "TooManyRequests",
    "UnexpectedAnswer",
    "UnknownFormat",
    "UnreadableInput",
    "UnsupportedFormat",
    "UsageError",
    "WebhookError",
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


class RemoteError(BillinguaError):
    """A remote service did not do what it was asked, in the service's own words.

    `service` and `endpoint` name the call ("docnova", "send_document"); `status` is the HTTP status (None where no
    answer came), `code` and `message` are the service's own ("" where it gave none), `fields` its complaints about
    single fields as (field, text), `reference` its number for the incident, `retry_after` the seconds it asks to wait
    (None where it says nothing), `body` its answer as text, without secrets. `uncertain` tells that the service may
    have done what it was asked all the same: look there by your own key before you repeat it.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        todo: str = "",
        service: str = "",
        endpoint: str = "",
        status: int | None = None,
        code: str = "",
        message: str = "",
        fields: tuple[tuple[str, str], ...] = (),
        reference: str = "",
        retry_after: float | None = None,
        body: str = "",
        uncertain: bool = False,
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.service = service
        self.endpoint = endpoint
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
        self.reference = reference
        self.retry_after = retry_after
        self.body = body
        self.uncertain = uncertain


class NotReached(RemoteError):
    """No connection, no answer in time, or the connection broke off in the middle of the answer."""


class SignInFailed(RemoteError):
    """The service does not accept the credentials, or refuses its token even after a new sign-in (401, 498)."""


class SecondFactorNeeded(SignInFailed):
    """Signing in asks for a second factor or a captcha: a program cannot go on, a person is needed."""


class NotPermitted(RemoteError):
    """Signed in, but this account may not do this (403)."""


class CreditUsedUp(RemoteError):
    """The account has no credit left (402)."""


class NotThere(RemoteError):
    """The service knows no such document, company or path (404, 410)."""


class Refused(RemoteError):
    """The service finds the request or the document wrong, or too large (400, 413, 422); `fields` says what.

    Never repeat it unchanged.
    """


class AlreadyThere(Refused):
    """The service has this document already (409, or said so in words)."""


class TooManyRequests(RemoteError):
    """The service asks to wait (429); `retry_after` says how long."""


class StillWorking(RemoteError):
    """The service had not finished when the time limit ended; it may still finish: ask again later."""


class NotOffered(RemoteError):
    """This platform does not offer the call (405, 501)."""


class ServiceFailed(RemoteError):
    """The service failed (5xx), or said in words that it did."""


class UnexpectedAnswer(RemoteError):
    """An answer that the description of the service does not know: another status, type or shape."""


class WebhookError(BillinguaError):
    """A callback is forged or garbled: its signature, its time or its shape is wrong. Never act on it."""


class SendingError(BillinguaError):
    """The outbox cannot take an entry, or what is asked for does not fit the entry's state."""


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
