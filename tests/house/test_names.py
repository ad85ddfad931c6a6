"""The public names: what a module lists is there, the front doors list all they have, in order."""

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import get_type_hints

import pytest

import billingua
import billingua.errors
import billingua.formats.fa.model
import billingua.ksef
import billingua.lifecycle
import billingua.model
import billingua.remote
import billingua.remote.outbox

MODULES = sorted(module.name for module in walk_packages(billingua.__path__, "billingua."))


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_a_module_has_what_it_lists(name: str) -> None:
    module = import_module(name)
    for exported in getattr(module, "__all__", ()):
        assert hasattr(module, exported)
    assert module.__doc__ is not None, "a module says what it is for"


@pytest.mark.parametrize(
    "module",
    [
        billingua,
        billingua.errors,
        billingua.formats.fa.model,
        billingua.ksef,
        billingua.lifecycle,
        billingua.model,
        billingua.remote,
        billingua.remote.outbox,
    ],
)
def test_front_doors_list_everything_in_order(module: ModuleType) -> None:
    names = list(module.__all__)
    assert names == sorted(names, key=lambda name: (not name.isupper(), name)), "constants first, then by name"
    assert len(names) == len(set(names))
    for name in names:
        value = getattr(module, name)
        assert not isinstance(value, ModuleType), f"{name} is hidden by a module of its name"
        assert value.__doc__ or not isinstance(value, type)
    assert set(names) <= set(dir(module))


def test_the_errors_are_one_family_and_drawn_in_the_docstring() -> None:
    drawing = billingua.errors.__doc__ or ""
    for name in billingua.errors.__all__:
        error = getattr(billingua.errors, name)
        assert issubclass(error, billingua.BillinguaError)
        assert name in drawing


def test_the_verbs_are_typed() -> None:
    from billingua import api

    for name in ("detect", "read", "validate", "write", "convert"):
        assert getattr(billingua, name) is getattr(api, name)
        assert getattr(api, name).__annotations__["return"]
    assert get_type_hints(api.Detected) == {"format": str, "profile": str | None, "version": str | None}


def test_there_are_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'frobnicate'"):
        billingua.frobnicate  # type: ignore[attr-defined]  # noqa: B018
