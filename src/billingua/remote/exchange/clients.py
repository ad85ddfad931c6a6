"""The drivers: what carries out the steps of a conversation over HTTP, with httpx, in threads or in tasks."""

import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from billingua.errors import MissingExtra, NotReached, UnexpectedAnswer
from billingua.remote.exchange.conversation import Alone, Item, Send, Steps, Wait
from billingua.remote.exchange.faults import Reply
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.service import Service

if TYPE_CHECKING:
    import anyio
    import httpx

__all__ = ["AsyncClient", "Client"]

A = TypeVar("A")


class _Driver(Service):
    """What both clients share. `http` is a client of httpx, for a proxy or certificates of your own."""

    def __init__(
        self, base_url: str, *, habits: Habits | None = None, pace: Pace | None = None, http: Any = None
    ) -> None:
        super().__init__(base_url, habits=habits, pace=pace)
        self._given = http

    def _arguments(self, step: Send) -> dict[str, Any]:
        habits = self.habits
        return {
            "method": step.request.method,
            "url": self.base_url + step.request.path if step.request.path.startswith("/") else step.request.path,
            "headers": {"accept": "*/*", "user-agent": "billingua", **step.request.headers, **step.headers},
            "content": step.request.content,
            "files": step.request.files or None,
            "timeout": _httpx().Timeout(habits.answer_within, connect=habits.connect_within),
        }

    def _reply(self, response: "httpx.Response", body: bytearray) -> Reply:
        return Reply(
            response.status_code, {name.lower(): value for name, value in response.headers.items()}, bytes(body)
        )

    def _take(self, body: bytearray, chunk: bytes) -> None:
        body += chunk
        if len(body) > self.habits.largest_answer:
            raise UnexpectedAnswer(
                f"The answer of {self.name} goes on beyond {self.habits.largest_answer:,} bytes.",
                todo="Ask for less, or allow more with Habits(largest_answer=...).",
                service=self.name,
            )

    def _unreached(self, problem: Exception) -> NoReturn:
        """Say why nothing came back; what never reached the service is certainly not done."""
        httpx = _httpx()
        before = isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        late = isinstance(problem, httpx.TimeoutException)
        what = "gave no answer in time" if late else "cannot be reached" if before else "broke off the connection"
        raise NotReached(
            f"{self.name} {what}: {problem or type(problem).__name__}.",
            where=self.base_url,
            todo="Check the address and the network, and try again later."
            if before
            else "Look there by your own key first: it may have done what it was asked.",
            uncertain=not before,
        ) from None


class Client(_Driver):
    """A client that waits for the answer. One may be used by several threads. Close it, or use it in a `with`."""

    @cached_property
    def _http(self) -> "httpx.Client":
        made: httpx.Client = self._given or _httpx().Client(follow_redirects=False)
        return made

    @cached_property
    def _lock(self) -> threading.Lock:
        return threading.Lock()

    def run(self, steps: Steps[A]) -> A:
        """Carry out a conversation to its answer."""
        outcome: Any = None
        while True:
            try:
                step = _advanced(steps, outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = self._carried_out(step)

    def each(self, steps: Steps[None]) -> Iterator[Any]:
        """Carry out a conversation for its items."""
        outcome: Any = None
        while True:
            try:
                step = _advanced(steps, outcome)
            except StopIteration:
                return
            if isinstance(step, Item):
                outcome = None
                yield step.value
            else:
                outcome = self._carried_out(step)

    def _carried_out(self, step: Any) -> Any:
        if isinstance(step, Wait):
            return time.sleep(step.seconds)
        if isinstance(step, Alone):
            with self._lock:
                return self.run(step.steps)
        try:
            return self._sent(step)
        except NotReached as error:
            return error

    def _sent(self, step: Send) -> Reply:
        httpx = _httpx()
        body = bytearray()
        try:
            with self._http.stream(**self._arguments(step)) as response:
                for chunk in response.iter_bytes():
                    self._take(body, chunk)
                return self._reply(response, body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            self._unreached(problem)

    def close(self) -> None:
        """Close the connections, unless the httpx client was given."""
        if self._given is None and "_http" in self.__dict__:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Driver):
    """The same for asyncio and trio. Close it, or use it in an `async with`."""

    @cached_property
    def _http(self) -> "httpx.AsyncClient":
        made: httpx.AsyncClient = self._given or _httpx().AsyncClient(follow_redirects=False)
        return made

    @cached_property
    def _lock(self) -> "anyio.Lock":
        import anyio  # comes with httpx

        return anyio.Lock()

    async def run(self, steps: Steps[A]) -> A:
        """Carry out a conversation to its answer."""
        outcome: Any = None
        while True:
            try:
                step = _advanced(steps, outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcome = await self._carried_out(step)

    async def each(self, steps: Steps[None]) -> AsyncIterator[Any]:
        """Carry out a conversation for its items."""
        outcome: Any = None
        while True:
            try:
                step = _advanced(steps, outcome)
            except StopIteration:
                return
            if isinstance(step, Item):
                outcome = None
                yield step.value
            else:
                outcome = await self._carried_out(step)

    async def _carried_out(self, step: Any) -> Any:
        if isinstance(step, Wait):
            import anyio

            return await anyio.sleep(step.seconds)
        if isinstance(step, Alone):
            async with self._lock:
                return await self.run(step.steps)
        try:
            return await self._sent(step)
        except NotReached as error:
            return error

    async def _sent(self, step: Send) -> Reply:
        httpx = _httpx()
        body = bytearray()
        try:
            async with self._http.stream(**self._arguments(step)) as response:
                async for chunk in response.aiter_bytes():
                    self._take(body, chunk)
                return self._reply(response, body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            self._unreached(problem)

    async def close(self) -> None:
        """Close the connections, unless the httpx client was given."""
        if self._given is None and "_http" in self.__dict__:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _advanced(steps: Steps[Any], outcome: Any) -> Any:
    """The next step of a conversation, after what came of the last one. Raises StopIteration with its answer."""
    return steps.throw(outcome) if isinstance(outcome, NotReached) else steps.send(outcome)


def _httpx() -> Any:
    try:
        import httpx
    except ImportError:
        raise MissingExtra("httpx", "remote", "Talking to remote services") from None
    return httpx
