"""Citations of a case, of one of its versions and of a list, as files and on a page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.exchange.citations.cited import Cited, cited_case, cited_list
from cases.exchange.citations.files import CITATION_FILES, CitationFile, citation_texts
from cases.exchange.downloads.errors import refused
from cases.exchange.downloads.files import page_query
from cases.exchange.tables.file_filter import cases_asked
from cases.exchange.tables.xlsx_file import MAX_CASES
from cases.finding.description import describe, described, inferences
from cases.models import Release, Version
from cases.record.stored import read_record
from cases.versions.announcements import last_change
from cases.versions.current import current_versions

from .cases import get_case, get_numbered_case, was_published, withdrawn
from .errors import moved
from .history import get_once_public, kept_case, no_version, once_public_name
from .lists import without_empty_fields

# Releases that the page names, the newest first.
MAX_RELEASES = 3


class CitationFileConverter:
    """The end of an address that names the format of a citation: `bib`, `ris` or `csl.json`."""

    regex = "|".join(each.suffix.replace(".", r"\.") for each in CITATION_FILES)

    def to_python(self, value: str) -> CitationFile:
        return next(each for each in CITATION_FILES if each.suffix == value)

    def to_url(self, value: CitationFile) -> str:
        return value.suffix


@require_safe
def case_citation(request: HttpRequest, slug: str, file: CitationFile) -> HttpResponse:
    """Send the citation of the latest version of a case."""
    case = kept_case(get_case(slug, was_published))
    if not case.is_public:
        return withdrawn(request, case)
    current = current_versions([case.pk]).get(case.pk)
    if current is None:
        raise Http404
    if slug != current.record.slug:
        return moved(request, reverse("case_citation", args=[current.record.slug, file]))
    return citation_file(cited_case(current.record, current.version), file)


@require_safe
def version_citation(
    request: HttpRequest, slug: str, number: int, file: CitationFile
) -> HttpResponse:
    """Send the citation of one version of a case."""
    case, name = get_once_public(slug, "version_citation", number, file)
    if name is None:
        return withdrawn(request, case)
    version = Version.objects.filter(case=case, number=number).first()
    if version is None:
        return no_version(request, case, name)
    return citation_file(cited_case(read_record(version.record), version), file)


@require_safe
def permanent_citation(
    request: HttpRequest, number: str, file: CitationFile, version: int | None = None
) -> HttpResponse:
    """Redirect to the citation of the case with this permanent number, or of a version of it."""
    case = get_numbered_case(number)
    if version is None:
        case = kept_case(case)
    name = once_public_name(case)
    if name is None:
        return withdrawn(request, case)
    if version is None:
        return moved(request, reverse("case_citation", args=[name.slug, file]))
    return moved(request, reverse("version_citation", args=[name.slug, version, file]))


@require_safe
def cite(request: HttpRequest) -> HttpResponse:
    """Show how to cite the list with the same query string; without one, the casebook."""
    if address := without_empty_fields(request):
        return address
    cases = cases_asked(request.GET)
    cited, query = cited_list(cases, last_change()), page_query(cases)
    context = {
        "query": cases.answer,
        "cited": cited,
        "list_query": query,
        "is_narrowed": bool(describe(cases)),
        "described": described(cases),
        "total": cases.total,
        "count": len(cases.keys),
        "max_in_workbook": MAX_CASES,
        "releases": Release.objects.all()[:MAX_RELEASES],
        "inferences": inferences(cases),
    }
    asked = f"?{query}" if query else ""
    texts = citation_texts(cited, lambda file: reverse("list_citation", args=[file]) + asked)
    return render(request, "cite/page.html", context | texts)


@require_safe
def list_citation(request: HttpRequest, file: CitationFile) -> HttpResponse:
    """Send the citation of the list with the same query string; without one, of the casebook."""
    cases = cases_asked(request.GET)
    return refused(request, cases.query) or citation_file(cited_list(cases, last_change()), file)


def citation_file(cited: Cited, file: CitationFile) -> HttpResponse:
    """Return a citation as a file."""
    return HttpResponse(
        file.write(cited),
        headers={
            "Content-Type": f"{file.media_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{cited.key}.{file.suffix}"',
        },
    )
