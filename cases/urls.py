"""The address contract: every public page."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, URLResolver, path, register_converter
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from .api.addresses import api
from .api.document import docs, schema
from .api.one_case import case_json, permanent_json, version_json
from .exchange.tables.registry import TABLES
from .views import (
    actors,
    case_list,
    cases,
    changes,
    charts,
    citations,
    comparison,
    data,
    downloads,
    exceptions,
    facets,
    history,
    notes,
    site,
    sitemaps,
    sources,
    styleguide,
)
from .views.conditional import View, unless_changed

register_converter(citations.CitationFileConverter, "citation")
register_converter(charts.ChartFileConverter, "chart_file")


def page(route: str, view: View, name: str) -> URLPattern:
    """Return the path of a page, file or feed that shows records and nothing else.

    It is exempt from the check of forms, which would answer a POST as a form that was not saved;
    the page answers it with 405.
    """
    return path(route, csrf_exempt(unless_changed(view)), name=name)


urlpatterns: list[URLPattern | URLResolver] = [
    page("", site.home, name="home"),
    page("cases/", case_list.CaseList.as_view(), name="case_list"),
    *(
        page(f"{name}.csv", partial(downloads.table_csv, name=name), name=f"{name}_csv")
        for name in TABLES
    ),
    page("cases.xlsx", downloads.cases_xlsx, name="cases_xlsx"),
    page("cases.json", downloads.cases_json, name="cases_json"),
    page("cases.jsonl", downloads.cases_jsonl, name="cases_jsonl"),
    page("cases.atom", downloads.cases_atom, name="cases_atom"),
    page("cases.feed.json", downloads.cases_json_feed, name="cases_json_feed"),
    page("schema/case.json", downloads.case_schema, name="case_schema"),
    page("cases/<slug:slug>/", cases.case_detail, name="case_detail"),
    path("cases/<slug:slug>/correction/", cases.case_correction, name="case_correction"),
    page("cases/<slug:slug>/history/", history.case_history, name="case_history"),
    page("cases/<slug:slug>/v/<int:number>/", history.case_version, name="case_version"),
    page("cases/<slug:slug>.json", case_json, name="case_json"),
    page("cases/<slug:slug>/v/<int:version>.json", version_json, name="version_json"),
    page("cases/<slug:slug>.<citation:file>", citations.case_citation, name="case_citation"),
    page(
        "cases/<slug:slug>/v/<int:number>.<citation:file>",
        citations.version_citation,
        name="version_citation",
    ),
    page("facets/<slug:name>/", facets.facet_values, name="facet_values"),
    page("matrix/", comparison.Comparison.as_view(), name="matrix"),
    page("charts/", charts.charts, name="charts"),
    page("charts/<slug:name>/", charts.chart, name="chart"),
    page("charts/<slug:name>.<chart_file:suffix>", charts.chart_file, name="chart_file"),
    page("charts/<slug:name>.<citation:file>", charts.chart_citation, name="chart_citation"),
    page("id/<str:number>/", cases.case_permanent, name="case_permanent"),
    page("id/<str:number>/v/<int:version>/", history.version_permanent, name="version_permanent"),
    page(
        "id/<str:number>.<citation:file>", citations.permanent_citation, name="permanent_citation"
    ),
    page(
        "id/<str:number>/v/<int:version>.<citation:file>",
        citations.permanent_citation,
        name="permanent_version_citation",
    ),
    # After the citations: one of them ends with “.csl.json”.
    page("id/<str:number>.json", permanent_json, name="permanent_json"),
    page("id/<str:number>/v/<int:version>.json", permanent_json, name="permanent_version_json"),
    page("cite/", citations.cite, name="cite"),
    page("cite.<citation:file>", citations.list_citation, name="list_citation"),
    page("actors/", actors.actor_list, name="actor_list"),
    page("actors/<slug:slug>/", actors.actor_detail, name="actor_detail"),
    page("exceptions/", exceptions.exception_list, name="exception_list"),
    page("exceptions/<slug:slug>/", exceptions.exception_detail, name="exception_detail"),
    page("sources/", sources.source_list, name="source_list"),
    page("sources/<slug:slug>/", sources.source_detail, name="source_detail"),
    page("sources/<slug:slug>/claims.csv", sources.source_claims, name="source_claims"),
    page("notes/", notes.NoteList.as_view(), name="note_list"),
    page("changes/", changes.change_list, name="change_list"),
    page("changes.csv", changes.change_csv, name="changes_csv"),
    page("changes.json", changes.change_json, name="changes_json"),
    page("changes.atom", changes.change_atom, name="change_feed"),
    page("changes.feed.json", changes.change_json_feed, name="changes_json_feed"),
    # Not `page`: a release, and files that are made, change no record.
    path("data/", data.data, name="data"),
    path("data/releases/<str:name>/", data.release_page, name="release"),
    path(
        "data/releases/<str:name>/citation.<citation:citation>",
        data.release_citation,
        name="release_citation",
    ),
    path("data/releases/<str:name>/delta.csv", data.release_delta, name="release_delta"),
    path("data/releases/<str:name>/<str:file>", data.release_file, name="release_file"),
    path("data/<str:name>", data.data_file, name="data_file"),
    *(path(at, RedirectView.as_view(pattern_name="api_docs")) for at in ("api/", "api/v1/")),
    page("api/v1/schema/", schema, name="api_schema"),
    path("api/v1/", api.urls),
    page("api/docs/", docs, name="api_docs"),
    page("codebook/", site.codebook, name="codebook"),
    page("codebook.json", site.codebook_as_json, name="codebook_json"),
    page("codebook.csv", site.codebook_as_csv, name="codebook_csv"),
    page("about/", site.about, name="about"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    path("opensearch.xml", site.opensearch, name="opensearch"),
    page("sitemap.xml", sitemaps.index, name="sitemap"),
    # Not `page`: a new release changes no record, and would be answered with 304.
    path("sitemap-releases.xml", sitemaps.section, {"section": "releases"}),
    page("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path(".well-known/security.txt", site.security_txt, name="security_txt"),
]
