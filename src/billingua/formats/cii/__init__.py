"""UN/CEFACT CrossIndustryInvoice: reads releases D16B and D22B, whose namespaces are the same."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

FORMAT = Format(
    package=__name__,
    title="UN/CEFACT CII",
    roots={"{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": "cii"},
    namespaces={
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
        "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    },
    schemas={"cii": "cii-d16b/CrossIndustryInvoice.xsd"},
    cores={"cii": "cii-d16b/CrossIndustryInvoiceCore.xsd"},
    releases={"d16b": "cii-d16b/CrossIndustryInvoice.xsd", "d22b": "cii-d22b/CrossIndustryInvoice.xsd"},
    repeated=("ram:IncludedSupplyChainTradeLineItem",),
    version="D16B/D22B",
    profile="rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
)
