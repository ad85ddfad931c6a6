"""Interactive forms (6.4)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.annotations import annotations, inherited
from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.signatures import check_signature
from billingua.pdf.pdfa.values import Thing, array, dictionary, key_of, name

__all__ = ["check_forms", "fields"]


def fields(file: Inspected) -> Iterator[Thing]:
    """Every field of the form, those above before those below."""
    form = dictionary(file.catalog.get("/AcroForm"))
    waiting = [] if form is None else [one for one in array(form.get("/Fields")) or () if dictionary(one) is not None]
    waiting.reverse()
    seen = set()
    while waiting:
        field = waiting.pop()
        if (key := key_of(field)) in seen:
            continue
        seen.add(key)
        yield field
        below = array(field.get("/Kids")) or ()
        waiting += reversed([one for one in below if dictionary(one) is not None and "/T" in one])


def check_forms(file: Inspected) -> Iterator[Breach]:
    """No actions on fields, no appearances left to the reader, no XFA, and signatures of the whole file."""
    for page, place, annotation in annotations(file):
        if name(annotation.get("/Subtype")) == "Widget":
            odd = [key for key in ("A", "AA") if f"/{key}" in annotation]
            if odd:
                listed = " and ".join(odd)
                yield Breach("6.4.1-t01", place, page, (("entries", listed),), f"it has {listed}")
    form = dictionary(file.catalog.get("/AcroForm"))
    rendering: Thing = file.catalog.get("/NeedsRendering")
    if rendering is True:
        yield Breach("6.4.2-t02", "document /NeedsRendering")
    if form is None:
        return
    place = file.place(form, "" if form.is_indirect else "/AcroForm")
    if "/NeedAppearances" in form and form["/NeedAppearances"] is not False:
        yield Breach("6.4.1-t03", place)
    if "/XFA" in form:
        yield Breach("6.4.2-t01", place)
    for field in fields(file):
        if "/AA" in field:
            yield Breach("6.4.1-t02", file.place(field))
        signature = dictionary(inherited(field, "/V")) if name(inherited(field, "/FT")) == "Sig" else None
        if signature is not None:
            yield from check_signature(file, signature)
