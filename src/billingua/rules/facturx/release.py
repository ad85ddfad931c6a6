"""Which artefacts these rules are, and the profiles that have one each."""

from typing import Final

__all__ = ["PROFILES", "RELEASE", "SYNTAX", "name_of"]

RELEASE: Final = "1.09"
"""The release of Factur-X whose Schematron the verdicts equal."""

SYNTAX: Final = "cii"

PROFILES: Final = {
    "minimum": ("urn:factur-x.eu:1p0:minimum", "urn:zugferd.de:2p0:minimum"),
    "basicwl": ("urn:factur-x.eu:1p0:basicwl", "urn:zugferd.de:2p0:basicwl"),
    "basic": (
        "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
        "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic",
    ),
    "en16931": (),
    "extended": (
        "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
        "urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended",
    ),
}
"""The profiles, and the specification identifiers (BT-24) of Factur-X and ZUGFeRD 2.0 that are theirs alone: that of
EN 16931 is the standard's own."""


def name_of(profile: str) -> str:
    """The rule set of a profile."""
    return f"facturx-{profile}"
