"""What is mended only where the check finds it: content streams that go their own ways, resources listed elsewhere."""

import re
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.document import pikepdf_loaded
from billingua.pdf.embedding.colorants import describe_colorants
from billingua.pdf.embedding.measures import settle_widths
from billingua.pdf.embedding.scopes import Scope, scopes
from billingua.pdf.embedding.tidy import INTENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikepdf import Object, Pdf

__all__ = ["mend"]

_CONTENTS: Final = frozenset({"PDFA-6.2.2-t01", "PDFA-6.2.6-t01", "PDFA-6.2.8-t03"})
_RESOURCES: Final = frozenset({"PDFA-6.2.2-t02"})
_COLORANTS: Final = frozenset({"PDFA-6.2.4.4-t01"})
_WIDTHS: Final = frozenset({"PDFA-6.2.11.5-t01"})

_WORDS: Final = (
    "b B b* B* BDC BMC BT c cm CS cs d d0 d1 Do DP EMC ET f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri "
    "s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
_OPERATORS: Final = frozenset(_WORDS.split()) | {"INLINE IMAGE"}
"""The operators of PDF 1.7; BX and EX only ask that others be let pass, and there will be none."""

_SMOOTH: Final = re.compile(rb"/I(?:nterpolate)?\s+true\b")
"""The wish of an inline image to be interpolated."""

_KINDS: Final = {
    "gs": "/ExtGState",
    "Do": "/XObject",
    "Tf": "/Font",
    "sh": "/Shading",
    "cs": "/ColorSpace",
    "CS": "/ColorSpace",
    "scn": "/Pattern",
    "SCN": "/Pattern",
    "BDC": "/Properties",
    "DP": "/Properties",
}
_NAMED: Final = " ".join(_KINDS)


def mend(pdf: "Pdf", rules: "Iterable[str]") -> bool:
    """Mend what these rules found broken, as far as that changes no picture; whether there was anything to try."""
    found = set(rules)
    if found & _CONTENTS:
        for scope in list(scopes(pdf)):
            _rewrite(pdf, scope)
    if found & _RESOURCES:
        _complete(pdf)
    if found & _COLORANTS:
        describe_colorants(pdf)
    if found & _WIDTHS:
        settle_widths(pdf)
    return bool(found & (_CONTENTS | _RESOURCES | _COLORANTS | _WIDTHS))


def _rewrite(pdf: "Pdf", scope: Scope) -> None:
    """Write a content stream anew without unknown operators and intents, and with no image to be interpolated."""
    pikepdf = pikepdf_loaded()
    page = isinstance(scope.holder, pikepdf.Dictionary) and not isinstance(scope.holder, pikepdf.Stream)
    kept = []
    changed = False
    for instruction in pikepdf.parse_content_stream(pikepdf.Page(scope.holder) if page else scope.holder):
        operands, operator = instruction.operands, str(instruction.operator)
        written: bytes = pikepdf.unparse_content_stream([instruction])
        if operator not in _OPERATORS or (operator == "ri" and (not operands or str(operands[0]) not in INTENTS)):
            changed = True
            continue
        if operator == "INLINE IMAGE":
            head, mark, data = written.partition(b"ID")
            plain = _SMOOTH.sub(b"", head)
            changed = changed or plain != head
            written = plain + mark + data
        kept.append(written)
    if changed:
        data = b"\n".join(kept)
        if page:
            scope.holder.Contents = pdf.make_stream(data)
        else:
            scope.holder.write(data)


def _complete(pdf: "Pdf") -> None:
    """List in the resources of each form what it uses of those of its page, or of the form fields."""
    pikepdf = pikepdf_loaded()
    form = pdf.Root.get("/AcroForm")
    usual = form.get("/DR") if isinstance(form, pikepdf.Dictionary) else None
    pages = [page.obj.get("/Resources") for page in pdf.pages]
    for scope in list(scopes(pdf)):
        if not isinstance(scope.holder, pikepdf.Stream):
            continue
        for operands, operator in pikepdf.parse_content_stream(scope.holder, _NAMED):
            kind = _KINDS[str(operator)]
            names = [one for one in operands if isinstance(one, pikepdf.Name)]
            if names:
                name = str(names[0] if kind in ("/Font",) else names[-1])
                _take_over(scope.resources, kind, name, [usual, pages[scope.page - 1]])


def _take_over(own: "Object", kind: str, name: str, others: list[Any]) -> None:
    pikepdf = pikepdf_loaded()
    listed = own.get(kind)
    if isinstance(listed, pikepdf.Dictionary) and name in listed:
        return
    for other in others:
        source = other.get(kind) if isinstance(other, pikepdf.Dictionary) else None
        if isinstance(source, pikepdf.Dictionary) and name in source:
            if not isinstance(listed, pikepdf.Dictionary):
                own[kind] = pikepdf.Dictionary()
            own[kind][name] = source[name]
            return
