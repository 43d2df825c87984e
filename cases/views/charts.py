"""Pictures: all of them, each on a page with its table, and as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from cases.exchange.citations.cited import cited_picture
from cases.exchange.citations.files import CitationFile, citation_texts
from cases.exchange.downloads.errors import PLAIN, absolute, refused
from cases.exchange.downloads.files import page_query
from cases.exchange.downloads.names import file_name
from cases.exchange.tables.csv_file import guarded, lines
from cases.exchange.tables.table import Value
from cases.finding.description import active_filters, describe, inferences, title
from cases.finding.query_string import Query
from cases.presentation.charts.chart_filter import WAYS, ChartFilter
from cases.presentation.charts.drawing.renderer import RenderingError
from cases.presentation.charts.drawn import DrawnPicture, drawn_picture
from cases.presentation.charts.picture import Picture, Row
from cases.presentation.charts.registry import CHARTS
from cases.text.excerpt import excerpt

from .citations import citation_file
from .downloads import CSV
from .lists import without_empty_fields

SVG, PNG, VEGA_LITE = "image/svg+xml", "image/png", "application/vnd.vegalite.v6+json"

# Seconds after which to ask again for a picture that could not be drawn.
RETRY_AFTER = 10


@require_safe
def charts(request: HttpRequest) -> HttpResponse:
    """Show all pictures of the cases that the list with the same query string has."""
    if address := without_empty_fields(request):
        return address
    cases = ChartFilter(request.GET)
    query = cases.query_of(*CHARTS)
    answer: Query = cases.answer
    if "order" in answer.data:
        answer = _without_order(answer, "“order” sorts the table of one picture; here are several.")
    context = _about_cases(cases, answer, "Charts") | {
        "pictures": [picture_of(drawn_picture(name, cases)) for name in CHARTS],
        "asked": f"?{query}" if query else "",
    }
    return render(request, "charts/all.html", context)


@require_safe
def chart(request: HttpRequest, name: str) -> HttpResponse:
    """Show one picture with its table, its files, and how to cite and embed it."""
    _check(name)
    if address := without_empty_fields(request):
        return address
    cases = ChartFilter(request.GET)
    drawn = drawn_picture(name, cases)
    query = _with_order(cases.answer, drawn.picture)
    shown = picture_of(drawn)
    asked: str = shown["asked"]
    context = _about_cases(cases, query, drawn.picture.title) | {
        "shown": shown,
        "asked": asked,
        "columns": _headings(drawn, query),
        "ways": _ways(drawn, query),
        "rows": drawn.picture.sorted_rows(query.data.get("order", "")),
        "embedding": "" if drawn.picture.is_empty else _embedding(drawn),
    }

    def citation_address(file: CitationFile) -> str:
        return reverse("chart_citation", args=[name, file]) + asked

    cited = cited_picture(cases, name, drawn.picture.title, drawn.query, drawn.issued)
    return render(request, "charts/one.html", context | citation_texts(cited, citation_address))


@require_safe
def chart_file(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    """Send a picture as a file: `svg`, `png`, `csv` or `vl.json`."""
    _check(name)
    cases = ChartFilter(request.GET)
    is_json = suffix == "vl.json"
    if answer := refused(request, cases.query, as_json=is_json):
        return answer
    drawn = drawn_picture(name, cases)
    query = _with_order(cases.query, drawn.picture)
    if answer := refused(request, query, as_json=is_json):
        return answer
    content_type, write = FILES[suffix]
    try:
        content = write(drawn, query.data.get("order", ""))
    except RenderingError:
        text = "The picture could not be drawn. Its numbers are in the table, as CSV.\n"
        headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        return HttpResponse(text, PLAIN, 503, headers=headers)
    # A picture can be looked at in the browser, and embedded; data is saved.
    way = "inline" if suffix in ("svg", "png") else "attachment"
    subject = f"synthetic-test-data-{name}" if drawn.is_test_data else name
    saved_as = file_name(subject, cases.version, cases, suffix)
    return HttpResponse(
        content,
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f'{way}; filename="{saved_as}"',
        },
    )


@require_safe
def chart_citation(request: HttpRequest, name: str, file: CitationFile) -> HttpResponse:
    """Send the citation of a picture."""
    _check(name)
    cases = ChartFilter(request.GET)
    if answer := refused(request, cases.query):
        return answer
    drawn = drawn_picture(name, cases)
    if answer := refused(request, _with_order(cases.query, drawn.picture)):
        return answer
    cited = cited_picture(cases, name, drawn.picture.title, drawn.query, drawn.issued)
    return citation_file(cited, file)


def _check(name: str) -> None:
    if name not in CHARTS:
        raise Http404


def _with_order(query: Query, picture: Picture) -> Query:
    """Return the query without an order by which the table cannot be sorted, but with a notice."""
    names = [column.name for column in picture.columns]
    order = query.data.get("order", "")
    if not order or order.removeprefix("-") in names:
        return query
    notice = (
        f"“order” is one of: {', '.join(names)}, or one of these with a minus; “{excerpt(order)}” "
        "is none of these."
    )
    return _without_order(query, notice)


def _without_order(query: Query, notice: str) -> Query:
    data = query.data.copy()
    del data["order"]
    return replace(query, data=data, notices=[*query.notices, notice])


def _about_cases(cases: ChartFilter, query: Query, subject: str) -> dict[str, Any]:
    """Return what a page says of the cases: the sentence, the filters and the way back."""
    data = QueryDict(page_query(cases), mutable=True)
    for name in (*WAYS, "order"):  # lists have no such parameters
        data.pop(name, None)
    return {
        "query": query,
        "active": active_filters(cases),
        "count": len(cases.keys),
        "total": cases.total,
        "sentence": describe(cases),
        "inferences": inferences(cases),
        "title": title(cases, subject),
        "cleared": cases.query.without("page", *cases.narrowing),
        "listed": f"?{data.urlencode()}" if data else "",
        "current_section": "charts",
    }


def picture_of(drawn: DrawnPicture) -> dict[str, Any]:
    """Return a picture for a template; without its SVG if it could not be drawn."""
    shown: dict[str, Any] = {
        "picture": drawn.picture,
        "source": drawn.source,
        "asked": f"?{drawn.query}" if drawn.query else "",
    }
    if drawn.picture.is_empty:
        return shown
    try:
        # Made by our own process; texts in it are escaped.
        shown["wide"] = mark_safe(drawn.svg_wide)  # noqa: S308
        shown["narrow"] = mark_safe(drawn.svg_narrow)  # noqa: S308
    except RenderingError:
        shown["failed"] = True
    return shown


def _embedding(drawn: DrawnPicture) -> str:
    """Return the HTML by which a page of another site shows the picture and leads to it."""
    page = absolute(reverse("chart", args=[drawn.picture.name]), drawn.query)
    file = absolute(reverse("chart_file", args=[drawn.picture.name, "svg"]), drawn.query)
    try:
        width, height = drawn.size
        size = f' width="{width}" height="{height}"'
    except RenderingError:
        size = ""
    image = (
        f'<img src="{escape(file)}"{size} style="max-width: 100%; height: auto" '
        f'alt="{escape(drawn.picture.finding)}">'
    )
    return f'<a href="{escape(page)}">{image}</a>'


def _ways(drawn: DrawnPicture, query: Query) -> list[dict[str, Any]]:
    """Return the ways to draw a picture, each with its query string."""
    ways = []
    for way in drawn.picture.ways:
        data = query.data.copy()
        data[way.parameter] = way.value
        ways.append({"way": way, "query": data.urlencode()})
    return ways


def _headings(drawn: DrawnPicture, query: Query) -> list[dict[str, Any]]:
    """Return the headings of the table, each with the query string that sorts by it."""
    order = query.data.get("order", "")
    headings = []
    for column in drawn.picture.columns:
        is_sorted = order.removeprefix("-") == column.name
        ascending = column.name if not column.is_number else f"-{column.name}"
        other = column.name if ascending.startswith("-") else f"-{column.name}"
        data = query.data.copy()
        data["order"] = other if order == ascending else ascending
        direction = ("descending" if order.startswith("-") else "ascending") if is_sorted else ""
        headings.append({"column": column, "query": data.urlencode(), "direction": direction})
    return headings


def _csv(drawn: DrawnPicture, order: str) -> str:
    """Return the table with the codes of its values, its sample and its addresses."""
    picture = drawn.picture
    heads = [name for column in picture.columns for name in column.file_names]
    has_addresses = any(cell.address for row in picture.rows for cell in row)
    heads += ["sample"] if picture.sample is not None else []
    heads += ["address"] if has_addresses else []
    return lines(
        [heads, *(_in_file(picture, row, has_addresses) for row in picture.sorted_rows(order))]
    )


def _in_file(picture: Picture, row: Row, has_addresses: bool) -> list[Value]:
    written: list[Value] = []
    for column, cell in zip(picture.columns, row, strict=True):
        codes = cell.codes or [""] * len(column.codes)
        written += [guarded(value) for value in (*codes, cell.value)]
    if picture.sample is not None:
        # What adds up is of everything.
        written.append("" if any(cell.adds_up for cell in row[:1]) else picture.sample)
    return [*written, _address(row)] if has_addresses else written


def _address(row: Row) -> str:
    """Return the address of what a row is of: of an event, not of its case."""
    address = next((cell.address for cell in reversed(row) if cell.address), "")
    return absolute(address) if address else ""


def _spec(drawn: DrawnPicture) -> str:
    return json.dumps(drawn.specification(absolute("")), ensure_ascii=False, indent=1)


# What files have; `order` is that of the rows.
FILES: dict[str, tuple[str, Callable[[DrawnPicture, str], str | bytes]]] = {
    "svg": (SVG, lambda drawn, order: drawn.svg(absolute(""))),
    "png": (PNG, lambda drawn, order: drawn.png(absolute(""))),
    "csv": (CSV, _csv),
    "vl.json": (VEGA_LITE, lambda drawn, order: _spec(drawn)),
}


class ChartFileConverter:
    """The end of an address that names the format of a picture."""

    regex = "|".join(suffix.replace(".", r"\.") for suffix in FILES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
