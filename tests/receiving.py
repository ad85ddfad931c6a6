"""A place on this machine where callbacks arrive."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Posted", "arrived", "receiving", "serving"]

Posted = list[tuple[dict[str, str], bytes]]
"""What was posted, in its order: the headers, their names in small letters, and the body."""


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server on this machine that answers as the handler does."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def receiving() -> Iterator[tuple[str, Posted]]:
    """An address, and what is posted there; each is answered with 204."""
    posted: Posted = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as address:
        yield f"{address}/hook", posted


def arrived(posted: Posted, count: int) -> Posted:
    """Wait until so many are there."""
    end = time.monotonic() + 10
    while len(posted) < count:
        assert time.monotonic() < end, f"{len(posted)} of {count} callbacks came."
        time.sleep(0.01)
    return posted
