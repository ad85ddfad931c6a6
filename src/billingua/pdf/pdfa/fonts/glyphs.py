"""Every glyph that is shown: is it there, as wide as the file says, and known as text (6.2.11.4 to 6.2.11.8)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.content.walk import Shown
from billingua.pdf.pdfa.fonts.dictionaries import Fault
from billingua.pdf.pdfa.fonts.faces import Face
from billingua.pdf.pdfa.level import Level

__all__ = ["check_glyphs"]

_INVISIBLE: Final = 3
_NEVER: Final = ("\0", "\ufffe", "\ufeff")
_PRIVATE: Final = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


def check_glyphs(shown: Shown, face: Face, level: Level) -> Iterator[Fault]:
    """The glyphs a font shows; a rule is reported with its first code, and how many more break it."""
    seen = {
        (code, mode, replaced)
        for (mode, replaced), strings in shown.strings.items()
        for text in strings
        for code in face.codes(text)
    }
    broken: dict[str, list[tuple[int, str]]] = {}
    done: set[tuple[int, bool, bool]] = set()
    for code, mode, replaced in sorted(seen):
        visible = mode != _INVISIBLE
        if (code, visible, replaced) in done:
            continue
        done.add((code, visible, replaced))
        for rule, detail in _faults(face, code, visible, replaced, level):
            broken.setdefault(rule, []).append((code, detail))
    for rule, cases in broken.items():
        code, detail = cases[0]
        more = f", and {len(cases) - 1} more codes" if len(cases) > 1 else ""
        yield rule, f"{detail}{more}", (("code", str(code)), ("codes", str(len(cases))))


def _faults(face: Face, code: int, visible: bool, replaced: bool, level: Level) -> Iterator[tuple[str, str]]:
    if visible and face.present(code) is False:
        yield "6.2.11.4.1-t02", f"there is no glyph for code {code}"
    if visible:
        real = face.width_of_program(code)
        said = face.width_of_dictionary(code)
        if real is not None and abs(real - said) > 1:
            yield "6.2.11.5-t01", f"the width of code {code} is {real:g} in the font and {said:g} in the dictionary"
    if face.is_notdef(code):
        yield "6.2.11.8-t01", f"code {code} shows it"
    if not level.unicode:
        return
    text = face.text(code)
    if text is None:
        yield "6.2.11.7.2-t01", f"code {code} has no text"
    elif any(sign in text for sign in _NEVER):
        yield "6.2.11.7.2-t02", f"code {code} stands for U+{next(ord(one) for one in text if one in _NEVER):04X}"
    elif level.tagged and not replaced and any(low <= ord(one) <= high for one in text for low, high in _PRIVATE):
        yield "6.2.11.7.3-t01", f"code {code} stands for a private character"
