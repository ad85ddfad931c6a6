"""Chorus Pro through FactPulse. HTTP 200 with a returnCode other than 0 is an error, as there."""

import base64
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from billingua.identifiers import siret
from billingua.model import Invoice
from billingua.sandbox import paper
from billingua.sandbox.call import Call
from billingua.sandbox.endpoint import MEGABYTE
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store, Track

__all__ = [
    "cp_attach",
    "cp_complete",
    "cp_consult",
    "cp_download",
    "cp_handle_received",
    "cp_recycle",
    "cp_search_received",
    "cp_search_sent",
    "cp_services",
    "cp_structure",
    "cp_structure_id",
    "cp_structures",
    "cp_submit",
    "cp_validator_consult",
    "cp_validator_handle",
    "cp_validator_search",
    "deposited",
]

_KIND: Final = "chorus-invoice"
_FILES: Final = "chorus-files"
_LONGEST_NAME: Final = 50
_LARGEST_FILE: Final = 10 * MEGABYTE
_IDS: Final = ("chorusInvoiceId", "identifiantFactureCPP", "idFacture")
"""The names of the identifier of an invoice: of FactPulse, and of Chorus Pro where a call is passed on as it is."""
_EXTENSIONS: Final = frozenset(("pdf", "xml", "csv", "txt", "jpg", "jpeg", "png", "tif", "zip", "xls", "xlsx", "doc"))

_STRUCTURES: Final[Mapping[int, dict[str, Any]]] = {
    1001: {
        "structureId": 1001,
        "structureIdentifier": "30000000700017",
        "structureIdentifierType": "SIRET",
        "structureName": "Sandbox Town Hall",
        "status": "ACTIVE",
        "parameters": {
            "serviceCodeRequired": True,
            "engagementNumberRequired": True,
            "engagementOrServiceManagement": False,
        },
    },
    1002: {
        "structureId": 1002,
        "structureIdentifier": "20000000800017",
        "structureIdentifierType": "SIRET",
        "structureName": "Sandbox Buyer",
        "status": "ACTIVE",
        "parameters": {
            "serviceCodeRequired": False,
            "engagementNumberRequired": False,
            "engagementOrServiceManagement": False,
        },
    },
}
_SERVICES: Final = {1001: ({"serviceId": 1, "serviceCode": "SERVICE-1", "serviceLabel": "Roads", "isActive": True},)}
_COURSE: Final = ("SOUMISE", "MISE_A_DISPOSITION", "VALIDEE")
_REASONED: Final = frozenset(("SUSPENDUE", "REJETEE"))


def _no(code: int, message: str, **more: Any) -> dict[str, Any]:
    """An error inside a good answer."""
    return {"returnCode": code, "message": message, **more}


def _yes(**more: Any) -> dict[str, Any]:
    return {"returnCode": 0, "message": "OK", **more}


_CREDENTIALS: Final = (
    ("pisteClientId",),
    ("pisteClientSecret",),
    ("chorusProLogin", "chorusLogin"),
    ("chorusProPassword", "chorusPassword"),
)
"""Each under any of its names: the description of the service has both."""


def _credentials(call: Call) -> None:
    """Credentials of PISTE and Chorus are given whole or not at all.

    Raises:
        Refusal: one is missing.
    """
    given = call.get("credentials")
    if given is None:
        return
    missing = [names[0] for names in _CREDENTIALS if not any(given.get(name) for name in names)]
    if missing:
        complaint = Complaint(f"credentials.{missing[0]}", "missing", "Field required", "Error", "chorus_pro")
        raise Refusal(400, "INVALID_CREDENTIALS", "The credentials of Chorus Pro are not complete.", (complaint,))


def cp_structures(call: Call) -> Any:
    """Structures by identifier or name."""
    _credentials(call)
    number, name = call.text("structureIdentifier"), call.text("companyName").lower()
    found = [
        {key: value for key, value in one.items() if key != "parameters"}
        for one in _STRUCTURES.values()
        if number in ("", one["structureIdentifier"]) and name in str(one["structureName"]).lower()
    ]
    return _yes(structures=found, total=len(found))


def cp_structure_id(call: Call) -> Any:
    """The identifier of a structure by its SIRET."""
    _credentials(call)
    number = call.text("siret")
    if siret.problem(number):
        complaint = Complaint("siret", "value_error", siret.problem(number))
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    for one in _STRUCTURES.values():
        if one["structureIdentifier"] == number:
            names = ("structureId", "structureIdentifier", "structureName")
            return {name: one[name] for name in names} | {"message": "OK"}
    raise Refusal(404, "STRUCTURE_NOT_FOUND", f"There is no structure with the SIRET {number}.")


def cp_structure(call: Call) -> Any:
    """A structure, and what it wants to know with an invoice."""
    _credentials(call)
    found = _STRUCTURES.get(call.number("structureId", 0))
    if found is None:
        return _no(20001, "The structure does not exist.")
    return _yes(
        structureId=found["structureId"],
        structureIdentifier=found["structureIdentifier"],
        structureLabel=found["structureName"],
        companyName=found["structureName"],
        parameters=found["parameters"],
    )


def cp_services(call: Call) -> Any:
    """The services of a structure."""
    id = call.text("id_structure_cpp")
    if not id.isdigit() or int(id[:9]) not in _STRUCTURES:
        return _no(20001, "The structure does not exist.", services=[], total=0)
    found = list(_SERVICES.get(int(id), ()))
    return _yes(services=found, total=len(found))


def cp_attach(call: Call) -> Any:
    """A file that goes with an invoice."""
    name, data = call.text("pieceJointeNom"), call.bytes_of("pieceJointeFichier")
    if len(data) > _LARGEST_FILE:
        raise Refusal(413, "FILE_SIZE_EXCEEDED", "The file is larger than 10 MB.")
    if len(name) > _LONGEST_NAME or name.rpartition(".")[2].lower() not in _EXTENSIONS:
        return _no(20100, f"The name has more than {_LONGEST_NAME} characters, or its extension is not allowed.")
    id = call.store.number("chorus-file")
    call.store.shelf(_FILES)[str(id)] = name
    return _yes(pieceJointeIdFichier=id)


def cp_submit(call: Call) -> Any:
    """An invoice as figures, with what the structure wants to know."""
    _credentials(call)
    structure = _STRUCTURES.get(call.number("structureId", 0))
    if structure is None:
        return _no(20001, "The structure does not exist.")
    needs = structure["parameters"]
    if needs["serviceCodeRequired"] and not call.get("serviceCode"):
        return _no(20003, "The service code is required.")
    if needs["engagementNumberRequired"] and not call.get("engagementNumber"):
        return _no(20004, "The engagement number is required.")
    net, vat, gross = (Decimal(call.text(name)) for name in ("totalNetAmount", "vatAmount", "totalGrossAmount"))
    if net + vat != gross:
        return _no(20010, "totalNetAmount and vatAmount do not make totalGrossAmount.")
    attached = call.get("mainAttachmentId")
    if attached is not None and str(attached) not in call.store.shelf(_FILES):
        return _no(20011, "The attachment does not exist.")
    number = call.text("invoiceNumber")
    if any(one.facts["number"] == number for one in call.store.of_kind(_KIND)):
        return _no(20012, "There is an invoice with this number already.")
    made = _deposit(call.store, number, call.text("invoiceDate"), gross, structure, call.ends)
    return _yes(chorusInvoiceId=int(made.id), depositFlowNumber=made.facts["flow"])


def _deposit(store: Store, number: str, day: str, gross: Any, structure: dict[str, Any], ends: str) -> Track:
    steps = (*_COURSE[:-1], ends) if ends else _COURSE
    return store.start(
        _KIND,
        str(100000 + store.number(_KIND)),
        steps,
        number=number,
        day=day,
        gross=gross,
        structure=structure,
        flow=f"CPP{store.number('chorus-flow'):09}",
    )


def deposited(call: Call, invoice: Invoice) -> dict[str, Any]:
    """What submit-complete says of an invoice that went to Chorus Pro."""
    gross = invoice.totals.total_with_vat if invoice.totals is not None else None
    made = _deposit(call.store, invoice.number or "", str(invoice.issue_date), gross, _STRUCTURES[1001], call.ends)
    return {"chorusInvoiceId": int(made.id), "depositFlowNumber": made.facts["flow"], "attachmentId": None}


def _shown(track: Track) -> dict[str, Any]:
    return {
        "chorusInvoiceId": int(track.id),
        "invoiceNumber": track.facts["number"],
        "invoiceDate": track.facts["day"],
        "totalGrossAmount": str(track.facts["gross"]),
        "currentStatus": {
            "code": track.status,
            "label": track.status.replace("_", " ").capitalize(),
            "date": track.history[-1][1].date().isoformat(),
        },
        "recipientStructureId": track.facts["structure"]["structureId"],
        "recipientStructureName": track.facts["structure"]["structureName"],
    }


def _asked(call: Call) -> Track | None:
    _credentials(call)
    return call.store.track(_KIND, next((call.text(name) for name in _IDS if call.get(name) is not None), ""))


_UNKNOWN: Final = "The invoice does not exist."


def cp_consult(call: Call) -> Any:
    """How far an invoice is; each time it is asked for, it may go on."""
    track = _asked(call)
    return _yes(**_shown(call.store.poll(track))) if track is not None else _no(20020, _UNKNOWN)


def _again(call: Call, wanted: str) -> Any:
    """An invoice that waits for its supplier goes on."""
    track = _asked(call)
    if track is None:
        return _no(20020, _UNKNOWN)
    if track.status != wanted:
        return _no(20021, f"The invoice is {track.status}, not {wanted}.")
    track.steps = (*track.steps, *_COURSE[1:])
    call.store.move(track)
    return _yes(**_shown(track))


def cp_complete(call: Call) -> Any:
    """An invoice that was suspended (SUSPENDUE) is completed."""
    return _again(call, "SUSPENDUE")


def cp_recycle(call: Call) -> Any:
    """An invoice that was rejected and may come again (A_RECYCLER) does so."""
    return _again(call, "A_RECYCLER")


def _listed(call: Call) -> Any:
    _credentials(call)
    found = [_shown(one) for one in call.store.of_kind(_KIND)]
    number = call.text("invoiceNumber")
    found = [one for one in found if number in ("", one["invoiceNumber"])]
    return _yes(invoices=found, total=len(found))


def cp_search_sent(call: Call) -> Any:
    """Invoices that were sent."""
    return _listed(call)


def cp_search_received(call: Call) -> Any:
    """Invoices that were received: the same ones, from the other side."""
    return _listed(call)


def cp_validator_search(call: Call) -> Any:
    """Invoices that wait for a validator."""
    return _listed(call)


def cp_validator_consult(call: Call) -> Any:
    """One of them."""
    track = _asked(call)
    return _yes(**_shown(track)) if track is not None else _no(20020, _UNKNOWN)


def _handled(call: Call, usual: str) -> Any:
    track = _asked(call)
    if track is None:
        return _no(20020, _UNKNOWN)
    status = call.text("nouveauStatut", usual)
    if status in _REASONED and not call.get("motifRejet"):
        return _no(20022, f"{status} needs a reason (motifRejet).")
    track.steps = (*track.steps[: track.at + 1], status)
    call.store.move(track)
    return _yes(**_shown(track))


def cp_handle_received(call: Call) -> Any:
    """A received invoice gets another status."""
    return _handled(call, "")


def cp_validator_handle(call: Call) -> Any:
    """A validator decides. Which fields say so is not documented: those of a received invoice."""
    return _handled(call, "VALIDEE")


def cp_download(call: Call) -> Any:
    """Several invoices in one archive, or the first one alone; what stands for them are pages of the sandbox."""
    _credentials(call)
    tracks = [call.store.track(_KIND, str(one)) for one in call.get("listeIdentifiantsFactureCPP", [])]
    found = [track for track in tracks if track is not None]
    if not found or len(found) < len(tracks):
        return _no(20020, _UNKNOWN)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for track in found:
            archive.writestr(f"{track.id}.pdf", _page(track))
    data = _page(found[0]) if call.text("formatFichier") == "PDF" else made.getvalue()
    return _yes(fichierBase64=base64.b64encode(data).decode())


def _page(track: Track) -> bytes:
    return paper.page([f"Invoice {track.facts['number']}", track.status])
