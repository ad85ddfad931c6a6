"""The codes that the profile takes: those of the code lists, and its own (`codes.tsv`)."""

from typing import Final

from billingua.codelists import codes
from billingua.resources import cells_of, table_beside

__all__ = ["ATTRIBUTES", "INCOTERMS", "MIME", "SCHEMES", "TAXES"]

_OWN: Final = {name: frozenset(own.split()) for name, own in cells_of(table_beside(__file__, "codes.tsv"))}

ATTRIBUTES: Final = codes("untdid_6313") | _OWN["attributes"]
INCOTERMS: Final = _OWN["incoterms"]
MIME: Final = codes("mime") | _OWN["mime"]
SCHEMES: Final = codes("iso_6523_icd") | _OWN["schemes"]
TAXES: Final = codes("untdid_5153") - {"VAT"}
