"""The five verbs: detect, read, validate, write, convert."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from billingua import formats, rules
from billingua.engine.judge import judge, judge_bytes, no_tick
from billingua.engine.pause import collector_paused
from billingua.engine.report import NotChecked, Report
from billingua.engine.xml import MAX_BYTES, Element, parse, tag_of, too_deep, too_large
from billingua.errors import MissingExtra, UnknownFormat, UnreadableInput, UnsupportedFormat, UsageError

if TYPE_CHECKING:
    from billingua.conversion import Converted
    from billingua.engine.document import Document
    from billingua.engine.format import Format
    from billingua.engine.report import Finding
    from billingua.engine.rule import RuleSet
    from billingua.pdf.hybrid import Hybrid

__all__ = ["Detected", "Source", "convert", "detect", "read", "validate", "write"]

Source = bytes | str | os.PathLike[str] | BinaryIO
"""A document: its bytes, a path, or a file opened for reading bytes."""

_REFUSED = {
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": (
        "The document is ZUGFeRD 1.0, which no longer is an electronic invoice under EN 16931.",
        "Ask the seller for ZUGFeRD 2.x, Factur-X or XRechnung.",
    ),
    "{urn:un:unece:uncefact:data:standard:CBFBUY:5}Invoice": (
        "The document is a release candidate of ZUGFeRD 1.0, which never was an electronic invoice under EN 16931.",
        "Ask the seller for ZUGFeRD 2.x, Factur-X or XRechnung.",
    ),
    **{
        f"{{http://upo.schematy.mf.gov.pl/KSeF/{version}}}Potwierdzenie": (
            f"The document is a KSeF receipt (UPO) of the release {version[1:]}, which no KSeF in use gives out.",
            "Fetch the receipt from KSeF again: it comes in release 4-3.",
        )
        for version in ("v3", "v3-1", "v4-1")
    },
}
"""Root elements that are recognised and refused, with the reason."""

FACTURX = "facturx"
"""The format of a PDF with an invoice inside."""

_AROUND = ("facturx-pdf", "pdfa")
"""The rule sets that judge the PDF around an invoice."""

_PDF_HEAD = 1024 + 5
_LONGEST_PATH = 4096
_SHOWN = 100
"""So much of a name that a stranger chose stands in an error."""


class Detected(NamedTuple):
    """What a document is: wire format, profile (BT-24) and version of the syntax, as far as the document tells."""

    format: str
    profile: str | None
    version: str | None


class _Opened(NamedTuple):
    """What was found in an input: the root element, its format and wire format; for a PDF the invoice inside."""

    root: Element
    form: "Format"
    name: str
    hybrid: "Hybrid | None" = None


def _bytes(source: Source, name: str) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    if isinstance(source, str | os.PathLike):
        if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
            raise UsageError(
                "A str is the path of a file; this one holds XML.",
                todo="Give the XML as bytes: text.encode().",
            )
        try:
            with open(source, "rb") as stream:
                if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                    raise too_large(name)
                return stream.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = name if len(name) < _LONGEST_PATH else _short(name)
            raise UnreadableInput(f"The file cannot be read: {reason}.", where=where) from None
    if hasattr(source, "read"):
        return _all_of(source, name)
    raise _no_source(type(source).__name__)


def _all_of(stream: BinaryIO, name: str) -> bytes:
    """What a file object still has to give, up to a little more than is read of any document."""
    chunks = []
    room = MAX_BYTES + 1
    while room > 0:
        try:
            chunk = stream.read(room)
        except (OSError, ValueError) as error:
            raise UnreadableInput(f"The file cannot be read: {str(error).rstrip('.')}.", where=name) from None
        if not isinstance(chunk, bytes):
            raise _no_source("one for text" if isinstance(chunk, str) else f"one that gives {type(chunk).__name__}")
        if not chunk:
            break
        chunks.append(chunk)
        room -= len(chunk)
    return b"".join(chunks)


def _no_source(what: str) -> UsageError:
    return UsageError(
        f"A document is bytes, a path or a file opened for reading bytes, not {what}.",
        todo='Open the file with open(path, "rb").',
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _name(source: Source, name: str | None) -> str:
    if name is not None or isinstance(source, bytes):
        return name or ""
    return os.fspath(source) if isinstance(source, str | os.PathLike) else ""


def _opened(data: bytes, name: str) -> _Opened:
    root = parse(data, name)
    tag = tag_of(root)
    if tag in _REFUSED:
        what, todo = _REFUSED[tag]
        raise UnsupportedFormat(what, where=name, todo=todo)
    form = formats.by_root(tag)
    if form is None:
        namespace, _, local = tag.rpartition("}")
        known = sorted(word for one in formats.all_formats() for word in one.names)
        raise UnknownFormat(
            f"The root element {_short(local)} of namespace {_short(namespace[1:]) or '(none)'!r} "
            "belongs to no known format.",
            where=name,
            todo=f"Known formats: {', '.join(known)}.",
        )
    return _Opened(root, form, form.name_of(root))


def _is_pdf(data: bytes) -> bool:
    if data.startswith(b"<"):
        return False
    head = data[:_PDF_HEAD]
    return b"%PDF-" in head and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _opened_any(data: bytes, name: str) -> _Opened:
    """As `_opened`, of an XML document or of the invoice in a PDF."""
    if not _is_pdf(data):
        return _opened(data, name)
    from billingua.pdf.hybrid import invoice_in

    hybrid = invoice_in(data, name)
    return _opened_inside(hybrid, name)._replace(hybrid=hybrid)


def _opened_inside(hybrid: "Hybrid", name: str) -> _Opened:
    inside = ", ".join(part for part in (name, hybrid.name) if part)
    opened = _opened(hybrid.data, inside)
    if opened.form.folder != "cii":
        raise UnsupportedFormat(
            f"The XML in the PDF is {opened.name}; a Factur-X invoice is CII.",
            where=inside,
            todo="Extract it and give it on its own: billingua pdf extract.",
        )
    return opened._replace(name=FACTURX)


def detect(source: Source) -> Detected:
    """What a document is, without validating it. A PDF with an invoice inside is `facturx`.

    Raises:
        UnreadableInput: it cannot be read as XML or PDF.
        UnknownFormat: no known format has its root element, or the PDF holds no invoice.
        UnsupportedFormat: the format is known and refused (ZUGFeRD 1.0, Order-X, KSeF receipts before 4-2).
        MissingExtra: it is a PDF, and the package pikepdf is not installed.
    """
    name = _name(source, None)
    root, form, format_name, _ = _opened_any(_bytes(source, name), name)
    return Detected(format_name, form.profile_of(root), form.version_of(root))


def read(source: Source) -> "Document[Any]":
    """The document as a model: `.content`, `.format` and `.profile`; `.unmapped` is what the model has no place for.

    Of a PDF it is the invoice inside; places are those in the XML.

    Raises:
        InputError: the input cannot be read, or is of no known format, or a value cannot be of its type.
        MissingExtra: it is a PDF, and the package pikepdf is not installed.
    """
    name = _name(source, None)
    root, form, _, hybrid = _opened_any(_bytes(source, name), name)
    try:
        if hybrid is None:
            return form.read(root, name)
        return form.read(root, f"{name}, {hybrid.name}" if name else hybrid.name)._replace(format=FACTURX)
    except RecursionError:
        raise too_deep(name) from None


def write(content: Any, format: str, *, profile: str | None = None) -> bytes:
    """A model on the wire, in the profile that its specification identifier (BT-24) says, or in `profile`.

    `profile` is a word - minimum, basicwl, basic, en16931, extended or xrechnung; flux1-base or flux1-full for the data
    that the French public portal takes - or a whole identifier.

    Raises:
        UsageError: there is no such format or profile.
        BuildError: the model lacks what the format requires, or the format or profile has no place for a value.
    """
    _no_container(format)
    form = formats.by_name(format)
    if profile is not None:
        from billingua.conversion import in_profile

        content = in_profile(content, format, profile)
    return form.write(content, format)


def _no_container(format: str) -> None:
    if format == FACTURX:
        raise UsageError(
            "A facturx document is a PDF with the invoice inside: it needs a PDF to put it into.",
            todo='Write "cii", and give the PDF and that XML to billingua.pdf.embed '
            "(command: billingua build --to facturx --pdf PLAIN.pdf, or billingua pdf embed).",
        )


def convert(source: Source, to: str, *, profile: str | None = None) -> "Converted":
    """The document in another wire format: `.data`, and in `.losses` every value that it does not carry.

    The specification identifier (BT-24) is kept unless `profile` names another one, as for `write`.

    Raises:
        InputError: the input cannot be read.
        UsageError: there is no such format or profile.
        BuildError: the document lacks what the target requires.
    """
    from billingua.conversion import convert_document

    _no_container(to)
    formats.by_name(to)
    return convert_document(read(source), to, profile)


def validate(
    source: Source,
    *,
    rulesets: Sequence[str] | None = None,
    today: date | None = None,
    name: str | None = None,
    tick: Callable[[str], None] | None = None,
) -> Report:
    """The verdict on a document: structure and rules.

    `rulesets` names the rule sets to apply (`NAME` or `NAME@RELEASE`) instead of those the document asks for;
    `today` is the day for rules that compare with it (default: the current day where the authority is); `name` is what
    the report calls the document; `tick` is called with the name of each step when it is done.

    Of a PDF, the invoice inside is judged, and the PDF around it: attachment and metadata (rule set `facturx-pdf`) and
    PDF/A-3 at the level it declares (`pdfa`). Paths are those in the XML, or begin with `attachment`, `xmp` or the
    number of an object.

    Raises:
        InputError: the input cannot be read or is of no known format.
        UsageError: there is no such rule set.
    """
    start = perf_counter()
    chosen = None if rulesets is None else [rules.get(one) for one in rulesets]
    called = _name(source, name)
    data = _bytes(source, called)
    if _is_pdf(data):
        return _hybrid_report(data, called, chosen, today, tick or no_tick, start)
    try:
        opened = _opened(data, called)
    except UnreadableInput:
        refused = _refused(data, called, chosen, start)
        if refused is None:
            raise
        return refused
    profile = opened.form.profile_of(opened.root)
    if tick is not None:
        tick("parse")
    asked = rules.applying(opened.name, profile, opened.root) if chosen is None else chosen
    applied = [ruleset for ruleset in asked if opened.name in ruleset.formats]
    gated = judge_bytes(data, opened.root, opened.name, applied)
    del data  # a document that was read from a file would take its size in memory once more
    schema_valid, findings = _judged(gated, opened, applied, today, tick or no_tick, called)
    not_checked = _not_checked(asked, opened.name)
    named = _named(applied, findings, chosen is not None)
    return _report(called, opened.name, profile, named, schema_valid, findings, not_checked, start)


def _judged(
    gated: "tuple[bool, list[Finding]]",
    opened: _Opened,
    applied: "Sequence[RuleSet]",
    today: date | None,
    tick: Callable[[str], None],
    called: str,
) -> "tuple[bool, list[Finding]]":
    """Whether the structure is right, and all findings; `gated` is what the bytes themselves were found to be."""
    passed, findings = gated
    schema_valid = False
    try:
        with collector_paused():
            if passed:
                schema_valid, found = judge(opened.root, opened.form, opened.name, applied, today, tick)
                findings += found
    except RecursionError:
        raise too_deep(called) from None
    return schema_valid, findings


def _hybrid_report(
    data: bytes,
    called: str,
    chosen: "Sequence[RuleSet] | None",
    today: date | None,
    tick: Callable[[str], None],
    start: float,
) -> Report:
    """The verdict on a PDF with an invoice inside: the XML, the PDF around it, and whether they agree.

    Rule sets that are named are all that is asked.
    """
    opened = _opened_any(data, called)
    hybrid = opened.hybrid
    assert hybrid is not None
    profile = opened.form.profile_of(opened.root)
    tick("parse")
    asked = (
        _rules_inside(profile, opened.root) if chosen is None else [one for one in chosen if one.name not in _AROUND]
    )
    applied = [ruleset for ruleset in asked if "cii" in ruleset.formats]
    inside = opened._replace(name="cii")
    gated = judge_bytes(hybrid.data, inside.root, inside.name, applied)
    schema_valid, findings = _judged(gated, inside, applied, today, tick, called)
    not_checked = _not_checked(asked, "cii") if asked or chosen is None else ()
    named = _named(applied, findings, chosen is not None)
    around = _AROUND if chosen is None else tuple([one.name for one in chosen if one.name in _AROUND])
    if _AROUND[0] in around:
        from billingua.pdf.container import container_findings

        findings += container_findings(hybrid, profile)
        named.append(_AROUND[0])
    if _AROUND[1] in around:
        from billingua.pdf.checking import check
        from billingua.pdf.container import flavour

        try:
            level = flavour(hybrid.facts)
            archive = check(data, level, called)
        except MissingExtra as missing:
            not_checked += (NotChecked("pdfa", str(missing)),)
        else:
            findings += archive.findings
            named += archive.rulesets
    return _report(called, FACTURX, profile, named, schema_valid, findings, not_checked, start)


def _rules_inside(guideline: str | None, root: Element) -> "Sequence[RuleSet]":
    """The rule sets for the XML in a PDF: those that its guideline asks for, with that of its Factur-X profile in the
    place of the standard's own."""
    from billingua.formats.cii.profiles import by_guideline

    asked = rules.applying("cii", guideline, root)
    profile = by_guideline(guideline)
    wanted = f"facturx-{profile.name}" if profile is not None else ""
    own = next((one for one in rules.rulesets() if one.name == wanted), None)
    if own is None:
        return asked
    replaced = [own if one.name == "en16931" else one for one in asked]
    return tuple({one.name: one for one in replaced}.values())


def _named(applied: "Sequence[RuleSet]", findings: "Sequence[Finding]", chosen: bool) -> list[str]:
    """The names of the rule sets that were asked. Mere advice that nobody chose is named where it found something."""
    spoke = {finding.ruleset for finding in findings}
    return [one.name for one in applied if chosen or not one.advisory or one.name in spoke]


def _report(
    called: str,
    format_name: str,
    profile: str | None,
    named: "Sequence[str]",
    schema_valid: bool,
    findings: "Sequence[Finding]",
    not_checked: tuple[NotChecked, ...],
    start: float,
) -> Report:
    return Report(
        file=called or None,
        format=format_name,
        profile=profile,
        rulesets=tuple(named),
        schema_valid=schema_valid,
        valid=schema_valid and not not_checked and not any(finding.severity == "fatal" for finding in findings),
        error=None,
        elapsed_ms=round((perf_counter() - start) * 1000, 3),
        findings=tuple(findings),
        not_checked=not_checked,
    )


def _refused(data: bytes, called: str, chosen: "Sequence[RuleSet] | None", start: float) -> Report | None:
    """The report on bytes that are no XML, where they are meant for a format whose rules speak of that."""
    known = formats.by_bytes(data)
    if known is None:
        return None
    format_name = known[1]
    asked = rules.applying(format_name, None) if chosen is None else chosen
    applied = [ruleset for ruleset in asked if format_name in ruleset.formats]
    _, findings = judge_bytes(data, None, format_name, applied)
    if not findings:
        return None
    named = _named(applied, findings, chosen is not None)
    return _report(called, format_name, None, named, False, findings, _not_checked(asked, format_name), start)


def _not_checked(asked: "Sequence[RuleSet]", format_name: str) -> tuple[NotChecked, ...]:
    if not asked:
        if formats.by_name(format_name).structure_only:
            return ()
        return (NotChecked("rules", f"No rule set is there for {format_name}."),)
    return tuple(
        [
            NotChecked(ruleset.name, f"This rule set judges {', '.join(ruleset.formats)}, not {format_name}.")
            for ruleset in asked
            if format_name not in ruleset.formats
        ]
    )
