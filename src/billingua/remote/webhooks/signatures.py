"""Signatures of callbacks: over the bytes as they came, compared in constant time (remote-apis 4.3 and 5.1)."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from time import time
from typing import Final, Literal

from billingua.errors import UsageError, WebhookError
from billingua.remote.exchange.secrets import Secret

__all__ = ["SignedOver", "check_afnor", "check_factpulse"]

SignedOver = Literal["digest", "hex digest", "text"]
"""What the HMAC of XP Z12-013 is taken over, which the standard shows by no example: the bytes of the SHA-256 of the
text (body, @ and time), the hexadecimal digits of it, or the text itself."""

_WINDOW: Final = 300.0
"""Seconds that a callback of XP Z12-013 may be away from now: an older one may be a copy."""

_SECONDS: Final = re.compile(r"[0-9]{1,12}")


def check_factpulse(body: bytes, headers: Mapping[str, str], secret: Secret) -> None:
    """`X-Webhook-Signature: sha256=...`, the HMAC-SHA256 of the body in hexadecimal digits.

    Raises:
        WebhookError: it is not there, or not that of the body.
    """
    form, _, found = _header(headers, "X-Webhook-Signature").partition("=")
    made = hmac.new(_key(secret), body, hashlib.sha256).hexdigest()
    if form != "sha256" or not hmac.compare_digest(made.encode(), found.encode()):
        raise _forged("its signature is not that of its body")


def check_afnor(
    body: bytes, headers: Mapping[str, str], signing_key: Secret, signed_over: SignedOver, now: float | None
) -> None:
    """`Afnor-Signature`, an HMAC-SHA256 in base64, and `Afnor-Signature-Timestamp`, seconds since 1970.

    Raises:
        WebhookError: one is not there, the signature is not that of body and time, or the time is not now.
        UsageError: the signing key is not in base64.
    """
    stamp = _header(headers, "Afnor-Signature-Timestamp")
    try:
        key = base64.b64decode(_key(signing_key), validate=True)
    except binascii.Error:
        raise UsageError(
            "The signing key is not in base64.", todo="Give it as the platform did when the callback was registered."
        ) from None
    try:
        found = base64.b64decode(_header(headers, "Afnor-Signature").encode(), validate=True)
    except binascii.Error:
        raise _forged("its signature is not in base64") from None
    made = hmac.new(key, _signed(body + b"@" + stamp.encode(), signed_over), hashlib.sha256).digest()
    if not hmac.compare_digest(made, found):
        raise _forged("its signature is not that of its body and time")
    if not _SECONDS.fullmatch(stamp) or abs((time() if now is None else now) - int(stamp)) > _WINDOW:
        raise _forged(f"it is not of the last {_WINDOW:.0f} seconds")


def _signed(text: bytes, over: SignedOver) -> bytes:
    if over == "text":
        return text
    digest = hashlib.sha256(text)
    return digest.digest() if over == "digest" else digest.hexdigest().encode()


def _key(secret: Secret) -> bytes:
    if not secret:
        raise UsageError("A signature cannot be checked with an empty secret.", todo="Give that of the callback.")
    return secret.reveal().encode()


def _header(headers: Mapping[str, str], wanted: str) -> str:
    """A header, however its name is written."""
    for name, value in headers.items():
        if name.lower() == wanted.lower():
            return value.strip().encode("ascii", "replace").decode()
    raise _forged(f"it has no header {wanted}")


def _forged(why: str) -> WebhookError:
    return WebhookError(f"The callback cannot be trusted: {why}.", todo="Answer 401, and do nothing with it.")
