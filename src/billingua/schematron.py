"""Schematron schemas of the user's own, run through Saxon (extra `schematron`) beside the rules of billingua.

What it does not do: it makes no network access, so a schema that reads documents from the web cannot run; and
a schema or document that cannot run is reported as not checked, never as passed.

A `.sch` schema is compiled by `xslt/schematron.xslt`; an `.xslt` or `.xsl` must already produce a validation
report (SVRL). Both may read local files relative to themselves.
"""

import importlib
import importlib.util
import os
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from billingua.engine.places import Places
from billingua.engine.report import Finding, NotChecked, Report
from billingua.engine.xml import Element, parse
from billingua.errors import InputError, MissingExtra, UsageError
from billingua.resources import data_folder

__all__ = ["NO_RULE_APPLIED", "Checked", "require", "run_schematron", "with_schematron"]

NO_RULE_APPLIED = "NO-RULE-APPLIED"
"""The id of the warning that a schema found no node to check: most often it is meant for another format."""

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_SUFFIXES = (".sch", ".xsl", ".xslt")

_SEVERITIES = {
    "fatal": "fatal",
    "error": "fatal",
    "warning": "warning",
    "warn": "warning",
    "information": "information",
    "info": "information",
}

_STEP = re.compile(
    r"""/(?:
      Q\{(?P<uri1>[^}]*)\}(?P<name1>[\w.-]+)
    | \*:(?P<name2>[\w.-]+)\s*\[namespace-uri\(\)\s*=\s*(?P<quote2>['"])(?P<uri2>.*?)(?P=quote2)\]
    | \*\s*\[local-name\(\)\s*=\s*(?P<quote3>['"])(?P<name3>[\w.-]+)(?P=quote3)
        (?:\s*and\s*namespace-uri\(\)\s*=\s*(?P<quote4>['"])(?P<uri3>.*?)(?P=quote4))?\]
    | (?:(?P<prefix>[\w.-]+):)?(?P<name4>[\w.-]+)
    )(?:\[(?P<index>\d+)\])?""",
    re.VERBOSE,
)
_TERM = re.compile(r"\bB[TG]-\d+(?:-\d+)?\b")
_MESSAGE_LIMIT = 500


class Checked(NamedTuple):
    """What schemas said of a document, and which of them could not be run."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]


def require(paths: Sequence[Path]) -> None:
    """Refuse early what can be refused before any document is read.

    Raises:
        UsageError: a path is no file, or its name does not end in .sch, .xslt or .xsl.
        MissingExtra: saxonche is not installed.
    """
    for path in paths:
        if path.suffix.lower() not in _SUFFIXES:
            raise UsageError(
                "This is not the name of a Schematron schema or stylesheet.",
                where=str(path),
                todo="Give a file that ends in .sch, .xslt or .xsl.",
            )
        if not path.is_file():
            raise UsageError("There is no such Schematron file.", where=str(path), todo="Check its name.")
    if paths and importlib.util.find_spec("saxonche") is None:
        raise MissingExtra("saxonche", "schematron", "Running a Schematron schema")


def run_schematron(paths: Sequence[Path], source: bytes) -> Checked:
    """Run schemas over a document, in the order given.

    Raises:
        InputError: the document cannot be read as XML.
        UsageError, MissingExtra: as `require`.
    """
    require(paths)
    root = parse(source)
    text = _whole(source)
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    for path in paths:
        try:
            svrl = _transform(path, text)
            findings += _findings(svrl, path.name, root)
        except _CannotRunError as problem:
            not_checked.append(NotChecked(layer=path.name, reason=str(problem)))
    return Checked(tuple(findings), tuple(not_checked))


def with_schematron(report: Report, paths: Sequence[Path], source: bytes) -> Report:
    """The report with what the schemas say added to it. A document that could not be read stays as it is."""
    if report.error is not None or not paths:
        return report
    try:
        checked = run_schematron(paths, source)
    except InputError as error:
        checked = Checked((), tuple(NotChecked(layer=path.name, reason=error.what) for path in paths))
    fatal = any(finding.severity == "fatal" for finding in checked.findings)
    return report._replace(
        rulesets=report.rulesets + tuple(path.name for path in paths),
        findings=report.findings + checked.findings,
        not_checked=report.not_checked + checked.not_checked,
        valid=report.valid and not fatal and not checked.not_checked,
    )


# -------------------------------------------------------------------------------------------------- Saxon


class _CannotRunError(Exception):
    """A schema that cannot be run over a document, and why."""


class _Saxon:
    """The one processor of this process: no network, no writing; schemas stay compiled until they change."""

    def __init__(self) -> None:
        saxonche: Any = importlib.import_module("saxonche")
        self.failure: type[Exception] = saxonche.PySaxonApiError
        self.processor: Any = saxonche.PySaxonProcessor(license=False)
        for feature, value in (("allowedProtocols", "file"), ("allow-external-functions", "off")):
            self.processor.set_configuration_property(f"http://saxon.sf.net/feature/{feature}", value)
        self.xslt: Any = self.processor.new_xslt30_processor()
        self.compiled: dict[Path, tuple[int, Any]] = {}
        self.compiler: Any = None

    def stylesheet(self, path: Path) -> Any:
        """The executable of a schema or stylesheet."""
        changed = path.stat().st_mtime_ns
        known = self.compiled.get(path)
        if known is None or known[0] != changed:
            known = self.compiled[path] = changed, self._compile(path)
        return known[1]

    def _compile(self, path: Path) -> Any:
        try:
            etree.parse(path, _parser())
        except etree.XMLSyntaxError as error:
            raise _CannotRunError(f"It is not well-formed XML: {error.msg}.") from None
        if path.suffix.lower() != ".sch":
            return self.xslt.compile_stylesheet(stylesheet_file=str(path))
        if self.compiler is None:
            own = Path(data_folder("xslt")) / "schematron.xslt"
            self.compiler = self.xslt.compile_stylesheet(stylesheet_file=str(own))
        schema = self.processor.parse_xml(xml_file_name=str(path))
        return self.xslt.compile_stylesheet(stylesheet_text=self.run(self.compiler, schema))

    def run(self, executable: Any, document: Any) -> str:
        """The serialised result; what a stylesheet says before it stops becomes the reason."""
        executable.clear_xsl_messages()
        executable.set_save_xsl_message(True, os.devnull)
        try:
            result: str | None = executable.transform_to_string(xdm_node=document)
        except self.failure as error:
            said = executable.get_xsl_messages()
            if "XTMM9000" in str(error) and said is not None and said.size:
                raise _CannotRunError(_sentence(said.item_at(said.size - 1).string_value)) from None
            raise
        return result or ""


_lock = threading.Lock()
_saxon: _Saxon | None = None


def _transform(path: Path, document: str) -> Element:
    """The SVRL report of a schema on a document."""
    global _saxon
    with _lock:
        if _saxon is None:
            _saxon = _Saxon()
        try:
            executable = _saxon.stylesheet(path.resolve())
            result = _saxon.run(executable, _saxon.processor.parse_xml(xml_text=document))
        except (_saxon.failure, OSError, ValueError) as error:
            raise _CannotRunError(_sentence(str(error))) from None
    try:
        svrl = etree.fromstring(result.encode(), _parser())
    except etree.XMLSyntaxError:
        svrl = None
    if svrl is None or svrl.tag != f"{_SVRL}schematron-output":
        raise _CannotRunError("Its result is no validation report (SVRL): is it a stylesheet for another purpose?")
    return svrl


def _whole(source: bytes) -> str:
    """The document as text with nothing left out; that it has no entities, `parse` has seen to."""
    text: str = etree.tostring(etree.fromstring(source, _parser()).getroottree(), encoding="unicode")
    return text


def _parser() -> etree.XMLParser:
    """A parser that keeps everything and loads nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _sentence(problem: str) -> str:
    """The problem on one line, without the warnings that were given before it."""
    text = " ".join(problem[max(problem.find("Error "), 0) :].split())
    return text if len(text) <= _MESSAGE_LIMIT else text[:_MESSAGE_LIMIT] + " ..."


# --------------------------------------------------------------------------------------------------- SVRL


def _findings(svrl: Element, ruleset: str, root: Element) -> Iterator[Finding]:
    """What a validation report says, in its order."""
    prefixes = {node.get("prefix"): node.get("uri") for node in svrl.iter(f"{_SVRL}ns-prefix-in-attribute-values")}
    paths = _Paths()
    pattern = ""
    applied = False
    for node in svrl.iter(f"{_SVRL}*"):
        if node.tag == f"{_SVRL}active-pattern":
            pattern = node.get("id") or node.get("name") or ""
        elif node.tag == f"{_SVRL}fired-rule":
            applied = True
        elif node.tag in (f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
            applied = True
            yield _finding(node, node.get("id") or pattern or ruleset, ruleset, root, prefixes, paths)
    if not applied:
        yield Finding(
            rule=NO_RULE_APPLIED,
            severity="warning",
            ruleset=ruleset,
            path=paths.path(root),
            line=root.sourceline,
            terms=(),
            values={},
            message=f"No rule of {ruleset} found anything to check in this document.",
            hint="Check that it is meant for this format.",
        )


class _Paths:
    """Paths in one document, with the prefixes in force at each element; children are counted once for each set."""

    def __init__(self) -> None:
        self._places: dict[tuple[tuple[str, str], ...], Places] = {}

    def path(self, element: Element) -> str:
        prefixes = {uri: prefix or "" for prefix, uri in element.nsmap.items()}
        key = tuple(prefixes.items())
        if key not in self._places:
            self._places[key] = Places(prefixes)
        return self._places[key].path(element)


def _finding(
    node: Element, rule: str, ruleset: str, root: Element, prefixes: dict[str | None, str | None], paths: _Paths
) -> Finding:
    location = node.get("location") or ""
    element, attribute = _locate(location, root, prefixes)
    message = " ".join("".join(text.itertext()) for text in node.findall(f"{_SVRL}text"))
    more = " ".join("".join(text.itertext()) for text in node.findall(f"{_SVRL}diagnostic-reference"))
    message = " ".join(message.split())
    flags = (node.get("flag"), node.get("role"))
    known = (_SEVERITIES.get((flag or "").strip().lower()) for flag in flags)
    return Finding(
        rule=rule,
        severity=next((severity for severity in known if severity), "fatal"),
        ruleset=ruleset,
        path=location if element is None else paths.path(element) + attribute,
        line=None if element is None else element.sourceline,
        terms=tuple(dict.fromkeys(_TERM.findall(message))),
        values={},
        message=message,
        hint=" ".join(more.split()),
    )


def _locate(location: str, root: Element, prefixes: dict[str | None, str | None]) -> tuple[Element | None, str]:
    """The element of a location, in any of the forms that processors write, and `/@name` of an attribute."""
    element: Element | None = None
    end = 0
    while step := _STEP.match(location, end):
        uri, name = _name(step, prefixes)
        tag = f"{{{uri}}}{name}" if uri else name
        wanted = int(step["index"] or 1)
        if element is None:
            element = root if root.tag == tag and wanted == 1 else None
        else:
            same = (child for number, child in enumerate(element.iterchildren(tag), 1) if number == wanted)
            element = next(same, None)
        if element is None:
            return None, ""
        end = step.end()
    rest = location[end:]
    if element is None:
        return (root, "") if rest in ("", "/") else (None, "")
    if not rest.startswith("/@"):
        return element, ""
    name = re.sub(r"Q\{[^}]*\}", "", rest[2:])
    plain = re.search(r"""local-name\(\)\s*=\s*['"]([\w.-]+)['"]""", name)
    return element, f"/@{plain[1] if plain else name}"


def _name(step: "re.Match[str]", prefixes: dict[str | None, str | None]) -> tuple[str, str]:
    if step["name4"]:
        return prefixes.get(step["prefix"]) or "" if step["prefix"] else "", step["name4"]
    name = step["name1"] or step["name2"] or step["name3"]
    return step["uri1"] or step["uri2"] or step["uri3"] or "", name
