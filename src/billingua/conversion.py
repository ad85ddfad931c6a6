"""Converting a document from one wire format to another, and saying what that loses."""

from typing import Any, Final, NamedTuple

from billingua.engine.document import Document, Loss
from billingua.errors import UsageError
from billingua.formats import by_name
from billingua.formats.cii import profiles
from billingua.formats.guidelines import EXTENDED_CTC_FR, FRENCH
from billingua.formats.subsets import SUBSETS, subset_called, subset_of
from billingua.model import Invoice

__all__ = ["Converted", "convert_document", "in_profile"]


BUSINESS_PROCESS: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""The business process (BT-23) of billing, as Peppol numbers it and XRechnung takes it."""


class Converted(NamedTuple):
    """The converted document, and every value of the original that it does not carry."""

    data: bytes
    losses: tuple[Loss, ...]


def convert_document(document: Document[Any], to: str, profile: str | None = None) -> Converted:
    """A document as the wire format `to`; the specification identifier (BT-24) is kept unless `profile` names another.

    What the model has no attribute for is a loss, and so is what the target, or the profile, has no place for.

    Raises:
        UsageError: there is no such wire format or profile, or no such profile of it.
        UnsupportedFormat: the target is read only.
        InvalidModel: the document lacks what the structure of the target requires.
    """
    losses = [
        Loss("", place.text, f"line {place.line}, {place.path}", "the model it is read into has no place for it")
        for place in document.unmapped
    ]
    missing: list[Loss] = []
    source, target = by_name(document.format), by_name(to)
    content = document.content
    if (source is not target or profile is not None) and not isinstance(content, Invoice):
        content = source.to_invoice(content, missing)
    elif document.format in source.read_only and to not in source.read_only and not isinstance(content, Invoice):
        content = source.renewed(content, missing)
    if profile is not None:
        content = in_profile(content, to, profile)
    data = target.write(content, to, missing)
    for loss in missing:
        line, path = document.positions.get(loss.where, (None, loss.where))
        where = f"line {line}, {path}" if line else path
        losses.append(Loss(loss.term, loss.value, where, loss.why))
    return Converted(data, tuple(losses))


def in_profile(content: Any, to: str, profile: str) -> Invoice:
    """An invoice that says (BT-24) that it is of a profile: a word (`basic`, `xrechnung`, `extended-ctc-fr`) or a whole
    identifier.

    `flux1-base` and `flux1-full` are the subsets that the French public portal takes.

    XRechnung asks for a business process (BT-23): the usual one is entered where there is none. What a profile has no
    place for is found when the invoice is written.

    Raises:
        UsageError: there is no such profile, or not in the wire format `to`.
    """
    form = by_name(to)
    if not isinstance(content, Invoice) or not form.profile:
        named = form.title if not form.profile else type(content).__name__
        raise UsageError(f"A document of {named} has no profile.", todo="Leave the profile out.")
    if profile.lower() == FRENCH:
        profile = EXTENDED_CTC_FR
    subset = subset_of(profile) if ":" in profile else subset_called(profile)
    if subset is not None:
        return content.replace(specification=subset.guideline)
    known = _known(profile)
    if known is not None and known.name not in profiles.OF_THE_STANDARD and form.folder != "cii":
        raise UsageError(
            f"{known.title} is a profile of Factur-X, which is CII; {form.title} has no such profile.",
            todo=f"Write cii, or choose the profile {', '.join(profiles.OF_THE_STANDARD)} or {FRENCH}.",
        )
    identifier = profile if known is None or ":" in profile else known.guideline
    process = content.business_process
    if known is not None and known.name == "xrechnung":
        process = process or BUSINESS_PROCESS
    return content.replace(specification=identifier, business_process=process)


def _known(profile: str) -> profiles.Profile | None:
    """The profile of Factur-X, or of the standard, that a user means; None for any other identifier."""
    if ":" in profile:
        return profiles.by_guideline(profile)
    try:
        return profiles.by_name(profile)
    except UsageError:
        words = [*(one.name for one in profiles.PROFILES), FRENCH, *(one.name for one in SUBSETS)]
        raise UsageError(
            f"There is no profile {profile!r}.",
            todo=f"Name one of {', '.join(words)}, or give a whole identifier that starts with urn:.",
        ) from None
