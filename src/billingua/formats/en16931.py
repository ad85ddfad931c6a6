"""What the two syntaxes of EN 16931 have in common between their tables and the model.

A syntax brings its table, its folds and arrangements (what a row cannot say), its dates and its words; the
rest is here, once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from billingua import formats
from billingua.engine.binding import Binding, read_table
from billingua.engine.document import Document, Loss, hand_over
from billingua.engine.format import Format
from billingua.engine.numbers import add, subtract
from billingua.engine.pause import collector_paused
from billingua.engine.places import Places
from billingua.engine.reading import DateCodec, Fold, Reading, Record, Value
from billingua.engine.structure import require_structure
from billingua.engine.writing import Arrangement, Marked, Test, Writing, contents, serialize
from billingua.engine.xml import Element
from billingua.errors import InvalidModel, UsageError
from billingua.formats.guidelines import STANDARD
from billingua.formats.subsets import subset_of
from billingua.model import Identifier, Invoice, Term, extension_terms, terms

__all__ = [
    "LINE_NOTE",
    "OBJECT",
    "Syntax",
    "arrange_documents",
    "arrange_object",
    "arrange_payment",
    "arrange_price",
    "arrange_registrations",
    "arrange_total_vat",
    "fold_documents",
    "fold_object",
    "fold_payment",
    "fold_price",
    "fold_registrations",
    "fold_total_vat",
    "identifier",
    "read_invoice",
    "take",
    "take_one",
    "tree_of",
    "write_invoice",
]

LINE_NOTE = "line-note-text"
"""The helper that holds the text of a line note in extended profiles, which may have several."""

OBJECT = "invoiced_object_identifier"


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """One syntax of the standard: its descriptor, and what its table leaves to code.

    `kept` are the ids whose values the folds and arrangements place themselves, found in records under their
    id. `extended` says that the rows of the extended profiles are read and written too.
    """

    format: Format
    dates: DateCodec
    kept: frozenset[str]
    folds: Mapping[str, Fold] = field(default_factory=dict)
    arrangements: Mapping[str, Arrangement] = field(default_factory=dict)
    tests: Mapping[str, Test] = field(default_factory=dict)
    extended: bool = False


@cache
def _shape(extended: bool) -> dict[str, str]:
    """Where each term stands in the model; one that the extension repeats stands where the standard has it."""
    further = extension_terms() if extended else ()
    return {term.id: term.attribute for term in (*further, *terms().values()) if term.attribute}


@cache
def _exact(extended: bool) -> frozenset[str]:
    """Texts keep their white space (cash discounts in BT-20 end with a line break); other values do not."""
    further = extension_terms() if extended else ()
    return frozenset(term.id for term in (*further, *terms().values()) if term.type == "text") | {LINE_NOTE}


@cache
def _binding(folder: str, kept: frozenset[str], name: str, extended: bool) -> Binding:
    """The plan of a format's table for one of its wire formats."""
    form = formats.get(folder)
    other = "core" if extended else "extended"
    return Binding(
        [entry for entry in read_table(form.table()) if entry.profile != other],
        form.namespaces,
        form.conditions(),
        _shape(extended),
        kept,
        _root_of(form, name).localname,
        form.repeated,
    )


def _root_of(form: Format, name: str) -> etree.QName:
    """The root element of a wire format."""
    for tag, known in form.roots.items():
        if known == name:
            return etree.QName(tag)
    raise UsageError(f"{form.title} has no format {name!r}.", todo=f"Name one of: {', '.join(form.names)}.")


def read_invoice(syntax: Syntax, root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below a root element of this syntax.

    Raises:
        UnreadableInput: a value cannot be of the type its term has.
    """
    form = syntax.format
    name = form.name_of(root)
    binding = _binding(form.folder, syntax.kept, name, syntax.extended)
    exact = _exact(syntax.extended)
    reading = Reading(binding, syntax.folds, Places(form.prefixes), syntax.dates, exact, name, file)
    with collector_paused():
        record = reading.record(binding.locator.locate(root).root)
        invoice: Invoice = reading.build(Invoice, record) or Invoice()
        redundant = {"currencyID": invoice.currency} if invoice.currency else {}
        unmapped = reading.unmapped(root, redundant)
    return Document(
        format=name,
        profile=invoice.specification,
        content=invoice,
        unmapped=unmapped,
        positions=reading.positions(),
    )


def write_invoice(
    syntax: Syntax,
    invoice: Invoice,
    name: str,
    losses: list[Loss] | None,
    schema: str = "",
    left_out: frozenset[str] = frozenset(),
) -> bytes:
    """The invoice in this syntax, below the root element of the wire format `name`.

    `schema` holds for documents of a profile instead of that of the format, and `left_out` are the terms that the
    profile has no place for, so that nobody misses them.

    Raises:
        CannotExpress: the syntax has no place for a value, and no list of losses was given.
        InvalidModel: the invoice lacks what the schema requires.
    """
    form = syntax.format
    if not isinstance(invoice, Invoice):
        raise InvalidModel(
            f"{form.title} is written from an Invoice, not from {type(invoice).__name__}.",
            todo="Convert the document that it was read from.",
        )
    root, lost = tree_of(syntax, invoice, name)
    hand_over(lost, losses, form.title)
    require_structure(
        root,
        schema or form.schemas[name],
        "" if schema else form.cores.get(name, ""),
        Places(form.prefixes),
        lambda: [f"{term.id} {term.name} ({path})" for term, path in _missing(invoice) if term.id not in left_out],
        form.title,
    )
    return serialize(root)


def tree_of(syntax: Syntax, invoice: Invoice, name: str) -> tuple[Element, list[Loss]]:
    """The invoice as the tree of a document of the wire format `name`, and what the syntax has no place for."""
    form = syntax.format
    tag = _root_of(form, name)
    namespaces: dict[str | None, str] = dict(form.namespaces.items())
    if tag.namespace not in form.prefixes:
        namespaces = {None: str(tag.namespace), **namespaces}
    root = etree.Element(tag.text, nsmap=namespaces)
    binding = _binding(form.folder, syntax.kept, name, syntax.extended)
    writing = Writing(binding, syntax.arrangements, syntax.tests, syntax.dates.format, name)
    if invoice.specification is None:
        invoice = invoice.replace(specification=STANDARD)
    _lose_versions(invoice, writing, syntax.extended)
    with collector_paused():
        writing.write(invoice, root)
    return root, writing.losses


def _missing(invoice: Invoice) -> Iterator[tuple[Term, str]]:
    """What the standard asks for and a group that is there does not have."""
    for term in terms().values():
        if term.mandatory and term.attribute and term.id.count("-") == 1:
            for path, value in _values_at(invoice, term.attribute.split(".")):
                if value in (None, "", ()):
                    yield term, path


def _lose_versions(invoice: Invoice, writing: Writing, extended: bool) -> None:
    """Scheme versions of identifiers: only that of a classification (BT-158-2) is a term of the standard."""
    known = {term.attribute for term in (*terms().values(), *(extension_terms() if extended else ()))}
    for attribute in sorted(known):
        version = attribute.removesuffix("scheme_id") + "scheme_version"
        if attribute.endswith(".scheme_id") and version not in known:
            for path, value in _values_at(invoice, version.split(".")):
                writing.lose("", value, path, "the standard has no version for this scheme")


def _values_at(group: Any, steps: list[str], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value at an attribute path of the model, with its place, as far as the groups are there."""
    name = steps[0].removesuffix("[]")
    where = f"{path}.{name}" if path else name
    found = getattr(group, name)
    if len(steps) == 1:
        yield where, found
    elif isinstance(found, tuple):
        for number, one in enumerate(found):
            yield from _values_at(one, steps[1:], f"{where}[{number}]")
    elif found is not None:
        yield from _values_at(found, steps[1:], where)


def take(record: Record, name: str) -> list[Any]:
    """The values or records that the table left under an id; they are the caller's to place."""
    found: list[Any] = record.pop(name, [])
    return found


def take_one(record: Record, name: str) -> Any:
    """The first of the values or records that the table left under an id; None where there is none."""
    return next(iter(take(record, name)), None)


def fold_registrations(record: Record, reading: Reading, words: Callable[[str], str]) -> None:
    """Tax registrations (BT-31, BT-32, BT-48, BT-63); `words` tells which attribute a scheme means."""
    for registration in take(record, "tax-registration"):
        scheme = take_one(registration, "tax-scheme")
        number = take_one(registration, "company-id")
        name = words(scheme.text.upper() if scheme is not None else "")
        if number is None or not name:
            continue
        if record.setdefault(name, number).text == number.text:
            reading.use(number, scheme)


def arrange_registrations(record: dict[str, Any], vat: str, other: str) -> None:
    """The counterpart of `fold_registrations`; `vat` and `other` are the syntax's words for the schemes."""
    pairs = ((record.get("vat_identifier"), vat), (record.get("tax_registration_identifier"), other))
    record["tax-registration"] = [{"company-id": number, "tax-scheme": word} for number, word in pairs if number]


def fold_documents(record: Record, reading: Reading, types: Mapping[str, str], scheme: str, plain: str = "") -> None:
    """Referenced documents of the invoice: BT-11, BT-17 and BT-18 by their type code, all others are BG-24.

    `types` maps type codes to attributes, `scheme` is the helper that holds BT-18-1, `plain` the type code of
    BG-24.
    """
    for document in take(record, "BG-24"):
        code = take_one(document, "document-type")
        name = types.get(code.text, "") if code is not None else ""
        if not name:
            record.setdefault("supporting_documents", []).append(document)
            if code is not None and code.text == plain:
                reading.use(code)
        elif "reference" in document and name not in record:
            record[name] = document["reference"]
            if name == OBJECT:
                record[name] = identifier(document["reference"], take_one(document, scheme))
            reading.use(code)


def arrange_documents(record: dict[str, Any], types: Mapping[str, str], scheme: str, plain: str | None = None) -> None:
    """The counterpart of `fold_documents`."""
    documents: list[dict[str, Any]] = []
    for code, name in types.items():
        found = record.pop(name, None)
        if isinstance(found, Identifier):
            documents.append({"reference": found.value, scheme: found.scheme_id, "document-type": code})
        elif found is not None:
            documents.append({"reference": found, "document-type": code})
    for document in record.get("supporting_documents", ()):
        documents.append(contents(document) | {"document-type": plain})
    record["BG-24"] = documents


def identifier(value: Value, scheme: Value | None) -> Record:
    """The record of an identifier."""
    return {"value": value} if scheme is None else {"value": value, "scheme_id": scheme}


def fold_payment(record: Record, reading: Reading) -> None:
    """Payment instructions (BG-16): the standard has one, with several credit transfers; syntaxes repeat it.

    What is repeated alike is said once; instructions with another means code are not the standard's.
    """
    instructions = take(record, "BG-16")
    if not instructions:
        return
    first, *others = instructions
    for other in others:
        codes = [one["means_code"].text for one in (first, other) if "means_code" in one]
        if len(set(codes)) < 2:
            reading.merge(first, other)
    reading.merge(first, record.get("payment", {}))
    record["payment"] = first


def arrange_payment(record: dict[str, Any], repeated: tuple[str, ...]) -> None:
    """The counterpart of `fold_payment`: instructions for each credit transfer, with what is repeated."""
    payment = contents(record.get("payment"))
    transfers = payment.pop("credit_transfers", ())
    first = payment | ({"credit_transfers": transfers[:1]} if transfers else {})
    common = {name: payment[name] for name in repeated if name in payment}
    record["BG-16"] = [first, *(common | {"credit_transfers": (transfer,)} for transfer in transfers[1:])]


def fold_total_vat(record: Record, reading: Reading, amount: Value) -> bool:
    """One total VAT amount, told apart by currency: BT-110 in BT-5, BT-111 in BT-6. True for BT-110.

    In the subsets of the French portal BT-6 stands nowhere else.
    """
    currency = reading.attribute(amount, "currencyID")
    document, accounting = record.get("currency"), record.get("vat_currency")
    if accounting is None and currency is not None and _is_of_a_subset(record):
        accounting = currency
        if document is not None and currency.text != document.text:
            record["vat_currency"] = currency
    if currency is None or document is None or currency.text == document.text:
        name = "total_vat"
    elif accounting is not None and currency.text == accounting.text:
        name = "total_vat_in_accounting_currency"
    else:
        return False
    if record.setdefault("totals", {}).setdefault(name, amount) is amount:
        reading.use(currency)
    return name == "total_vat"


def _is_of_a_subset(record: Record) -> bool:
    specification: Value | None = record.get("specification")
    return specification is not None and subset_of(specification.text) is not None


def arrange_total_vat(record: dict[str, Any], writing: Writing) -> list[Marked]:
    """The counterpart of `fold_total_vat`: the amounts with their currencies, taken out of the totals."""
    totals = record["totals"] = contents(record.get("totals"))
    amounts = []
    if (vat := totals.pop("total_vat", None)) is not None:
        amounts.append(Marked(vat, {"currency": record.get("currency")}))
    if (vat := totals.pop("total_vat_in_accounting_currency", None)) is not None:
        if record.get("vat_currency") in (None, record.get("currency")):
            where = "totals.total_vat_in_accounting_currency"
            writing.lose("BT-111", vat, where, "it needs an accounting currency (BT-6) other than that of the invoice")
        else:
            amounts.append(Marked(vat, {"currency": record["vat_currency"]}))
    return amounts


def fold_price(record: Record, reading: Reading) -> None:
    """The price of a line (BG-29): BT-147 is a discount, taken off the gross price, never a charge."""
    for number, indicator in enumerate(take(record, "price-charge-indicator")):
        if indicator.text in ("false", "0"):
            reading.use(indicator)
        elif number == 0:
            record.get("price", {}).pop("discount", None)


def fold_object(record: Record, reading: Reading) -> None:
    """The invoiced object of a line (BT-128): the first referenced document of type 130, or of no type."""
    types, schemes = take(record, "document-type"), take(record, "object-scheme")
    for value in take(record, "BT-128"):
        code = _sibling(value, types)
        if code is None or code.text == "130":
            scheme = _sibling(value, schemes) or reading.attribute(value, "schemeID")
            record["object_identifier"] = identifier(value, scheme)
            reading.use(code)
            break


def arrange_object(record: dict[str, Any]) -> None:
    """The counterpart of `fold_object`; the scheme is an attribute (UBL) or an element of its own (CII)."""
    if (known := record.get("object_identifier")) is not None:
        record["BT-128"] = [Marked(known.value, {"BT-128-1": known.scheme_id})]
        record["document-type"] = "130"
        record["object-scheme"] = known.scheme_id


def _sibling(value: Value, others: list[Value]) -> Value | None:
    parent = value.element.getparent()
    return next((other for other in others if other.element.getparent() is parent), None)


def arrange_price(record: dict[str, Any], base: str, derived: str) -> None:
    """The counterpart of `fold_price`.

    The schemas know only one of discount (BT-147) and gross price (BT-148) without the other: `base` alone is
    not possible, so that `derived` is worked out with the net price where the model does not have it.
    """
    price = record["price"] = contents(record.get("price"))
    if base in price and derived not in price and "net_price" in price:
        work_out = subtract if base == "gross_price" else add
        price[derived] = work_out(price[base], price["net_price"])
    if "discount" in price:
        record["price-charge-indicator"] = "false"
