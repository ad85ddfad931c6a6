"""FactPulse over a wire that answers what a test says; sign-ins are answered by themselves and counted."""

import email
import json
from typing import Any

import httpx

from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse import AsyncFactPulse, FactPulse

PASSWORD = "a long password of a test"


class Wire:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.sign_ins: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/token/":
            self.sign_ins.append(request)
            return httpx.Response(200, json={"access": f"access-{len(self.sign_ins)}", "refresh": "refresh-token"})
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.Response):
            return answer
        status, said = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=said)

    def client(self, **options: Any) -> FactPulse:
        options = {"habits": Habits(attempts=1), "pace": Pace(first=1, deadline=20), **options}
        if "token" not in options:
            options = {"username": "someone@example.org", "password": Secret(PASSWORD), **options}
        return FactPulse(http=httpx.Client(transport=httpx.MockTransport(self)), **options)

    def async_client(self) -> AsyncFactPulse:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return AsyncFactPulse(username="someone@example.org", password=Secret(PASSWORD), http=http)


def place(request: httpx.Request) -> str:
    return f"{request.method} {request.url.raw_path.decode()}"


def body(request: httpx.Request) -> Any:
    """JSON as it is, a form as its parts by name: the text, or the file name and bytes of a file."""
    kind = request.headers.get("content-type", "")
    if kind == "application/json":
        return json.loads(request.content)
    if kind.startswith("multipart/form-data"):
        parsed = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
        return {_name(part): _content(part) for part in parsed.get_payload()}  # type: ignore[union-attr,arg-type]
    return request.content.decode() or None


def _name(part: Any) -> str:
    return str(part.get_param("name", header="content-disposition"))


def _content(part: Any) -> Any:
    content = part.get_payload(decode=True)
    if part.get_filename() is not None:
        return part.get_filename(), content
    return json.loads(content) if part.get_content_type() == "application/json" else content.decode()
