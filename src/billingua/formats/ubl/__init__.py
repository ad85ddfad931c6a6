"""OASIS UBL 2.1: Invoice and CreditNote."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

FORMAT = Format(
    package=__name__,
    title="UBL 2.1",
    alias="ubl",
    roots={
        "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "ubl-invoice",
        "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "ubl-creditnote",
    },
    namespaces={
        "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
        "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
        "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    },
    schemas={"ubl-invoice": "ubl-2.1/InvoicePlain.xsd", "ubl-creditnote": "ubl-2.1/CreditNotePlain.xsd"},
    cores={"ubl-invoice": "ubl-2.1/InvoiceCore.xsd", "ubl-creditnote": "ubl-2.1/CreditNoteCore.xsd"},
    schemas_with={
        "{urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2}ExtensionContent": {
            "ubl-invoice": "ubl-2.1/Invoice.xsd",
            "ubl-creditnote": "ubl-2.1/CreditNote.xsd",
        }
    },
    repeated=("cac:InvoiceLine", "cac:CreditNoteLine"),
    profile="cbc:CustomizationID",
    version="2.1",
    version_path="cbc:UBLVersionID",
)
