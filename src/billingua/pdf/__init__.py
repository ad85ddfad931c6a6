"""PDF: the container of hybrid invoices, and what makes one PDF/A.

    from billingua import pdf

    hybrid = pdf.embed(plain_pdf, invoice_xml)      # PDF/A-3 with the invoice inside: Factur-X, ZUGFeRD
    pdf.extract(hybrid)                             # every file in it: name, media type, relationship, bytes
    report = pdf.check(hybrid, "3b")                # is it PDF/A-3b? (ISO 19005-3)
    signed = pdf.sign(hybrid, p12="own.p12", password=secret)    # PAdES; PDF/A and attachments stay
    pdf.verify(signed, roots="root.pem").valid      # are all signatures right?

This needs the packages of the extra `pdf`; signatures need those of the extra `sign`. Everything loads when it is first
used.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.pdf.checking import check
    from billingua.pdf.embedding import embed
    from billingua.pdf.extraction import Embedded, extract, safe_name
    from billingua.pdf.signing import sign
    from billingua.pdf.verification import SignatureCheck, Verification, verify

__all__ = ["Embedded", "SignatureCheck", "Verification", "check", "embed", "extract", "safe_name", "sign", "verify"]

_HOMES = {
    "Embedded": "pdf.extraction",
    "SignatureCheck": "pdf.verification",
    "Verification": "pdf.verification",
    "check": "pdf.checking",
    "embed": "pdf.embedding",
    "extract": "pdf.extraction",
    "safe_name": "pdf.extraction",
    "sign": "pdf.signing",
    "verify": "pdf.verification",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
