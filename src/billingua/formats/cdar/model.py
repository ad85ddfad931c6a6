"""A life-cycle message (CDAR) as a model: who tells whom which status an invoice has, why, and with which values.

The names of terms (MDT-..., MDG-...) are those of the French reform (XP Z12-012).
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Self

from billingua.engine.tree import attribute, code, content, element
from billingua.errors import InvalidModel
from billingua.model.base import Group
from billingua.model.json import decode, encode, schema
from billingua.resources import cells_of, table_beside

__all__ = [
    "Acknowledgement",
    "Amount",
    "Attachment",
    "Characteristic",
    "Contact",
    "Day",
    "Detail",
    "LifecycleMessage",
    "Note",
    "Party",
    "PostalAddress",
    "Referenced",
    "SchemedId",
    "Stamp",
    "codes",
]

_FORMATS = {"102": "%Y%m%d", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}


def _parsed(text: str | None, form: str | None) -> datetime | None:
    pattern = _FORMATS.get(form or "")
    if text is None or pattern is None or not text.isascii() or not text.isdigit():
        return None
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """The codes of each list and their meanings: `codes()["status"]["205"]` is "approved"."""
    lists: dict[str, dict[str, str]] = {}
    for name, value, meaning in cells_of(table_beside(__file__, "codes.tsv"))[1:]:
        lists.setdefault(name, {})[value] = meaning
    return lists


class Stamp(Group, frozen=True, kw_only=False):
    """A date with a time as CDAR writes it, in local time: text, and the format of the text (204: YYYYMMDDHHMMSS)."""

    text: Annotated[str | None, content("text the digits.")] = None
    format: Annotated[str | None, attribute("format", "the form of the text: 204, 203 or 102.")] = "204"

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The stamp of a moment, to the second. Its time zone is not written: give local French time.

        Raises:
            InvalidModel: it is no date with a time.
        """
        if not isinstance(moment, datetime):
            raise InvalidModel(f"A moment must be a date with a time, not {type(moment).__name__}.")
        return cls(f"{moment:{_FORMATS['204']}}".zfill(14))

    @property
    def moment(self) -> datetime | None:
        """The moment, without a time zone; None where the text is none."""
        return _parsed(self.text, self.format)


class Day(Group, frozen=True, kw_only=False):
    """A date as CDAR writes it: text, and its format (102: YYYYMMDD)."""

    text: Annotated[str | None, content("text the digits.")] = None
    format: Annotated[str | None, attribute("format", "the form of the text, 102.")] = "102"

    @classmethod
    def of(cls, day: date) -> Self:
        """The text of a day.

        Raises:
            InvalidModel: it is no date.
        """
        if not isinstance(day, date):
            raise InvalidModel(f"A day must be a date, not {type(day).__name__}.")
        return cls(f"{day:{_FORMATS['102']}}".zfill(8))

    @property
    def day(self) -> date | None:
        """The date; None where the text is none."""
        found = _parsed(self.text, self.format)
        return found.date() if found is not None else None


class SchemedId(Group, frozen=True, kw_only=False):
    """An identifier and its scheme: `SchemedId("552100554", "0002")`."""

    value: Annotated[str | None, content("text the identifier.")] = None
    scheme: Annotated[str | None, attribute("schemeID", "its scheme: 0002 SIREN, 0225 address, 0238 platform.")] = None


class Amount(Group, frozen=True, kw_only=False):
    """An amount and its currency."""

    value: Annotated[Decimal | None, content("text the amount.")] = None
    currency: Annotated[str | None, attribute("currencyID", "its currency.")] = None


class Attachment(Group, frozen=True):
    """MDT-96: a file that goes with the status."""

    base64: Annotated[str | None, content("text the file as Base64.")] = None
    mime_type: Annotated[str | None, attribute("mimeCode", "its media type.")] = None
    name: Annotated[str | None, attribute("filename", "its name.")] = None


class Note(Group, frozen=True):
    """A note in words."""

    content_code: Annotated[str | None, element("ram:ContentCode", "a text by its code.")] = None
    texts: Annotated[tuple[str, ...], element("ram:Content", "what it says (MDT-126).")] = ()
    subject_code: Annotated[str | None, element("ram:SubjectCode", "what it is about.")] = None


class Contact(Group, frozen=True):
    """Whom to ask at a party."""

    id: Annotated[SchemedId | None, element("ram:ID", "an identifier.")] = None
    person: Annotated[str | None, element("ram:PersonName", "the name.")] = None
    department: Annotated[str | None, element("ram:DepartmentName", "the department.")] = None
    type_code: Annotated[str | None, element("ram:TypeCode", "what for.")] = None
    telephone: Annotated[
        str | None, element("ram:TelephoneUniversalCommunication/ram:CompleteNumber", "a telephone number.")
    ] = None
    fax: Annotated[str | None, element("ram:FaxUniversalCommunication/ram:CompleteNumber", "a fax number.")] = None
    email: Annotated[
        SchemedId | None, element("ram:EmailURIUniversalCommunication/ram:URIID", "an address of e-mail.")
    ] = None


class PostalAddress(Group, frozen=True):
    """Where a party is."""

    postcode: Annotated[str | None, element("ram:PostcodeCode", "the post code.")] = None
    line1: Annotated[str | None, element("ram:LineOne", "the first line.")] = None
    line2: Annotated[str | None, element("ram:LineTwo", "the second line.")] = None
    line3: Annotated[str | None, element("ram:LineThree", "the third line.")] = None
    line4: Annotated[str | None, element("ram:LineFour", "the fourth line.")] = None
    line5: Annotated[str | None, element("ram:LineFive", "the fifth line.")] = None
    street: Annotated[str | None, element("ram:StreetName", "the street.")] = None
    city: Annotated[str | None, element("ram:CityName", "the city.")] = None
    country: Annotated[str | None, element("ram:CountryID", "the country, two letters.")] = None
    country_name: Annotated[str | None, element("ram:CountryName", "the country by name.")] = None
    subdivision: Annotated[str | None, element("ram:CountrySubDivisionID", "the region.")] = None
    subdivision_name: Annotated[str | None, element("ram:CountrySubDivisionName", "the region by name.")] = None


class Party(Group, frozen=True):
    """A party: sender (MDG-9), issuer (MDG-16), recipient (MDG-23), or one of the invoice."""

    ids: Annotated[tuple[SchemedId, ...], element("ram:ID", "identifiers among the parties.")] = ()
    global_ids: Annotated[
        tuple[SchemedId, ...], element("ram:GlobalID", "identifiers with a scheme (MDT-19, MDT-38, MDT-57, MDT-129).")
    ] = ()
    name: Annotated[str | None, element("ram:Name", "the name (MDT-20, MDT-39, MDT-58).")] = None
    role: Annotated[
        str | None, code("ram:RoleCode", "the role (MDT-21, MDT-40, MDT-59, MDT-132, MDT-158).", "role")
    ] = None
    contacts: Annotated[tuple[Contact, ...], element("ram:DefinedTradeContact", "whom to ask.")] = ()
    address: Annotated[PostalAddress | None, element("ram:PostalTradeAddress", "where it is.")] = None
    endpoint: Annotated[
        SchemedId | None, element("ram:URIUniversalCommunication/ram:URIID", "the electronic address (MDT-73).")
    ] = None


class Characteristic(Group, frozen=True):
    """MDG-43: a value of a detail, such as an amount cashed at a VAT rate, or a value that is wrong."""

    term: Annotated[SchemedId | None, element("ram:ID", "the business term, such as BT-152 (MDT-206).")] = None
    kind: Annotated[str | None, code("ram:TypeCode", "what it is (MDT-207).", "characteristic")] = None
    changed: Annotated[
        str | None,
        element("ram:ValueChangedIndicator/udt:IndicatorString", "whether it was changed, as text (MDT-209)."),
    ] = None
    changed_truth: Annotated[
        str | None, element("ram:ValueChangedIndicator/udt:Indicator", "the same as a truth value (MDT-209).")
    ] = None
    direction: Annotated[str | None, element("ram:ValueAdjustmentDirectionCode", "more or less.")] = None
    names: Annotated[tuple[str, ...], element("ram:Name", "the name of the value (MDT-211).")] = ()
    descriptions: Annotated[tuple[str, ...], element("ram:Description", "in words.")] = ()
    location: Annotated[str | None, element("ram:Location", "where in the invoice, as XPath (MDT-213).")] = None
    values: Annotated[tuple[str, ...], element("ram:Value", "the value as a text.")] = ()
    amount: Annotated[Amount | None, element("ram:ValueAmount", "the amount, VAT included for MEN (MDT-215).")] = None
    measure: Annotated[Decimal | None, element("ram:ValueMeasure", "the value as a measure.")] = None
    day: Annotated[Day | None, element("ram:ValueDateTime/udt:DateTimeString", "when (MDT-219).")] = None
    value_code: Annotated[str | None, element("ram:ValueCode", "the value as a code.")] = None
    quantity: Annotated[Decimal | None, element("ram:ValueQuantity", "the value as a quantity.")] = None
    numeric: Annotated[Decimal | None, element("ram:ValueNumeric", "the value as a number.")] = None
    percent: Annotated[Decimal | None, element("ram:ValuePercent", "the rate of VAT (MDT-224).")] = None


class Detail(Group, frozen=True):
    """MDG-37: a reason for the status, with what is asked for and the values it is about."""

    at: Annotated[Stamp | None, element("ram:ReferenceDateTime/udt:DateTimeString", "since when.")] = None
    condition_code: Annotated[str | None, element("ram:ConditionCode", "a condition, UNTDID 1373.")] = None
    reason_code: Annotated[str | None, code("ram:ReasonCode", "the reason (MDT-113).", "reason")] = None
    reasons: Annotated[tuple[str, ...], element("ram:Reason", "the reason in words (MDT-114).")] = ()
    conditions: Annotated[tuple[str, ...], element("ram:Condition", "the condition in words.")] = ()
    status: Annotated[
        str | None, code("ram:ProcessConditionCode", "the status of this detail (MDT-115).", "status")
    ] = None
    status_labels: Annotated[tuple[str, ...], element("ram:ProcessCondition", "that status in words.")] = ()
    information_code: Annotated[str | None, element("ram:ReasonInformationCode", "more by code.")] = None
    information: Annotated[tuple[str, ...], element("ram:ReasonInformation", "more in words.")] = ()
    class_code: Annotated[str | None, element("ram:ReasonClassificationCode", "the class of the reason.")] = None
    classes: Annotated[tuple[str, ...], element("ram:ReasonClassification", "that class in words.")] = ()
    action_code: Annotated[
        str | None, code("ram:RequestedActionCode", "what the other side is to do (MDT-121).", "action")
    ] = None
    actions: Annotated[tuple[str, ...], element("ram:RequestedAction", "the same in words (MDT-122).")] = ()
    invalid: Annotated[str | None, element("ram:InvalidInformation", "what is wrong.")] = None
    valid: Annotated[str | None, element("ram:ValidInformation", "what would be right.")] = None
    number: Annotated[Decimal | None, element("ram:SequenceNumeric", "its number, from 1 (MDT-124-2).")] = None
    notes: Annotated[tuple[Note, ...], element("ram:IncludedNote", "notes (MDG-39).")] = ()
    characteristics: Annotated[
        tuple[Characteristic, ...], element("ram:SpecifiedDocumentCharacteristic", "its values (MDG-43).")
    ] = ()


class Referenced(Group, frozen=True):
    """MDG-32: the invoice that the message is about, and the status it has."""

    number: Annotated[SchemedId | None, element("ram:IssuerAssignedID", "the number of the invoice (MDT-87).")] = None
    status_code: Annotated[str | None, element("ram:StatusCode", "the status as a code of UNTDID 1373 (MDT-88).")] = (
        None
    )
    copy: Annotated[str | None, element("ram:CopyIndicator/udt:Indicator", "whether it is a copy.")] = None
    line: Annotated[str | None, element("ram:LineID", "the line.")] = None
    type_code: Annotated[str | None, element("ram:TypeCode", "the type of the invoice (BT-3) (MDT-91).")] = None
    global_id: Annotated[SchemedId | None, element("ram:GlobalID", "an identifier with a scheme.")] = None
    revision: Annotated[str | None, element("ram:RevisionID", "the revision.")] = None
    name: Annotated[str | None, element("ram:Name", "the name.")] = None
    received_at: Annotated[
        Stamp | None,
        element("ram:ReceiptDateTime/udt:DateTimeString", "when it was deposited, received or rejected (MDT-95)."),
    ] = None
    attachments: Annotated[
        tuple[Attachment, ...], element("ram:AttachmentBinaryObject", "files that go with it (MDT-96).")
    ] = ()
    reference_type: Annotated[
        str | None, element("ram:ReferenceTypeCode", "what kind of object it is, as a URN (MDT-97).")
    ] = None
    language: Annotated[str | None, element("ram:LanguageID", "the language.")] = None
    descriptions: Annotated[tuple[str, ...], element("ram:Description", "in words.")] = ()
    issue_date: Annotated[
        Day | None, element("ram:FormattedIssueDateTime/qdt:DateTimeString", "its issue date (BT-2) (MDT-100).")
    ] = None
    amounts: Annotated[tuple[Amount, ...], element("ram:IncludedAmount", "amounts.")] = ()
    version: Annotated[str | None, element("ram:VersionID", "the version.")] = None
    issue_count: Annotated[Decimal | None, element("ram:TotalIssueCountNumeric", "how often it was issued.")] = None
    status_texts: Annotated[tuple[str, ...], element("ram:Status", "the state in words.")] = ()
    status: Annotated[str | None, code("ram:ProcessConditionCode", "its status (MDT-105).", "status")] = None
    status_labels: Annotated[tuple[str, ...], element("ram:ProcessCondition", "the status in words (MDT-106).")] = ()
    kind: Annotated[str | None, element("ram:Type", "the type in words.")] = None
    seller: Annotated[Party | None, element("ram:IssuerTradeParty", "who issued it: the seller (MDG-33).")] = None
    recipients: Annotated[tuple[Party, ...], element("ram:RecipientTradeParty", "who received it.")] = ()
    sender: Annotated[Party | None, element("ram:SenderTradeParty", "who sent it.")] = None
    details: Annotated[tuple[Detail, ...], element("ram:SpecifiedDocumentStatus", "the reasons (MDG-37).")] = ()


class Acknowledgement(Group, frozen=True):
    """AcknowledgementDocument: the phase, the moment, and the invoice."""

    multiple: Annotated[
        str | None,
        element("ram:MultipleReferencesIndicator/udt:Indicator", "whether it is about several invoices (MDT-74)."),
    ] = None
    id: Annotated[str | None, element("ram:ID", "an identifier.")] = None
    phase: Annotated[str | None, code("ram:TypeCode", "305 transmission, 23 treatment (MDT-77).", "phase")] = None
    name: Annotated[str | None, element("ram:Name", "a name.")] = None
    set_at: Annotated[
        Stamp | None, element("ram:IssueDateTime/udt:DateTimeString", "when the status was set (MDT-78).")
    ] = None
    status_code: Annotated[str | None, element("ram:StatusCode", "a status.")] = None
    acknowledgement_code: Annotated[str | None, element("ram:AcknowledgementStatusCode", "a kind of answer.")] = None
    item: Annotated[str | None, element("ram:ItemIdentificationID", "an item.")] = None
    information: Annotated[tuple[str, ...], element("ram:ReasonInformation", "reasons in words.")] = ()
    channel: Annotated[str | None, element("ram:ChannelCode", "the channel.")] = None
    process_code: Annotated[str | None, element("ram:ProcessConditionCode", "a state by code.")] = None
    process: Annotated[tuple[str, ...], element("ram:ProcessCondition", "the state in words.")] = ()
    status: Annotated[tuple[str, ...], element("ram:Status", "the status in words.")] = ()
    references: Annotated[
        tuple[Referenced, ...], element("ram:ReferenceReferencedDocument", "the invoice (MDG-32).")
    ] = ()


_CONTEXT = "rsm:ExchangedDocumentContext"
_DOCUMENT = "rsm:ExchangedDocument"


class LifecycleMessage(Group, frozen=True):
    """CrossDomainAcknowledgementAndResponse: one message of the life cycle of an invoice."""

    test: Annotated[str | None, element(f"{_CONTEXT}/ram:TestIndicator/udt:Indicator", "whether it is a test.")] = None
    process: Annotated[
        str | None,
        element(
            f"{_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "the kind of trade (MDT-2)."
        ),
    ] = None
    guideline: Annotated[
        str | None,
        element(f"{_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "the profile (MDT-3)."),
    ] = None
    id: Annotated[str | None, element(f"{_DOCUMENT}/ram:ID", "its identifier (MDT-4).")] = None
    name: Annotated[str | None, element(f"{_DOCUMENT}/ram:Name", "its name (MDT-5).")] = None
    type_code: Annotated[str | None, element(f"{_DOCUMENT}/ram:TypeCode", "its type.")] = None
    status_code: Annotated[str | None, element(f"{_DOCUMENT}/ram:StatusCode", "its status.")] = None
    created_at: Annotated[
        Stamp | None, element(f"{_DOCUMENT}/ram:IssueDateTime/udt:DateTimeString", "when it was made (MDT-8).")
    ] = None
    language: Annotated[str | None, element(f"{_DOCUMENT}/ram:LanguageID", "its language.")] = None
    version: Annotated[str | None, element(f"{_DOCUMENT}/ram:VersionID", "its version.")] = None
    global_id: Annotated[SchemedId | None, element(f"{_DOCUMENT}/ram:GlobalID", "an identifier with a scheme.")] = None
    notes: Annotated[tuple[Note, ...], element(f"{_DOCUMENT}/ram:IncludedNote", "notes.")] = ()
    sender: Annotated[Party | None, element(f"{_DOCUMENT}/ram:SenderTradeParty", "who sends the message (MDG-9).")] = (
        None
    )
    issuer: Annotated[Party | None, element(f"{_DOCUMENT}/ram:IssuerTradeParty", "who set the status (MDG-16).")] = None
    recipients: Annotated[
        tuple[Party, ...], element(f"{_DOCUMENT}/ram:RecipientTradeParty", "who gets the message (MDG-23).")
    ] = ()
    acknowledgements: Annotated[
        tuple[Acknowledgement, ...], element("rsm:AcknowledgementDocument", "the statuses.")
    ] = ()

    @property
    def acknowledgement(self) -> Acknowledgement:
        """The first of the acknowledgements; an empty one where there is none."""
        return self.acknowledgements[0] if self.acknowledgements else Acknowledgement()

    @property
    def referenced(self) -> Referenced:
        """The first invoice that the message is about; an empty one where there is none."""
        return self.acknowledgement.references[0] if self.acknowledgement.references else Referenced()

    @property
    def status(self) -> str | None:
        """MDT-105: the status of the invoice."""
        return self.referenced.status

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """A message from its JSON.

        Raises:
            UnreadableInput: it is no JSON.
            InvalidModel: it is no message.
        """
        return decode(data, cls)

    def to_json(self, indent: int = 0) -> bytes:
        """The message as JSON, on one line or indented."""
        return encode(self, indent)

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """The JSON Schema of a message."""
        return schema(cls)
