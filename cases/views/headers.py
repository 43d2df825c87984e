"""Headers of every response: who may store it, and which other sites may read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import has_vary_header

from cases.exchange.tables.registry import TABLES

# The names of the addresses that have a list as a file or a feed, with its query string.
FILES_OF_LISTS = (
    *(f"{name}_csv" for name in TABLES),
    *("cases_xlsx", "cases_json", "cases_jsonl", "cases_atom", "cases_json_feed"),
    *("changes_csv", "changes_json", "change_feed", "changes_json_feed"),
)

# The names of the addresses of open data, which pages of other sites may read in a browser.
OPEN_DATA = (
    *(*FILES_OF_LISTS, "source_claims", "case_schema", "codebook_json", "codebook_csv"),
    *("case_citation", "version_citation", "list_citation"),
    *("permanent_citation", "permanent_version_citation", "release_citation"),
    *("chart_file", "chart_citation"),
    *("data_file", "release_file"),
    *("case_json", "version_json", "permanent_json", "permanent_version_json"),
)

# The beginning of the addresses of the API.
API = "/api/v1/"

# Features of the browser that no page uses, so that an injected script could not either.
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ResponseHeadersMiddleware(ConditionalGetMiddleware):
    """Sets the headers that follow from who may see a response; answers conditional requests.

    A page that has no ETag from its view gets one of its contents.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        _set_cache_control(response)
        response = super().process_response(request, response)
        _set_origins(request, response)
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response


def _set_cache_control(response: HttpResponseBase) -> None:
    """Let public pages be stored, but not shown without asking; never store what is not public."""
    # Vary names the cookie if the response depends on who has signed in, as that of a draft does.
    if not has_vary_header(response, "Cookie"):
        response.headers.setdefault("Cache-Control", "no-cache")
    elif "no-store" not in response.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.pop("ETag", None)


def _set_origins(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let every site read open data, with what it says of an error, and no other address."""
    is_open = is_open_data(request)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
    if is_open:
        response.headers["Access-Control-Allow-Origin"] = "*"
        # Browsers show a program only a few headers otherwise.
        response.headers["Access-Control-Expose-Headers"] = (
            "Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Retry-After"
        )


def is_open_data(request: HttpRequest) -> bool:
    """Return whether the address is one of open data, which programs read."""
    is_named = request.resolver_match is not None and request.resolver_match.url_name in OPEN_DATA
    return is_named or is_of_api(request)


def is_of_api(request: HttpRequest) -> bool:
    """Return whether the address is one of the API, if only a wrong one."""
    return request.path_info.startswith(API)


def is_for_json(request: HttpRequest) -> bool:
    """Return whether who asks expects JSON, of errors too."""
    return is_of_api(request) or request.path_info.endswith(".json")
