"""`billingua pdf embed`, `pdf extract` and `build --to facturx`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from billingua import pdf
from billingua.cli import program

pytest.importorskip("pikepdf")
SAMPLES = Path(__file__).parents[2] / "samples"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def test_json_and_a_plain_pdf_become_a_checked_invoice(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    done = run(
        "build", SAMPLES / "invoice.json", "--totals", "--to", "facturx", "--pdf", SAMPLES / "plain.pdf", "-o", out
    )
    assert done.exit_code == 0, done.output
    checked = run("validate", out)
    assert checked.exit_code == 0
    assert "facturx" in checked.output
    assert run("pdf", "check", out).exit_code == 0
    assert run("show", out).exit_code == 0


def test_embed_and_extract_are_each_others_reverse(tmp_path: Path) -> None:
    xml, out, folder = SAMPLES / "standard-rated.cii.xml", tmp_path / "out.pdf", tmp_path / "files"
    extra = tmp_path / "hours.csv"
    extra.write_bytes(b"a;b\n")
    arguments = ["pdf", "embed", SAMPLES / "plain.pdf", xml, "-o", out, "--attach", extra, "--date", "2026-11-02"]
    assert run(*arguments).exit_code == 0
    first = out.read_bytes()
    assert run(*arguments).exit_code == 0
    assert out.read_bytes() == first
    done = run("pdf", "extract", out, "-o", folder)
    assert done.exit_code == 0
    assert (folder / "factur-x.xml").read_bytes() == xml.read_bytes()
    assert (folder / "hours.csv").read_bytes() == b"a;b\n"
    assert "text/xml, Alternative" in done.output
    assert run("pdf", "extract", out, "-o", folder).exit_code == 0
    assert (folder / "factur-x-2.xml").exists()


def test_a_name_that_leads_elsewhere_stays_in_the_folder(tmp_path: Path) -> None:
    from io import BytesIO

    import pikepdf

    with pikepdf.open(SAMPLES / "invoice.facturx.pdf") as file:
        file.Root.AF[0].UF = file.Root.AF[0].F = pikepdf.String("../../evil.xml")
        stream = BytesIO()
        file.save(stream)
    (tmp_path / "in.pdf").write_bytes(stream.getvalue())
    folder = tmp_path / "a" / "b"
    done = run("pdf", "extract", tmp_path / "in.pdf", "-o", folder)
    assert done.exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["evil.xml"]
    assert not (tmp_path / "evil.xml").exists()
    assert "'evil.xml'" in done.output


def test_what_cannot_be_done_is_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    cases = [
        ("pdf", "embed", SAMPLES / "plain.pdf", SAMPLES / "standard-rated.ubl.xml", "-o", out),
        ("pdf", "embed", SAMPLES / "invoice.json", SAMPLES / "standard-rated.cii.xml", "-o", out),
        ("pdf", "embed", SAMPLES / "plain.pdf", SAMPLES / "standard-rated.cii.xml", "--profile", "basic", "-o", out),
        ("pdf", "extract", SAMPLES / "invoice.json", "-o", tmp_path / "d"),
        ("build", SAMPLES / "invoice.json", "--to", "facturx", "-o", out),
        ("build", SAMPLES / "invoice.json", "--to", "ubl", "--pdf", SAMPLES / "plain.pdf", "-o", out),
    ]
    for case in cases:
        done = run(*case)
        assert done.exit_code == 2, case
        assert len(done.output.strip().splitlines()) == 1, done.output
        assert not out.exists()
    empty = run("pdf", "extract", SAMPLES / "plain.pdf", "-o", tmp_path / "d")
    assert empty.exit_code == 1
    assert "no file inside" in empty.output


def test_the_sample_is_what_its_readme_says() -> None:
    import billingua as bl

    hybrid = (SAMPLES / "invoice.facturx.pdf").read_bytes()
    described = bl.Invoice.from_json((SAMPLES / "invoice.json").read_bytes()).with_totals()
    assert bl.read(hybrid).content == bl.read(bl.write(described, "cii")).content
    assert bl.validate(hybrid).valid
    assert pdf.check(hybrid).valid
