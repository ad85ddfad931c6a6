"""The settings of services: from a file, from the environment, and never a secret in sight."""

import os
from pathlib import Path

import pytest

from billingua.errors import UsageError
from billingua.remote.settings import default_settings, service, services

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("BILLINGUA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "services.toml"
    path.write_text(
        '[services.docnova-stage]\nservice = "docnova"\nbase_url = "https://api.example"\ncompany_id = "c-1"\n'
        'timeout = 20\napi_key_env = "STAGE_KEY"\n\n[services.other]\ntoken_file = "token.txt"\n'
    )
    return path


def test_a_section(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = service("docnova-stage", file)
    assert (found.name, found.service) == ("docnova-stage", "docnova")
    assert (found.need("base_url"), found.need("timeout")) == ("https://api.example", 20.0)
    assert found.account == "docnova base_url=https://api.example company_id=c-1"
    with pytest.raises(UsageError, match="variable STAGE_KEY, which should hold the api_key of docnova-stage"):
        found.secret("api_key")
    monkeypatch.setenv("STAGE_KEY", SECRET)
    assert found.secret("api_key") == SECRET
    assert SECRET not in repr(found) + found.account
    with pytest.raises(UsageError, match=r"needs email\. Set it .* BILLINGUA_DOCNOVA_STAGE_EMAIL"):
        found.need("email")
    with pytest.raises(UsageError, match="needs its password"):
        found.secret("password")
    assert set(services(file)) == {"docnova-stage", "other"}
    assert service("other", file).service == "other"


def test_a_secret_in_a_file(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = service("other", file)
    with pytest.raises(UsageError, match=r"token\.txt: The file with the token of other cannot be read"):
        found.secret("token")
    (tmp_path / "token.txt").write_text(f"{SECRET}\n")
    assert found.secret("token") == SECRET
    (tmp_path / "token.txt").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        found.secret("token")


def test_the_environment_goes_first_and_is_enough(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLINGUA_DOCNOVA_STAGE_BASE_URL", "https://other.example")
    monkeypatch.setenv("BILLINGUA_DOCNOVA_STAGE_API_KEY", SECRET)
    found = service("docnova-stage", file)
    assert (found.need("base_url"), found.need("company_id")) == ("https://other.example", "c-1")
    assert found.secret("api_key") == SECRET
    assert SECRET not in repr(found)
    with pytest.raises(UsageError, match=r"no settings for a service 'factpulse'.*\(there: none yet\)"):
        service("factpulse")
    monkeypatch.setenv("BILLINGUA_FACTPULSE_USERNAME", "someone")
    assert service("factpulse").account == "factpulse username=someone"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[services.a]\nbase_uri = "x"', r"\[services\.a\]: There is no key 'base_uri'.*base_url"),
        ('[servces.a]\nbase_url = "x"', "There is no key 'servces'"),
        (f'[services.a]\napi_key = "{SECRET}"', "secrets do not belong there.*api_key_env"),
        (f'[services.a]\nbase_url = "https://me:{SECRET}@host/"', "holds a user, a password"),
        (f'[services.a]\nbase_url = "htps:me:{SECRET}@host/"', "holds a user, a password"),
        (f'[services.a]\nflow_url = "https://host/?key={SECRET}"', "holds a user, a password or a query"),
        ("[services.a]\ntimeout = -1", "number of seconds"),
        ("[services.a]\ntimeout = true", "number of seconds"),
        ('[services.a]\ntimeout = "soon"', "number of seconds"),
        ("[services.a]\nbase_url = 7", "a text that is not empty"),
        ('[services.a]\nservice = ""', "a text that is not empty"),
        ("services = 7", "is a section"),
        (f'[services.a]\napi_key = "{SECRET}\n', r"not TOML in UTF-8 \(line 2"),
    ],
)
def test_what_is_wrong_is_told_without_the_secret(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "services.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=why) as caught:
        service("a", path)
    assert str(path) in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="There is no such file of settings"):
        service("a", tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        service("a", tmp_path)
    monkeypatch.setenv("BILLINGUA_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="There is no such file of settings"):
        service("a")


def test_where_the_file_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert default_settings() == tmp_path / "config" / "billingua" / "services.toml"
    default_settings().parent.mkdir(parents=True)
    default_settings().write_text('[services.a]\nbase_url = "https://x"')
    assert service("a").need("base_url") == "https://x"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert default_settings() == tmp_path / "billingua" / "services.toml"
