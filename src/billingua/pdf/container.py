"""Do a PDF and the invoice in it agree? Attachment, metadata and profile (rule set `facturx-pdf`)."""

import re
from collections.abc import Iterator
from typing import Final

from billingua.engine.report import Finding
from billingua.formats.cii.profiles import Profile, profile_of
from billingua.pdf.hybrid import Hybrid
from billingua.pdf.names import INVOICES
from billingua.pdf.xmp import FACTURX, NAMESPACES, Facts
from billingua.rules.facturx_pdf import NAME, texts

__all__ = ["container_findings", "flavour"]

_PROPERTIES: Final = ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
_USUAL: Final = frozenset({"Alternative", "Data", "Source"})
_PARTIAL: Final = frozenset({"minimum", "basicwl"})
_XRECHNUNG: Final = re.compile(r"xrechnung_(\d+(?:\.\d+)*)")
_LEVELS: Final = frozenset({"A", "B", "U"})

_Broken = tuple[str, str, dict[str, str]]


def flavour(facts: Facts | None) -> str:
    """The flavour of PDF/A-3 that a hybrid is to be judged by: the level it declares, at least b."""
    stated = facts.conformance.upper() if facts is not None else ""
    return f"3{stated.lower()}" if stated in _LEVELS else "3b"


def container_findings(hybrid: Hybrid, guideline: str | None) -> list[Finding]:
    """What is wrong with the PDF around an invoice of this guideline (BT-24). The path tells the layer: `attachment`
    with the name of the file, or `xmp` with the property."""
    known = texts()
    profile = profile_of(guideline)
    found = []
    for rule, path, values in (
        *_attachment(hybrid, profile),
        *_profile(profile, guideline),
        *_xmp(hybrid, profile, guideline),
    ):
        text = known[rule]
        found.append(Finding(rule, text.severity["facturx"], NAME, path, None, (), values, text.message, text.hint))
    return found


def _attachment(hybrid: Hybrid, profile: Profile | None) -> Iterator[_Broken]:
    path = f"attachment {hybrid.name}"
    if hybrid.rivals:
        yield "FX-PDF-15", path, {"others": ", ".join(hybrid.rivals)}
    usual = profile.file_name if profile is not None else INVOICES[0]
    older = hybrid.facts is not None and hybrid.facts.namespace not in ("", FACTURX)
    if hybrid.name not in (usual, INVOICES[0]) and not (older and hybrid.name.lower() == INVOICES[2]):
        yield "FX-PDF-09", path, {"name": hybrid.name, "expected": usual}
    if hybrid.relationship not in _USUAL:
        yield "FX-PDF-10", path, {"AFRelationship": hybrid.relationship}
    elif profile is not None and profile.name in _PARTIAL and hybrid.relationship != "Data" and not older:
        yield "FX-PDF-11", path, {"AFRelationship": hybrid.relationship}
    if hybrid.mime != "text/xml":
        yield "FX-PDF-12", path, {"Subtype": hybrid.mime}
    if "af" not in hybrid.places:
        yield "FX-PDF-13", path, {}
    if "names" not in hybrid.places:
        yield "FX-PDF-14", path, {}
    if hybrid.intact is False:
        yield "FX-PDF-17", path, {}


def _profile(profile: Profile | None, guideline: str | None) -> Iterator[_Broken]:
    if profile is None:
        yield "FX-PDF-18", "xml BT-24", {"BT-24": guideline or ""}


def _xmp(hybrid: Hybrid, profile: Profile | None, guideline: str | None) -> Iterator[_Broken]:
    facts = hybrid.facts
    if facts is None:
        yield "FX-PDF-01", "xmp", {}
        return
    if facts.part != "3":
        yield "FX-PDF-16", "xmp pdfaid:part", {"part": facts.part}
    if not facts.namespace:
        yield "FX-PDF-02", "xmp", {}
        return
    stated = facts.properties
    for name in _PROPERTIES:
        if not stated.get(name):
            yield "FX-PDF-03", f"xmp fx:{name}", {"property": name}
    if facts.namespace != FACTURX:
        yield "FX-PDF-08", "xmp", {"namespace": facts.namespace, "standard": NAMESPACES[facts.namespace]}
    level = stated.get("ConformanceLevel", "")
    if profile is not None and level and _squeezed(level) != _squeezed(profile.title):
        yield "FX-PDF-04", "xmp fx:ConformanceLevel", {"ConformanceLevel": level, "expected": profile.title}
    file_name = stated.get("DocumentFileName", "")
    if file_name and file_name != hybrid.name:
        yield "FX-PDF-05", "xmp fx:DocumentFileName", {"DocumentFileName": file_name, "name": hybrid.name}
    kind = stated.get("DocumentType", "")
    if kind and kind != "INVOICE":
        yield "FX-PDF-06", "xmp fx:DocumentType", {"DocumentType": kind}
    version = stated.get("Version", "")
    release = _XRECHNUNG.search(guideline or "")
    expected = {"1.0", release[1]} if release else {"1.0"}
    if version and facts.namespace == FACTURX and version not in expected:
        yield "FX-PDF-07", "xmp fx:Version", {"Version": version, "expected": sorted(expected)[-1]}


def _squeezed(level: str) -> str:
    """A level without the spaces that some writers leave out (`EN16931`, `BASICWL`)."""
    return re.sub(r"[\s_-]", "", level).upper()
