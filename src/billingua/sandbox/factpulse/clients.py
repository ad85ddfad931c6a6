"""FactPulse: clients of a user and what is stored for them; incoming invoices; code lists."""

import base64
from typing import Any, Final

from billingua import api
from billingua.codelists import codes
from billingua.model import Invoice
from billingua.sandbox.afnor import flow
from billingua.sandbox.call import Call
from billingua.sandbox.factpulse.invoice import full_of
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = [
    "client_activate",
    "client_change",
    "client_deactivate",
    "client_get",
    "client_list",
    "client_new",
    "client_rotate",
    "incoming_flow",
    "pdp_change",
    "pdp_drop",
    "pdp_get",
    "secret_drop",
    "secret_new",
    "secret_status",
    "superpdp_connect",
    "superpdp_drop",
    "superpdp_status",
    "vatex_codes",
]

_SHELF: Final = "factpulse-clients"
_MOST: Final = 100
_USUAL: Final = 20


def _client(call: Call) -> dict[str, Any]:
    found: dict[str, Any] | None = call.store.shelf(_SHELF).get(call.text("uid"))
    if found is None:
        raise Refusal(404, "CLIENT_NOT_FOUND", "The client was not found.")
    return found


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    pdp = one["pdp"]
    return {
        **{name: one[name] for name in ("uid", "name", "siret", "description", "isActive", "createdAt", "updatedAt")},
        "hasConfigPdp": pdp is not None,
        "pdpIsActive": pdp["isActive"] if pdp else None,
        "pdpIsMock": None,
        "hasConfigChorus": False,
    }


def client_list(call: Call) -> Any:
    """All clients, in pages from 1."""
    page, size = call.number("page", 1), call.number("pageSize", _USUAL)
    if page < 1 or not 1 <= size <= _MOST:
        complaint = Complaint("pageSize", "range", f"page is 1 or more, pageSize 1 to {_MOST}")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    found = [_shown(one) for one in call.store.shelf(_SHELF).values()]
    return {"results": found[(page - 1) * size : page * size], "total": len(found), "page": page, "pageSize": size}


def client_new(call: Call) -> Any:
    """A new client."""
    uid, now = call.store.uuid("client"), call.store.now().isoformat()
    made: dict[str, Any] = {
        "uid": uid,
        "name": call.text("name"),
        "siret": call.get("siret"),
        "description": call.get("description"),
        "isActive": True,
        "createdAt": now,
        "updatedAt": now,
        "pdp": None,
        "secret": "",
        "connected": None,
    }
    call.store.shelf(_SHELF)[uid] = made
    return _shown(made)


def client_get(call: Call) -> Any:
    """One client."""
    return _shown(_client(call))


def client_change(call: Call) -> Any:
    """Other name, description or SIRET."""
    found = _client(call)
    found |= {name: call.get(name) for name in ("name", "description", "siret") if call.get(name) is not None}
    found["updatedAt"] = call.store.now().isoformat()
    return _shown(found)


def _switched(call: Call, on: bool) -> Any:
    found = _client(call)
    found["isActive"] = on
    return {"uid": found["uid"], "isActive": on, "message": "Activated." if on else "Deactivated."}


def client_activate(call: Call) -> Any:
    """Switch a client on."""
    return _switched(call, True)


def client_deactivate(call: Call) -> Any:
    """Switch a client off."""
    return _switched(call, False)


def client_rotate(call: Call) -> Any:
    """Encrypt what is stored with another key: nothing is encrypted here."""
    _client(call)
    return {"success": True, "message": "The key was rotated.", "rotatedCount": 0}


def pdp_get(call: Call) -> Any:
    """The platform of a client; never its secret."""
    found = _client(call)["pdp"]
    return {"isConfigured": False} if found is None else found


def pdp_change(call: Call) -> Any:
    """Store the platform of a client."""
    found, now = _client(call), call.store.now().isoformat()
    found["pdp"] = {
        "isConfigured": True,
        "isActive": call.get("isActive") is not False,
        "modeSandbox": call.get("modeSandbox") is not False,
        **{name: call.get(name) for name in ("flowServiceUrl", "tokenUrl", "oauthClientId", "encryptionMode")},
        "secretStatus": {"status": "stored", "message": "The secret is stored."},
        "createdAt": now,
        "updatedAt": now,
    }
    return found["pdp"]


def pdp_drop(call: Call) -> Any:
    """Forget the platform of a client."""
    _client(call)["pdp"] = None
    return {"success": True, "message": "Deleted."}


def secret_new(call: Call) -> Any:
    """A secret that the webhooks of a client are signed with; shown this once."""
    found = _client(call)
    found["secret"], found["secretAt"] = call.store.digits("webhook-secret", 64), call.store.now().isoformat()
    return {
        "success": True,
        "webhookSecret": found["secret"],
        "message": "Keep it: it is not shown again.",
        "createdAt": found["secretAt"],
    }


def secret_status(call: Call) -> Any:
    """Whether there is a secret."""
    found = _client(call)
    return {"hasSecret": bool(found["secret"]), "createdAt": found.get("secretAt") if found["secret"] else None}


def secret_drop(call: Call) -> Any:
    """Forget the secret."""
    _client(call)["secret"] = ""
    return {"success": True, "message": "Deleted."}


def superpdp_connect(call: Call) -> Any:
    """Where a person agrees; here that is taken as done."""
    found = _client(call)
    found["connected"] = call.store.now().isoformat()
    return {"authorizeUrl": f"{call.base}/factpulse/authorize/{found['uid']}"}


def superpdp_status(call: Call) -> Any:
    """Whether a client is connected."""
    at = _client(call)["connected"]
    return {"connected": at is not None, "connectedAt": at, "expiresAt": None, "modeSandbox": True, "lastError": None}


def superpdp_drop(call: Call) -> Any:
    """Disconnect a client."""
    found = _client(call)
    deleted, found["connected"] = found["connected"] is not None, None
    return {"success": True, "deleted": deleted}


def incoming_flow(call: Call) -> Any:
    """An invoice that came in, as JSON. Those that were handed in count as come in too."""
    track = flow.flow_of(call, call.text("flow_id"))
    data = track.facts["data"]
    syntax = track.facts["info"]["flowSyntax"]
    content = api.read(data).content if syntax not in ("CDAR", "FRR") and track.steps[-1] == "Ok" else None
    if not isinstance(content, Invoice):
        raise Refusal(400, "NOT_AN_INVOICE", "The flow is no invoice.")
    full = full_of(content)
    supplier, totals = full["supplier"], full.get("totals", {})
    with_file = call.text("include_document") == "true"
    return {
        "flowId": track.id,
        "sourceFormat": syntax,
        "supplierReference": content.number,
        "documentType": content.type_code,
        "supplier": {
            "name": supplier.get("name"),
            "siren": supplier.get("siren"),
            "siret": supplier.get("siret"),
            "vatNumber": supplier.get("vat_number"),
        },
        "billingSiteName": full["recipient"].get("name"),
        "billingSiteSiret": full["recipient"].get("siret"),
        "issueDate": full.get("invoice_date"),
        "dueDate": full.get("payment_due_date"),
        "currency": content.currency,
        "netAmount": totals.get("total_net_amount"),
        "vatAmount": totals.get("vat_amount"),
        "grossAmount": totals.get("total_gross_amount"),
        "purchaseOrderNumber": content.purchase_order_reference,
        "contractReference": content.contract_reference,
        "documentBase64": base64.b64encode(data).decode() if with_file else None,
        "documentContentType": "application/pdf" if syntax == "Factur-X" else "application/xml",
        "documentFilename": f"{content.number}.{'pdf' if syntax == 'Factur-X' else 'xml'}",
    }


def vatex_codes(_: Call) -> Any:
    """Reasons for an exemption from VAT."""
    found = [{"code": code, "name": code, "description": code, "category": "E"} for code in sorted(codes("vatex"))]
    return {"codes": found, "count": len(found), "source": "sandbox"}
