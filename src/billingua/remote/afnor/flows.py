"""The flow service of XP Z12-013 v1.3.0 (annex A): documents handed to a platform and fetched from it.

That a flow is taken (202) does not mean that it is valid: read its acknowledgement later.
"""

import datetime as dt
from typing import Any, ParamSpec

import msgspec

from billingua.errors import RemoteError, ServiceFailed, UnexpectedAnswer
from billingua.remote.afnor.sign_in import PlatformCalls
from billingua.remote.exchange.clients import AsyncClient, Client
from billingua.remote.exchange.conversation import Item, Steps, conversation
from billingua.remote.exchange.messages import Answer, Ask, Data, File, Key, Text
from billingua.remote.exchange.operations import Endpoint, Paged, Polled, same_page
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service

__all__ = [
    "Acknowledgement",
    "AcknowledgementDetail",
    "AddedWebhook",
    "AfnorFlow",
    "AllFlows",
    "AsyncAfnorFlow",
    "Flow",
    "FlowAsk",
    "FlowCalls",
    "FlowFile",
    "FlowFilters",
    "FlowInfo",
    "FlowOf",
    "FlowPage",
    "FullFlowInfo",
    "Health",
    "NewWebhook",
    "SearchFlows",
    "SubmitFlow",
    "Webhook",
    "WebhookOf",
]

P = ParamSpec("P")

_HEADERS = ("Request-Id", "Organization-Id")
_LARGEST_PAGE = 100  # flows


class FlowAsk(Ask, frozen=True, kw_only=True):
    """Every call: `request_id`, a UUID by which the call can be traced, and `organization_id`, whom it is made for."""

    request_id: str | None = msgspec.field(default=None, name="Request-Id")
    organization_id: str | None = msgspec.field(default=None, name="Organization-Id")


class FlowInfo(Data, frozen=True, kw_only=True):
    """What a flow is. `flow_syntax`: CII, UBL, Factur-X, CDAR or FRR (a Flux 10 report); `flow_profile` of an invoice:
    Basic, CIUS or Extended-CTC-FR; `sha256` of the file: 64 hexadecimal digits."""

    name: str
    flow_syntax: str
    tracking_id: str | None = None
    processing_rule: str | None = None
    flow_profile: str | None = None
    sha256: str | None = None


class SubmitFlow(FlowAsk, frozen=True, kw_only=True):
    flow_info: FlowInfo
    file: File


class _FlowFacts(Answer):
    submitted_at: Text = Text()
    tracking_id: Text = Text()
    name: Text = Text()
    processing_rule: Text = Text()
    flow_syntax: Text = Text()
    flow_profile: Text = Text()
    sha256: Text = Text()


class FullFlowInfo(_FlowFacts, kw_only=True):
    """What became of a flow that was taken: an answer without its identifier leaves open whether it was."""

    flow_id: Key


class AcknowledgementDetail(Data, frozen=True, kw_only=True):
    level: Text = Text()
    item: Text = Text()
    reason_code: Text = Text()
    reason_message: Text = Text()


class Acknowledgement(Data, frozen=True, kw_only=True):
    """`status`: Pending, Ok or Error."""

    status: Text = Text()
    details: tuple[AcknowledgementDetail, ...] = ()


class Flow(_FlowFacts):
    """A flow as the platform has it. `flow_direction`: In or Out."""

    flow_id: Text = Text()
    updated_at: dt.datetime | None = None
    flow_type: Text = Text()
    processing_rule_source: Text = Text()
    flow_direction: Text = Text()
    acknowledgement: Acknowledgement = Acknowledgement()


class FlowFilters(Data, frozen=True, kw_only=True):
    """Which flows. `updated_after` and `updated_before` leave out the moment itself; several values: any of them."""

    updated_after: dt.datetime | None = None
    updated_before: dt.datetime | None = None
    processing_rule: tuple[str, ...] = ()
    flow_type: tuple[str, ...] = ()
    flow_direction: tuple[str, ...] = ()
    tracking_id: str | None = None
    ack_status: str | None = None


class SearchFlows(FlowAsk, frozen=True, kw_only=True):
    """`limit`: at most 100; the platform takes 25 where it is left out."""

    where: FlowFilters = FlowFilters()
    limit: int | None = None
    cursor: str | None = None


class FlowPage(Answer):
    results: tuple[Flow, ...] = ()
    limit: int | None = None
    next_cursor: Text = Text()
    filters: Any = None


class FlowOf(FlowAsk, frozen=True, kw_only=True):
    flow_id: str


class FlowFile(FlowAsk, frozen=True, kw_only=True):
    """`doc_type`: Original, Converted or ReadableView."""

    flow_id: str
    doc_type: str = "Original"


class NewWebhook(FlowAsk, frozen=True, kw_only=True):
    callback_url: str
    flow_types: tuple[str, ...] = ()
    flow_direction: str | None = None
    ack_status: str | None = None


class Webhook(Answer):
    """A callback that is registered. Keep `signing_key` (base64): callbacks are signed with it."""

    webhook_id: Text = Text()
    signing_key: Secret = Secret("")
    created_at: Text = Text()
    callback_url: Text = Text()
    flow_types: tuple[Text, ...] = ()
    flow_direction: Text = Text()
    ack_status: Text = Text()


class AddedWebhook(Webhook, kw_only=True):
    """A callback just registered."""

    webhook_id: Key
    signing_key: Secret


class WebhookOf(FlowAsk, frozen=True, kw_only=True):
    webhook_uid: str


class Health(Answer):
    """The service answers."""


class AllFlows(Paged[P, FlowPage, Flow]):
    """The flows of all pages, each once.

    Version 1.3.0 gives a cursor to go on with. Earlier ones do not: there `updatedAfter` goes on to just before the
    last moment seen, so that flows of one moment that a page parted are not lost, until a page has nothing new.
    """

    def __init__(self, endpoint: Endpoint[P, FlowPage]) -> None:
        super().__init__(endpoint, lambda page: page.results, lambda ask, page: None)  # noqa: ARG005

    def steps(self, service: Service, ask: Ask) -> Steps[None]:
        assert isinstance(ask, SearchFlows)
        seen: set[str] = set()
        cursors: set[str] = set()
        page: SearchFlows | None = msgspec.structs.replace(ask, limit=ask.limit or _LARGEST_PAGE)
        while page is not None:
            answer = yield from conversation(service, self.endpoint, page)
            fresh = [flow for flow in answer.results if flow.flow_id not in seen]
            for flow in fresh:
                if flow.flow_id not in seen:
                    seen.add(flow.flow_id)
                    yield Item(flow)
            if answer.next_cursor in cursors:
                raise same_page(service, self.endpoint)
            cursors |= {answer.next_cursor} - {""}
            page = _following(service, page, answer, bool(fresh))


def _following(service: Service, page: SearchFlows, answer: FlowPage, news: bool) -> SearchFlows | None:
    if answer.next_cursor:
        return msgspec.structs.replace(page, cursor=answer.next_cursor)
    moments = [flow.updated_at for flow in answer.results if flow.updated_at is not None]
    if page.cursor is not None or not moments:
        return None
    if not news:
        if len(answer.results) < min(page.limit or _LARGEST_PAGE, answer.limit or _LARGEST_PAGE):
            return None
        raise UnexpectedAnswer(
            f"{service.name} has more flows of {max(moments, key=_in_order).isoformat()} than it shows at once.",
            todo="Ask for each flow type and direction by itself.",
            service=service.name,
            endpoint="search_flows",
        )
    last = max(moments, key=_in_order) - dt.timedelta(microseconds=1)
    return msgspec.structs.replace(page, where=msgspec.structs.replace(page.where, updated_after=last))


def _in_order(moment: dt.datetime) -> dt.datetime:
    """A moment to compare; one without time zone counts as UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def _complained(said: Any) -> type[RemoteError] | None:
    """An error body that comes with status 200: it has a code, which no flow, page or callback has."""
    return ServiceFailed if isinstance(said, dict) and said.get("errorCode") else None


class FlowCalls(PlatformCalls):
    """The calls of the flow service. Codes such as `AlreadyExistingFlow` come with the acknowledgement."""

    name = "AFNOR flow service"

    submit_flow = Endpoint(
        "POST",
        "/v1/flows",
        SubmitFlow,
        FullFlowInfo,
        headers=_HEADERS,
        body="form",
        limits={"file": "fr-flow"},
        failed=_complained,
        errors=(400, 401, 403, 413, 422, 429, 500, 503),
        about="Hand a document to the platform.",
    )
    search_flows = Endpoint(
        "POST",
        "/v1/flows/search",
        SearchFlows,
        FlowPage,
        headers=_HEADERS,
        repeatable=True,
        failed=_complained,
        errors=(400, 401, 403, 429, 500, 503),
        about="One page of the flows that fit.",
    )
    all_flows = AllFlows(search_flows)
    flow = Endpoint(
        "GET",
        "/v1/flows/{flowId}",
        FlowOf,
        Flow,
        headers=_HEADERS,
        failed=_complained,
        errors=(400, 401, 403, 404, 429, 500, 503),
        about="What the platform knows of a flow, with its acknowledgement.",
    )
    acknowledged = Polled(flow, lambda flow: flow.acknowledgement.status in ("Ok", "Error"))
    """Ask until the flow is acknowledged, as good or not."""
    flow_file = Endpoint(
        "GET",
        "/v1/flows/{flowId}",
        FlowFile,
        bytes,
        headers=_HEADERS,
        errors=(400, 401, 403, 404, 429, 500, 503),
        about="The document of a flow.",
    )
    webhooks = Endpoint(
        "GET",
        "/v1/webhooks",
        FlowAsk,
        tuple[Webhook, ...],
        headers=_HEADERS,
        failed=_complained,
        errors=(401, 403, 429, 500, 503),
        about="The callbacks that are registered.",
    )
    # The prose of the standard says /flows/webhooks; its paths say /v1/webhooks.
    add_webhook = Endpoint(
        "POST",
        "/v1/webhooks",
        NewWebhook,
        AddedWebhook,
        headers=_HEADERS,
        failed=_complained,
        errors=(400, 401, 403, 422, 429, 500, 503),
        about="Register a callback.",
    )
    remove_webhook = Endpoint(
        "DELETE",
        "/v1/webhooks/{webhookUid}",
        WebhookOf,
        type(None),
        headers=_HEADERS,
        failed=_complained,
        errors=(401, 403, 404, 429, 500, 503),
        about="Let go of a callback.",
    )
    flow_health = Endpoint(
        "GET", "/v1/healthcheck", FlowAsk, Health, headers=_HEADERS, errors=(500, 503), about="Whether it works."
    )


class AfnorFlow(FlowCalls, Client):
    """The flow service of a platform."""


class AsyncAfnorFlow(FlowCalls, AsyncClient):
    """The flow service of a platform, for asyncio and trio."""
