"""The OpenAPI 3.1 description, made from the tables that also route."""

from collections.abc import Mapping
from typing import Any, Final

from billingua.sandbox.endpoint import MEDIA, Endpoint, Field
from billingua.sandbox.faults import HEADER
from billingua.sandbox.service import Service
from billingua.sandbox.services import services
from billingua.sandbox.shapes import SHAPES

__all__ = ["description"]

_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "int": {"type": "integer", "minimum": 0},
    "number": {"type": ["number", "string"]},
    "bool": {"type": "boolean"},
    "list": {"type": "array"},
    "object": {"type": "object"},
    "file": {"type": "string", "format": "binary"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "base64": {"type": "string", "contentEncoding": "base64"},
    "siren": {"type": "string", "pattern": "^[0-9]{9}$"},
    "siret": {"type": "string", "pattern": "^[0-9]{14}$"},
    "nip": {"type": "string", "pattern": "^[0-9]{10}$"},
    "any": {},
}
_SCHEMES: Final = {
    "r-auth": {"type": "apiKey", "in": "header", "name": "R-Auth"},
    "bearer": {"type": "http", "scheme": "bearer"},
}


def description(base: str, controls: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The description of everything that is served at `base`; `controls` are the paths that are no service."""
    from billingua import __version__

    paths: dict[str, dict[str, Any]] = {}
    for service in services():
        for endpoint in service.endpoints:
            paths.setdefault(service.prefix + endpoint.path, {})[endpoint.method.lower()] = _operation(
                service, endpoint
            )
    for (method, path), about in controls.items():
        paths.setdefault(path, {})[method.lower()] = {
            "operationId": f"sandbox_{method.lower()}_{path.rpartition('/')[2]}",
            "tags": ["sandbox"],
            "summary": about,
            "responses": {"200": {"description": "Done.", "content": {MEDIA["json"]: {}}}},
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "billingua sandbox",
            "version": __version__,
            "description": "Remote services for electronic invoices on this machine, as far as they are documented.",
        },
        "servers": [{"url": base}],
        "tags": [{"name": one.name, "description": one.title} for one in services()] + [{"name": "sandbox"}],
        "paths": paths,
        "components": {
            "securitySchemes": _SCHEMES,
            "schemas": {_name_of(shape): _shape(keys) for shape, keys in SHAPES.items()},
        },
    }


def _operation(service: Service, endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": f"{service.name}_{endpoint.name}".replace("-", "_"),
        "tags": [service.name],
        "summary": endpoint.about,
        "parameters": [
            *[
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in endpoint.parameters
            ],
            *[_parameter(field) for field in endpoint.fields if field.in_query],
            {"name": HEADER, "in": "header", "required": False, "schema": {"type": "string"}},
        ],
        "responses": {
            str(endpoint.status): {"description": "Done."} | _content(endpoint.gives),
            **{str(status): _error(endpoint.shape) for status in endpoint.errors},
        },
    }
    if endpoint.takes != "-":
        made["requestBody"] = {"required": True, "content": {MEDIA[endpoint.takes]: _body(endpoint)}}
    if endpoint.auth != "-":
        made["security"] = [{endpoint.auth: []}]
    return made


def _content(gives: str) -> dict[str, Any]:
    return {} if gives == "-" else {"content": {MEDIA[gives].partition(";")[0]: {}}}


def _parameter(field: Field) -> dict[str, Any]:
    return {"name": field.names[0], "in": "query", "required": field.required, "schema": _type(field)}


def _type(field: Field) -> dict[str, Any]:
    if field.values:
        return {"type": "string", "enum": list(field.values)}
    return _TYPES.get(field.kind, {"type": "string"})


def _body(endpoint: Endpoint) -> dict[str, Any]:
    fields = [field for field in endpoint.fields if not field.in_query]
    if endpoint.takes not in ("json", "form"):
        return {}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: _type(field) if name == field.names[-1] else {"type": "string"}
            for field in fields
            for name in field.names
        },
        "required": [field.names[0] for field in fields if field.required and len(field.names) == 1],
    }
    choices = [
        {"anyOf": [{"required": [name]} for name in field.names]}
        for field in fields
        if len(field.names) > 1 and field.required
    ]
    return {"schema": schema | ({"allOf": choices} if choices else {})}


def _error(shapes: str) -> dict[str, Any]:
    references = [{"$ref": f"#/components/schemas/{_name_of(shape)}"} for shape in shapes.split("|") if SHAPES[shape]]
    if not references:
        return {"description": "Refused, with an empty body."}
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    return {"description": "Refused.", "content": {MEDIA["json"]: {"schema": schema}}}


def _name_of(shape: str) -> str:
    return f"error-{shape}"


def _shape(keys: str) -> dict[str, Any]:
    names = [one.partition("=")[0].rstrip("?") for one in keys.split()]
    required = [one.partition("=")[0] for one in keys.split() if not one.endswith("?")]
    return {"type": "object", "properties": {name: {} for name in names}, "required": required}
