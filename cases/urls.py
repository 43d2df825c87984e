"""The address contract: every public page."""

from django.urls import path

from .exchange.downloads.changes_feed import ChangeFeed
from .views import (
    actors,
    case_list,
    cases,
    changes,
    downloads,
    exceptions,
    history,
    notes,
    site,
    sources,
    styleguide,
)

urlpatterns = [
    path("", site.home, name="home"),
    path("cases/", case_list.CaseList.as_view(), name="case_list"),
    path("cases.csv", downloads.cases_csv, name="cases_csv"),
    path("cases.json", downloads.cases_json, name="cases_json"),
    path("cases.atom", downloads.cases_atom, name="cases_atom"),
    path("cases/<slug:slug>/", cases.case_detail, name="case_detail"),
    path("cases/<slug:slug>/history/", history.case_history, name="case_history"),
    path("cases/<slug:slug>/v/<int:number>/", history.case_version, name="case_version"),
    path("facets/<slug:name>/", case_list.facet_values, name="facet_values"),
    path("matrix/", case_list.Comparison.as_view(), name="matrix"),
    path("id/<str:number>/", cases.case_permanent, name="case_permanent"),
    path("actors/", actors.actor_list, name="actor_list"),
    path("actors/<slug:slug>/", actors.actor_detail, name="actor_detail"),
    path("exceptions/", exceptions.exception_list, name="exception_list"),
    path("exceptions/<slug:slug>/", exceptions.exception_detail, name="exception_detail"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<slug:slug>/", sources.source_detail, name="source_detail"),
    path("notes/", notes.NoteList.as_view(), name="note_list"),
    path("changes/", changes.change_list, name="change_list"),
    path("changes.atom", ChangeFeed(), name="change_feed"),
    path("codebook/", site.codebook, name="codebook"),
    path("about/", site.about, name="about"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", site.healthz, name="healthz"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
]
