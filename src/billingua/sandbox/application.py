"""The application: routes a request to its service, lets faults happen, and answers."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, NamedTuple

from billingua.errors import BillinguaError
from billingua.sandbox import control
from billingua.sandbox.call import Answer, Call, Upload, to_json
from billingua.sandbox.callbacks import deliver
from billingua.sandbox.endpoint import MEDIA, MEGABYTE, Endpoint, find
from billingua.sandbox.faults import HEADER, Fault, fault_of_header, take
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.service import Service
from billingua.sandbox.services import services
from billingua.sandbox.shapes import SHAPES, error_body
from billingua.sandbox.store import Store

__all__ = ["ABORT", "Sandbox"]

ABORT: Final = "billingua.abort"
"""The extension of the connection that breaks it off."""

_log = logging.getLogger("billingua.sandbox")
_LARGEST: Final = 512 * MEGABYTE
"""No body is read further than that."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class _Reply(NamedTuple):
    """What goes back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Sandbox:
    """The ASGI application. `store` is what it remembers."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":
            return None
        request = await _request(scope, receive)
        fault, reply = await asyncio.to_thread(self._answered, request)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        await _send(scope, receive, send, reply, fault)
        await asyncio.to_thread(deliver, self.store)
        return None

    def _answered(self, request: "_Request") -> "tuple[Fault | None, _Reply]":
        with self.store.lock:
            self.store.requests += 1
            service = next((one for one in services() if request.is_below(one.prefix)), None)
            if service is None:
                return None, _controlled(self.store, request)
            return self._served(service, request)

    def _served(self, service: Service, request: "_Request") -> "tuple[Fault | None, _Reply]":
        path = request.path[len(service.prefix) :]
        endpoint, values, allowed = find(service.endpoints, request.method, path)
        call = Call(
            self.store,
            endpoint or _nowhere(service, request.method, path),
            path=path,
            values=values,
            query=request.query,
            headers=request.headers,
            body=request.body,
            form=request.form,
            base=request.base,
        )
        fault = None
        try:
            with contextlib.suppress(Refusal):
                call.account = service.account_of(call) if endpoint is not None else None
            fault = self._fault(service, call)
            asked = fault.refusal() if fault is not None else None
            if asked is not None:
                return fault, self._refused(service, call, asked)
            if fault is not None and fault.kind == "drop":
                return fault, _Reply(204, {}, b"")
            call.ends = fault.ends if fault is not None else ""
            return fault, _good(call, self._done(service, call, request, allowed))
        except Refusal as refusal:
            return fault, self._refused(service, call, refusal)

    def _fault(self, service: Service, call: Call) -> Fault | None:
        header = call.headers.get(HEADER)
        if header is not None:
            return fault_of_header(header)
        return take(self.store.faults, service.name, (call.endpoint.path, call.path, service.prefix + call.path))

    def _done(self, service: Service, call: Call, request: "_Request", allowed: tuple[str, ...]) -> Any:
        """What the handler says.

        Raises:
            Refusal: the request is refused.
        """
        if not call.endpoint.name:
            if allowed:
                raise Refusal(
                    405,
                    "METHOD_NOT_ALLOWED",
                    f"Method {request.method} is not supported.",
                    headers={"Allow": ", ".join(allowed)},
                )
            raise Refusal(404, "NOT_FOUND", f"There is no {call.path}.")
        if call.endpoint.auth != "-":
            call.account = service.account_of(call)
        if request.size > call.endpoint.limit:
            limit = call.endpoint.limit // MEGABYTE
            raise Refusal(call.status(413, 413), "FILE_SIZE_EXCEEDED", f"The body is larger than {limit} MB.")
        status, code, shape = service.invalid
        unreadable = request.unreadable or call.unreadable()
        if unreadable:
            raise Refusal(call.status(status, 400), "INVALID_REQUEST", unreadable, shape=shape)
        complaints = call.complaints()
        if complaints:
            raise Refusal(call.status(status, 400), code, complaints[0].message, complaints, shape=shape)
        try:
            return service.handlers[call.endpoint.name](call)
        except Refusal:
            raise
        except BillinguaError as error:
            raise Refusal(call.status(400, 422, 500), code, str(error)) from None
        except Exception:  # a client under test gets an answer, and whoever reads the log the reason
            _log.exception("The sandbox failed at %s %s.", request.method, request.path)
            raise Refusal(500, "SERVER_ERROR", "An unexpected error occurred.") from None

    def _refused(self, service: Service, call: Call, refusal: Refusal) -> _Reply:
        """The error body of a refusal."""
        shape = refusal.shape
        if shape is None:
            shape = service.lost if not call.endpoint.name else service.shape_of(call, refusal)
            if refusal.status not in call.endpoint.errors:
                shape = service.fault_shapes.get(refusal.status, shape)
        body = error_body(
            refusal,
            shape if shape in SHAPES else service.lost,
            path=call.path,
            timestamp=self.store.now().strftime("%Y-%m-%dT%H:%M:%S"),
            id=self.store.uuid("error"),
        )
        headers = dict(refusal.headers)
        if refusal.retry_after is not None:
            headers["Retry-After"] = str(refusal.retry_after)
        if body is None:
            return _Reply(refusal.status, headers, b"")
        return _Reply(refusal.status, headers | {"Content-Type": MEDIA["json"]}, to_json(body))


def _nowhere(service: Service, method: str, path: str) -> Endpoint:
    """What stands for an endpoint where there is none."""
    return Endpoint(service.name, "", method, path, "-", (), "json", 404, service.lost, (404, 405), "-", _LARGEST, "")


def _good(call: Call, said: Any) -> _Reply:
    """The answer of a handler, as the table says."""
    answer = said if isinstance(said, Answer) else Answer(said)
    status = answer.status or call.endpoint.status
    headers = dict(answer.headers)
    if answer.body is None and call.endpoint.gives != "json":
        return _Reply(status, headers, b"")
    if isinstance(answer.body, bytes):
        data, media = answer.body, MEDIA[call.endpoint.gives]
    elif isinstance(answer.body, str) and call.endpoint.gives in ("text", "xml"):
        data, media = answer.body.encode(), MEDIA[call.endpoint.gives]
    else:
        data, media = to_json(answer.body), MEDIA["json"]
    return _Reply(status, headers | {"Content-Type": answer.media or media}, data)


def _controlled(store: Store, request: "_Request") -> _Reply:
    """The answer of what is no service: the control of the sandbox, and the description."""
    try:
        body = control.answer(store, request.method, request.path, request.body, request.base)
    except Refusal as refusal:
        body = {"error": refusal.code, "message": refusal.message}
        return _Reply(refusal.status, {"Content-Type": MEDIA["json"]}, to_json(body))
    return _Reply(200, {"Content-Type": MEDIA["json"]}, to_json(body))


class _Request(NamedTuple):
    """What came over the wire. `path` is still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    size: int
    form: Mapping[str, str | Upload | list[Upload]]
    unreadable: str
    base: str

    def is_below(self, prefix: str) -> bool:
        return self.path == prefix or self.path.startswith(f"{prefix}/")


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing is to be done at start and end; other servers than that of `serve` ask all the same."""
    for step in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})


async def _request(scope: Scope, receive: Receive) -> _Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= _LARGEST:
            chunks.append(chunk)
        if not message.get("more_body"):
            break
    body = b"".join(chunks)
    form: Mapping[str, str | Upload | list[Upload]] = {}
    unreadable = ""
    if headers.get("content-type", "").startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        try:
            form = await _form(scope, body)
        except ValueError as error:
            unreadable = str(error)
    host = headers.get("host", "localhost")
    return _Request(
        method=scope["method"],
        path=(scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        size=size,
        form=form,
        unreadable=unreadable,
        base=f"{scope.get('scheme', 'http')}://{host}",
    )


async def _form(scope: Scope, body: bytes) -> dict[str, str | Upload | list[Upload]]:
    """The parts of a form.

    Raises:
        ValueError: it is none.
    """
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException
    from starlette.formparsers import MultiPartException
    from starlette.requests import Request

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    parts: dict[str, str | Upload | list[Upload]] = {}
    try:
        async with Request(scope, receive).form(max_part_size=_LARGEST) as form:
            for name, part in form.multi_items():
                if not isinstance(part, UploadFile):
                    parts[name] = part
                    continue
                upload = Upload(part.filename or "", part.content_type or "", await part.read())
                before = parts.get(name)
                if isinstance(before, list):
                    before.append(upload)
                else:
                    parts[name] = [before, upload] if isinstance(before, Upload) else upload
    except (HTTPException, MultiPartException, KeyError, UnicodeError) as error:
        raise ValueError(f"The form cannot be read: {getattr(error, 'detail', error)}") from None
    return parts


async def _send(scope: Scope, receive: Receive, send: Send, reply: _Reply, fault: Fault | None) -> None:
    """Answer, or break off as the fault wants it."""
    kind = fault.kind if fault is not None else ""
    if kind in ("drop", "duplicate"):
        return await _abort(scope, receive)
    body = {"wrong-json": b'{"status": "COMPLE', "empty": b""}.get(kind, reply.body)
    length = len(body) if kind != "half" else max(len(body), 2)
    headers = [(b"content-length", str(length).encode())] if reply.status != 204 else []
    headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if kind == "half":
        await send({"type": "http.response.body", "body": body[: length // 2], "more_body": True})
        return await _abort(scope, receive)
    if scope["method"] == "HEAD" or reply.status == 204:
        body = b""
    await send({"type": "http.response.body", "body": body})
    return None


async def _abort(scope: Scope, receive: Receive) -> None:
    """Break the connection off, without another byte."""
    close = scope.get("extensions", {}).get(ABORT)
    if close is None:
        raise ConnectionAbortedError("The sandbox was asked to break the connection off.")
    close()
    while (await receive())["type"] != "http.disconnect":
        pass
