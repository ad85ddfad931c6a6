"""The shapes of the services' error bodies: which keys, and what stands under each.

A shape is a list of keys. `key=fact` says what stands there, a `?` at its end that the key is left out where there is
nothing to say, as for validation errors. The letters of Docnova are those of our digest of its Polish page; `security`,
`failed` and `empty` are those of its German page.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from billingua.sandbox.refusal import Refusal

__all__ = ["SHAPES", "error_body"]

_A_SHORT: Final = "errorMessage=message errorType=code errorTitle=title status errorId=id timestamp path"
_A_TEXT: Final = _A_SHORT.replace(" status ", " status=status_text ")
_A_UNTITLED: Final = (
    "errorMessage=message errorType=code status errorId=id timestamp path details validationErrors=items?"
)

SHAPES: Final[Mapping[str, str]] = {
    "A": f"{_A_SHORT} details=details? validationErrors=items?",
    "A-short": _A_SHORT,
    "A-minimal": "errorMessage=message status errorId=id timestamp path",
    "A-untitled": _A_UNTITLED,
    "A-data": f"{_A_SHORT} data details validationErrors=items?",
    "A-text": f"{_A_TEXT} details=details? validationErrors=items?",
    "A-expired": f"{_A_SHORT.replace(' status ', ' status=nothing ')} details=nothing validationErrors=nothing",
    "A-expired-text": f"{_A_TEXT} details=nothing validationErrors=nothing",
    "B": "message errorClientMessage=message validationErrors=pairs details",
    "C": "status error=reason message",
    "C-fields": "status message data=pairs",
    "D": "message errorClientMessage=message data details",
    "E": "message errorClientMessage=code httpStatus=status_name details validationErrors=items",
    "F": "status error=reason message timestamp",
    "F-path": "status error=reason message timestamp path",
    "G": "status message errorClientMessage=code validationErrors=items?",
    "H": "success=false httpStatus=status error=code message errors=items? details=details? serverTime=timestamp",
    "I": "status error=reason code message timestamp path correlationId=id retryAfterSeconds=retry?",
    "J": "status error=reason message",
    "J-fields": "status error=reason errors=pairs",
    "K": "code=ksef_code description=message details=texts extensions=none",
    "security": "status error=reason message timestamp",
    "failed": "trackingId=tracking_id status=failed message",
    "empty": "",
    "login": "timestamp status error=reason message",
    "captcha": "timestamp status error=reason message requiresRecaptchaV2=true jwt=nothing",
    "second-factor": "jwt=nothing mfaEnabled=true mfaType=google message",
    "wrapper": "data=nothing success=false message error=code",
    "api-error": "errorCode=code errorMessage=message details=findings",
    "texts": "detail=texts",
    "locations": "detail=locations",
    "oauth": "error=code error_description=message",
    "afnor": "errorCode=code errorMessage=message type=about details=text instance=path",
    "chorus": "errorCode=code errorMessage=message details=findings",
}
"""By name. A shape with `-fields` behind its name is used instead where single fields are wrong."""


def error_body(refusal: Refusal, shape: str, *, path: str, timestamp: str, id: str) -> Any:
    """The body of a refusal in a shape; None for an empty one."""
    if refusal.complaints and f"{shape}-fields" in SHAPES:
        shape = f"{shape}-fields"
    facts = _facts(refusal, path, timestamp, id)
    body = {}
    for one in SHAPES[shape].split():
        key, equals, fact = one.partition("=")
        name = (fact or key).rstrip("?")
        value = facts[name if equals else key.rstrip("?")]
        if value or not one.endswith("?"):
            body[key.rstrip("?")] = value
    return body or None


def _facts(refusal: Refusal, path: str, timestamp: str, id: str) -> dict[str, Any]:
    """Everything a body may say."""
    phrase = _phrase(refusal.status)
    complaints = refusal.complaints
    details: dict[str, Any] = {}
    if refusal.retry_after is not None:
        details["retryAfterSeconds"] = refusal.retry_after
    if refusal.status in (502, 503):
        details["retryable"] = True
    return {
        "message": refusal.message,
        "code": refusal.code,
        "title": phrase,
        "reason": phrase,
        "status": refusal.status,
        "status_text": str(refusal.status),
        "status_name": phrase.upper().replace(" ", "_"),
        "id": id,
        "timestamp": timestamp,
        "path": path,
        "data": refusal.data,
        "details": details or None,
        "retry": refusal.retry_after,
        "items": [{"field": one.field, "code": one.code, "message": one.message} for one in complaints],
        "pairs": [{"field": one.field, "message": one.message} for one in complaints],
        "texts": [f"{one.field}: {one.message}" if one.field else one.message for one in complaints]
        or [refusal.message],
        "text": "; ".join([f"{one.field}: {one.message}" for one in complaints]) or None,
        "findings": [
            {
                "level": one.severity,
                "item": one.field,
                "reason": one.message,
                "source": one.source,
                "code": one.code,
            }
            for one in complaints
        ],
        "locations": [
            {"loc": ["body", *one.field.split(".")], "msg": one.message, "type": one.code.lower()} for one in complaints
        ]
        or [{"loc": ["body"], "msg": refusal.message, "type": refusal.code.lower()}],
        "about": "about:blank",
        "ksef_code": refusal.data if isinstance(refusal.data, int) else refusal.status,
        "tracking_id": refusal.data if isinstance(refusal.data, str) else id,
        "failed": "FAILED",
        "google": "GOOGLE",
        "true": True,
        "false": False,
        "none": {},
        "nothing": None,
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Token Expired" if status == 498 else "Error"
