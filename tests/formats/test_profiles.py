"""The profiles of Factur-X and ZUGFeRD 2."""

import pytest

from billingua.errors import UsageError
from billingua.formats.cii.profiles import PROFILES, by_guideline, by_name, profile_of

STANDARD = "urn:cen.eu:en16931:2017"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_each_profile_is_found_by_word_title_and_guideline(profile) -> None:
    assert by_name(profile.name) is by_name(profile.title) is by_name(profile.title.lower()) is profile
    assert by_guideline(profile.guideline) is by_guideline(f" {profile.guideline}\n") is profile
    assert profile_of(profile.guideline) is profile


@pytest.mark.parametrize(
    ("urn", "name"),
    [
        ("urn:zugferd.de:2p0:minimum", "minimum"),
        (f"{STANDARD}#compliant#urn:zugferd.de:2p0:basic", "basic"),
        (f"{STANDARD}#conformant#urn:zugferd.de:2p0:extended", "extended"),
        (f"{STANDARD}:compliant:factur-x.eu:1p0:basic", "basic"),
        (f"{STANDARD}#compliant:factur-x.eu:1p0:en16931", "en16931"),
        (f"{STANDARD}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1", "xrechnung"),
        (
            f"{STANDARD}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
            "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
            "xrechnung",
        ),
    ],
)
def test_other_identifiers_of_the_profiles(urn: str, name: str) -> None:
    assert by_guideline(urn) is by_name(name)


def test_usages_and_extensions_of_the_standard_go_in_the_nearest_profile() -> None:
    peppol = f"{STANDARD}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    french = f"{STANDARD}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
    assert by_guideline(peppol) is by_guideline(french) is None
    assert profile_of(peppol) is by_name("en16931")
    assert profile_of(french) is by_name("extended")


@pytest.mark.parametrize(
    "urn", [None, "", "urn:factur-x.eu:1p0:minimumm", "urn:order-x.eu:1p0:comfort", f"{STANDARD}0"]
)
def test_what_is_no_profile(urn: str | None) -> None:
    assert by_guideline(urn) is profile_of(urn) is None


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="minimum, basicwl, basic, en16931, extended, xrechnung"):
        by_name("comfort")
