"""The addresses of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, P, PathEx

from cases.exchange.codebook.files import codebook_json
from cases.exchange.downloads.changes_files import CHANGE_COLUMNS
from cases.exchange.downloads.errors import refused
from cases.exchange.downloads.published_case import published_case
from cases.exchange.tables.csv_file import rows
from cases.exchange.tables.registry import TABLES, WHICH_ROWS
from cases.exchange.tables.table import Table
from cases.finding.address_filter import AddressFilter
from cases.finding.case_filter import ComparisonFilter
from cases.finding.change_filter import ChangeFilter
from cases.finding.filters import Typed
from cases.finding.list_filters import ActorFilter, HistoryFilter, NoFilter, SourceFilter
from cases.finding.page_layout import check_page, check_per_page
from cases.finding.rows import Rows
from cases.index import case_index
from cases.index.case_index import DIRECTIVE, EXCEPTION, SOURCE
from cases.index.public_names import public_slugs
from cases.models import Actor, Directive, DirectiveException, Source, Version
from cases.models.folded import BY_FOLDED, has_words
from cases.versions.announcements import announcements
from cases.versions.current import made_of_records
from cases.views.conditional import unless_changed
from cases.views.errors import MovedError, moved, not_found

from .answers import answer, listed
from .described import described
from .entries import (
    actor_entry,
    directive_entry,
    exception_entry,
    source_entry,
    version_entry,
)
from .one_case import case_as_of, current_case, once_public, withdrawn

View = Callable[..., HttpResponse]

# The addresses in groups, with what each has.
CASES, ROWS, SHARED, COLLECTION = "Cases", "Rows of tables", "What cases share", "The collection"
GROUPS = {
    CASES: "Whole records, as they are now or as of a version.",
    ROWS: f"One row for each unit, one value in each cell. {WHICH_ROWS}",
    SHARED: "Actors, sources, directives and exceptions, with the number of their cases.",
    COLLECTION: "What changed, and what everything means.",
}

api = NinjaAPI(
    title="Duty-to-warn casebook",
    version="1",
    description="The cases, the rows of the tidy tables, and what they share: read only, the same "
    "as on pages and in files, asked for with the same parameters.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    openapi_extra={
        "tags": [{"name": name, "description": about} for name, about in GROUPS.items()]
    },
)
api.add_decorator(unless_changed, mode="view")


def reading(path: str, name: str, tag: str, about: str, **document: Any) -> Callable[[View], View]:
    """Register the view that answers an address.

    The first sentence of `about` is its title in the document; see `described()` for the rest.
    """
    return api.api_operation(
        ["GET", "HEAD"],
        path,
        url_name=name,
        operation_id=name,
        summary=about.partition(".")[0],
        description=about,
        tags=[tag],
        openapi_extra=described(**document),
    )


@api.exception_handler(Exception)
def _left_to_django(request: HttpRequest, error: Exception) -> NoReturn:
    """Let the middleware answer it, as for every page."""
    raise error


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found(request, error)


@api.exception_handler(MovedError)
def _moved(request: HttpRequest, error: MovedError) -> HttpResponse:
    return moved(request, error.address)


def alone(request: HttpRequest, found: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what was found at an address that takes no parameters, or 400 if it has some."""
    return refused(request, NoFilter(request.GET).query, as_json=True) or found()


# Cases, and the rows of their tables


def _paged(base: type[AddressFilter]) -> type[AddressFilter]:
    """Return a filter of records with the parameters of pages."""
    page = Typed(check_page, narrows=False, label="Page", meaning="Which page, from 1.")
    per_page = Typed(
        check_per_page, narrows=False, label="On a page", meaning="How many it has, up to 100."
    )
    return type(f"Paged{base.__name__}", (base,), {"page": page, "per_page": per_page})


@reading(
    "/cases/",
    "cases",
    CASES,
    about="Cases. The same records as in /cases.json, in the same order.",
    filters=ComparisonFilter,
    lists="PublishedCase",
)
def cases(request: HttpRequest) -> HttpResponse:
    asked = ComparisonFilter(request.GET)

    def records(keys: Sequence[int]) -> Iterable[object]:
        return made_of_records(keys, published_case)

    return listed(request, asked.answer, asked.keys, records, asked.version)


def _add_table(table: Table) -> None:
    """Register the address of the rows of a table."""
    names = [column.name for column in table.columns]

    @reading(
        f"/{table.name}/",
        table.name,
        ROWS,
        about=f"{table.name.replace('_', ' ').capitalize()}. {table.about} The same rows as in "
        f"/{table.name}.csv, in the same order. {WHICH_ROWS} So pages are cut by cases: “count” "
        "and “per_page” are numbers of cases, and a page has all rows of its cases.",
        filters=ComparisonFilter,
        lists=table.name,
    )
    def view(request: HttpRequest) -> HttpResponse:
        asked = ComparisonFilter(request.GET)

        def of_cases(keys: Sequence[int]) -> Iterable[object]:
            return (dict(zip(names, row, strict=True)) for row in rows(keys, table, table.columns))

        return listed(request, asked.answer, asked.keys, of_cases, asked.version)


for _table in TABLES.values():
    if _table.name != "cases":
        _add_table(_table)


WhichCase = PathEx[
    str,
    P(
        description="The slug of the case, or its number: DTW-0001.",
        pattern="^[-a-zA-Z0-9_]+$",  # as the path has it
    ),
]


@reading(
    "/cases/{slug:case}/",
    "case",
    CASES,
    about="A case as it is now.",
    gives="PublishedCase",
    of_case=True,
)
def case(request: HttpRequest, case: WhichCase) -> HttpResponse:
    return alone(request, lambda: current_case(case, "api:case"))


_VERSIONS = _paged(HistoryFilter)


@reading(
    "/cases/{slug:case}/versions/",
    "versions",
    CASES,
    about="Versions of a case. The newest first.",
    filters=_VERSIONS,
    lists="VersionEntry",
    of_case=True,
)
def versions(request: HttpRequest, case: WhichCase) -> HttpResponse:
    found, name = once_public(case, "api:versions")
    if name is None:
        return withdrawn(found)
    newest_first = Version.objects.filter(case=found).defer("record").order_by("-number")
    return listed(
        request,
        _VERSIONS(request.GET).query,
        newest_first,
        lambda page: (version_entry(version, name) for version in page),
    )


@reading(
    "/cases/{slug:case}/versions/{int:number}/",
    "version",
    CASES,
    about="A case as of one of its versions.",
    gives="PublishedCase",
    of_case=True,
)
def version(
    request: HttpRequest,
    case: WhichCase,
    number: PathEx[int, P(description="The number of the version, from 1.")],
) -> HttpResponse:
    return alone(request, lambda: case_as_of(case, number, "api:version"))


# What cases share


def _add_shared(
    name: str,
    about: str,
    filters: type[AddressFilter],
    records: Callable[[AddressFilter], Sequence[Any] | QuerySet[Any]],
    entry: Callable[[Any, Mapping[str, int]], Any],
    dimension: str,
) -> None:
    """Register the address of public records that cases share, with the number of their cases."""
    filters = _paged(filters)

    @reading(
        f"/{name}/", name, SHARED, about, filters=filters, lists=entry.__annotations__["return"]
    )
    def view(request: HttpRequest) -> HttpResponse:
        asked = filters(request.GET)
        counts = case_index.current().counts(dimension)
        return listed(
            request, asked.query, records(asked), lambda page: (entry(one, counts) for one in page)
        )


def _named(model: type[Actor] | type[Source], *shown: str) -> Callable[[AddressFilter], Rows]:
    """Return what finds the public records that an address asks for, by name."""

    def records(asked: AddressFilter) -> Rows:
        found = asked.qs.filter(has_words(str(asked.query.data.get("q", ""))))
        public = public_slugs(model)
        keys = found.order_by(BY_FOLDED, "pk").values_list("pk", "slug")
        return Rows(
            [key for key, slug in keys if slug in public], model.objects.select_related(*shown)
        )

    return records


def _published(records: QuerySet[Any]) -> Callable[[AddressFilter], QuerySet[Any]]:
    return lambda asked: records.all()


_add_shared(
    "actors",
    "Actors. Those that a published case names and those that they belong to, by name.",
    ActorFilter,
    _named(Actor, "parent", "country"),
    actor_entry,
    "actor",
)
_add_shared(
    "sources",
    "Sources. Those that published cases and notes draw on, by title.",
    SourceFilter,
    _named(Source, "derived_from"),
    source_entry,
    SOURCE,
)
_add_shared(
    "directives",
    "Directives. Rules that oblige agencies to warn, by date of issue.",
    NoFilter,
    _published(Directive.objects.published().select_related("jurisdiction", "source")),
    directive_entry,
    DIRECTIVE,
)
_add_shared(
    "exceptions",
    "Exceptions. Grounds on which a directive lets agencies waive the warning, in its order.",
    NoFilter,
    _published(DirectiveException.objects.published().select_related("directive")),
    exception_entry,
    EXCEPTION,
)


# The collection


_CHANGES = _paged(ChangeFilter)


@reading(
    "/changes/",
    "changes",
    COLLECTION,
    about="Changes. Cases that were added, changed, withdrawn, merged and reinstated, the newest "
    "first.",
    filters=_CHANGES,
    lists="changes",
)
def changes(request: HttpRequest) -> HttpResponse:
    asked = _CHANGES(request.GET)

    def told(rows: Sequence[Any]) -> Iterable[object]:
        for one in announcements(rows):
            yield {column.name: column.read(one) for column in CHANGE_COLUMNS}

    return listed(request, asked.query, asked.qs, told)


@reading(
    "/codebook/",
    "codebook",
    COLLECTION,
    about="The codebook. Every entity, field and value, parameter, table and column with its "
    "meaning.",
    gives="Codebook",
)
def definitions(request: HttpRequest) -> HttpResponse:
    return alone(request, lambda: answer(codebook_json()))
