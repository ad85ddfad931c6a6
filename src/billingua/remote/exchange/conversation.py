"""The course of one call, without input or output: sign in, send, look at the answer, wait, repeat, give up.

Each function is a generator of steps that a driver carries out (`clients`): it sends what `Send` has and gives back
the `Reply`, or throws `NotReached` in; it sleeps for `Wait`; it runs the steps of `Alone` while no other thread or
task of the client does; it hands out `Item`. So sync and async clients behave alike, and tests need no network.
"""

import random
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

import msgspec

from billingua.errors import (
    NotReached,
    NotThere,
    RemoteError,
    ServiceFailed,
    SignInFailed,
    StillWorking,
    TooManyRequests,
    UnexpectedAnswer,
)
from billingua.formats.limits import check_size
from billingua.remote.exchange.faults import Fault, Reply, fault_of, json_of
from billingua.remote.exchange.messages import Ask, File, answered
from billingua.remote.exchange.outgoing import Outgoing, headed, outgoing
from billingua.remote.exchange.secrets import Secret, without_secrets
from billingua.remote.exchange.service import Service, Token

if TYPE_CHECKING:
    from billingua.remote.exchange.operations import Endpoint

__all__ = ["Alone", "Item", "Send", "Step", "Steps", "Wait", "conversation", "polling"]

A = TypeVar("A")

_AS_IT_IS = (bytes, str, type(None))  # answers that are no JSON
_PASSING = (408, 502, 503, 504)  # states of a service that pass by themselves
_LONGEST_TOLD = 2000  # characters of an answer that an error keeps
_UNSEEN = 5.0  # seconds in which a document just submitted may not be known yet


class Send(NamedTuple):
    request: Outgoing
    headers: dict[str, str]


class Wait(NamedTuple):
    seconds: float


class Item(NamedTuple):
    value: Any


class Alone(NamedTuple):
    steps: Generator[Any, Any, Any]


Step = Send | Wait | Item | Alone
Steps = Generator[Step, Any, A]


def conversation(service: Service, endpoint: "Endpoint[Any, A]", ask: Ask) -> Steps[A]:
    """Ask once, and again where a repeat is safe.

    Raises:
        TooLarge: before anything is sent.
        RemoteError: what the service said, as its kind.
    """
    _check_sizes(endpoint, ask)
    request = asked = outgoing(
        endpoint.method,
        endpoint.path,
        ask,
        query=endpoint.query,
        headers=endpoint.headers,
        body=endpoint.body,
        media_type=endpoint.media_type,
    )
    renewed = turned = False
    attempt = 1
    error: RemoteError
    while True:
        token = (yield from _signed_in(service)) if endpoint.signed_in else None
        if token is not None:
            request = request._replace(secrets=(*asked.secrets, token.secret.reveal()))
        try:
            reply = yield Send(request, headed(service.headers(endpoint, token)))
        except RemoteError as unread:
            error = _placed(unread, service, endpoint)
            wait = _pause(service, endpoint, error, None, attempt)
        else:
            said = _said(endpoint, reply)
            fault, found = _judged(service, endpoint, request, reply, said)
            if found is None:
                return _read(service, endpoint, request, reply, said)
            error = found
            if isinstance(error, SignInFailed) and endpoint.signed_in:
                if not turned and service.other_way(endpoint):
                    turned = True
                    continue
                if not renewed and _forgotten(service, token):
                    renewed, turned = True, False
                    continue
            wait = _pause(service, endpoint, error, fault, attempt)
        if wait is None:
            raise error
        attempt += 1
        yield Wait(wait)


def polling(service: Service, endpoint: "Endpoint[Any, A]", ask: Ask, done: Callable[[A], bool]) -> Steps[A]:
    """Ask until it is done.

    Raises:
        StillWorking: it is not, when the time limit of the client's pace ends.
        RemoteError: what the service said, as its kind.
    """
    pace = service.pace
    pause, waited, start = pace.first, 0.0, time.monotonic()
    while True:
        try:
            answer = yield from conversation(service, endpoint, ask)
            if done(answer):
                return answer
        except NotThere:
            if waited >= min(_UNSEEN, pace.deadline):
                raise
        waited = max(waited, time.monotonic() - start)  # the calls take time too
        if waited >= pace.deadline:
            raise StillWorking(
                f"{service.name} had not finished after {round(waited, 1):g} seconds.",
                todo="Ask again later; do not send the document again.",
                service=service.name,
                endpoint=endpoint.name,
            )
        pause = min(pause, pace.longest, pace.deadline - waited)
        yield Wait(pause)
        waited += pause
        pause *= pace.factor


def _check_sizes(endpoint: "Endpoint[Any, Any]", ask: Ask) -> None:
    for name, limit in endpoint.limits.items():
        value = getattr(ask, name)
        for one in value if isinstance(value, tuple | list) else (value,):
            if one is not None:
                check_size(_size(one), limit)


def _size(value: File | bytes | str) -> int:
    if isinstance(value, File):
        return len(value.content)
    return len(value.encode() if isinstance(value, str) else value)


def _signed_in(service: Service) -> Steps[Token | None]:
    """The token of the service, had anew when there is none or it is about to expire."""
    token = service.token  # read once: another thread may let go of it
    if token is not None and token.fresh(service.early):
        return token
    if service.signing_in() is None:
        return token
    renewed: Token = yield Alone(_sign_in(service))
    return renewed


def _sign_in(service: Service) -> Steps[Token]:
    token = service.token
    if token is not None and token.fresh(service.early):
        return token  # another thread or task was faster
    steps = service.signing_in()
    assert steps is not None
    service.token = token = yield from steps
    return token


def _forgotten(service: Service, token: Token | None) -> bool:
    """Let go of a token that was refused, unless it has been renewed since: whether a new one can be had."""
    if service.token is token:
        if service.signing_in() is None:
            return False
        service.token = None
    return True


def _judged(
    service: Service, endpoint: "Endpoint[Any, Any]", request: Outgoing, reply: Reply, said: Any
) -> tuple[Fault | None, RemoteError | None]:
    """The error in an answer, if there is one; an answer with status 200 may have one too."""
    if reply.is_ok:
        hidden = endpoint.failed(said) if endpoint.failed else None
        if hidden is None:
            return None, None
        fault = _shown(fault_of(reply), endpoint)
        return fault, _error(service.codes.get(fault.code, hidden), service, endpoint, request, fault)
    fault = fault_of(reply)
    return fault, _error(service.kind(endpoint, fault), service, endpoint, request, fault)


def _said(endpoint: "Endpoint[Any, Any]", reply: Reply) -> Any:
    """The body of a good answer as JSON, where it is looked at as such: nothing is as good as an empty object; None
    when it is not JSON."""
    if not reply.is_ok or (endpoint.answer in _AS_IT_IS and endpoint.failed is None):
        return None
    return json_of(reply) if reply.body.strip() else {}


def _read(service: Service, endpoint: "Endpoint[Any, A]", request: Outgoing, reply: Reply, said: Any) -> A:
    """The answer as the type of the endpoint; `said` is its body as JSON."""
    kind: Any = endpoint.answer
    if kind is bytes:
        return reply.body  # type: ignore[return-value]
    if kind is str:
        return reply.body.decode("utf-8", "replace")  # type: ignore[return-value]
    if kind is type(None):
        return None  # type: ignore[return-value]
    try:
        return answered(said, endpoint.answer)
    except msgspec.ValidationError as problem:
        fault = _shown(fault_of(reply), endpoint)._replace(message=f"its answer is not as documented: {problem}")
        raise _error(UnexpectedAnswer, service, endpoint, request, fault) from problem


def _shown(fault: Fault, endpoint: "Endpoint[Any, Any]") -> Fault:
    """What may be told of an answer with status 200: not its body, if that may have a token or key in it."""
    return fault._replace(body="") if _gives_secrets(endpoint.answer) else fault


def _gives_secrets(kind: Any) -> bool:
    """Whether an answer of this type may have a token or key in it."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return any(_gives_secrets(field.type) for field in msgspec.structs.fields(kind))
    return kind is Secret or any(_gives_secrets(one) for one in get_args(kind))


def _error(
    kind: type[RemoteError], service: Service, endpoint: "Endpoint[Any, Any]", request: Outgoing, fault: Fault
) -> RemoteError:
    secrets = (*request.secrets, *service.secrets())

    def clean(text: str) -> str:
        return without_secrets(text, secrets)

    fields = tuple((clean(field), clean(text)) for field, text in fault.fields)
    message = clean(fault.message)[:_LONGEST_TOLD]
    said = message or "it does not say why"
    return kind(
        f"{service.name} answered {fault.status} to {endpoint.name}: {said}{_told(fault.code, said, fields)}",
        service=service.name,
        endpoint=endpoint.name,
        status=fault.status,
        code=clean(fault.code),
        message=message,
        fields=fields,
        reference=clean(fault.reference),
        retry_after=fault.retry_after,
        body=clean(fault.body)[:_LONGEST_TOLD],
        uncertain=not endpoint.repeatable and issubclass(kind, ServiceFailed | UnexpectedAnswer),
    )


def _told(code: str, said: str, fields: tuple[tuple[str, str], ...]) -> str:
    """The code and the complaints about fields, after the sentence of the service."""
    first = "; ".join(f"{field}: {text}" if field else text for field, text in fields[:5])
    more = f" (and {len(fields) - 5} more)" if len(fields) > 5 else ""
    end = "" if said.endswith((".", "!", "?")) else "."
    return (
        (f" ({code})" if code and code not in said else "") + end + (f" {(first + more).rstrip('.')}." if first else "")
    )


def _placed(error: RemoteError, service: Service, endpoint: "Endpoint[Any, Any]") -> RemoteError:
    """The driver does not know what it sends: say it."""
    error.service, error.endpoint = service.name, endpoint.name
    error.uncertain = error.uncertain and not endpoint.repeatable
    return error


def _pause(
    service: Service, endpoint: "Endpoint[Any, Any]", error: RemoteError, fault: Fault | None, attempt: int
) -> float | None:
    """The seconds to wait before the next attempt; None when there must not be one."""
    habits = service.habits
    if attempt >= habits.attempts or not _repeat_is_safe(endpoint, error, fault):
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= habits.longest_wait else None
    doubled = attempt if isinstance(error, TooManyRequests) else attempt - 1  # who asks for fewer is asked later
    wait = habits.first_wait * 2.0**doubled
    return min(wait * random.uniform(0.5, 1.5), habits.longest_wait)


def _repeat_is_safe(endpoint: "Endpoint[Any, Any]", error: RemoteError, fault: Fault | None) -> bool:
    """Whether it may be asked again: the service did nothing, or asking twice does no harm and the trouble passes."""
    if fault is not None and fault.retryable is False:
        return False
    if isinstance(error, TooManyRequests):
        return True
    if isinstance(error, NotReached):
        return not error.uncertain
    if not isinstance(error, ServiceFailed):
        return False
    if endpoint.repeatable:
        return error.status in _PASSING or (error.status == 500 and endpoint.method == "GET")
    said_so = fault is not None and (fault.retryable is True or error.retry_after is not None)
    return error.status == 503 and said_so
