"""The document info and the XMP of the result, which say the same."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.attachments import text_of
from billingua.pdf.document import pikepdf_loaded
from billingua.pdf.xmp import Metadata, fit, packet

if TYPE_CHECKING:
    from pikepdf import Pdf

    from billingua.engine.xml import Element
    from billingua.formats.cii.profiles import Profile

__all__ = ["pdf_date", "write_metadata"]

_TEXTS: Final = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer")
_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?", re.ASCII)


def write_metadata(
    pdf: "Pdf", conformance: str, profile: "Profile", version: str, date: datetime, old: "Element | None"
) -> None:
    """Write the metadata: what the info says of the PDF stays, and of its `old` XMP what may; the date is new."""
    pikepdf = pikepdf_loaded()
    info: Any = pdf.trailer.get("/Info")
    if not isinstance(info, pikepdf.Dictionary):
        info = pdf.make_indirect(pikepdf.Dictionary())
        pdf.trailer.Info = info
    texts = {name: fit(text_of(info.get("/" + name))) for name in _TEXTS}
    texts["Producer"] = texts["Producer"] or "billingua"
    created = _read_date(text_of(info.get("/CreationDate"))) or date
    for key in list(info.keys()):
        del info[key]
    for name, text in texts.items():
        if text:
            info["/" + name] = pikepdf.String(text)
    info.CreationDate = pikepdf.String(pdf_date(created))
    info.ModDate = pikepdf.String(pdf_date(date))
    new = Metadata(
        conformance=conformance.upper(),
        level=profile.title,
        file_name=profile.file_name,
        version=version,
        title=texts["Title"],
        author=texts["Author"],
        subject=texts["Subject"],
        keywords=texts["Keywords"],
        creator=texts["Creator"],
        producer=texts["Producer"],
        created=_iso(created),
        modified=_iso(date),
    )
    stream = pdf.make_stream(packet(new, old))
    stream.Type = pikepdf.Name.Metadata
    stream.Subtype = pikepdf.Name.XML
    pdf.Root.Metadata = stream


def pdf_date(date: datetime) -> str:
    """A point of time as PDF writes it."""
    text = f"{date:%Y%m%d%H%M%S%z}"
    return f"D:{text[:-4]}{text[-4:-2]}'{text[-2:]}'"


def _iso(date: datetime) -> str:
    return date.isoformat(timespec="seconds")


def _read_date(text: str) -> datetime | None:
    """A date of PDF; None for what is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, hours, minutes = match.groups()
    try:
        zone = datetime.strptime(f"{sign}{hours}{minutes or '00'}", "%z").tzinfo if sign else UTC
        return datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None
