"""The codes that the profile takes: those of the code lists, and its own (`codes.tsv`)."""

from typing import Final

from billingua.codelists import codes
from billingua.engine.locate import Element
from billingua.engine.values import normalized
from billingua.engine.xml import tag_of
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import said
from billingua.rules.fr_extended_ctc.common import Broken, Found, quoted

__all__ = ["ATTRIBUTES", "INCOTERMS", "MIME", "SCHEMES", "charge_reason"]

_OWN: Final = {name: frozenset(own.split()) for name, own in cells_of(table_beside(__file__, "codes.tsv"))}

ATTRIBUTES: Final = codes("untdid_6313") | _OWN["attributes"]
INCOTERMS: Final = _OWN["incoterms"]
MIME: Final = codes("mime") | _OWN["mime"]
SCHEMES: Final = codes("iso_6523_icd") | _OWN["schemes"]
_TAXES: Final = codes("untdid_5153") - {"VAT"}


def charge_reason(code: Element) -> Found:
    """The rules that the reason code of a charge breaks: it is of the list 7161, or a tax of the list 5153."""
    listed, text = code.get("listID"), normalized(said(code))
    of_line = any("Line" in tag_of(around) for around in code.iterancestors())
    values = {"BT-145" if of_line else "BT-105": said(code)}
    if listed in (None, "7161"):
        if text not in codes("untdid_7161"):
            yield Broken("BR-FREXT-CL-20", code, values=values)
    elif listed == "5153" and text not in _TAXES:
        yield Broken("BR-FREXT-CL-20-TAX", code, values=values)
    if listed and normalized(listed) not in ("7161", "5153"):
        yield Broken("BR-FREXT-CL-20-LISTID", code, f"The list is {quoted([listed])}.", values)
