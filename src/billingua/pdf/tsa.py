"""Time stamps of a time stamp authority (RFC 3161) over HTTP: asked for, and looked at before they are used.

One request goes to the address that is given and to no other: a redirection is an error that names where it leads.
"""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from billingua.errors import SignatureError, UsageError
from billingua.pdf.hanko import said

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

__all__ = ["stamper"]

SECONDS: Final = 20
"""How long an authority may take for one answer."""

_MOST_BYTES: Final = 1_000_000
_NONSENSE: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What asn1crypto and pyHanko raise for bytes that are no time stamp."""


def stamper(url: str) -> "TimeStamper":
    """What pyHanko asks for time stamps.

    Raises:
        UsageError: the address is none of HTTP.
    """
    from pyhanko.sign.timestamps import TimeStamper

    parts = urlsplit(url) if isinstance(url, str) and url.isprintable() else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"The address {url!r} of the time stamp authority is none of HTTP.",
            todo="Give one like https://tsa.example/.",
        )
    shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    class Stamper(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            request_cms: Any = self.request_cms  # has no types
            nonce, request = request_cms(message_digest, md_algorithm)
            answer = await _answer(url, shown, request.dump())
            try:
                return await _token(answer, message_digest, md_algorithm, int(nonce), shown)
            except _NONSENSE as error:
                raise _refused(shown, f"answers with something else than a time stamp: {said(error)}") from None

    return Stamper()  # type: ignore[no-untyped-call]


async def _answer(url: str, shown: str, request: bytes) -> bytes:
    """What the authority sends back."""
    import aiohttp

    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    found = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.post(url, data=request, headers=headers, allow_redirects=False) as response,
        ):
            if 300 <= response.status < 400:
                raise _refused(shown, f"redirects to {response.headers.get('Location', 'nowhere')}; give that address")
            if response.status != 200:
                raise _refused(shown, f"answers with HTTP status {response.status}")
            async for chunk in response.content.iter_chunked(65536):
                found += chunk
                if len(found) > _MOST_BYTES:
                    raise _refused(shown, "answers with more than a time stamp")
    except TimeoutError:
        raise _refused(shown, f"did not answer within {SECONDS} seconds") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _refused(shown, f"cannot be reached: {said(error)}") from None
    return bytes(found)


async def _token(answer: bytes, digest: bytes, algorithm: str, nonce: int, shown: str) -> Any:
    """The time stamp in an answer, if it is one for this digest and the authority's signature is right."""
    from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext

    # asn1crypto's own TimeStampResp does not read a refusal, which has no token.
    parts = core.SequenceOf.load(answer, strict=True, spec=core.Any)
    told = tsp.PKIStatusInfo.load(parts[0].dump())
    status = told["status"].native
    if status not in ("granted", "granted_with_mods"):
        why = told["status_string"].native or told["fail_info"].native or ()
        raise _refused(shown, f"refuses a time stamp: {'; '.join([status, *map(str, why)])}")
    token = cms.ContentInfo.load(parts[1].dump())
    signed = token["content"]
    info = signed["encap_content_info"]["content"].parsed
    if info["nonce"].native != nonce:
        raise _refused(shown, "answers to another request than ours")
    if info["message_imprint"]["hash_algorithm"]["algorithm"].native != algorithm:
        raise _refused(shown, "stamps with another hash function than it was asked for")
    if not len(signed["certificates"]):
        raise _refused(shown, "leaves out its certificate")
    facts = await validate_tst_signed_data(signed, ValidationContext(trust_roots=[]), lambda _: digest)
    found = TimestampSignatureStatus(**facts)
    if not (found.intact and found.valid):
        raise _refused(shown, "answers with a time stamp whose signature is wrong")
    usage = found.signing_cert.extended_key_usage_value
    if usage is None or "time_stamping" not in usage.native:
        raise _refused(shown, "signs with a certificate that is not for time stamps")
    return token


def _refused(shown: str, what: str) -> SignatureError:
    return SignatureError(
        f"The time stamp authority {shown} {what}.", todo="Ask another one, or sign at level B-B without a time stamp."
    )
