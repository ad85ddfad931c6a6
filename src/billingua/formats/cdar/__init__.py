"""CrossDomainAcknowledgementAndResponse (CDAR) D22B: the life-cycle messages of the French reform."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

_STANDARD = "urn:un:unece:uncefact:data:standard"
_CDAR = f"{_STANDARD}:CrossDomainAcknowledgementAndResponse:100"

FORMAT = Format(
    package=__name__,
    title="CDAR",
    roots={f"{{{_CDAR}}}CrossDomainAcknowledgementAndResponse": "cdar"},
    namespaces={
        "rsm": _CDAR,
        "ram": f"{_STANDARD}:ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_STANDARD}:UnqualifiedDataType:100",
        "qdt": f"{_STANDARD}:QualifiedDataType:100",
    },
    schemas={"cdar": "cdar-d22b/CrossDomainAcknowledgementAndResponse.xsd"},
    profile="rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    version="D22B",
    own_model="LifecycleMessage",
)
