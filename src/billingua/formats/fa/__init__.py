"""KSeF logical structures of the Polish ministry of finance: FA(3), and FA(2) for reading."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

_FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"
_FA2 = "http://crd.gov.pl/wzor/2023/06/29/12648/"

FORMAT = Format(
    package=__name__,
    title="KSeF FA",
    roots={f"{{{_FA3}}}Faktura": "fa3", f"{{{_FA2}}}Faktura": "fa2"},
    namespaces={"": _FA3},
    namespaces_with={"fa2": {"": _FA2}},
    schemas={"fa3": "fa-3/Faktura.xsd", "fa2": "fa-2/Faktura.xsd"},
    repeated=("FaWiersz",),
    read_only=frozenset({"fa2"}),
    version="1-0E",
    own_model="FaInvoice",
)
