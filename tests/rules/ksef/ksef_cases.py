"""Documents of our own with edits, and what the rules of the set say of them."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

import billingua
from billingua.engine.report import Report

HERE = Path(__file__).parent
NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
TODAY = date(2026, 11, 21)
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))["case"]
_EDIT = re.compile(r"(?P<gone>- )?(?P<path>/\S+)(?: (?P<how>[=<>]) (?P<what>.*))?")


def base(name: str) -> bytes:
    """One of the documents in documents/."""
    return (HERE / "documents" / f"{name}.xml").read_bytes()


def found(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path; its steps are names of the structure."""
    return root.xpath(re.sub(r"(?<=/)(?=[A-Z])", "f:", path), namespaces={"f": NAMESPACE})


def element(xml: str) -> etree._Element:
    """A piece of XML in the namespace of the structure."""
    return etree.fromstring(f'<x xmlns="{NAMESPACE}">{xml}</x>')[0]


def edited(data: bytes, edits: Sequence[str]) -> bytes:
    """The document after the edits, in the words of cases.toml."""
    root = etree.fromstring(data)
    for edit in edits:
        match = _EDIT.fullmatch(edit)
        assert match, edit
        places = found(root, match["path"])
        assert places, f"{edit}: nothing is there"
        for place in places:
            if match["gone"]:
                place.getparent().remove(place)
            elif match["how"] == "=":
                place.text = match["what"]
            elif match["how"] == ">":
                place.addnext(element(match["what"]))
            else:
                place.append(element(match["what"]))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def judged(data: bytes) -> Report:
    """The verdict on the day of the cases."""
    return billingua.validate(data, today=TODAY)


def ids(report: Report) -> set[str]:
    """The rules of the set that fired."""
    return {finding.rule for finding in report.findings if finding.ruleset == "ksef"}
