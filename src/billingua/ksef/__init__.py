"""KSeF, the Polish national invoice system, without its network: what is needed before sending and after printing.

    from billingua import ksef

    found = ksef.invoice_hash("invoice.xml")                     # of the exact bytes that will be sent
    url = ksef.invoice_link("5265877635", date(2026, 2, 1), found)    # KOD I
    image = ksef.qr_png(url, "OFFLINE")
    ksef.deadline("offline24", date(2026, 2, 1))                 # by when the invoice must reach KSeF
    ksef.pack("invoices", "package", public_key)                 # the encrypted parts of a batch session

Signing links and encrypting need the package cryptography, images need segno and Pillow: the extra `ksef`.
Nothing here talks to KSeF, and no link that is built here proves that KSeF knows the invoice or the certificate.
Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.errors import KsefNumberError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.formats.fa.model import FaInvoice
    from billingua.identifiers.ksef_number import CollectiveIdentifier, KsefNumber
    from billingua.ksef.batch import Package, Packed, pack, unpack
    from billingua.ksef.certificates import certificate_serial, load_certificate, load_private_key, load_public_key
    from billingua.ksef.encryption import (
        EncryptedInvoice,
        SessionKey,
        certificate_id,
        encrypt_invoice,
        public_key_id,
        session_key,
    )
    from billingua.ksef.hash import InvoiceHash, invoice_hash
    from billingua.ksef.invoice import Identity, QrCode, certificate_code, identity, invoice_code
    from billingua.ksef.links import (
        CONTEXT_TYPES,
        ENVIRONMENTS,
        LinkCheck,
        certificate_link,
        check_certificate_link,
        invoice_link,
        verify_certificate_link,
    )
    from billingua.ksef.offline import (
        MODES,
        Code,
        Correction,
        Mode,
        codes_on_printout,
        deadline,
        technical_correction,
    )
    from billingua.ksef.qr import qr_png, qr_svg
    from billingua.ksef.upo import ReceiptMatch, match_receipt

__all__ = [
    "CONTEXT_TYPES",
    "ENVIRONMENTS",
    "MODES",
    "Code",
    "CollectiveIdentifier",
    "Correction",
    "EncryptedInvoice",
    "FaInvoice",
    "Identity",
    "InvoiceHash",
    "KsefNumber",
    "KsefNumberError",
    "LinkCheck",
    "Mode",
    "Package",
    "Packed",
    "QrCode",
    "ReceiptMatch",
    "SessionKey",
    "certificate_code",
    "certificate_id",
    "certificate_link",
    "certificate_serial",
    "check_certificate_link",
    "codes_on_printout",
    "deadline",
    "encrypt_invoice",
    "identity",
    "invoice_code",
    "invoice_hash",
    "invoice_link",
    "load_certificate",
    "load_private_key",
    "load_public_key",
    "match_receipt",
    "pack",
    "public_key_id",
    "qr_png",
    "qr_svg",
    "session_key",
    "technical_correction",
    "unpack",
    "verify_certificate_link",
]

_HOMES = {
    "CONTEXT_TYPES": "ksef.links",
    "ENVIRONMENTS": "ksef.links",
    "MODES": "ksef.offline",
    "Code": "ksef.offline",
    "CollectiveIdentifier": "identifiers.ksef_number",
    "Correction": "ksef.offline",
    "EncryptedInvoice": "ksef.encryption",
    "FaInvoice": "formats.fa.model",
    "Identity": "ksef.invoice",
    "InvoiceHash": "ksef.hash",
    "KsefNumber": "identifiers.ksef_number",
    "LinkCheck": "ksef.links",
    "Mode": "ksef.offline",
    "Package": "ksef.batch",
    "Packed": "ksef.batch",
    "QrCode": "ksef.invoice",
    "ReceiptMatch": "ksef.upo",
    "SessionKey": "ksef.encryption",
    "certificate_code": "ksef.invoice",
    "certificate_id": "ksef.encryption",
    "certificate_link": "ksef.links",
    "certificate_serial": "ksef.certificates",
    "check_certificate_link": "ksef.links",
    "codes_on_printout": "ksef.offline",
    "deadline": "ksef.offline",
    "encrypt_invoice": "ksef.encryption",
    "identity": "ksef.invoice",
    "invoice_code": "ksef.invoice",
    "invoice_hash": "ksef.hash",
    "invoice_link": "ksef.links",
    "load_certificate": "ksef.certificates",
    "load_private_key": "ksef.certificates",
    "load_public_key": "ksef.certificates",
    "match_receipt": "ksef.upo",
    "pack": "ksef.batch",
    "public_key_id": "ksef.encryption",
    "qr_png": "ksef.qr",
    "qr_svg": "ksef.qr",
    "session_key": "ksef.encryption",
    "technical_correction": "ksef.offline",
    "unpack": "ksef.batch",
    "verify_certificate_link": "ksef.links",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
