"""Output intents (6.2.3)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.icc import profile_of
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import name, stream

__all__ = ["check_output_intents", "intended_space"]


def check_output_intents(file: Inspected) -> Iterator[Breach]:
    """The profiles of the output intents: fit for output, and one and the same."""
    profiles = []
    for index, intent in enumerate(file.output_intents):
        place = file.place(intent, "" if intent.is_indirect else f"/OutputIntents/{index}")
        profile = stream(intent.get("/DestOutputProfile"))
        if profile is not None:
            profiles.append(profile.objgen)
            head = profile_of(profile)
            fit = head.kind in ("prtr", "mntr") and head.space in ("RGB", "CMYK", "GRAY") and head.version < 5
            if not fit:
                values = (("class", head.kind), ("space", head.space), ("version", f"{head.version:.1f}"))
                detail = f"it is of class {head.kind or '?'}, space {head.space or '?'}, version {head.version:.1f}"
                yield Breach("6.2.3-t01", file.place(profile), None, values, detail)
        if name(intent.get("/S")) == "GTS_PDFX" and "/DestOutputProfileRef" in intent:
            yield Breach("6.2.3-t03", place)
    if len(set(profiles)) > 1:
        listed = ", ".join(f"{number} {generation}" for number, generation in dict.fromkeys(profiles))
        yield Breach("6.2.3-t02", "document /OutputIntents", None, (("profiles", listed),), f"they are {listed}")


def intended_space(file: Inspected) -> str | None:
    """The colour space of the profile of the PDF/A output intent; none if there is no such intent."""
    found = None
    for intent in file.output_intents:
        profile = stream(intent.get("/DestOutputProfile"))
        if name(intent.get("/S")) == "GTS_PDFA1" and profile is not None:
            found = profile_of(profile).space
    return found
