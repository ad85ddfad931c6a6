"""Flux 1: the verdicts of our schemas and rules are those of the portal's artefacts, which come in no package.

They are held to the verdicts recorded for the public samples, and to those of `flux1_verdicts.tsv`: what the artefacts
(release 0.2) said of each document in `tests/rules/fr_flux1/documents` with one element changed.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import CONFORMANCE, judged, needs_conformance
from lxml import etree

from billingua.resources import cells_of

HERE = Path(__file__).parent
DOCUMENTS = sorted((HERE.parent / "rules" / "fr_flux1" / "documents").glob("*.xml"))
FRANCE = CONFORMANCE / "france"
TEXTS = ("", "0.001", "E", "EL", "381", "1999-01-01")
REFUSED, STOPPED = "!", "?"
"""What stands for a verdict: the schema refuses; the rules of the artefact stop with an error."""


def changes(document: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Each element of a document by its number, with the document changed there in one way after the other."""
    root = etree.parse(document).getroot()
    for number, element in enumerate(root.iter("*")):
        if element is root:
            continue
        made = []
        parent, place = element.getparent(), element.getparent().index(element)
        parent.remove(element)
        made.append(etree.tostring(root))
        parent.insert(place, element)
        parent.insert(place, twin := copy.deepcopy(element))
        made.append(etree.tostring(root))
        parent.remove(twin)
        kept = element.text
        for text in TEXTS if len(element) == 0 else ():
            element.text = text
            made.append(etree.tostring(root))
        element.text = kept
        for name, value in list(element.attrib.items()):
            element.set(name, "0009")
            made.append(etree.tostring(root))
            del element.attrib[name]
            made.append(etree.tostring(root))
            element.set(name, value)
        element.set("foreign", "x")
        made.append(etree.tostring(root))
        del element.attrib["foreign"]
        yield number, made


def subset_of(name: str) -> str:
    return "full" if "full" in name else "base"


def verdict(data: bytes, subset: str) -> str:
    structure, fired, _ = judged(data, f"fr-flux1-{subset}")
    return "+".join(sorted(fired)) or "-" if structure else REFUSED


def recorded() -> dict[tuple[str, int], list[str]]:
    rows = cells_of((HERE / "flux1_verdicts.tsv").read_text("utf-8"))
    return {(name, int(number)): verdicts.split() for name, number, verdicts in rows}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_same_verdicts_on_changed_documents(document: Path) -> None:
    official = recorded()
    for number, made in changes(document):
        theirs = official[document.name, number]
        ours = [verdict(data, subset_of(document.name)) for data in made]
        assert len(ours) == len(theirs)
        assert [one for one, other in zip(ours, theirs, strict=True) if one != other and other != STOPPED] == [], number
        assert all(one != REFUSED for one, other in zip(ours, theirs, strict=True) if other == STOPPED)


@needs_conformance
def test_same_verdicts_on_the_public_samples() -> None:
    rows = [json.loads(line) for line in (FRANCE / "manifest.jsonl").read_text("utf-8").splitlines()]
    samples = [row for row in rows if row["kind"] == "flux1"]
    assert len(samples) > 25
    for row in samples:
        structure, fired, severities = judged((FRANCE / row["file"]).read_bytes(), f"fr-flux1-{subset_of(row['file'])}")
        assert (structure, sorted(fired)) == (row["xsd_valid"], row["fired"]), row["file"]
        assert sorted(rule for rule, severity in severities.items() if severity == "fatal") == row["fatal"]
