"""Measure the pages of the casebook on the database of DATABASE_URL; print the figures as JSON.

A process of its own for each database, as a server's worker is. Server time is that of Django's
handler, from the request to the finished response; nothing is cached between the requests but the
index, which every worker keeps.
"""

from __future__ import annotations

import gzip
import json
import logging
import resource
import sys
import time
from collections import defaultdict
from typing import Any

import django
from django.conf import settings

HEADERS = {"host": "localhost"}
QUERIES, WARM_UP = 200, 10
# How often each of the other pages is measured.
TIMES = 5
# The claims of the case whose form is measured.
CLAIMS = 150


class Clock:
    """Adds up the time that the database takes, and counts the queries."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - started


def main() -> None:
    django.setup()
    logging.disable(logging.INFO)  # a line for each page would hide the figures
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    from django.test import Client

    from cases.index import case_index
    from cases.models import Case

    started = time.perf_counter()
    index = case_index.current()
    built = time.perf_counter() - started
    case_index.prepare()  # keeps it for the next start of a server
    client = Client(headers=HEADERS)
    result = {
        "cases": len(index.cases),
        "index_seconds": built,
        "index_peak": _peak_megabytes(),
        "catch_up_ms": _catch_up(Case),
        "pages": _pages(client),
        "weight": _weight(client),
        "other_pages": [],
        "files": [],
    }
    if "--lists" not in sys.argv:
        result["other_pages"] = _other_pages(client) + _forms(Client(headers=HEADERS))
        result["files"] = [_file(client, address) for address in ("/cases.csv", "/cases.json")]
    print(json.dumps(result))  # noqa: T201 - read by the parent process


def _pages(client: Any) -> list[dict[str, Any]]:
    from .queries import Mix

    queries = Mix().queries(QUERIES + WARM_UP)
    for _, query in queries[:WARM_UP]:
        client.get(f"/cases/?{query}")
    return [_page(client, kind, f"/cases/?{query}") for kind, query in queries[WARM_UP:]]


def _other_pages(client: Any) -> list[dict[str, Any]]:
    measured = []
    for kind, address in _other_addresses():
        client.get(address)
        measured += [_page(client, kind, address) for _ in range(TIMES)]
    return measured


def _other_addresses() -> list[tuple[str, str]]:
    """Return the pages that grow with the collection; of records, those with the most to show."""
    from django.db.models import Count

    from cases.models import Actor, Case, Source

    actor = Actor.objects.annotate(count=Count("warnings_issued")).latest("count")
    source = Source.objects.annotate(count=Count("claims")).latest("count")
    case = Case.objects.published().annotate(count=Count("claims")).latest("count")
    return [
        ("actors", "/actors/"),
        ("actor", actor.get_absolute_url()),
        ("sources", "/sources/"),
        ("source", source.get_absolute_url()),
        ("case", case.get_absolute_url()),
        ("comparison, 100 rows", "/matrix/?per_page=100"),
        ("comparison, cases as columns", "/matrix/?layout=columns"),
        ("changes", "/changes/"),
    ]


def _forms(client: Any) -> list[dict[str, Any]]:
    """Measure the form of a case with many claims, which is not kept."""
    from django.contrib.auth.models import Group, User
    from django.db import transaction
    from django.db.models import Count
    from django.urls import reverse

    from cases.models import Case, Claim

    with transaction.atomic():
        editor = User.objects.create_user("benchmark", is_staff=True)
        editor.groups.add(Group.objects.get(name="Editors"))
        client.force_login(editor)
        case = Case.objects.annotate(count=Count("claims")).latest("count")
        claims = list(case.claims.all())
        for number in range(len(claims) + 1, CLAIMS + 1):
            claim = claims[number % len(claims)]
            claim.pk, claim.sequence, claim.gist = None, number, f"Claim {number}"
            Claim.objects.bulk_create([claim])
        address = reverse("admin:cases_case_change", args=[case.pk])
        client.get(address)
        pages = [_page(client, f"form, {CLAIMS} claims", address) for _ in range(TIMES)]
        transaction.set_rollback(True)
    return pages


def _page(client: Any, kind: str, address: str) -> dict[str, Any]:
    from django.db import connection

    clock = Clock()
    with connection.execute_wrapper(clock):
        started, started_cpu = time.perf_counter(), time.process_time()
        response = client.get(address)
        elapsed, cpu = time.perf_counter() - started, time.process_time() - started_cpu
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return {
        "kind": kind,
        "address": address,
        "ms": elapsed * 1000,
        "cpu_ms": cpu * 1000,
        "sql_ms": clock.seconds * 1000,
        "queries": clock.queries,
    }


def _file(client: Any, address: str) -> dict[str, Any]:
    """Return how long a whole download takes, its size, and the greatest memory of the process."""
    before, started, size = _peak_megabytes(), time.perf_counter(), 0
    first = 0.0
    for part in client.get(address):
        first = first or time.perf_counter() - started
        size += len(part)
    return {
        "address": address,
        "seconds": time.perf_counter() - started,
        "first_seconds": first,
        "megabytes": size / 1e6,
        "peak_before": before,
        "peak": _peak_megabytes(),
    }


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 1e6


PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit in which systems tell the memory of a process."""


def _weight(client: Any) -> int:
    return len(gzip.compress(client.get("/cases/").content))


def _catch_up(model: Any) -> float:
    """Return the milliseconds that the index takes to follow the change of one case."""
    from cases.index import case_index

    case = model.objects.published().first()
    taken = []
    for _ in range(5):
        model.objects.filter(pk=case.pk).update(title=case.title)
        started = time.perf_counter()
        case_index.current()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[2]


def by_kind(pages: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Gather the measured pages by their kind of query."""
    gathered: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in pages:
        gathered[page["kind"]].append(page)
    return gathered


if __name__ == "__main__":
    main()
