<?xml version="1.0" encoding="UTF-8"?>
<!--
  Compiles a Schematron schema (ISO/IEC 19757-3, query bindings xslt2 and xslt3) into a stylesheet whose output is a
  validation report (SVRL).

  Three steps, a mode each: `include` puts the whole schema together, `expand` replaces abstract patterns and abstract
  rules by what they stand for, `compile` turns each pattern into a mode and each rule into a template of it. Within a
  pattern the first rule whose context matches takes the node: earlier rules get the higher priority.

  Not supported, and said so instead of being skipped: other query bindings, pattern/@documents.
-->
<xsl:stylesheet version="3.0"
                xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:out="urn:billingua:alias-of-xsl"
                xmlns:sch="http://purl.oclc.org/dsdl/schematron"
                xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:f="urn:billingua:schematron"
                exclude-result-prefixes="sch xs f">

  <xsl:namespace-alias stylesheet-prefix="out" result-prefix="xsl"/>
  <xsl:output method="xml" indent="no" encoding="UTF-8"/>

  <!-- The phase to compile: an id, #ALL, or #DEFAULT (the schema's own default, otherwise all patterns). -->
  <xsl:param name="phase" as="xs:string" select="'#DEFAULT'"/>

  <xsl:mode name="include" on-no-match="shallow-copy"/>
  <xsl:mode name="expand" on-no-match="shallow-copy"/>
  <xsl:mode name="bind" on-no-match="shallow-copy"/>
  <xsl:mode name="compile" on-no-match="fail"/>
  <xsl:mode name="text" on-no-match="deep-skip"/>

  <xsl:template match="/">
    <xsl:variable name="whole" as="document-node()">
      <xsl:document>
        <xsl:apply-templates mode="include">
          <xsl:with-param name="open" tunnel="yes" select="string(base-uri(/))"/>
        </xsl:apply-templates>
      </xsl:document>
    </xsl:variable>
    <xsl:variable name="expanded" as="document-node()">
      <xsl:document>
        <xsl:apply-templates select="$whole/node()" mode="expand"/>
      </xsl:document>
    </xsl:variable>
    <xsl:if test="not($expanded/sch:schema)">
      <xsl:sequence select="f:refuse('the root element is not a schema of ISO Schematron', /*)"/>
    </xsl:if>
    <xsl:apply-templates select="$expanded/sch:schema" mode="compile">
      <xsl:with-param name="base" select="string(base-uri(/))"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:function name="f:refuse" as="empty-sequence()">
    <xsl:param name="why" as="xs:string"/>
    <xsl:param name="node" as="node()?"/>
    <xsl:message terminate="yes" select="string-join(($why, $node/('in ' || name() || @id/(' ' || .))), ', ')"/>
  </xsl:function>

  <!-- ============================================================ include -->

  <xsl:template match="sch:include" mode="include">
    <xsl:call-template name="fetch"/>
  </xsl:template>

  <xsl:template match="sch:extends[@href]" mode="include">
    <xsl:call-template name="fetch">
      <xsl:with-param name="content-only" select="true()"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="fetch">
    <xsl:param name="content-only" as="xs:boolean" select="false()"/>
    <xsl:param name="open" as="xs:string*" tunnel="yes"/>
    <xsl:variable name="file" select="substring-before(@href || '#', '#')"/>
    <xsl:variable name="fragment" select="substring-after(@href, '#')"/>
    <xsl:variable name="uri" select="string(if ($file = '') then base-uri(.) else resolve-uri($file, base-uri(.)))"/>
    <xsl:variable name="document" select="if ($file = '') then root(.) else doc($uri)"/>
    <xsl:variable name="target" as="element()?" select="
        if ($fragment = '') then $document/*
        else ($document//*[@id = $fragment or @xml:id = $fragment])[1]"/>
    <xsl:variable name="key" select="$uri || '#' || $fragment"/>
    <xsl:if test="empty($target)">
      <xsl:sequence select="f:refuse('nothing is found at ' || @href, .)"/>
    </xsl:if>
    <xsl:if test="$key = $open or ($fragment = '' and $uri = $open)">
      <xsl:sequence select="f:refuse('an endless chain of inclusions leads back to ' || @href, .)"/>
    </xsl:if>
    <xsl:apply-templates mode="include"
                         select="if ($content-only or $target/self::sch:schema) then $target/node() else $target">
      <xsl:with-param name="open" tunnel="yes" select="$open, $key, $uri[$fragment = '']"/>
    </xsl:apply-templates>
  </xsl:template>

  <!-- ============================================================= expand -->

  <xsl:key name="abstract-pattern" match="sch:pattern[@abstract = 'true']" use="@id"/>
  <xsl:key name="abstract-rule" match="sch:rule[@abstract = 'true']" use="@id"/>

  <xsl:template match="sch:pattern[@abstract = 'true'] | sch:rule[@abstract = 'true']" mode="expand"/>

  <xsl:template match="sch:pattern[@is-a]" mode="expand">
    <xsl:variable name="source" select="key('abstract-pattern', @is-a)[1]"/>
    <xsl:if test="empty($source)">
      <xsl:sequence select="f:refuse('there is no abstract pattern ' || @is-a, .)"/>
    </xsl:if>
    <xsl:variable name="bindings" as="map(xs:string, xs:string)" select="
        map:merge((sch:param, $source/sch:param) ! map:entry(normalize-space(@name), string(@value)),
                  map{'duplicates': 'use-first'})"
        xmlns:map="http://www.w3.org/2005/xpath-functions/map"/>
    <xsl:copy>
      <xsl:copy-of select="@* except @is-a"/>
      <xsl:apply-templates select="$source/node()" mode="bind">
        <xsl:with-param name="bindings" select="$bindings" tunnel="yes"/>
        <xsl:with-param name="variables" select="//sch:let/string(@name)" tunnel="yes"/>
      </xsl:apply-templates>
      <xsl:apply-templates select="* except sch:param" mode="expand"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="sch:rule[@abstract = 'true'] | sch:param" mode="bind"/>

  <xsl:template match="@context | @test | @select | @path | @value | @subject | @match | @use" mode="bind">
    <xsl:param name="bindings" as="map(xs:string, xs:string)" tunnel="yes"/>
    <xsl:param name="variables" as="xs:string*" tunnel="yes"/>
    <xsl:attribute name="{name()}" namespace="{namespace-uri()}" select="f:bind(., $bindings, $variables)"/>
  </xsl:template>

  <!-- The names after $ that are parameters, replaced by their values. `$a-1` is `$a` and `-1` if `a` is a parameter
       and `a-1` neither a parameter nor a variable. -->
  <xsl:function name="f:bind" as="xs:string">
    <xsl:param name="expression" as="xs:string"/>
    <xsl:param name="bindings" as="map(xs:string, xs:string)"/>
    <xsl:param name="variables" as="xs:string*"/>
    <xsl:variable name="parts" as="xs:string*">
      <xsl:analyze-string select="$expression" regex="\$([\i-[:]][\c-[:]]*)">
        <xsl:matching-substring>
          <xsl:variable name="name" select="regex-group(1)"/>
          <xsl:variable name="fitting" as="xs:string?" select="
              if (map:contains($bindings, $name)) then $name
              else if ($name = $variables) then ()
              else sort(map:keys($bindings)[matches(substring-after($name, .), '^[-.]') and starts-with($name, .)],
                        (), string-length#1)[last()]" xmlns:map="http://www.w3.org/2005/xpath-functions/map"/>
          <xsl:sequence select="
              if (exists($fitting)) then $bindings($fitting) || substring($name, string-length($fitting) + 1) else ."/>
        </xsl:matching-substring>
        <xsl:non-matching-substring>
          <xsl:sequence select="."/>
        </xsl:non-matching-substring>
      </xsl:analyze-string>
    </xsl:variable>
    <xsl:sequence select="string-join($parts)"/>
  </xsl:function>

  <!-- An abstract rule of the same pattern goes before one of the same id elsewhere. -->
  <xsl:template match="sch:extends[@rule]" mode="expand bind">
    <xsl:param name="extending" as="xs:string*" tunnel="yes"/>
    <xsl:variable name="named" select="key('abstract-rule', @rule)"/>
    <xsl:variable name="source" select="($named[.. is current()/ancestor::sch:pattern[1]], $named)[1]"/>
    <xsl:if test="empty($source)">
      <xsl:sequence select="f:refuse('there is no abstract rule ' || @rule, .)"/>
    </xsl:if>
    <xsl:if test="@rule = $extending">
      <xsl:sequence select="f:refuse('the abstract rule ' || @rule || ' extends itself', .)"/>
    </xsl:if>
    <xsl:apply-templates select="$source/node()" mode="#current">
      <xsl:with-param name="extending" select="$extending, string(@rule)" tunnel="yes"/>
    </xsl:apply-templates>
  </xsl:template>

  <!-- ============================================================ compile -->

  <xsl:template match="sch:schema" mode="compile">
    <xsl:param name="base" as="xs:string"/>
    <xsl:variable name="binding" select="lower-case(@queryBinding)"/>
    <xsl:if test="not($binding = ('', 'xslt', 'xslt1', 'xslt2', 'xslt3', 'xpath2', 'xpath3', 'xpath31'))">
      <xsl:sequence select="f:refuse('the query binding ' || @queryBinding || ' is not supported', .)"/>
    </xsl:if>
    <xsl:variable name="chosen" select="
        if ($phase = '#DEFAULT') then string((@defaultPhase, '#ALL')[1]) else $phase"/>
    <xsl:if test="$chosen != '#ALL' and not(sch:phase[@id = $chosen])">
      <xsl:sequence select="f:refuse('there is no phase ' || $chosen, .)"/>
    </xsl:if>
    <xsl:variable name="patterns" select="
        sch:pattern[$chosen = '#ALL' or @id = ../sch:phase[@id = $chosen]/sch:active/@pattern]"/>
    <out:stylesheet version="3.0">
      <xsl:for-each select="sch:ns[not(@prefix = ('xml', 'xsl', 'svrl'))]">
        <xsl:namespace name="{@prefix}" select="string(@uri)"/>
      </xsl:for-each>
      <xsl:if test="$base != ''">
        <xsl:attribute name="xml:base" select="$base"/>
      </xsl:if>
      <xsl:copy-of select="xsl:import, xsl:* except xsl:import"/>
      <out:output method="xml" indent="no" encoding="UTF-8"/>
      <xsl:apply-templates select="sch:let | sch:phase[@id = $chosen]/sch:let" mode="compile"/>
      <out:template match="/" priority="1">
        <svrl:schematron-output>
          <xsl:for-each select="sch:title">
            <out:attribute name="title"><xsl:value-of select="normalize-space()"/></out:attribute>
          </xsl:for-each>
          <xsl:for-each select="@schemaVersion">
            <out:attribute name="schemaVersion"><xsl:value-of select="."/></out:attribute>
          </xsl:for-each>
          <out:attribute name="phase"><xsl:value-of select="$chosen"/></out:attribute>
          <xsl:for-each select="sch:ns">
            <svrl:ns-prefix-in-attribute-values prefix="{@prefix}" uri="{@uri}"/>
          </xsl:for-each>
          <xsl:for-each select="$patterns">
            <svrl:active-pattern>
              <xsl:sequence select="f:said(@id), f:said(@name)"/>
            </svrl:active-pattern>
            <out:apply-templates select="/" mode="pattern-{position()}"/>
          </xsl:for-each>
        </svrl:schematron-output>
      </out:template>
      <xsl:for-each select="$patterns">
        <xsl:apply-templates select="." mode="compile">
          <xsl:with-param name="number" select="position()"/>
          <xsl:with-param name="patterns" select="$patterns"/>
        </xsl:apply-templates>
      </xsl:for-each>
    </out:stylesheet>
  </xsl:template>

  <!-- An attribute of the schema, as an instruction: as text it cannot be taken for an attribute value template. -->
  <xsl:function name="f:said" as="element()?">
    <xsl:param name="attribute" as="attribute()?"/>
    <xsl:if test="$attribute">
      <out:attribute name="{local-name($attribute)}"><xsl:value-of select="$attribute"/></out:attribute>
    </xsl:if>
  </xsl:function>

  <!-- A variable of a pattern is global in the result; where two share a name, the pattern's number is added. -->
  <xsl:template match="sch:pattern" mode="compile">
    <xsl:param name="number" as="xs:integer"/>
    <xsl:param name="patterns" as="element()*"/>
    <xsl:if test="@documents">
      <xsl:sequence select="f:refuse('the attribute documents is not supported', .)"/>
    </xsl:if>
    <xsl:variable name="taken" select="
        (../sch:let | ../sch:phase/sch:let | ($patterns except .)/sch:let)/string(@name)"/>
    <xsl:variable name="renamed" as="map(xs:string, xs:string)" select="
        map:merge(sch:let[@name = $taken] ! map:entry(string(@name), '$' || @name || '_pattern-' || $number))"
        xmlns:map="http://www.w3.org/2005/xpath-functions/map"/>
    <xsl:variable name="own" as="element()">
      <xsl:choose>
        <xsl:when test="sch:let[@name = $taken]">
          <xsl:variable name="bound" as="element()">
            <xsl:apply-templates select="." mode="bind">
              <xsl:with-param name="bindings" select="$renamed" tunnel="yes"/>
              <xsl:with-param name="variables" select="//sch:let/string(@name)" tunnel="yes"/>
            </xsl:apply-templates>
          </xsl:variable>
          <xsl:sequence select="$bound"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:sequence select="."/>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="diagnostics" select="../sch:diagnostics/sch:diagnostic"/>
    <xsl:variable name="count" select="count($own/sch:rule)"/>
    <xsl:copy-of select="$own/xsl:*"/>
    <xsl:for-each select="$own/sch:let">
      <xsl:apply-templates select="." mode="compile">
        <xsl:with-param name="name" select="string((substring($renamed(@name), 2)[. != ''], @name)[1])"/>
      </xsl:apply-templates>
    </xsl:for-each>
    <out:mode name="pattern-{$number}" on-no-match="shallow-skip" on-multiple-match="use-last"
              warning-on-multiple-match="no"/>
    <xsl:for-each select="$own/sch:rule">
      <out:template match="{@context}" mode="pattern-{$number}" priority="{$count - position() + 1}">
        <svrl:fired-rule>
          <xsl:sequence select="f:said(@context), f:said(@id), f:said(@role), f:said(@flag)"/>
        </svrl:fired-rule>
        <xsl:apply-templates select="sch:let | sch:assert | sch:report | xsl:*" mode="compile">
          <xsl:with-param name="diagnostics" select="$diagnostics"/>
        </xsl:apply-templates>
        <out:apply-templates select="@* | node()" mode="#current"/>
      </out:template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="sch:let" mode="compile">
    <xsl:param name="name" as="xs:string" select="string(@name)"/>
    <out:variable name="{$name}">
      <xsl:choose>
        <xsl:when test="@value">
          <xsl:attribute name="select" select="@value"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:copy-of select="node()"/>
        </xsl:otherwise>
      </xsl:choose>
    </out:variable>
  </xsl:template>

  <xsl:template match="xsl:*" mode="compile">
    <xsl:copy-of select="."/>
  </xsl:template>

  <xsl:template match="sch:assert" mode="compile">
    <xsl:param name="diagnostics" as="element()*"/>
    <out:choose>
      <out:when test="{@test}"/>
      <out:otherwise>
        <svrl:failed-assert>
          <xsl:call-template name="statement">
            <xsl:with-param name="diagnostics" select="$diagnostics"/>
          </xsl:call-template>
        </svrl:failed-assert>
      </out:otherwise>
    </out:choose>
  </xsl:template>

  <xsl:template match="sch:report" mode="compile">
    <xsl:param name="diagnostics" as="element()*"/>
    <out:if test="{@test}">
      <svrl:successful-report>
        <xsl:call-template name="statement">
          <xsl:with-param name="diagnostics" select="$diagnostics"/>
        </xsl:call-template>
      </svrl:successful-report>
    </out:if>
  </xsl:template>

  <xsl:template name="statement">
    <xsl:param name="diagnostics" as="element()*"/>
    <xsl:variable name="asked" select="tokenize(@diagnostics)"/>
    <xsl:sequence select="f:said(@id), f:said((@flag, ../@flag)[1]), f:said((@role, ../@role)[1]), f:said(@see),
                          f:said(@test)"/>
    <out:attribute name="location" select="path(.)"/>
    <svrl:text>
      <xsl:apply-templates mode="text"/>
    </svrl:text>
    <xsl:for-each select="$diagnostics[@id = $asked]">
      <svrl:diagnostic-reference>
        <out:attribute name="diagnostic"><xsl:value-of select="@id"/></out:attribute>
        <xsl:apply-templates mode="text"/>
      </svrl:diagnostic-reference>
    </xsl:for-each>
  </xsl:template>

  <!-- =============================================================== text -->

  <xsl:template match="text()" mode="text">
    <out:text><xsl:value-of select="."/></out:text>
  </xsl:template>

  <xsl:template match="sch:value-of" mode="text">
    <out:value-of select="{@select}"/>
  </xsl:template>

  <xsl:template match="sch:name" mode="text">
    <out:value-of select="name({@path})"/>
  </xsl:template>

  <xsl:template match="xsl:*" mode="text">
    <xsl:copy-of select="."/>
  </xsl:template>

  <xsl:template match="*" mode="text" priority="-1">
    <xsl:apply-templates mode="text"/>
  </xsl:template>
</xsl:stylesheet>
