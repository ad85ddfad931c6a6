"""Documents in EXTENDED-CTC-FR through the model and back: nothing of the extension is lost, the verdict stays."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from corpus import CONFORMANCE, documents, judged, needs_conformance, needs_oracle, verdicts

import billingua as bl
from billingua.errors import UnreadableInput
from billingua.formats.guidelines import EXTENDED_CTC_FR, STANDARD

FRENCH = ("fr-extended-ctc", "fr-flux2")
FACTURX_EXTENDED = f"{STANDARD}#conformant#urn:factur-x.eu:1p0:extended"
SETS = {
    "extended-ctc-fr-ubl": (EXTENDED_CTC_FR, FRENCH),
    "extended-ctc-fr-cii": (EXTENDED_CTC_FR, FRENCH),
    "facturx-extended": (FACTURX_EXTENDED, ("facturx-extended",)),
}
"""The specification identifier that the documents looked at have, and the rules for them."""

EMPTY_TERMS = "facturx-extended-p0748.xml"
"""It states payment terms (BR-CO-25) by an element without text, which is no value."""

FRANCE = CONFORMANCE / "france"
OF_THE_EXTENSION = re.compile(
    r"(AgentParty|AgentTradeParty|ServiceProviderParty|PayerParty/|PayerTradeParty|Invoice[er]TradeParty|"
    r"LineStatusReasonCode|ParentLineID|DocumentStatusCode|ItemSellerTradeParty|ManufacturerParty|DeliveryTerms)"
)
"""Elements that no extended document may have left over."""


def extended(name: str) -> Iterator[tuple[str, bytes]]:
    """The documents of a set that are officially valid and of the profile looked at."""
    identifier = f">{SETS[name][0]}<".encode()
    for verdict in verdicts(name):
        fatal = [rule for rule, said in (verdict["fired"] or {}).items() if said["flag"] == "fatal"]
        data = documents(name)[verdict["file"]]
        if verdict["xsd_valid"] and verdict["fired"] is not None and not fatal and identifier in data:
            yield verdict["file"], data


def fatal_rules(data: bytes, *rulesets: str) -> Counter[str]:
    """How often each fatal rule of these sets fires."""
    structure, fired, severities = judged(data, *rulesets)
    assert structure
    return Counter({rule: count for rule, count in fired.items() if severities[rule] == "fatal"})


@needs_oracle
@pytest.mark.parametrize("name", SETS)
def test_documents_come_back_whole(name: str) -> None:
    seen, rulesets = 0, SETS[name][1]
    for file, data in extended(name):
        try:
            document = bl.read(data)
        except UnreadableInput:
            continue
        seen += 1
        written = bl.write(document.content, document.format)
        again = bl.read(written)
        assert again.content == document.content, file
        assert again.unmapped == (), file
        assert not [place.path for place in document.unmapped if OF_THE_EXTENSION.search(place.path)], file
        if not document.unmapped and file != EMPTY_TERMS:
            assert not fatal_rules(written, *rulesets) - fatal_rules(data, *rulesets), file
    assert seen > 90


@needs_conformance
def test_the_french_samples_lose_nothing() -> None:
    listed = [json.loads(line) for line in (FRANCE / "manifest.jsonl").read_text("utf-8").splitlines()]
    files = [one["file"] for one in listed if one["kind"] == "invoice" and not one["fatal"]]
    seen = 0
    for file in files:
        data = (FRANCE / file).read_bytes()
        if EXTENDED_CTC_FR.encode() not in data:
            continue
        seen += 1
        document = bl.read(data)
        assert document.unmapped == (), file
        written = bl.write(document.content, document.format)
        assert fatal_rules(written, *FRENCH) == fatal_rules(data, *FRENCH) == Counter(), file
        there = bl.convert(data, "cii" if document.format != "cii" else "ubl")
        back = bl.convert(there.data, document.format)
        assert there.losses == back.losses == (), file
        assert bl.read(back.data).content == document.content, file
        assert fatal_rules(there.data, *FRENCH) == Counter(), file
    assert seen == 8
