"""The calls of FactPulse by hand: what each is given, where it goes, what its body is."""

import datetime as dt
from decimal import Decimal
from typing import Any

from billingua.remote import factpulse as fp
from billingua.remote.afnor import DirectoryLineFilters, Filter, FlowFilters, FlowInfo
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret

_DAY = dt.date(2026, 9, 1)
_PDF = File("a.pdf", b"%PDF-", "application/pdf")
_XML = File("a.xml", b"<a/>", "application/xml")
_PDF_PART = ("a.pdf", b"%PDF-")
_XML_PART = ("a.xml", b"<a/>")
_PISTE = fp.ChorusProCredentials(
    piste_client_id="piste",
    piste_client_secret=Secret("piste-secret"),
    chorus_login="login",
    chorus_password=Secret("chorus-secret"),
    sandbox_mode=False,
)
_PISTE_JSON = {
    "pisteClientId": "piste",
    "pisteClientSecret": "piste-secret",
    "chorusProLogin": "login",
    "chorusProPassword": "chorus-secret",
    "sandbox": False,
}
_BREAKDOWN = (fp.TaxBreakdown(rate=Decimal(20), taxable_amount=Decimal("100.00"), tax_amount=Decimal("20.00")),)
_BREAKDOWN_JSON = [{"rate": 20, "taxableAmount": 100.0, "taxAmount": 20.0}]
_BASE = {
    "report_id": "R1",
    "sender": fp.ReportSender(siren="123456782", name="Sender"),
    "period": fp.ReportPeriod(start_date=_DAY, end_date=_DAY),
}
_BASE_JSON = {
    "reportId": "R1",
    "sender": {"siren": "123456782", "name": "Sender"},
    "period": {"startDate": "2026-09-01", "endDate": "2026-09-01"},
}
_REPORT = {
    **_BASE,
    "flow_type": "10.3",
    "transactions": (
        fp.Transaction(
            date=_DAY,
            category_code="TLB1",
            tax_exclusive_amount=Decimal("100.00"),
            tax_amount=Decimal("20.00"),
            tax_breakdown=_BREAKDOWN,
            tax_due_type="5",
        ),
    ),
}
_REPORT_JSON = {
    **_BASE_JSON,
    "flowType": "10.3",
    "transactions": [
        {
            "date": "2026-09-01",
            "categoryCode": "TLB1",
            "taxExclusiveAmount": 100.0,
            "taxAmount": 20.0,
            "taxBreakdown": _BREAKDOWN_JSON,
            "taxDueType": "5",
        }
    ],
}
_PAYMENT = (
    fp.AggregatedPayment(payment_date=_DAY, amounts_by_rate=(fp.AmountByRate(rate=Decimal(20), amount=Decimal(12)),)),
)
_PAYMENT_JSON = [{"paymentDate": "2026-09-01", "amountsByRate": [{"rate": 20, "amount": 12}]}]
_CDAR = {
    "document_id": "D1",
    "sender_siren": "123456782",
    "invoice_id": "F1",
    "invoice_issue_date": _DAY,
    "status": "205",
    "recipients": (fp.CdarRecipient(siren="123456782", role="SE"),),
}
_CDAR_JSON = {
    "documentId": "D1",
    "senderSiren": "123456782",
    "invoiceId": "F1",
    "invoiceIssueDate": "2026-09-01",
    "status": "205",
    "recipients": [{"siren": "123456782", "role": "SE"}],
}
_NONE: dict[str, Any] = {}

# call: what it is given, where it goes, its body
CALLS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "generate_invoice": (
        {"invoice_data": {"number": "F1"}, "profile": "EN16931", "auto_enrich": False, "source_pdf": _PDF},
        "POST /api/v1/processing/generate-invoice",
        {"invoice_data": {"number": "F1"}, "profile": "EN16931", "auto_enrich": "false", "source_pdf": _PDF_PART},
    ),
    "submit_complete": (
        {
            "invoice_data": {"number": "F1"},
            "source_pdf": b"%PDF-",
            "destination": fp.AfnorDestination(flow_syntax="Factur-X"),
            "options": fp.ProcessingOptions(facturx_profile="EN16931", auto_enrich=False),
        },
        "POST /api/v1/processing/invoices/submit-complete",
        {
            "invoiceData": {"number": "F1"},
            "sourcePdf": "JVBERi0=",
            "destination": {"type": "afnor", "flowSyntax": "Factur-X"},
            "options": {"facturxProfile": "EN16931", "autoEnrich": False},
        },
    ),
    "submit_complete_async": (
        {
            "invoice_data": {},
            "source_pdf": b"",
            "destination": fp.ChorusDestination(
                credentials=fp.ChorusCredentials(
                    piste_client_id="p",
                    piste_client_secret=Secret("piste-secret"),
                    chorus_login="l",
                    chorus_password=Secret("chorus-secret"),
                    sandbox_mode=True,
                )
            ),
            "callback_url": "https://example.org/x?y=1",
            "webhook_mode": "inline",
        },
        "POST /api/v1/processing/invoices/submit-complete-async"
        "?callback_url=https%3A%2F%2Fexample.org%2Fx%3Fy%3D1&webhook_mode=inline",
        {
            "invoiceData": {},
            "sourcePdf": "",
            "destination": {
                "type": "chorus_pro",
                "credentials": {
                    "pisteClientId": "p",
                    "pisteClientSecret": "piste-secret",
                    "chorusLogin": "l",
                    "chorusPassword": "chorus-secret",
                    "sandboxMode": True,
                },
            },
        },
    ),
    "task": ({"task_id": "t/1"}, "GET /api/v1/processing/tasks/t%2F1/status", None),
    "generation_task": ({"task_id": "t"}, "GET /api/v1/processing/tasks/t/generation-status", None),
    "signature_task": ({"task_id": "t"}, "GET /api/v1/processing/tasks/t/signature-status", None),
    "validation_task": ({"task_id": "t"}, "GET /api/v1/processing/tasks/t/validation-status", None),
    "validate_xml": (
        {"xml_file": _XML, "profile": "EN16931", "skip_br_fr": True},
        "POST /api/v1/processing/validate-xml",
        {"xml_file": _XML_PART, "profile": "EN16931", "skip_br_fr": "true"},
    ),
    "validate_facturx_pdf": (
        {"pdf_file": _PDF, "use_verapdf": True},
        "POST /api/v1/processing/validate-facturx-pdf",
        {"pdf_file": _PDF_PART, "use_verapdf": "true"},
    ),
    "validate_facturx_async": (
        {"pdf_file": _PDF, "webhook_mode": "download_url"},
        "POST /api/v1/processing/validate-facturx-async",
        {"pdf_file": _PDF_PART, "webhook_mode": "download_url"},
    ),
    "parse_facturx": ({"file": _PDF}, "POST /api/v1/processing/parse-facturx", {"file": _PDF_PART}),
    "parse_facturx_async": (
        {"file": _PDF, "callback_url": "https://example.org"},
        "POST /api/v1/processing/parse-facturx/async",
        {"file": _PDF_PART, "callbackUrl": "https://example.org"},
    ),
    "sign_pdf": (
        {"pdf_file": _PDF, "use_pades_lt": True},
        "POST /api/v1/processing/sign-pdf",
        {"pdf_file": _PDF_PART, "use_pades_lt": "true"},
    ),
    "sign_pdf_async": (
        {"pdf_file": _PDF, "field_name": "S", "callback_url": "https://example.org"},
        "POST /api/v1/processing/sign-pdf-async",
        {"pdf_file": _PDF_PART, "field_name": "S", "callback_url": "https://example.org"},
    ),
    "validate_pdf_signature": (
        {"pdf_file": _PDF},
        "POST /api/v1/processing/validate-pdf-signature",
        {"pdf_file": _PDF_PART},
    ),
    "generate_test_certificate": (
        {"cn": "Test", "validity_days": 30, "generate_p12": True, "p12_passphrase": Secret("open it")},
        "POST /api/v1/processing/generate-test-certificate",
        {"cn": "Test", "validityDays": 30, "generateP12": True, "p12Passphrase": "open it"},
    ),
    "convert_async": (
        {"file": _PDF, "output": "xml"},
        "POST /api/v1/convert/async",
        {"file": _PDF_PART, "output": "xml"},
    ),
    "conversion": ({"conversion_id": "c"}, "GET /api/v1/convert/c/status", None),
    "conversion_task": ({"task_id": "t"}, "GET /api/v1/convert/tasks/t/conversion-status", None),
    "resume_conversion": (
        {"conversion_id": "c", "overrides": {"supplier.siret": "1"}},
        "POST /api/v1/convert/c/resume",
        {"overrides": {"supplier.siret": "1"}},
    ),
    "resume_conversion_async": (
        {"conversion_id": "c", "callback_url": "https://example.org"},
        "POST /api/v1/convert/c/resume/async",
        {"callback_url": "https://example.org"},
    ),
    "converted_file": (
        {"conversion_id": "c", "filename": "facturx.pdf"},
        "GET /api/v1/convert/c/download/facturx.pdf",
        None,
    ),
    "verify": ({"pdf_file": _PDF}, "POST /api/v1/verification/verify", {"pdf_file": _PDF_PART}),
    "verify_async": (
        {"pdf_file": _PDF, "force_ocr": False},
        "POST /api/v1/verification/verify-async",
        {"pdf_file": _PDF_PART, "force_ocr": "false"},
    ),
    "verification_status": ({"task_id": "t"}, "GET /api/v1/verification/verify-async/t/status", None),
    "verification_task": ({"task_id": "t"}, "GET /api/v1/verification/verify-async/t/typed-status", None),
    "generate_cdar": (_CDAR, "POST /api/v1/cdar/generate", _CDAR_JSON),
    "submit_cdar": (
        {**_CDAR, "flow_type": "CustomerInvoiceLC", "pdp_client_secret": Secret("platform")},
        "POST /api/v1/cdar/submit",
        {**_CDAR_JSON, "flowType": "CustomerInvoiceLC", "pdpClientSecret": "platform"},
    ),
    "submit_cdar_xml": (
        {"xml": "<a/>", "filename": "a.xml"},
        "POST /api/v1/cdar/submit-xml",
        {"xml": "<a/>", "filename": "a.xml"},
    ),
    "cdar_cashed": (
        {
            "invoice_id": "F1",
            "invoice_issue_date": _DAY,
            "invoice_buyer_siren": "123456782",
            "invoice_buyer_electronic_address": "123456782",
            "amount": Decimal("120.00"),
            "vat_rate": Decimal("5.5"),
        },
        "POST /api/v1/cdar/encaissee",
        {
            "invoiceId": "F1",
            "invoiceIssueDate": "2026-09-01",
            "invoiceBuyerSiren": "123456782",
            "invoiceBuyerElectronicAddress": "123456782",
            "amount": 120.0,
            "vatRate": 5.5,
        },
    ),
    "cdar_refused": (
        {
            "invoice_id": "F1",
            "invoice_issue_date": _DAY,
            "invoice_seller_siren": "123456782",
            "invoice_seller_electronic_address": "123456782",
            "reason_code": "TX_TVA_ERR",
        },
        "POST /api/v1/cdar/refusee",
        {
            "invoiceId": "F1",
            "invoiceIssueDate": "2026-09-01",
            "invoiceSellerSiren": "123456782",
            "invoiceSellerElectronicAddress": "123456782",
            "reasonCode": "TX_TVA_ERR",
        },
    ),
    "validate_cdar": ({"status": "210"}, "POST /api/v1/cdar/validate", {"status": "210"}),
    "validate_cdar_xml": ({"xml_file": _XML}, "POST /api/v1/cdar/validate-xml", {"xml_file": _XML_PART}),
    "lifecycle": (
        {"days": 30, "invoice_id": "F/1", "flow_direction": "In"},
        "GET /api/v1/cdar/lifecycle?days=30&invoiceId=F%2F1&flowDirection=In",
        None,
    ),
    "cdar_status_codes": (_NONE, "GET /api/v1/cdar/status-codes", None),
    "cdar_reason_codes": (_NONE, "GET /api/v1/cdar/reason-codes", None),
    "cdar_action_codes": (_NONE, "GET /api/v1/cdar/action-codes", None),
    "generate_report": (_REPORT, "POST /api/v1/ereporting/generate", _REPORT_JSON),
    "generate_aggregated_report": (
        {**_BASE, "transaction_payments": _PAYMENT},
        "POST /api/v1/ereporting/generate-aggregated",
        {**_BASE_JSON, "transactionPayments": _PAYMENT_JSON},
    ),
    "download_report": (
        {**_BASE, "flow_type": "10.4", "aggregated_payments": _PAYMENT, "filename": "r.xml"},
        "POST /api/v1/ereporting/generate/download?filename=r.xml",
        {**_BASE_JSON, "flowType": "10.4", "aggregatedPayments": _PAYMENT_JSON},
    ),
    "submit_report": (
        {"data": fp.Report(**_REPORT), "tracking_id": "T"},
        "POST /api/v1/ereporting/submit",
        {"data": _REPORT_JSON, "trackingId": "T"},
    ),
    "submit_aggregated_report": (
        {"data": fp.AggregatedReport(**_BASE)},
        "POST /api/v1/ereporting/submit-aggregated",
        {"data": _BASE_JSON},
    ),
    "submit_report_xml": (
        {"xml_file": _XML, "tracking_id": "T", "skip_validation": True, "pdp_client_secret": Secret("platform")},
        "POST /api/v1/ereporting/submit-xml",
        {"xml_file": _XML_PART, "tracking_id": "T", "skip_validation": "true", "pdp_client_secret": "platform"},
    ),
    "validate_report": (
        {"data": fp.Report(**_REPORT)},
        "POST /api/v1/ereporting/validate",
        {"data": _REPORT_JSON},
    ),
    "validate_aggregated_report": (_BASE, "POST /api/v1/ereporting/validate-aggregated", _BASE_JSON),
    "validate_report_xml": (
        {"xml_file": _XML, "validate_period": False},
        "POST /api/v1/ereporting/validate-xml?validate_period=false",
        {"xml_file": _XML_PART},
    ),
    "report_category_codes": (_NONE, "GET /api/v1/ereporting/category-codes", None),
    "report_flow_types": (_NONE, "GET /api/v1/ereporting/flow-types", None),
    "submit_flow": (
        {"flow_info": FlowInfo(name="F1", flow_syntax="UBL"), "file": _XML},
        "POST /api/v1/afnor/flow/v1/flows",
        {"flowInfo": {"name": "F1", "flowSyntax": "UBL"}, "file": _XML_PART},
    ),
    "search_flows": (
        {"where": FlowFilters(flow_direction=("In",)), "limit": 50, "cursor": "c"},
        "POST /api/v1/afnor/flow/v1/flows/search",
        {"where": {"flowDirection": ["In"]}, "limit": 50, "cursor": "c"},
    ),
    "flow": ({"flow_id": "f"}, "GET /api/v1/afnor/flow/v1/flows/f", None),
    "flow_file": (
        {"flow_id": "f", "doc_type": "ReadableView"},
        "GET /api/v1/afnor/flow/v1/flows/f?docType=ReadableView",
        None,
    ),
    "webhooks": (_NONE, "GET /api/v1/afnor/flow/v1/webhooks", None),
    "add_webhook": (
        {"callback_url": "https://example.org", "flow_types": ("CustomerInvoice",)},
        "POST /api/v1/afnor/flow/v1/webhooks",
        {"callbackUrl": "https://example.org", "flowTypes": ["CustomerInvoice"]},
    ),
    "remove_webhook": ({"webhook_uid": "w"}, "DELETE /api/v1/afnor/flow/v1/webhooks/w", None),
    "flow_health": (_NONE, "GET /api/v1/afnor/flow/v1/healthcheck", None),
    "search_legal_units": (_NONE, "POST /api/v1/afnor/directory/v1/siren/search", None),
    "search_facilities": (_NONE, "POST /api/v1/afnor/directory/v1/siret/search", None),
    "search_routing_codes": (_NONE, "POST /api/v1/afnor/directory/v1/routing-code/search", None),
    "search_directory_lines": (
        {"filters": DirectoryLineFilters(siren=Filter(value="123456782"))},
        "POST /api/v1/afnor/directory/v1/directory-line/search",
        {"filters": {"siren": {"op": "strict", "value": "123456782"}}},
    ),
    "legal_unit": (
        {"siren": "123456782"},
        "GET /api/v1/afnor/directory/v1/siren/code-insee:123456782",
        None,
    ),
    "facility": (
        {"siret": "12345678200010", "include": ("legalUnit",)},
        "GET /api/v1/afnor/directory/v1/siret/code-insee:12345678200010?include=legalUnit",
        None,
    ),
    "routing_code": (
        {"siret": "12345678200010", "routing_identifier": "A/B"},
        "GET /api/v1/afnor/directory/v1/routing-code/siret:12345678200010/code:A%2FB",
        None,
    ),
    "directory_line": (
        {"addressing_identifier": "123456782_X"},
        "GET /api/v1/afnor/directory/v1/directory-line/code:123456782_X",
        None,
    ),
    "directory_health": (_NONE, "GET /api/v1/afnor/directory/v1/healthcheck", None),
    "incoming_invoice": (
        {"flow_id": "f", "include_document": True},
        "GET /api/v1/afnor/incoming-flows/f?include_document=true",
        None,
    ),
    "check_platform_credentials": (
        {"grant_type": "client_credentials", "client_id": "i", "client_secret": Secret("platform")},
        "POST /api/v1/afnor/oauth/token",
        "grant_type=client_credentials&client_id=i&client_secret=platform",
    ),
    "chorus_structures": (
        {"structure_identifier": "12345678200010", "credentials": _PISTE},
        "POST /api/v1/chorus-pro/structures/rechercher",
        {"structureIdentifier": "12345678200010", "credentials": _PISTE_JSON},
    ),
    "chorus_structure_id": (
        {"siret": "12345678200010"},
        "POST /api/v1/chorus-pro/structures/obtenir-id-depuis-siret",
        {"siret": "12345678200010"},
    ),
    "chorus_structure": (
        {"structure_id": 7, "language_code": "fr"},
        "POST /api/v1/chorus-pro/structures/consulter",
        {"structureId": 7, "languageCode": "fr"},
    ),
    "chorus_services": ({"structure_id": 7}, "GET /api/v1/chorus-pro/structures/7/services", None),
    "chorus_add_file": (
        {"content": b"%PDF-", "name": "a.pdf", "media_type": "application/pdf", "extension": "PDF"},
        "POST /api/v1/chorus-pro/transverses/ajouter-fichier",
        {
            "pieceJointeFichier": "JVBERi0=",
            "pieceJointeNom": "a.pdf",
            "pieceJointeTypeMime": "application/pdf",
            "pieceJointeExtension": "PDF",
        },
    ),
    "chorus_submit": (
        {
            "invoice_number": "F1",
            "invoice_date": _DAY,
            "structure_id": 7,
            "total_net_amount": Decimal("100.00"),
            "vat_amount": Decimal("20.00"),
            "total_gross_amount": Decimal("120.00"),
            "main_attachment_id": 9,
        },
        "POST /api/v1/chorus-pro/factures/soumettre",
        {
            "invoiceNumber": "F1",
            "invoiceDate": "2026-09-01",
            "structureId": 7,
            "totalNetAmount": 100.0,
            "vatAmount": 20.0,
            "totalGrossAmount": 120.0,
            "mainAttachmentId": 9,
        },
    ),
    "chorus_invoice": (
        {"chorus_invoice_id": 5},
        "POST /api/v1/chorus-pro/factures/consulter",
        {"chorusInvoiceId": 5},
    ),
    "chorus_complete": (
        {
            "chorus_invoice_id": 5,
            "comment": "Here.",
            "attachments": (fp.ChorusAttachment(attachment_id=9, name="a.pdf"),),
        },
        "POST /api/v1/chorus-pro/factures/completer",
        {
            "identifiantFactureCPP": 5,
            "commentaire": "Here.",
            "listePiecesJointes": [{"pieceJointeIdFichier": 9, "pieceJointeNom": "a.pdf"}],
        },
    ),
    "chorus_recycle": (
        {"chorus_invoice_id": 5, "structure_id": 7, "service_code": "S", "engagement_number": "E"},
        "POST /api/v1/chorus-pro/factures/recycler",
        {"identifiantFactureCPP": 5, "idStructureCPP": 7, "codeService": "S", "numeroEngagement": "E"},
    ),
    "chorus_sent_invoices": (
        {"fields": {"numeroFacture": "F1"}, "credentials": _PISTE},
        "POST /api/v1/chorus-pro/factures/rechercher-fournisseur",
        {"numeroFacture": "F1", "credentials": _PISTE_JSON},
    ),
    "chorus_received_invoices": (_NONE, "POST /api/v1/chorus-pro/factures/rechercher-destinataire", None),
    "chorus_download": (
        {"chorus_invoice_ids": (5, 6), "with_attachments": True, "file_format": "ZIP"},
        "POST /api/v1/chorus-pro/factures/telecharger-groupe",
        {"listeIdentifiantsFactureCPP": [5, 6], "inclurePiecesJointes": True, "formatFichier": "ZIP"},
    ),
    "chorus_process": (
        {"chorus_invoice_id": 5, "status": "REJETEE", "reason": "twice"},
        "POST /api/v1/chorus-pro/factures/traiter-facture-recue",
        {"identifiantFactureCPP": 5, "nouveauStatut": "REJETEE", "motifRejet": "twice"},
    ),
    "chorus_validator_invoices": (_NONE, "POST /api/v1/chorus-pro/factures/valideur/rechercher", None),
    "chorus_validator_invoice": (
        {"chorus_invoice_id": 5},
        "POST /api/v1/chorus-pro/factures/valideur/consulter",
        {"idFacture": 5},
    ),
    "chorus_validator_process": (
        {"fields": {"idFacture": 5}},
        "POST /api/v1/chorus-pro/factures/valideur/traiter",
        {"idFacture": 5},
    ),
    "clients": ({"page": 2, "page_size": 100}, "GET /api/v1/clients?page=2&pageSize=100", None),
    "add_client": ({"name": "C"}, "POST /api/v1/clients", {"name": "C"}),
    "client": ({"uid": "u"}, "GET /api/v1/clients/u", None),
    "change_client": ({"uid": "u", "name": "C"}, "PATCH /api/v1/clients/u", {"name": "C"}),
    "activate_client": ({"uid": "u"}, "POST /api/v1/clients/u/activer", None),
    "deactivate_client": ({"uid": "u"}, "POST /api/v1/clients/u/desactiver", None),
    "rotate_encryption_key": (
        {"uid": "u", "old_key": Secret("old key"), "new_key": Secret("new key")},
        "POST /api/v1/clients/u/rotate-encryption-key",
        {"oldKey": "old key", "newKey": "new key"},
    ),
    "pdp_config": ({"uid": "u"}, "GET /api/v1/clients/u/pdp-config", None),
    "set_pdp_config": (
        {
            "uid": "u",
            "flow_service_url": "https://example.org/flow",
            "token_url": "https://example.org/token",
            "oauth_client_id": "i",
            "client_secret": Secret("platform"),
            "mode_sandbox": True,
        },
        "PUT /api/v1/clients/u/pdp-config",
        {
            "flowServiceUrl": "https://example.org/flow",
            "tokenUrl": "https://example.org/token",
            "oauthClientId": "i",
            "clientSecret": "platform",
            "modeSandbox": True,
        },
    ),
    "remove_pdp_config": ({"uid": "u"}, "DELETE /api/v1/clients/u/pdp-config", None),
    "generate_webhook_secret": ({"uid": "u"}, "POST /api/v1/clients/u/webhook-secret/generate", None),
    "webhook_secret_status": ({"uid": "u"}, "GET /api/v1/clients/u/webhook-secret/status", None),
    "remove_webhook_secret": ({"uid": "u"}, "DELETE /api/v1/clients/u/webhook-secret", None),
    "superpdp_connect_url": (
        {"uid": "u", "mode_sandbox": True, "return_url": "https://example.org"},
        "POST /api/v1/clients/u/superpdp/connect-url?modeSandbox=true&returnUrl=https%3A%2F%2Fexample.org",
        None,
    ),
    "superpdp_status": ({"uid": "u"}, "GET /api/v1/clients/u/superpdp/status", None),
    "disconnect_superpdp": ({"uid": "u"}, "DELETE /api/v1/clients/u/superpdp", None),
    "me": (_NONE, "GET /api/v1/me", None),
    "download": ({"download_id": "d"}, "GET /api/v1/download/d", None),
    "check_download": ({"download_id": "d"}, "HEAD /api/v1/download/d", None),
    "vatex_codes": ({"category": "E"}, "GET /api/v1/references/vatex-codes?category=E", None),
}

KEYS: dict[str, dict[str, Any]] = {
    **{
        key: {"taskId": "t"}
        for key in (
            "generate_invoice",
            "submit_complete_async",
            "validate_facturx_async",
            "parse_facturx_async",
            "sign_pdf_async",
            "convert_async",
            "resume_conversion_async",
            "verify_async",
        )
    },
    **{
        key: {"flowId": "f"}
        for key in (
            "submit_cdar",
            "submit_cdar_xml",
            "cdar_cashed",
            "cdar_refused",
            "submit_report",
            "submit_aggregated_report",
            "submit_report_xml",
            "submit_flow",
        )
    },
    "submit_complete": {"success": True, "afnorResult": {"flowId": "f"}},
    "add_webhook": {"webhookId": "w", "signingKey": "c2lnbmluZw=="},
    "chorus_add_file": {"returnCode": 0, "pieceJointeIdFichier": 7},
    "chorus_submit": {"returnCode": 0, "chorusInvoiceId": 7},
    "add_client": {"uid": "u"},
}
"""The calls that give something away, and the least answer that says under which key it is there."""

# what an answer must have at least
FLOWS = ("submit_flow", "submit_cdar", "submit_cdar_xml", "cdar_cashed", "cdar_refused")
REPORTS = ("submit_report", "submit_aggregated_report", "submit_report_xml")
TASKS = ("generate_invoice", *[call for call in CALLS if call.endswith("_async")])
ANSWERS: dict[str, Any] = {
    **KEYS,
    "client": {"uid": "u"},
    "change_client": {"uid": "u"},
    "chorus_structure_id": {"structureId": 7},
    "check_platform_credentials": {"access_token": "platform-token"},
    "generate_webhook_secret": {"success": True, "webhookSecret": "to sign with"},
    "webhooks": [],
    **{call: {"flowId": "f"} for call in FLOWS + REPORTS},
    **{call: {"taskId": "t"} for call in TASKS},
    **{call: {"siren": "123456782"} for call in ("legal_unit", "facility", "routing_code", "directory_line")},
}
