"""Descriptions of what can be asked of a service. Each is said once and serves the sync and the async client.

    class DocnovaCalls(Service):
        document_status = Endpoint("GET", "/invoice/document-status/{trackingId}", DocumentStatus, ProcessRecord)

    Docnova(...).document_status(tracking_id="...")                 # ProcessRecord
    await AsyncDocnova(...).document_status(tracking_id="...")      # the same

The parameters are those of the request struct, so they are typed and named; `Paged` gives an iterator of items over
all pages, `Polled` asks until a task is finished.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar, overload

from billingua.errors import RemoteError, UnexpectedAnswer
from billingua.remote.exchange.conversation import Item, Steps, conversation, polling
from billingua.remote.exchange.messages import Ask
from billingua.remote.exchange.outgoing import Body
from billingua.remote.exchange.service import Service

if TYPE_CHECKING:
    from billingua.remote.exchange.clients import AsyncClient, Client

__all__ = ["Endpoint", "Paged", "Polled", "same_page"]

P = ParamSpec("P")
A = TypeVar("A")
T = TypeVar("T")

_SAFE = ("GET", "HEAD", "PUT", "DELETE")


class _Operation(ABC, Generic[P, A]):
    """What is called like a method and gives one answer."""

    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    @abstractmethod
    def steps(self, service: Service, ask: Ask) -> Steps[A]:
        """The course of the call."""

    @property
    @abstractmethod
    def request(self) -> Callable[P, Ask]:
        """The struct whose fields are its parameters."""

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, A]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> Callable[P, Awaitable[A]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        if client is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client.run(self.steps(client, self.request(*args, **kwargs)))

        call.__name__ = self.name
        call.__doc__ = self.__doc__
        return call


class Endpoint(_Operation[P, A]):
    """One call of a service.

    Args:
        path: below the base URL, or a whole URL; `{name}` takes the field of that name on the wire.
        request: the struct whose fields are asked for.
        answer: a struct, or bytes, str or None for the body as it is.
        query: fields (names on the wire) that stand in the query of a call that has a body.
        headers: fields (names on the wire) that are headers.
        body: how the other fields are sent.
        media_type: of a body that is the field `content`.
        repeatable: whether a second call does no harm; by default as the method says.
        limits: for fields (our names) with bytes or a file, the limit of `billingua.formats.limits` they must keep.
        errors: the statuses that the service documents for the call.
        failed: tells the error that hides in an answer with status 200.
        signed_in: whether the call needs a token.
        about: what the call does, for its documentation.
    """

    def __init__(
        self,
        method: str,
        path: str,
        request: Callable[P, Ask],
        answer: type[A],
        *,
        query: tuple[str, ...] = (),
        headers: tuple[str, ...] = (),
        body: Body = "json",
        media_type: str = "application/xml",
        repeatable: bool | None = None,
        limits: Mapping[str, str] | None = None,
        errors: tuple[int, ...] = (),
        failed: Callable[[Any], type[RemoteError] | None] | None = None,
        signed_in: bool = True,
        about: str = "",
    ) -> None:
        self.method = method
        self.path = path
        self._request = request
        self.answer = answer
        self.query = frozenset(query)
        self.headers = frozenset(headers)
        self.body: Body = body
        self.media_type = media_type
        self.repeatable = method in _SAFE if repeatable is None else repeatable
        self.limits = dict(limits or {})
        self.errors = errors
        self.failed = failed
        self.signed_in = signed_in
        self.__doc__ = about or None

    @property
    def request(self) -> Callable[P, Ask]:
        return self._request

    def under(self, prefix: str) -> Self:
        """The same call where its path follows another one: a service that hands it on."""
        moved = copy(self)
        moved.name, moved.path = "", prefix + self.path
        return moved

    def steps(self, service: Service, ask: Ask) -> Steps[A]:
        return conversation(service, self, ask)


class Polled(_Operation[P, A]):
    """Ask `endpoint` until `done`, at the pace of the client.

    A document that the service does not know yet is waited for during the first seconds. Raises `StillWorking` when
    the time limit ends.
    """

    def __init__(self, endpoint: Endpoint[P, A], done: Callable[[A], bool]) -> None:
        self.endpoint = endpoint
        self.done = done

    @property
    def request(self) -> Callable[P, Ask]:
        return self.endpoint.request

    def steps(self, service: Service, ask: Ask) -> Steps[A]:
        return polling(service, self.endpoint, ask, self.done)


def same_page(service: Service, endpoint: Endpoint[Any, Any]) -> UnexpectedAnswer:
    """The error for pages without end: the service does not heed which page it is asked for."""
    return UnexpectedAnswer(
        f"{service.name} gave the same page of {endpoint.name} again when it was asked for the next one.",
        todo="Ask for all at once, with a larger page.",
        service=service.name,
        endpoint=endpoint.name,
    )


class Paged(Generic[P, A, T]):
    """The items of all pages of `endpoint`, one after the other, asked for as they are taken.

    A page that is the same as the one before ends them with `UnexpectedAnswer`.

    Args:
        items: the items of one answer.
        following: the request for the next page, or None at the end.
    """

    def __init__(
        self,
        endpoint: Endpoint[P, A],
        items: Callable[[A], tuple[T, ...]],
        following: Callable[[Any, A], Ask | None],
    ) -> None:
        self.endpoint = endpoint
        self.items = items
        self.following = following

    def steps(self, service: Service, ask: Ask) -> Steps[None]:
        page: Ask | None = ask
        before: tuple[T, ...] = ()
        while page is not None:
            answer = yield from conversation(service, self.endpoint, page)
            found = self.items(answer)
            if found and found == before:
                raise same_page(service, self.endpoint)
            for item in found:
                yield Item(item)
            before = found
            page = self.following(page, answer)

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        if client is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client.each(self.steps(client, self.endpoint.request(*args, **kwargs)))

        return call
