"""The drivers: what carries out the steps of a conversation over HTTP, with httpx, in threads or in tasks."""

import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from billingua.errors import MissingExtra, NotReached, RemoteError, UnexpectedAnswer, UsageError
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
        self._made: Any = None
        self._making = threading.Lock()

    def _opened(self, kind: str) -> Any:
        """The client of httpx, made when it is first needed, once for all threads."""
        with self._making:
            if self._made is None:
                self._made = self._given or _made(kind)
        if self._made.is_closed:
            raise UsageError(f"The client of {self.name} is closed.", todo="Make a new one.")
        return self._made

    def _arguments(self, step: Send) -> dict[str, Any]:
        habits = self.habits
        return {
            "method": step.request.method,
            "url": self.base_url + step.request.path if step.request.path.startswith("/") else step.request.path,
            "headers": {"accept": "*/*", "user-agent": "billingua", **step.request.headers, **step.headers},
            "content": step.request.content,
            "files": step.request.files or None,
            "timeout": _httpx().Timeout(habits.answer_within, connect=habits.connect_within),
            "follow_redirects": False,  # also of a client that was given: the token is for this service alone
        }

    def _reply(self, response: "httpx.Response", body: bytearray) -> Reply:
        return Reply(
            response.status_code, {name.lower(): value for name, value in response.headers.items()}, bytes(body)
        )

    def _take(self, body: bytearray, chunk: bytes, until: float) -> None:
        body += chunk
        if time.monotonic() > until:
            raise NotReached(
                f"The answer of {self.name} had no end after {self.habits.finished_within:g} seconds.",
                where=self.base_url,
                todo="Look there by your own key first: it may have done what it was asked.",
                uncertain=True,
            )
        if len(body) > self.habits.largest_answer:
            raise UnexpectedAnswer(
                f"The answer of {self.name} goes on beyond {self.habits.largest_answer:,} bytes.",
                todo="Ask for less, or allow more with Habits(largest_answer=...).",
                uncertain=True,
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

    def __init__(self, base_url: str, **options: Any) -> None:
        super().__init__(base_url, **options)
        self._lock = threading.Lock()

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
        except RemoteError as error:
            return error

    def _sent(self, step: Send) -> Reply:
        httpx, http = _httpx(), self._opened("Client")
        body, until = bytearray(), time.monotonic() + self.habits.finished_within
        try:
            with http.stream(**self._arguments(step)) as response:
                for chunk in response.iter_bytes():
                    self._take(body, chunk, until)
                return self._reply(response, body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            self._unreached(problem)

    def close(self) -> None:
        """Close the connections, unless the httpx client was given."""
        if self._given is None and self._made is not None:
            self._made.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Driver):
    """The same for asyncio and trio. Close it, or use it in an `async with`."""

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
        except RemoteError as error:
            return error

    async def _sent(self, step: Send) -> Reply:
        httpx, http = _httpx(), self._opened("AsyncClient")
        body, until = bytearray(), time.monotonic() + self.habits.finished_within
        try:
            async with http.stream(**self._arguments(step)) as response:
                async for chunk in response.aiter_bytes():
                    self._take(body, chunk, until)
                return self._reply(response, body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            self._unreached(problem)

    async def close(self) -> None:
        """Close the connections, unless the httpx client was given."""
        if self._given is None and self._made is not None:
            await self._made.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _advanced(steps: Steps[Any], outcome: Any) -> Any:
    """The next step of a conversation, after what came of the last one. Raises StopIteration with its answer."""
    return steps.throw(outcome) if isinstance(outcome, RemoteError) else steps.send(outcome)


def _made(kind: str) -> Any:
    """A client of httpx, which reads proxies and certificates from the environment."""
    httpx = _httpx()
    try:
        return getattr(httpx, kind)(follow_redirects=False)
    except ImportError:
        raise UsageError(
            "The environment names a SOCKS proxy, for which a package is missing.",
            todo='Install it: pip install "httpx[socks]"; or unset ALL_PROXY, HTTPS_PROXY and HTTP_PROXY.',
        ) from None
    except (ValueError, OSError, httpx.InvalidURL):  # their words may have the password of a proxy
        raise UsageError(
            "The environment names a proxy or certificates that cannot be used.",
            todo="Look at ALL_PROXY, HTTPS_PROXY, HTTP_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None


def _httpx() -> Any:
    try:
        import httpx
    except ImportError:
        raise MissingExtra("httpx", "remote", "Talking to remote services") from None
    return httpx
