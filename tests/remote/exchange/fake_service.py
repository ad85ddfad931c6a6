"""A service of a few calls, and the wire it is asked over: answers in a row, requests kept."""

from collections.abc import Callable
from typing import Any

import httpx

from billingua.errors import RemoteError, ServiceFailed
from billingua.remote.exchange.clients import AsyncClient, Client
from billingua.remote.exchange.conversation import Steps, conversation
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.messages import Answer, Ask, File, Text
from billingua.remote.exchange.operations import Endpoint, Paged, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token

PASSWORD = "correct horse battery"


class SignIn(Ask, frozen=True, kw_only=True):
    password: Secret


class Granted(Answer):
    token: str


class Document(Ask, frozen=True, kw_only=True):
    number: str
    kind: str | None = None


class Found(Answer):
    status: Text = Text()
    total: int | None = None


class Submission(Ask, frozen=True, kw_only=True):
    company_id: str
    content: bytes | None = None


class Upload(Ask, frozen=True, kw_only=True):
    company_id: str
    info: Document | None = None
    files: tuple[File, ...] = ()


class PageOf(Ask, frozen=True, kw_only=True):
    page: int = 0


class Page(Answer):
    content: tuple[int, ...] = ()
    last: bool = False


def _failed(said: Any) -> type[RemoteError] | None:
    return ServiceFailed if isinstance(said, dict) and said.get("status") == "FAILED" else None


class Calls(Service):
    name = "archive"

    def __init__(self, base_url: str, **options: Any) -> None:
        super().__init__(base_url, **options)
        self.turned = False
        self.turns = False

    sign_in = Endpoint("POST", "/login", SignIn, Granted, signed_in=False, repeatable=True)
    find = Endpoint("GET", "/documents/{number}", Document, Found)
    submit = Endpoint("POST", "/documents", Submission, Found, failed=_failed, limits={"content": "fr-cdar"})
    send_xml = Endpoint("POST", "/xml", Submission, str, query=("companyId",), body="content")
    upload = Endpoint("POST", "/upload", Upload, bytes, body="form", limits={"files": "docnova-attachment"})
    page = Endpoint("POST", "/pages", PageOf, Page, query=("page",), repeatable=True)
    every = Paged(page, lambda page: page.content, lambda ask, page: None if page.last else PageOf(page=ask.page + 1))
    finished = Polled(find, lambda found: found.status == "DONE")

    def signing_in(self) -> Steps[Token] | None:
        return self._token()

    def _token(self) -> Steps[Token]:
        granted = yield from conversation(self, Calls.sign_in, SignIn(password=Secret(PASSWORD)))
        return Token(Secret(granted.token))

    def other_way(self, endpoint: Endpoint[Any, Any]) -> bool:  # noqa: ARG002
        self.turned = not self.turned and self.turns
        return self.turned

    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets(), PASSWORD)


class Archive(Calls, Client):
    pass


class AsyncArchive(Calls, AsyncClient):
    pass


class Wire:
    """Answers given one after the other (a status, a status with a JSON body, an error, or a whole response); sign-ins
    are answered by themselves."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.sign_ins = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login":
            self.sign_ins += 1
            return httpx.Response(200, json={"token": f"token-{self.sign_ins}"})
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        status, said = answer if isinstance(answer, tuple) else (answer, {})
        return httpx.Response(status, json=said)

    def client(self, **options: Any) -> Archive:
        options.setdefault("habits", Habits(first_wait=0.001, longest_wait=5))
        options.setdefault("pace", Pace(first=1, deadline=20))
        return Archive("https://archive.example", http=httpx.Client(transport=httpx.MockTransport(self)), **options)

    def async_client(self, **options: Any) -> AsyncArchive:
        transport = httpx.MockTransport(self)
        return AsyncArchive("https://archive.example", http=httpx.AsyncClient(transport=transport), **options)


Make = Callable[..., Archive]
