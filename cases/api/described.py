"""What the OpenAPI document says of an address: its parameters, and what it answers."""

from __future__ import annotations

from typing import Any

from cases.exchange.codebook.vocabularies import vocabulary_at
from cases.finding.address_filter import AddressFilter
from cases.finding.case_filter import ComparisonFilter
from cases.finding.date_parameters import CERTAIN, POSSIBLE
from cases.finding.filters import Choice
from cases.finding.page_layout import LAYOUT, LAYOUTS, MATRIX, MAX_PER_PAGE, PER_PAGE, VIEWS
from cases.finding.query_string import ALL, ANY, NOT
from cases.finding.selection import SORTS
from cases.record.older_shapes import Json

# The schemas of parameters whose values are typed; any text otherwise.
TYPED: dict[str, Json] = {
    "page": {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 1},
    "per_page": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_PER_PAGE,
        "default": PER_PAGE,
    },
    "date_match": {"type": "string", "enum": [POSSIBLE, CERTAIN]},
    "sort": {"type": "string", "enum": list(SORTS)},
    "view": {"type": "string", "enum": [*VIEWS, MATRIX]},
    LAYOUT: {"type": "string", "enum": list(LAYOUTS)},
    "since": {"type": "string", "format": "date"},
}

# What only pages do with it.
OF_PAGES = ("view", "column", LAYOUT)

HOW_MANY = {
    ANY: "Repeated: any of the values.",
    ALL: "All of the values.",
    NOT: "None of the values.",
}


def described(
    *,
    filters: type[AddressFilter] | None = None,
    lists: str = "",
    gives: str = "",
    of_case: bool = False,
) -> Json:
    """Return what is said of an address.

    It has the parameters of `filters`, and answers with a page of the schema `lists` or with one
    object of the schema `gives`; `of_case` says that a case is named in its path.
    """
    schema = _page_of(lists) if lists else _ref("schemas", gives)
    headers = {"ETag": _ref("headers", "ETag")}
    if lists:
        headers["Link"] = _ref("headers", "Link")
    found: Json = {
        "description": "A page of the list." if lists else "What was asked for.",
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }
    others = ["304", "400", "429", "503"]
    if of_case:
        others += ["302", "404", "410"]
    responses: dict[int, Json] = {200: found}
    responses |= {int(status): _ref("responses", status) for status in sorted(others)}
    parameters: list[Json] = []
    if filters is ComparisonFilter:  # of many addresses, and so described once
        parameters = [_ref("parameters", name) for name in filters.base_filters]
    elif filters:
        parameters = [*parameters_of(filters).values()]
    return {"parameters": parameters, "responses": responses}


def parameters_of(filters: type[AddressFilter]) -> dict[str, Json]:
    """Return what is said of each parameter that the filters read, by name."""
    return {name: _parameter(name, filter_) for name, filter_ in filters.base_filters.items()}


def _parameter(name: str, filter_: Any) -> Json:
    described = {"name": name, "in": "query", "required": False}
    if not isinstance(filter_, Choice):
        words = _sentences(f"{filter_.label}.", filter_.meaning, _of_pages(name))
        return described | {"description": words, "schema": TYPED.get(name, {"type": "string"})}
    items: Json = {"type": "string"}
    if values := _values(filter_):
        items["enum"] = list(values)
    if filter_.form == ANY:
        listed = "".join(f"\n- `{value}`: {meaning}" for value, meaning in values.items())
        words = _sentences(f"{filter_.label}.", filter_.meaning, _of_pages(name), HOW_MANY[ANY])
        words += f"\n{listed}" if listed else ""
    else:
        words = _sentences(f"{filter_.label}, see “{filter_.name}”.", HOW_MANY[filter_.form])
    return described | {
        "description": words,
        "schema": {"type": "array", "items": items},
        "style": "form",
        "explode": True,
    }


def _values(filter_: Choice) -> dict[str, str]:
    """Return the values of a parameter with their meanings; {} if they grow with the collection."""
    choices = filter_.extra["choices"]
    if callable(choices):
        return {}
    members: Any = vocabulary_at(*filter_.coded) if filter_.coded else None
    defined = {one.value: one.definition for one in members or ()}
    return {value: _sentences(f"{label}.", defined.get(value, "")) for value, label in choices}


def _of_pages(name: str) -> str:
    return "Here it changes nothing." if name in OF_PAGES else ""


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _page_of(schema: str) -> Json:
    """Return the schema of a page of a list."""
    items = {"type": "array", "items": _ref("schemas", schema)}
    properties = {"items": items | {"description": "What is on the page."}}
    return {
        "allOf": [
            _ref("schemas", "Page"),
            {"type": "object", "required": ["items"], "properties": properties},
        ]
    }
