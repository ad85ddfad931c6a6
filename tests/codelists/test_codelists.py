"""Every code list file is well made, the loader reads it, and the rules' table names lists that exist."""

import re
import time
from pathlib import Path

import pytest

from billingua import codelists
from billingua.errors import UsageError
from billingua.resources import cells_of

FOLDER = Path(codelists.__file__).parent
CODES_TSV = FOLDER.parent / "rules" / "en16931" / "codes.tsv"
FACTURX_TSV = FOLDER.parent / "rules" / "facturx" / "codes.tsv"
HEADER = ["title", "authority", "list", "version", "used by"]
COLUMNS = ["id", "syntax", "context", "unless", "value", "list", "also", "empty_passes", "note"]


def rule_rows() -> list[dict[str, str]]:
    lines = [line for line in CODES_TSV.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0].split("\t") == COLUMNS
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


def test_there_are_lists() -> None:
    assert len(codelists.lists()) >= 23
    assert list(codelists.lists()) == sorted(codelists.lists())


@pytest.mark.parametrize("name", codelists.lists())
def test_file_is_well_made(name: str) -> None:
    text = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    assert text.endswith("\n")
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    body = lines[len(head) :]
    keys = [line.removeprefix("# ").partition(": ")[0] for line in head]
    assert keys[:5] == HEADER
    assert keys[5:] in (["codes"], ["note", "codes"])
    assert all(line.partition(": ")[2].strip() for line in head)
    assert head[-1].startswith(f"# codes: {len(body)}, ")
    for line in body:
        assert re.fullmatch(r"[!-~]+(\t\S(.*\S)?)?", line), line
    written = [line.partition("\t")[0] for line in body]
    assert len(set(written)) == len(written), "a code stands there twice"
    assert codelists.codes(name) == frozenset(written)
    assert list(codelists.labels(name)) == written, "labels keep the order of the file"


@pytest.mark.parametrize("name", codelists.lists())
def test_source_says_where_it_comes_from(name: str) -> None:
    source = codelists.source(name)
    assert source.title
    assert source.authority
    assert source.number
    assert source.version.endswith(("1.3.16", "Factur-X 1.09"))
    assert re.search(r"BR-C|BR-FX|FX-SCH|Factur-X", source.used_by)


def test_known_codes_and_labels() -> None:
    assert {"EUR", "PLN", "CHF"} < codelists.codes("iso_4217")
    assert "eur" not in codelists.codes("iso_4217")
    assert codelists.labels("untdid_1001")["380"] == "Commercial invoice"
    assert codelists.labels("unece_rec20_rec21")["C62"] == "One (unit)"
    assert codelists.labels("untdid_5305")["K"] == "Intra-Community supply"
    assert set(codelists.labels("iso_6523_icd").values()) >= {"", "GLN (GS1 global location number)"}


def test_syntaxes_differ_where_the_notes_say_so() -> None:
    codes = codelists.codes
    assert codes("untdid_1001_invoice") | codes("untdid_1001_creditnote") == codes("untdid_1001")
    assert codes("untdid_1001_invoice") & codes("untdid_1001_creditnote") == {"81"}
    assert codes("iso_3166_ubl") - codes("iso_3166_cii") == {"SS"}
    assert codes("iso_3166_cii") - codes("iso_3166_ubl") == {"AN"}
    for syntax in ("ubl", "cii"):
        assert codes(f"vat_prefix_{syntax}") - codes(f"iso_3166_{syntax}") == {"EL"}
    assert codes("untdid_4451_ubl") < codes("untdid_4451_cii")
    assert not codes("untdid_2005_vat_point") & codes("untdid_2475_vat_point")


@pytest.mark.parametrize("name", ["", "nothing", "../rules/en16931/codes", "iso 4217", "x\0y"])
def test_unknown_list_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="There is no code list"):
        codelists.codes(name)


def test_reading_is_fast() -> None:
    best = min(_seconds("unece_rec20_rec21") for _ in range(5))
    assert best < 0.02, f"the longest list took {best * 1000:.1f} ms"


def _seconds(name: str) -> float:
    codelists.codes.cache_clear()
    start = time.perf_counter()
    codelists.codes(name)
    return time.perf_counter() - start


def test_rules_name_lists_that_exist() -> None:
    rows = rule_rows()
    assert {row["list"] for row in rows} <= set(codelists.lists())
    free = {"vat_prefix_ubl", "vat_prefix_cii", "untdid_6313"}  # of BR-CO-09 and BR-FXEXT-04, which are functions
    profiles = {cells[1] for cells in cells_of(FACTURX_TSV.read_text("utf-8"))[1:] if cells[1:] and cells[1]}
    assert profiles <= set(codelists.lists())
    assert set(codelists.lists()) - {row["list"] for row in rows} - profiles == free


def test_rule_rows_are_complete() -> None:
    rows = rule_rows()
    assert len(rows) == 47
    for row in rows:
        assert re.fullmatch(r"BR-CL-\d\d", row["id"])
        assert row["syntax"] in {"ubl", "cii"}
        assert row["empty_passes"] in {"yes", "no"}
        assert re.fullmatch(r"(\.|@\w+|(upper|exact|hashes)\((\.|@\w+)\))", row["value"])
        assert re.fullmatch(r"|(ancestor \w+:\w+)( \| ancestor \w+:\w+)*", row["unless"])
        step = r"\w+:\w+(\[[^\]]+\])?"
        for context in row["context"].split(" | "):
            assert re.fullmatch(rf"/?{step}(/{step})*", context), context
    for syntax in ("ubl", "cii"):
        ids = {row["id"] for row in rows if row["syntax"] == syntax}
        assert len(ids) == 23
        syntax_name = syntax.upper()
        for row in rows:
            if row["syntax"] == syntax:
                used = codelists.source(row["list"]).used_by
                assert row["id"] in used
                assert syntax_name in used


def test_only_the_note_of_ubl_passes_when_empty() -> None:
    passing = [(row["id"], row["syntax"]) for row in rule_rows() if row["empty_passes"] == "yes"]
    assert passing == [("BR-CL-08", "ubl")]
    for name in codelists.lists():
        assert "" not in codelists.codes(name)
