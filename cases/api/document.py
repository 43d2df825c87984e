"""The OpenAPI document of the API, and the page that shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.exchange.bundle.layout.describing import LICENCE
from cases.exchange.downloads.changes_files import CHANGE_COLUMNS
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import DATE, INTEGER, Column, Table
from cases.finding.case_filter import ComparisonFilter
from cases.record.older_shapes import Json
from cases.record.schema import schema_of

from .addresses import api
from .answers import answer
from .described import parameters_of
from .entries import (
    ActorEntry,
    DirectiveEntry,
    ExceptionEntry,
    SourceEntry,
    VersionEntry,
)

OBJECTS = (PublishedCase, VersionEntry, ActorEntry, SourceEntry, DirectiveEntry, ExceptionEntry)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Send the OpenAPI document."""
    return answer(document())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document as a page in which every address can be tried."""
    settings = {
        "url": reverse("api_schema"),
        "layout": "BaseLayout",
        "deepLinking": True,
        "docExpansion": "list",
        "defaultModelsExpandDepth": 0,
        "supportedSubmitMethods": ["get"],
        "validatorUrl": None,
    }
    addresses = [(path, found["get"]["summary"]) for path, found in document()["paths"].items()]
    context = {"swagger_settings": settings, "addresses": addresses}
    return render(request, "api/docs.html", context)


@cache
def document() -> Json:
    """Return the OpenAPI document, which only a new version of the code changes."""
    found: Json = dict(api.get_openapi_schema())
    for operations in found["paths"].values():
        operations.pop("head")  # as GET, without the body
    found["info"] |= {"license": {"name": LICENCE["title"], "identifier": LICENCE["name"]}}
    found["servers"] = [{"url": "/"}]
    found["components"] = {
        "schemas": {
            **_objects(),
            **{table.name: _row(table) for table in TABLES.values()},
            "changes": _change(),
            **_OF_ANSWERS,
        },
        "parameters": parameters_of(ComparisonFilter),
        "responses": _RESPONSES,
        "headers": _HEADERS,
    }
    return found


def _objects() -> dict[str, Json]:
    """Return the schemas of records and of what the API says beside them."""
    text = msgspec.json.encode(schema_of(*OBJECTS)["$defs"])
    moved: dict[str, Json] = msgspec.json.decode(
        text.replace(b'"#/$defs/', b'"#/components/schemas/')
    )
    return moved


def _row(table: Table) -> Json:
    """Return the schema of a row of a table."""
    return {
        "type": "object",
        "description": table.about,
        "required": [column.name for column in table.columns],
        "properties": {column.name: _cell(column) for column in table.columns},
    }


def _cell(column: Column) -> Json:
    """Return the schema of a value in a column."""
    cell: Json = {"title": column.title, "description": str(column.meaning)}
    kind = {INTEGER: "integer", DATE: "string"}.get(column.type, "string")
    is_empty_null = column.type in (INTEGER, DATE) and not column.is_required
    cell["type"] = [kind, "null"] if is_empty_null else kind
    if column.type == DATE:
        cell["format"] = "date"
    if column.words:
        cell["enum"] = [value for value, _ in column.words]
    return cell


def _change() -> Json:
    """Return the schema of a change."""
    types = {name: {"type": ["integer", "null"]} for name in ("version", "reinstated_as")}
    return {
        "type": "object",
        "description": "A case was added, changed, withdrawn, merged or reinstated.",
        "required": [column.name for column in CHANGE_COLUMNS],
        "properties": {
            column.name: {"title": column.title, "description": column.meaning}
            | types.get(column.name, {"type": ["string", "null"]})
            for column in CHANGE_COLUMNS
        },
    }


def _text(description: str) -> Json:
    return {"type": "string", "description": description}


def _address(description: str) -> Json:
    return {"type": ["string", "null"], "format": "uri", "description": description}


def _number(description: str, minimum: int = 0) -> Json:
    return {"type": "integer", "minimum": minimum, "description": description}


_PAGE: dict[str, Json] = {
    "dataset_version": _number(
        "The version of the dataset. If it differs between two pages, something changed meanwhile."
    ),
    "count": _number("How many there are on all pages; of the rows of a table, of cases."),
    "page": _number("The number of this page.", 1),
    "pages": _number("How many pages there are.", 1),
    "per_page": _number("How many a page has; of the rows of a table, of cases.", 1),
    "links": {
        "type": "object",
        "description": "The addresses of other pages; null where there is none.",
        "required": ["first", "previous", "next", "last"],
        "properties": {
            "first": _address("The first page."),
            "previous": _address("The page before."),
            "next": _address("The page after."),
            "last": _address("The last page."),
        },
    },
    "remarks": {
        "type": "array",
        "items": {"type": "string"},
        "description": "What is to be said of the query, such as that a slug is a former one.",
    },
}

_OF_ANSWERS: dict[str, Json] = {
    "Page": {
        "type": "object",
        "description": "What a page of a list says beside its items.",
        "required": list(_PAGE),
        "properties": _PAGE,
    },
    "Fault": {
        "type": "object",
        "description": "Why there is no answer.",
        "required": ["errors"],
        "properties": {
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string"},
                "description": "A sentence for each part that was not understood, or the reason.",
            },
            "mended": _text("The same address without the parts that were not understood."),
        },
    },
    "Withdrawal": {
        "type": "object",
        "description": "Why a case is not public any more.",
        "required": ["errors", "number", "withdrawn_at", "reason"],
        "properties": {
            "errors": {
                "type": "array",
                "items": {"type": "string"},
                "description": "The same in a sentence.",
            },
            "number": _text("The number of the case, which no other case will have."),
            "withdrawn_at": _text("When it was withdrawn.") | {"format": "date-time"},
            "reason": _text("Why it was withdrawn."),
        },
    },
}

_OF_ANSWERS["Codebook"] = {
    "type": "object",
    "description": "What every name and code means, as in /codebook.json.",
    "required": ["entities", "parameters", "tables", "objects"],
    "properties": {
        name: {"type": "array", "items": {"type": "object"}, "description": meaning}
        for name, meaning in {
            "entities": "What records are about, each with its fields and their values.",
            "parameters": "What addresses of cases can ask.",
            "tables": "The tidy tables with their columns.",
            "objects": "The objects in the record of a case.",
        }.items()
    },
}

_RETRY: Json = {
    "Retry-After": {
        "description": "How many seconds to wait.",
        "schema": {"type": "integer", "minimum": 1},
    }
}


def _fault(description: str, schema: str = "Fault", headers: Json | None = None) -> Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    response: dict[str, Any] = {"description": description, "content": content}
    return response | ({"headers": headers} if headers else {})


_RESPONSES: dict[str, Json] = {
    "302": {"description": "The case has another slug now, or was merged into another case."},
    "304": {"description": "Nothing has changed since the response with this ETag."},
    "400": _fault("A parameter is unknown, or has a value that is not valid."),
    "404": _fault("There is nothing public at this address."),
    "410": _fault("The case was withdrawn.", "Withdrawal"),
    "429": _fault("Too many requests from one address.", headers=_RETRY),
    "503": _fault("The search, or the site, is out of order for now.", headers=_RETRY),
}

_HEADERS: dict[str, Json] = {
    "ETag": {
        "description": "Sent back in `If-None-Match`, it is answered with 304 until something "
        "changes.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The links of the body as a header (RFC 8288), unless it would be long.",
        "schema": {"type": "string"},
    },
}
