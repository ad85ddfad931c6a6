"""The profiles of Factur-X and ZUGFeRD 2: how an invoice (BT-24), the XMP of a PDF and a user call each."""

import re
from typing import Final, NamedTuple

from billingua.errors import UsageError
from billingua.formats.guidelines import EXTENDED_CTC_FR, FRENCH, STANDARD

__all__ = ["OF_THE_STANDARD", "PROFILES", "Profile", "by_guideline", "by_name", "is_extended", "profile_of"]


class Profile(NamedTuple):
    """One profile.

    `name` is the word of the API and the command, `title` the fx:ConformanceLevel of XMP, `guideline` the
    specification identifier (BT-24). `relationship` is the usual /AFRelationship of the invoice in a PDF (Data where
    the XML is no full invoice), `file_name` the name it is attached under.
    """

    name: str
    title: str
    guideline: str
    relationship: str
    file_name: str


_XML: Final = "factur-x.xml"

PROFILES: Final[tuple[Profile, ...]] = (
    Profile("minimum", "MINIMUM", "urn:factur-x.eu:1p0:minimum", "Data", _XML),
    Profile("basicwl", "BASIC WL", "urn:factur-x.eu:1p0:basicwl", "Data", _XML),
    Profile("basic", "BASIC", f"{STANDARD}#compliant#urn:factur-x.eu:1p0:basic", "Alternative", _XML),
    Profile("en16931", "EN 16931", STANDARD, "Alternative", _XML),
    Profile("extended", "EXTENDED", f"{STANDARD}#conformant#urn:factur-x.eu:1p0:extended", "Alternative", _XML),
    Profile(
        "xrechnung",
        "XRECHNUNG",
        f"{STANDARD}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "Alternative",
        "xrechnung.xml",
    ),
)
"""From the one that says least; XRECHNUNG is EN 16931 under German rules."""

OF_THE_STANDARD: Final = ("en16931", "xrechnung")
"""The profiles that are the standard itself: either syntax has them, and the schema of the syntax is theirs."""

_BY_NAME: Final = {profile.name: profile for profile in PROFILES}
_FACTURX: Final = re.compile(
    r"urn:(?:cen\.eu:en16931:2017[#:](?:compliant|conformant)[#:](?:urn:)?)?"
    r"(?:factur-x\.eu:1p0|zugferd\.de:2p0):(minimum|basicwl|basic|en16931|extended)\Z"
)
"""Factur-X and ZUGFeRD 2.0; the first releases put colons where there are number signs now."""
_XRECHNUNG: Final = re.compile(
    r"urn:cen\.eu:en16931:2017#compliant#urn:(?:xoev-de:kosit:standard|xeinkauf\.de:kosit):xrechnung_[0-9.]+(?:#.*)?\Z"
)


def by_name(word: str) -> Profile:
    """A profile by its word, in any spelling: `by_name("basicwl")`, `by_name("BASIC WL")`.

    Raises:
        UsageError: there is no such profile.
    """
    found = _BY_NAME.get(re.sub(r"[\s_-]", "", word).lower())
    if found is None:
        raise UsageError(
            f"There is no profile {word!r}.",
            todo=f"Name one of {', '.join((*_BY_NAME, FRENCH))}, or give a whole identifier that starts with urn:.",
        )
    return found


def by_guideline(urn: str | None) -> Profile | None:
    """The profile that a specification identifier (BT-24) names, those of ZUGFeRD 2.0 and of every XRechnung included;
    None if it names none of them."""
    urn = (urn or "").strip()
    if urn == STANDARD:
        return _BY_NAME["en16931"]
    if _XRECHNUNG.match(urn):
        return _BY_NAME["xrechnung"]
    found = _FACTURX.match(urn)
    return _BY_NAME[found[1]] if found else None


def profile_of(urn: str | None) -> Profile | None:
    """The profile that a PDF around an invoice of this specification identifier (BT-24) declares.

    Another usage of the standard (`#compliant#`) goes as EN 16931, an extension of it (`#conformant#`) as EXTENDED;
    None for what is no invoice of the standard.
    """
    found = by_guideline(urn)
    if found is not None or not (urn or "").strip().startswith(f"{STANDARD}#"):
        return found
    return _BY_NAME["extended" if "#conformant#" in (urn or "") else "en16931"]


def is_extended(urn: str | None) -> bool:
    """Whether a specification identifier (BT-24) names a profile that holds the extension: EXTENDED of Factur-X and
    ZUGFeRD, or EXTENDED-CTC-FR."""
    found = by_guideline(urn)
    return (urn or "").strip() == EXTENDED_CTC_FR or (found is not None and found.name == "extended")
