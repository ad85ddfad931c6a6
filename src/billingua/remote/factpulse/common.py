"""What the calls of FactPulse share: forms in snake case, tasks that may end badly, answers that hide an error."""

from typing import Any

import msgspec

from billingua.errors import Refused, RemoteError, ServiceFailed
from billingua.remote.exchange.messages import Answer, Ask, Text
from billingua.remote.exchange.secrets import Secret

__all__ = [
    "ERRORS",
    "ForOrganization",
    "Form",
    "PlatformAsk",
    "Started",
    "Task",
    "TaskOf",
    "TaskStatus",
    "is_finished",
    "task_failed",
    "unsuccessful",
]

ERRORS = (400, 401, 422)
"""What nearly every call documents."""


class Form(Ask, frozen=True, kw_only=True, rename={}):
    """A multipart form: its names are in snake case on the wire too."""


class ForOrganization(Ask, frozen=True, kw_only=True):
    """`organization_id`: the client of the platform it is done for."""

    organization_id: str | None = msgspec.field(default=None, name="Organization-Id")


class PlatformAsk(ForOrganization, frozen=True, kw_only=True):
    """A call that goes on to a platform; what is left out is taken from what is stored for the client."""

    pdp_flow_service_url: str | None = None
    pdp_token_url: str | None = None
    pdp_client_id: str | None = None
    pdp_client_secret: Secret | None = None


class Task(Answer):
    """A task: `task_id` is what it is asked for by."""

    task_id: Text = Text()
    snake_task_id: Text = msgspec.field(default=Text(), name="task_id")

    def __post_init__(self) -> None:
        self.task_id = self.task_id or self.snake_task_id  # both spellings occur


class Started(Task):
    """A task that was started."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.task_id:
            raise ValueError("it has no taskId")


class TaskOf(Ask, frozen=True, kw_only=True):
    task_id: str


class TaskStatus(Task):
    """A task: PENDING, STARTED or RETRY, at last SUCCESS with a result. One that ends badly raises an error."""

    status: Text = Text()
    result: dict[str, Any] | None = None


def is_finished(task: TaskStatus) -> bool:
    return task.status == "SUCCESS"


def task_failed(said: Any) -> type[RemoteError] | None:
    """A task that broke off (FAILURE), or one that finished (SUCCESS) with the result that it cannot be done."""
    if not isinstance(said, dict):
        return None
    if said.get("status") == "FAILURE":
        return ServiceFailed
    result = said.get("result")
    return Refused if isinstance(result, dict) and result.get("status") == "ERROR" else None


def unsuccessful(said: Any) -> type[RemoteError] | None:
    return Refused if isinstance(said, dict) and said.get("success") is False else None
