"""Documents with very many of something: the time grows with their size, not with its square."""

import time
from pathlib import Path

import pytest

import billingua as bl

SAMPLES = Path(__file__).parents[2] / "samples"
REASON = "<cbc:AllowanceChargeReason>x</cbc:AllowanceChargeReason>"
CATEGORY = "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>x</cbc:Percent></cac:TaxCategory>"
TAX = (
    "<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
    "<ram:CategoryCode>S</ram:CategoryCode></ram:CategoryTradeTax>"
)
UBL = (
    "standard-rated.ubl.xml",
    "<cac:TaxTotal>",
    "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>{}</cac:AllowanceCharge>",
)
CII = (
    "standard-rated.cii.xml",
    "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
    "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
    "<ram:ActualAmount>1</ram:ActualAmount>{}</ram:SpecifiedTradeAllowanceCharge>",
)
IDENTIFIER = "<ram:GlobalID>4006381333931</ram:GlobalID>"
PRODUCT = ("standard-rated.cii.xml", "</ram:SpecifiedTradeProduct>", "{}")


@pytest.mark.parametrize(
    ("within", "repeated"),
    [(UBL, REASON), (UBL, CATEGORY), (CII, TAX), (PRODUCT, IDENTIFIER)],
    ids=["reasons", "bad categories", "taxes", "identifiers"],
)
def test_many_children_of_one_element(within: tuple[str, str, str], repeated: str) -> None:
    name, before, around = within
    text = (SAMPLES / name).read_text("utf-8")

    def taken(times: int) -> float:
        data = text.replace(before, around.format(repeated * times) + before, 1).encode()
        start = time.process_time()
        assert not bl.validate(data).schema_valid
        return time.process_time() - start

    taken(100)
    assert taken(8000) < 12 * taken(2000), "four times as many; sixteen times as long would be the square"
