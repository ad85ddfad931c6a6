"""Optional content, which readers call layers (6.9)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, array, dictionary, string

__all__ = ["check_layers"]


def check_layers(file: Inspected) -> Iterator[Breach]:
    """The configurations of optional content: each with a name of its own, complete, and switched by no event."""
    properties = dictionary(file.catalog.get("/OCProperties"))
    if properties is None:
        return
    groups = [one for one in array(properties.get("/OCGs")) or () if dictionary(one) is not None]
    usual = dictionary(properties.get("/D"))
    configurations = [] if usual is None else [(usual, "document /OCProperties/D")]
    for index, one in enumerate(array(properties.get("/Configs")) or ()):
        if dictionary(one) is not None:
            configurations.append((one, f"document /OCProperties/Configs/{index}"))
    names: set[str] = set()
    for configuration, place in configurations:
        if configuration.is_indirect:
            place = file.place(configuration)
        called = string(configuration.get("/Name"))
        if not called:
            yield Breach("6.9-t01", place)
        elif called in names:
            yield Breach("6.9-t02", place, None, (("name", called),), f"the name is {called}")
        names.add(called or "")
        order = array(configuration.get("/Order"))
        if order is not None:
            listed = _listed(order, 0)
            missing = [called for called in (string(one.get("/Name")) or "" for one in groups) if called not in listed]
            if missing:
                shown = ", ".join(missing)
                yield Breach("6.9-t03", place, None, (("groups", shown),), f"it leaves out {shown}")
        if "/AS" in configuration:
            yield Breach("6.9-t04", place)


def _listed(order: Thing, deep: int) -> set[str]:
    """The names of the groups of an array Order, at any depth."""
    found: set[str] = set()
    for one in order:
        if dictionary(one) is not None:
            found.add(string(one.get("/Name")) or "")
        elif array(one) is not None and deep < 50:
            found |= _listed(one, deep + 1)
    return found
