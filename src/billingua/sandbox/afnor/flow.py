"""The flow service: documents go in as flows, are judged, and come back with an acknowledgement; the life cycle of an
invoice comes as flows of its own.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from billingua import api, lifecycle
from billingua.errors import BillinguaError
from billingua.model import Invoice
from billingua.sandbox import cdv, paper
from billingua.sandbox.call import Answer, Call, Upload, decoded, to_json
from billingua.sandbox.callbacks import afnor_signature, call_back
from billingua.sandbox.documents import Judged, judged
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store, Track

__all__ = [
    "FLOW",
    "FLOW_TYPES",
    "flow_get",
    "flow_health",
    "flow_search",
    "flow_submit",
    "full_info",
    "metadata",
    "submitted",
    "webhook_add",
    "webhook_drop",
    "webhook_list",
]

FLOW: Final = "afnor-flow"
_CYCLE: Final = "afnor-cdv"
_HOOKS: Final = "afnor-webhooks"

SYNTAXES: Final = {
    "CII": ("cii",),
    "UBL": ("ubl-invoice", "ubl-creditnote"),
    "Factur-X": ("facturx",),
    "CDAR": ("cdar",),
    "FRR": ("ereporting",),
}
PROFILES: Final = ("Basic", "CIUS", "Extended-CTC-FR", "Undefined")
RULES: Final = (
    *("B2B", "B2BInt", "B2C", "B2G", "B2GInt", "OutOfScope", "B2GOutOfScope", "ArchiveOnly", "NotApplicable"),
    "Undefined",
)
FLOW_TYPES: Final = (
    *("CustomerInvoice", "SupplierInvoice", "CustomerInvoiceLC", "SupplierInvoiceLC"),
    *("StateCustomerInvoiceLC", "StateSupplierInvoiceLC", "AggregatedCustomerTransactionReport"),
    *("UnitaryCustomerTransactionReport", "AggregatedCustomerPaymentReport", "UnitaryCustomerPaymentReport"),
    *("UnitarySupplierTransactionReport", "MultiFlowReport", "Undefined"),
)
DIRECTIONS: Final = ("In", "Out")
ACKS: Final = ("Pending", "Ok", "Error")
_LONGEST_TRACKING: Final = 64
_LONGEST_NAME: Final = 255
_MOST: Final = 100
_USUAL: Final = 25
_BUYER_SIDE: Final = frozenset(("BY", "AB", "IV", "PR"))
_MEDIA: Final = {"Factur-X": "application/pdf"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def flow_submit(call: Call) -> Any:
    """A flow: taken at once, acknowledged later."""
    part = call.form.get("flowInfo")
    text = part.data if isinstance(part, Upload) else part.encode() if isinstance(part, str) else b""
    try:
        info = decoded(text)
    except ValueError as error:
        raise call.refuse(400, "INVALID_REQUEST", f"flowInfo is no JSON: {error}") from None
    if not isinstance(info, dict):
        raise call.refuse(400, "INVALID_REQUEST", "flowInfo is no JSON object.")
    file = call.upload("file")
    if file is None:
        raise call.refuse(400, "INVALID_REQUEST", "The part file is missing.")
    problems = tuple(_problems(info))
    if problems:
        raise call.refuse((422, 400), "INVALID_FLOW_INFO", problems[0].message, *problems)
    return full_info(submitted(call.store, info, file.data, ends=call.ends))


def _problems(info: dict[str, Any]) -> Iterator[Complaint]:
    for name, longest, required in (
        ("name", _LONGEST_NAME, True),
        ("trackingId", _LONGEST_TRACKING, False),
        ("sha256", 64, False),
    ):
        value = info.get(name)
        if value is None and not required:
            continue
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            yield Complaint(name, "Size", f"{name} is a text of 1 to {longest} characters")
    for name, values, required in (
        ("flowSyntax", tuple(SYNTAXES), True),
        ("processingRule", RULES, False),
        ("flowProfile", PROFILES, False),
    ):
        value = info.get(name)
        if (required or value is not None) and value not in values:
            yield Complaint(name, "Enum", f"{name} is one of {', '.join(values)}")


def submitted(store: Store, info: dict[str, Any], data: bytes, *, ends: str = "") -> Track:
    """A new flow of ours; what will be acknowledged is known from the start."""
    details = [] if ends == "Ok" else list(_details(store, info, data))
    if ends == "Error" and not details:
        details = [_detail("", "OtherTechnicalError", "The sandbox was asked for this.")]
    track = store.start(
        FLOW,
        store.uuid(FLOW),
        ("Pending", "Error" if details else "Ok"),
        info={name: info.get(name) for name in ("trackingId", "name", "processingRule", "flowSyntax", "flowProfile")},
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        direction="Out",
        type=_type_of(info["flowSyntax"], data),
        details=details,
    )
    track.on_move = lambda moved: _acknowledged(store, moved)
    _tell(store, track)
    return track


def _details(store: Store, info: dict[str, Any], data: bytes) -> Iterator[dict[str, str]]:
    """What is wrong with a flow, as its acknowledgement says it."""
    if not data:
        yield _detail("file", "EmptyAttachement", "The file is empty.")
        return
    digest = hashlib.sha256(data).hexdigest()
    if info.get("sha256") and str(info["sha256"]).lower() != digest:
        yield _detail("sha256", "ChecksumMismatch", f"The file has the SHA-256 {digest}.")
    before = [one for one in store.of_kind(FLOW) if one.facts["sha256"] == digest and one.steps[-1] == "Ok"]
    if before:
        yield _detail("file", "AlreadyExistingFlow", f"The flow {before[0].id} has the same file.")
        return
    verdict = judged(store, data)
    if verdict.format not in SYNTAXES[info["flowSyntax"]]:
        code = "AttachmentTypeError" if verdict.format else "InvalidSchema"
        text = f"The file is {verdict.format}, not {info['flowSyntax']}." if verdict.format else _first(verdict)
        yield _detail("file", code, text)
        return
    message = cdv.readable(data) if verdict.format == "cdar" else None
    if message is not None and not lifecycle.is_status(message.status or ""):
        yield _detail("MDT-105", "InvoiceLCInvalidStatus", f"There is no status {message.status}.")
    for one in verdict.complaints:
        code = "InvalidSchema" if one.code == "SCHEMA" else one.code
        yield _detail(one.field, "InvoiceLCRuleError" if verdict.format == "cdar" else code, one.message)


def _first(verdict: Judged) -> str:
    return verdict.complaints[0].message


def _detail(item: str, code: str, message: str) -> dict[str, str]:
    return {"level": "Error", "item": item, "reasonCode": code, "reasonMessage": message}


def _type_of(syntax: str, data: bytes) -> str:
    """The type of a flow, by what it holds."""
    if syntax not in ("CDAR", "FRR"):
        return "CustomerInvoice"
    try:
        content = api.read(data).content
    except BillinguaError:
        return "Undefined"
    if syntax == "CDAR":
        role = getattr(getattr(content, "issuer", None), "role", None)
        recipients = getattr(content, "recipients", ())
        side = "SupplierInvoiceLC" if role in _BUYER_SIDE else "CustomerInvoiceLC"
        return f"State{side}" if any(one.role == "DFH" for one in recipients) else side
    parts = [
        name
        for part, kind, name in (
            ("transactions", "invoices", "UnitaryCustomerTransactionReport"),
            ("transactions", "days", "AggregatedCustomerTransactionReport"),
            ("payments", "invoices", "UnitaryCustomerPaymentReport"),
            ("payments", "days", "AggregatedCustomerPaymentReport"),
        )
        if getattr(getattr(content, part, None), kind, ())
    ]
    return parts[0] if len(parts) == 1 else "MultiFlowReport" if parts else "Undefined"


def _acknowledged(store: Store, track: Track) -> None:
    """A good invoice begins its life; its statuses come as flows."""
    _tell(store, track)
    if track.status != "Ok" or track.facts["type"] != "CustomerInvoice":
        return
    invoice = api.read(track.facts["data"]).content
    if not isinstance(invoice, Invoice):
        return
    cycle = cdv.begin(store, _CYCLE, invoice, cdv.course("", valid=True), flow=track.id)
    say = cycle.on_move

    def come(moved: Track) -> None:
        if say is not None and moved.at > 0:
            say(moved)
        _incoming(store, moved, track)

    cycle.on_move = come
    come(cycle)
    if store.shelf(_HOOKS):
        store.hurried.append(cycle)


def _incoming(store: Store, cycle: Track, invoice: Track) -> None:
    """A status message comes in as a flow."""
    data = cycle.facts["messages"][-1]
    flow = store.start(
        FLOW,
        store.uuid(FLOW),
        ("Ok",),
        info={
            "trackingId": invoice.facts["info"]["trackingId"],
            "name": f"{invoice.facts['info']['name']}-{cycle.status}",
            "processingRule": invoice.facts["info"]["processingRule"],
            "flowSyntax": "CDAR",
            "flowProfile": "Undefined",
        },
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        direction="In",
        type="CustomerInvoiceLC",
        details=[],
        invoice=invoice.id,
    )
    _tell(store, flow)


def full_info(track: Track) -> dict[str, Any]:
    """FullFlowInfo: the answer to a new flow."""
    return {
        "flowId": track.id,
        "submittedAt": _moment(track.history[0][1]),
        **track.facts["info"],
        "sha256": track.facts["sha256"],
    }


def metadata(track: Track) -> dict[str, Any]:
    """Flow: what is known of a flow."""
    info = track.facts["info"]
    return {
        "flowId": track.id,
        "submittedAt": _moment(track.history[0][1]),
        "updatedAt": _moment(track.history[-1][1]),
        **info,
        "processingRule": info["processingRule"] or "Undefined",
        "flowProfile": info["flowProfile"] or "Undefined",
        "flowType": track.facts["type"],
        "processingRuleSource": "Input" if info["processingRule"] else "Computed",
        "flowDirection": track.facts["direction"],
        "acknowledgement": {"status": track.status}
        | ({"details": track.facts["details"]} if track.status == "Error" else {}),
    }


def flow_search(call: Call) -> Any:
    """Flows by what they are; each search moves what is on its way."""
    where = call.get("where", {})
    problems = tuple(_where_problems(where))
    if problems:
        raise call.refuse(400, "INVALID_FILTER", problems[0].message, *problems)
    limit = call.number("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise call.refuse(400, "INVALID_LIMIT", f"limit is 1 to {_MOST}.")
    start = _start_of(call)
    for track in [*call.store.of_kind(FLOW), *call.store.of_kind(_CYCLE)]:
        call.store.poll(track)
    found = [one for one in map(metadata, call.store.of_kind(FLOW)) if _fits(one, where)]
    found.sort(key=lambda one: str(one["updatedAt"]))
    following = start + limit
    return {
        "limit": limit,
        "filters": where,
        "results": found[start:following],
        "nextCursor": base64.urlsafe_b64encode(str(following).encode()).decode() if following < len(found) else None,
    }


def _start_of(call: Call) -> int:
    cursor = call.text("cursor")
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode())
    except (ValueError, binascii.Error):
        raise call.refuse(400, "INVALID_CURSOR", "The cursor is none of this service.") from None


_LISTS: Final = {"processingRule": RULES, "flowType": FLOW_TYPES, "flowDirection": DIRECTIONS}


def _where_problems(where: dict[str, Any]) -> Iterator[Complaint]:
    for name, value in where.items():
        if value is None:
            continue
        if name in ("updatedAfter", "updatedBefore"):
            if _read_moment(value) is None:
                yield Complaint(f"where.{name}", "Date", f"{name} is no date and time with a zone")
        elif name in _LISTS:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield Complaint(f"where.{name}", "List", f"{name} is a list of texts")
        elif name == "ackStatus":
            if value not in ACKS:
                yield Complaint(f"where.{name}", "Enum", f"ackStatus is one of {', '.join(ACKS)}")
        elif name == "trackingId":
            if not isinstance(value, str) or len(value) > _LONGEST_TRACKING:
                yield Complaint(f"where.{name}", "Size", f"trackingId has at most {_LONGEST_TRACKING} characters")
        else:
            yield Complaint(f"where.{name}", "Unknown", f"There is no filter {name[:40]}")


def _read_moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _fits(one: dict[str, Any], where: dict[str, Any]) -> bool:
    """Whether a flow is wanted; updatedAfter means later, not at the same moment."""
    updated = datetime.fromisoformat(one["updatedAt"])
    after, before = _read_moment(where.get("updatedAfter")), _read_moment(where.get("updatedBefore"))
    return (
        (after is None or updated > after)
        and (before is None or updated < before)
        and all(not where.get(name) or one[name] in where[name] for name in _LISTS)
        and where.get("trackingId") in (None, one["trackingId"])
        and where.get("ackStatus") in (None, one["acknowledgement"]["status"])
    )


def flow_of(call: Call, id: str) -> Track:
    """A flow by its identifier.

    Raises:
        Refusal: there is none.
    """
    track = call.store.track(FLOW, id)
    if track is None:
        raise Refusal(404, "FLOW_NOT_FOUND", "The flow was not found.")
    return track


def flow_get(call: Call) -> Any:
    """What is known of a flow, or its file in one of three forms."""
    track = call.store.poll(flow_of(call, call.text("flowId")))
    kind, data = call.text("docType", "Metadata"), track.facts["data"]
    syntax = track.facts["info"]["flowSyntax"]
    if kind == "Metadata":
        return metadata(track)
    if kind == "Original":
        return Answer(data, media=_MEDIA.get(syntax, "application/xml"))
    if kind == "Converted":
        return Answer(_converted(track), media="application/xml")
    name, status = track.facts["info"]["name"], track.status
    return Answer(paper.page([f"Flow {track.id}", f"{syntax} {name}", f"Acknowledgement {status}"]), media=_PDF)


_PDF: Final = "application/pdf"


def _converted(track: Track) -> bytes:
    """An invoice in the other syntax; anything else as it is."""
    syntax, data = track.facts["info"]["flowSyntax"], track.facts["data"]
    try:
        if syntax == "UBL":
            return api.convert(data, "cii").data
        if syntax in ("CII", "Factur-X"):
            return api.convert(data, "ubl").data
    except BillinguaError:
        raise Refusal(404, "NO_CONVERSION", "There is no converted form of the flow.") from None
    return bytes(data)


def flow_health(_: Call) -> Any:
    """The service is there."""
    return {"status": "UP"}


def webhook_list(call: Call) -> Any:
    """All webhooks; without their keys."""
    return [{name: value for name, value in one.items() if name != "signingKey"} for one in _hooks(call.store)]


def _hooks(store: Store) -> list[dict[str, Any]]:
    return list(store.shelf(_HOOKS).values())


def webhook_add(call: Call) -> Any:
    """A webhook, and the key its messages will be signed with."""
    given = {name: call.get(name) for name in ("callbackUrl", "flowTypes", "flowDirection", "ackStatus")}
    if not str(given["callbackUrl"]).startswith(("http://", "https://")):
        raise call.refuse(400, "INVALID_REQUEST", "callbackUrl is no address.")
    hook = {
        "webhookId": call.store.uuid(_HOOKS),
        "createdAt": _moment(call.store.now()),
        "signingKey": base64.b64encode(call.store.digits("signing-key", 32).encode()).decode(),
        **given,
    }
    call.store.shelf(_HOOKS)[str(hook["webhookId"])] = hook
    return hook


def webhook_drop(call: Call) -> Any:
    """No more messages to a webhook."""
    if call.store.shelf(_HOOKS).pop(call.text("webhookUid"), None) is None:
        raise Refusal(404, "WEBHOOK_NOT_FOUND", "The webhook was not found.")
    return Answer(None)


def _tell(store: Store, track: Track) -> None:
    """Tell every webhook that wants to know of the flow. Its body is not documented: the flow, as a search shows it."""
    body = to_json(metadata(track))
    for hook in _hooks(store):
        store.hurried.append(track)
        types, direction, ack = hook["flowTypes"], hook["flowDirection"], hook["ackStatus"]
        if (
            (not types or track.facts["type"] in types)
            and direction in (None, track.facts["direction"], [track.facts["direction"]])
            and ack in (None, track.status)
        ):
            signed = afnor_signature(hook["signingKey"], body, int(store.now().timestamp()))
            call_back(store, hook["callbackUrl"], body, signed)
