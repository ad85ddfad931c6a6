"""The server: the application over HTTP, on this machine unless told otherwise."""

import asyncio
import contextlib
import importlib.util
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import MissingExtra, UsageError
from billingua.sandbox.application import ABORT, Sandbox
from billingua.sandbox.store import Store

if TYPE_CHECKING:
    import uvicorn

__all__ = ["app", "running", "serve"]

LOOPBACK: Final = "127.0.0.1"

_PURPOSE: Final = "The sandbox"
_WAITING: Final = 128
"""Connections that wait to be taken."""
_STOPPED: Final = 1
"""Seconds that open requests get when the server stops."""


def app(*, clock: Callable[[], datetime] | None = None, polls: int = 1) -> Sandbox:
    """The sandbox as an ASGI application, with a memory of its own.

    Args:
        clock: gives the current moment with its zone, for tests that want the same answers each time.
        polls: how often a document is shown in a status before it goes on to the next one.

    Raises:
        MissingExtra: starlette, uvicorn, python-multipart or httpx is not installed.
        UsageError: `polls` is not positive.
    """
    _need()
    if polls < 1:
        raise UsageError(f"A status is shown {polls} times.", todo="Give polls=1 or more.")
    return Sandbox(Store(clock, polls))


def _need() -> None:
    for package, name in (
        ("starlette", "starlette"),
        ("uvicorn", "uvicorn"),
        ("python_multipart", "python-multipart"),
        ("httpx", "httpx"),
    ):
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(name, "sandbox", _PURPOSE)


def _server(sandbox: Sandbox, host: str, port: int) -> "uvicorn.Server":
    """The server for an application; its connections can be broken off."""
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        """Puts what breaks the connection off into its scope."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            inner: Any = self.app

            def app(scope: Any, receive: Any, send: Any) -> Any:
                return inner({**scope, "extensions": {ABORT: transport.close}}, receive, send)

            self.app = app

    return uvicorn.Server(
        uvicorn.Config(
            sandbox,
            host=host,
            port=port,
            http=Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_STOPPED,
        )
    )


@contextlib.contextmanager
def running(
    port: int = 0, *, clock: Callable[[], datetime] | None = None, polls: int = 1, sandbox: Sandbox | None = None
) -> Iterator[str]:
    """Serve on this machine while the block runs; gives the base URL, such as `http://127.0.0.1:40123`.

    Args:
        port: 0 for one that is free.
        clock: as for `app`.
        polls: as for `app`.
        sandbox: an application of `app` to serve, instead of a new one.

    Raises:
        MissingExtra: as for `app`.
        UsageError: the port cannot be used.
    """
    server = _server(sandbox or app(clock=clock, polls=polls), LOOPBACK, port)
    listener = _bound(server.config.host, port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="billingua sandbox", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.002)
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def serve(
    host: str = LOOPBACK,
    port: int = 0,
    *,
    polls: int = 1,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. `tell` is called with the base URL before the first request is taken.

    Raises:
        MissingExtra: as for `app`.
        UsageError: the address or the port cannot be used.
    """
    server = _server(app(polls=polls), host, port)
    listener = _bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    try:
        if tell is not None:
            tell(f"http://{shown}:{listener.getsockname()[1]}")
        with _quiet_end():
            server.run(sockets=[listener])
    finally:
        listener.close()


@contextlib.contextmanager
def _quiet_end() -> Iterator[None]:
    """The signals that stop the server come once more when it has stopped; they then do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # otherwise asyncio leaves delays on
    except (OSError, OverflowError, UnicodeError) as error:
        raise UsageError(f"The sandbox cannot listen on {host}: {error}.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_WAITING)
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"The sandbox cannot listen on port {port} of {host}: {getattr(error, 'strerror', None) or error}.",
            todo="Choose another port, or 0 for one that is free.",
        ) from None
    return listener
