"""The settings of remote services: which there are, where they are reached, and where their secrets are to be had.

They stand in a TOML file, a section a service; a variable of the environment says the same and goes first:

    [services.docnova-stage]
    service = "docnova"                     # whose it is; the name of the section if it is not said
    base_url = "https://..."
    company_id = "..."
    api_key_env = "DOCNOVA_STAGE_KEY"       # the variable that holds the secret; or api_key_file = "a path"

    BILLINGUA_DOCNOVA_STAGE_BASE_URL, BILLINGUA_DOCNOVA_STAGE_API_KEY, ...

A secret never stands in the file itself, and is only read when it is needed: nothing here keeps or shows one.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from billingua.errors import UsageError
from billingua.remote.places import settings_folder

__all__ = ["KEYS", "SECRETS", "SETTINGS_VARIABLE", "Service", "default_settings", "service", "services"]

SETTINGS_VARIABLE: Final = "BILLINGUA_SETTINGS"
"""The variable of the environment that names the file."""

KEYS: Final[Mapping[str, tuple[type, bool]]] = MappingProxyType(
    {
        "base_url": (str, True),
        "flow_url": (str, True),
        "directory_url": (str, True),
        "token_url": (str, False),
        "company_id": (str, True),
        "client_uid": (str, True),
        "organization_id": (str, True),
        "fiscal_id": (str, True),
        "siren": (str, True),
        "email": (str, True),
        "username": (str, True),
        "client_id": (str, True),
        "country": (str, True),
        "directory": (str, True),
        "auth_style": (str, False),
        "timeout": (float, False),
    }
)
"""What may be set beside `service` and the secrets: its type, and whether another value means another account."""

SECRETS: Final = ("api_key", "password", "client_secret", "token")
"""Each is set as NAME_env or NAME_file."""

_SOURCES = ("env", "file")
_LONGEST_SECRET = 1 << 16


class Service(NamedTuple):
    """The settings of one service, without its secrets."""

    name: str
    """The name of the section: what `--to` takes."""
    service: str
    """Whose service it is: `docnova`, `folder`, ..."""
    values: Mapping[str, Any]
    """By the keys of `KEYS`."""
    sources: Mapping[str, tuple[str, str]]
    """Where each secret is to be had: ("env", variable) or ("file", path)."""

    @property
    def account(self) -> str:
        """Which account it is, in words: the service and every value that would make it another one."""
        told = [f"{key}={self.values[key]}" for key, (_, tells) in KEYS.items() if tells and key in self.values]
        return " ".join([self.service, *told])

    def need(self, key: str) -> Any:
        """A value that the service cannot do without.

        Raises:
            UsageError: it is not set.
        """
        if key not in self.values:
            raise UsageError(
                f"The service {self.name} needs {key}.",
                todo=f"Set it in the settings, or as {_variable(self.name, key)} in the environment.",
            )
        return self.values[key]

    def secret(self, key: str) -> str:
        """A secret, read now.

        Raises:
            UsageError: nothing says where it is, or it is not there.
        """
        if key not in self.sources:
            raise UsageError(
                f"The service {self.name} needs its {key}.",
                todo=f"Name a variable that holds it as {key}_env, or set {_variable(self.name, key)}.",
            )
        kind, place = self.sources[key]
        found = os.environ.get(place, "") if kind == "env" else _secret_in(place, self.name, key)
        if not found:
            what = "variable" if kind == "env" else "file"
            raise UsageError(f"The {what} {place}, which should hold the {key} of {self.name}, is not there or empty.")
        return found


def default_settings() -> Path:
    """The file with the settings: what BILLINGUA_SETTINGS names, otherwise services.toml in the settings folder."""
    named = os.environ.get(SETTINGS_VARIABLE)
    return Path(named) if named else settings_folder() / "services.toml"


def service(name: str, path: str | os.PathLike[str] | None = None) -> Service:
    """The settings of a service by the name of its section, or from the environment alone.

    Args:
        name: the section, such as `docnova`.
        path: the file; `default_settings()` if it is not given.

    Raises:
        UsageError: there is no such service, or the settings cannot be used: which file, section and key.
    """
    sections = _sections(path)
    given = _from_environment(name)
    if name not in sections and not given:
        known = ", ".join(sorted(sections)) or "none yet"
        raise UsageError(
            f"There are no settings for a service {name!r}.",
            todo=f"Write a section [services.{name}] into {_file(path)} (there: {known}), "
            f"or set {_variable(name, 'base_url')} and the like.",
        )
    return _service(name, {**sections.get(name, {}), **given}, str(_file(path)))


def services(path: str | os.PathLike[str] | None = None) -> dict[str, Service]:
    """All services of the file by name.

    Raises:
        UsageError: as `service`.
    """
    return {
        name: _service(name, {**section, **_from_environment(name)}, str(_file(path)))
        for name, section in _sections(path).items()
    }


def _file(path: str | os.PathLike[str] | None) -> Path:
    return default_settings() if path is None else Path(path)


def _sections(path: str | os.PathLike[str] | None) -> dict[str, dict[str, Any]]:
    file = _file(path)
    try:
        settings = tomllib.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        if path is None and SETTINGS_VARIABLE not in os.environ:
            return {}
        raise UsageError("There is no such file of settings.", where=str(file)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not TOML in UTF-8"
        line = str(error).rpartition("(at ")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise UsageError(
            f"The settings cannot be read: {reason}{f' ({line})' if line else ''}.", where=str(file)
        ) from None
    sections = settings.pop("services", {})
    if settings:
        raise _unknown(next(iter(settings)), str(file), "services")
    if not isinstance(sections, dict) or not all(isinstance(one, dict) for one in sections.values()):
        raise UsageError("Each service is a section [services.NAME].", where=str(file))
    return sections


def _service(name: str, section: dict[str, Any], where: str) -> Service:
    where = f"{where}, [services.{name}]"
    values: dict[str, Any] = {}
    sources: dict[str, tuple[str, str]] = {}
    for key, value in section.items():
        secret, _, kind = key.rpartition("_")
        if key == "service" or (secret in SECRETS and kind in _SOURCES):
            _typed(key, value, str, where)
            if key != "service":
                sources[secret] = (kind, value)
        elif key in KEYS:
            values[key] = _typed(key, value, KEYS[key][0], where)
            if key.endswith("_url") and any(mark in value for mark in "@?#"):
                raise UsageError(
                    f"{key} holds a user, a password or a query.", where=where, todo="Leave it out of the address."
                )
        elif key in SECRETS:
            raise UsageError(
                f"{key} stands in the settings themselves; secrets do not belong there.",
                where=where,
                todo=f"Put it into a variable of the environment and name that as {key}_env.",
            )
        else:
            known = [*KEYS, *(f"{one}_{kind}" for one in SECRETS for kind in _SOURCES)]
            raise _unknown(key, where, ", ".join(["service", *known]))
    return Service(name, section.get("service", name), MappingProxyType(values), MappingProxyType(sources))


def _typed(key: str, value: Any, kind: type, where: str) -> Any:
    if kind is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if 0 < number < float("inf"):
            return number
    elif kind is str and isinstance(value, str) and value:
        return value
    what = "a number of seconds above 0" if kind is float else "a text that is not empty"
    raise UsageError(f"{key} must be {what}.", where=where)


def _unknown(key: str, where: str, known: str) -> UsageError:
    return UsageError(f"There is no key {key!r} in the settings.", where=where, todo=f"There are: {known}.")


def _variable(name: str, key: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
    return f"BILLINGUA_{plain}_{key}".upper()


def _from_environment(name: str) -> dict[str, str]:
    """What the environment says, in the keys of the file."""
    found = {key: os.environ.get(_variable(name, key), "") for key in ("service", *KEYS)}
    held = {f"{key}_env": _variable(name, key) for key in SECRETS if os.environ.get(_variable(name, key))}
    return {key: value for key, value in found.items() if value} | held


def _secret_in(place: str, name: str, key: str) -> str:
    try:
        with open(os.path.expanduser(place), "rb") as stream:
            return stream.read(_LONGEST_SECRET).decode("utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"The file with the {key} of {name} cannot be read: {reason}.", where=place) from None
