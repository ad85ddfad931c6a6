"""The courier into a folder."""

import os
from pathlib import Path

import pytest
from outbox_service import INVOICE, SAMPLES

from billingua.errors import AlreadyThere, NotReached, UsageError
from billingua.remote.outbox import Entry, Outbox, Receipt
from billingua.remote.outbox.courier import account_of, courier_for, to_target
from billingua.remote.outbox.folder import FolderCourier


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    """An entry on its way into a folder."""
    with Outbox(tmp_path / "outbox.db") as outbox:
        return outbox.enqueue(INVOICE, f"folder:{tmp_path / 'pickup'}")


def test_it_arrives_once_even_when_it_was_picked_up(tmp_path: Path, entry: Entry) -> None:
    courier = FolderCourier(tmp_path / "pickup")
    assert courier.find(entry) is None
    receipt = courier.submit(INVOICE, entry)
    assert receipt == courier.find(entry) == Receipt(f"{entry.sha256}.xml")
    assert (tmp_path / "pickup" / receipt.id).read_bytes() == INVOICE
    assert [path.name for path in (tmp_path / "pickup").glob("[!.]*")] == [receipt.id]
    assert courier.follow(entry, receipt).state == "accepted"
    (tmp_path / "pickup" / receipt.id).unlink()
    assert courier.find(entry) == receipt
    with pytest.raises(AlreadyThere):
        courier.submit(INVOICE, entry)


def test_a_pdf_keeps_its_ending(tmp_path: Path) -> None:
    with Outbox(tmp_path / "outbox.db") as outbox:
        outbox.enqueue((SAMPLES / "invoice.facturx.pdf").read_bytes(), f"folder:{tmp_path / 'pickup'}")
        [sent] = outbox.run().entries
    assert sent.state == "accepted"
    assert (tmp_path / "pickup" / f"{sent.sha256}.pdf").exists()


def test_a_folder_that_cannot_be_used(tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotReached, match="No such file"):
        FolderCourier(tmp_path / "not" / "mounted").submit(INVOICE, entry)

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    courier = FolderCourier(tmp_path / "pickup")
    with pytest.raises(NotReached, match="Permission denied") as caught:
        courier.submit(INVOICE, entry)
    assert caught.value.uncertain
    assert courier.find(entry) is None


def test_what_a_target_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert to_target("folder:a/../b") == f"folder:{tmp_path / 'b'}"
    assert account_of(f"folder:{tmp_path}") == ""
    settings = tmp_path / "services.toml"
    settings.write_text(
        f'[services.here]\nservice = "folder"\ndirectory = "{tmp_path}"\n'
        '[services.relative]\nservice = "folder"\ndirectory = "x"\n[services.moon]\nbase_url = "https://x"\n'
    )
    made = courier_for("here", settings)
    assert isinstance(made, FolderCourier)
    assert made.directory == tmp_path
    assert account_of("here", settings) == f"folder directory={tmp_path}"
    with pytest.raises(UsageError, match="whole path"):
        courier_for("relative", settings)
    with pytest.raises(UsageError, match=r"'moon'.* They go to: afnor, docnova"):
        account_of("moon", settings)
    with pytest.raises(UsageError, match="no settings for a service 'sun'"):
        courier_for("sun", settings)
