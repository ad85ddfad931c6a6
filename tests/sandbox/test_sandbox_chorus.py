"""Chorus Pro through FactPulse in the sandbox."""

import base64
import io
import zipfile
from typing import Any

import pytest
from sandbox_world import Service

INVOICE = {
    "invoiceNumber": "C-1",
    "invoiceDate": "2026-11-20",
    "structureId": 1001,
    "serviceCode": "SERVICE-1",
    "engagementNumber": "E-1",
    "totalNetAmount": "100.00",
    "vatAmount": 20,
    "totalGrossAmount": "120.00",
}
FILES = "transverses/ajouter-fichier"
CREDENTIALS = {
    "pisteClientId": "a",
    "pisteClientSecret": "b",
    "chorusLogin": "c",
    "chorusPassword": "d",
    "sandboxMode": True,
}


def ask(factpulse: Service, path: str, fault: str = "", **body: Any) -> Any:
    headers = {"X-Sandbox-Fault": fault} if fault else None
    answer = factpulse.post(f"/chorus-pro/{path}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_way_of_an_invoice(factpulse: Service) -> None:
    id = ask(factpulse, "structures/obtenir-id-depuis-siret", siret="30000000700017", credentials=CREDENTIALS)
    assert id["structureName"] == "Sandbox Town Hall"
    needs = ask(factpulse, "structures/consulter", structureId=id["structureId"])["parameters"]
    assert (needs["serviceCodeRequired"], needs["engagementNumberRequired"]) == (True, True)
    services = factpulse.get(f"/chorus-pro/structures/{id['structureId']}/services").json()["services"]
    assert [one["serviceCode"] for one in services] == ["SERVICE-1"]
    attached = ask(factpulse, FILES, pieceJointeNom="invoice.pdf", pieceJointeFichier="AAAA")["pieceJointeIdFichier"]
    sent = ask(factpulse, "factures/soumettre", **INVOICE, mainAttachmentId=attached)
    assert (sent["returnCode"], bool(sent["depositFlowNumber"])) == (0, True)
    seen = [ask(factpulse, "factures/consulter", chorusInvoiceId=sent["chorusInvoiceId"]) for _ in range(3)]
    assert [one["currentStatus"]["code"] for one in seen] == ["SOUMISE", "MISE_A_DISPOSITION", "VALIDEE"]
    assert seen[0]["totalGrossAmount"] == "120.00"
    for path in ("rechercher-fournisseur", "rechercher-destinataire", "valideur/rechercher"):
        assert ask(factpulse, f"factures/{path}", invoiceNumber="C-1")["total"] == 1
        assert ask(factpulse, f"factures/{path}", invoiceNumber="C-2")["total"] == 0
    id = sent["chorusInvoiceId"]
    handled = {"identifiantFactureCPP": id, "nouveauStatut": "REJETEE"}
    assert ask(factpulse, "factures/traiter-facture-recue", **handled)["returnCode"] == 20022
    done = ask(factpulse, "factures/traiter-facture-recue", **handled, motifRejet="Duplicate.")
    assert done["currentStatus"]["code"] == "REJETEE"
    assert ask(factpulse, "factures/valideur/traiter", idFacture=id)["currentStatus"]["code"] == "VALIDEE"
    coded = ask(factpulse, "factures/telecharger-groupe", listeIdentifiantsFactureCPP=[id], formatFichier="ZIP")
    archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(coded["fichierBase64"])))
    assert archive.namelist() == [f"{id}.pdf"]
    page = ask(factpulse, "factures/telecharger-groupe", listeIdentifiantsFactureCPP=[id], formatFichier="PDF")
    assert base64.b64decode(page["fichierBase64"]).startswith(b"%PDF")
    assert ask(factpulse, "factures/telecharger-groupe", listeIdentifiantsFactureCPP=[id, 7])["returnCode"] == 20020


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"structureId": 7}, 20001),
        ({"serviceCode": ""}, 20003),
        ({"engagementNumber": None}, 20004),
        ({"totalGrossAmount": "121.00"}, 20010),
        ({"mainAttachmentId": 9}, 20011),
    ],
)
def test_errors_come_in_good_answers(factpulse: Service, changed: dict[str, Any], code: int) -> None:
    assert ask(factpulse, "factures/soumettre", **INVOICE | changed)["returnCode"] == code


def test_the_same_number_twice(factpulse: Service) -> None:
    assert ask(factpulse, "factures/soumettre", **INVOICE)["returnCode"] == 0
    assert ask(factpulse, "factures/soumettre", **INVOICE)["returnCode"] == 20012


@pytest.mark.parametrize(("path", "status"), [("completer", "SUSPENDUE"), ("recycler", "A_RECYCLER")])
def test_what_comes_back_goes_on(factpulse: Service, path: str, status: str) -> None:
    id = ask(factpulse, "factures/soumettre", f"ends; ends={status}", **INVOICE)["chorusInvoiceId"]
    assert ask(factpulse, f"factures/{path}", identifiantFactureCPP=id)["returnCode"] == 20021
    for _ in range(3):
        ask(factpulse, "factures/consulter", chorusInvoiceId=id)
    found = ask(factpulse, "factures/valideur/consulter", idFacture=id)
    assert found["currentStatus"]["code"] == status
    again = ask(factpulse, f"factures/{path}", identifiantFactureCPP=id)
    assert again["currentStatus"]["code"] == "MISE_A_DISPOSITION"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("factures/consulter", {"chorusInvoiceId": 7}),
        ("factures/completer", {"identifiantFactureCPP": 7}),
        ("factures/recycler", {"identifiantFactureCPP": 7}),
        ("factures/traiter-facture-recue", {"identifiantFactureCPP": 7, "nouveauStatut": "MANDATEE"}),
        ("factures/valideur/consulter", {"idFacture": 7}),
        ("factures/valideur/traiter", {}),
    ],
)
def test_unknown_invoices(factpulse: Service, path: str, body: dict[str, Any]) -> None:
    assert ask(factpulse, path, **body)["returnCode"] == 20020


def test_unknown_structures(factpulse: Service) -> None:
    assert ask(factpulse, "structures/consulter", structureId=7)["returnCode"] == 20001
    assert factpulse.get("/chorus-pro/structures/x/services").json()["returnCode"] == 20001
    assert ask(factpulse, "structures/rechercher", companyName="town")["total"] == 1
    unknown = factpulse.post("/chorus-pro/structures/obtenir-id-depuis-siret", json={"siret": "40000000600017"})
    assert (unknown.status_code, unknown.json()["errorCode"]) == (404, "STRUCTURE_NOT_FOUND")
    wrong = factpulse.post("/chorus-pro/structures/obtenir-id-depuis-siret", json={"siret": "1"})
    assert wrong.status_code == 422


def test_credentials_are_whole(factpulse: Service) -> None:
    names = {"chorusLogin": "chorusProLogin", "chorusPassword": "chorusProPassword", "sandboxMode": "sandbox"}
    other = {names.get(name, name): value for name, value in CREDENTIALS.items()}
    assert ask(factpulse, "structures/rechercher", credentials=other)["returnCode"] == 0
    body = {"credentials": {"pisteClientId": "a"}}
    answer = factpulse.post("/chorus-pro/structures/rechercher", json=body)
    assert (answer.status_code, answer.json()["details"][0]["source"]) == (400, "chorus_pro")


@pytest.mark.parametrize("name", ["x" * 47 + ".pdf", "invoice.exe", "invoice"])
def test_files_have_a_short_name_and_a_known_extension(factpulse: Service, name: str) -> None:
    assert ask(factpulse, FILES, pieceJointeNom=name, pieceJointeFichier="AAAA")["returnCode"] == 20100


def test_files_have_a_limit(factpulse: Service) -> None:
    large = base64.b64encode(b"x" * (10 * 1024 * 1024 + 1)).decode()
    body = {"pieceJointeNom": "x.pdf", "pieceJointeFichier": large}
    answer = factpulse.post(f"/chorus-pro/{FILES}", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (413, "FILE_SIZE_EXCEEDED")
    assert factpulse.post(f"/chorus-pro/{FILES}", json=body | {"pieceJointeFichier": "?"}).status_code == 422
