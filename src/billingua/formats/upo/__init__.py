"""The official receipt of KSeF (UPO): releases 4-3 and 4-2, read only."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

_V43 = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"
_V42 = "http://upo.schematy.mf.gov.pl/KSeF/v4-2"
_OLDER = f"{{{_V42}}}Potwierdzenie"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"

FORMAT = Format(
    package=__name__,
    title="KSeF UPO",
    roots={f"{{{_V43}}}Potwierdzenie": "upo", _OLDER: "upo"},
    namespaces={"": _V43, "ds": _SIGNATURE},
    namespaces_with={_OLDER: {"": _V42}},
    schemas={"upo": "upo-4.3/Potwierdzenie.xsd"},
    schemas_with={_OLDER: {"upo": "upo-4.2/Potwierdzenie.xsd"}},
    version="4-3",
    versions={_OLDER: "4-2"},
    read_only=frozenset({"upo"}),
    apart=f"{{{_SIGNATURE}}}Signature",
    structure_only=True,
    own_model="Receipt",
)
