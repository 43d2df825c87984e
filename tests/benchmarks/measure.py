"""Measure the casebook on the database of DATABASE_URL, and print the figures as JSON.

    python -m tests.benchmarks.measure [--lists]

The time of a page is that of Django's handler, from the request to the finished response; nothing
is cached between the requests but the index, which every worker keeps.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import resource
import statistics
import sys
import time
from typing import Any

import django
from django.conf import settings

from warnapp.serving.garbage import collect_rarely

# Nothing that imports tests.run, which would choose another database.
from .report import p50_and_p95, with_all
from .server import ask, casebook, collect_static, free_port, megabytes_of, worker_megabytes

HEADERS = {"host": "localhost"}
QUERIES, WARM_UP = 200, 10
# How often each of the other pages is asked for, and a case changed.
TIMES = 20
# How often each file is downloaded.
DOWNLOADS = 3
# The claims of the case whose form is measured.
CLAIMS = 150
# Bytes in the unit in which systems tell the memory of a process.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

Page = dict[str, Any]
Figures = dict[str, str]


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

    started = time.perf_counter()
    cases = len(case_index.current().cases)
    figures = {
        "index made, s": f"{time.perf_counter() - started:.1f}",
        "index made, peak memory MB": f"{_peak_megabytes():.0f}",
    }
    case_index.prepare()  # keeps it for the start of the server
    collect_rarely()  # as the server does
    client = Client(headers=HEADERS)
    lists = _lists(client)
    pages = with_all(lists)
    slowest = max(lists, key=lambda page: page["ms"])
    figures["the slowest list, ms"] = f"{slowest['ms']:.0f}: `{slowest['address']}`"
    figures["`/cases/`, gzip kB"] = f"{len(gzip.compress(client.get('/cases/').content)) / 1e3:.1f}"
    if "--lists" not in sys.argv:
        for kind, address in _other_addresses():
            pages += _repeated(client, kind, address)
        pages += _pictures(client)
        figures["drawing process, memory MB"] = _drawing_megabytes()
        pages += _form(Client(headers=HEADERS))
        figures |= _download(client, "/cases.csv", "rows", cases)
        figures |= _download(client, "/cases.json", "cases", cases)
    figures |= _worker([page["address"] for page in lists])
    print(json.dumps({"pages": pages, "figures": figures}))  # noqa: T201 - read by the parent


def _lists(client: Any) -> list[Page]:
    from .queries import Mix

    queries = Mix().queries(QUERIES + WARM_UP)
    for _, query in queries[:WARM_UP]:
        client.get(f"/cases/?{query}")
    return [_page(client, kind, f"/cases/?{query}") for kind, query in queries[WARM_UP:]]


def _other_addresses() -> list[tuple[str, str]]:
    """Return pages that grow with the collection; of records, those with the most to show."""
    from django.db.models import Count

    from cases.models import Actor, Case, Source

    actor = Actor.objects.annotate(count=Count("warnings_issued")).latest("count")
    source = Source.objects.annotate(count=Count("claims")).latest("count")
    case = Case.objects.published().annotate(count=Count("claims")).latest("count")
    return [
        ("home", "/"),
        ("the case of Moscow", "/cases/moscow-concert-hall-2024/"),
        ("the case with most claims", case.get_absolute_url()),
        ("comparison of 25", "/matrix/"),
        ("comparison of 100", "/matrix/?per_page=100"),
        ("comparison, cases as columns", "/matrix/?layout=columns"),
        ("the actor that issued most warnings", actor.get_absolute_url()),
        ("actors", "/actors/"),
        ("the source of most claims", source.get_absolute_url()),
        ("sources", "/sources/"),
        ("exceptions", "/exceptions/"),
        ("notes", "/notes/"),
        ("changes", "/changes/"),
    ]


def _pictures(client: Any) -> list[Page]:
    """Measure each picture as a file: counted and drawn for each request, and kept."""
    from cases.presentation.charts import drawn
    from cases.presentation.charts.drawing import renderer
    from cases.presentation.charts.registry import CHARTS

    pages = []
    for name in CHARTS:
        address = f"/charts/{name}.svg"
        client.get(address)
        for _ in range(TIMES):
            drawn._kept.cache_clear()
            renderer._svg.cache_clear()
            pages.append(_page(client, f"picture {name}", address))
        pages += _repeated(client, "pictures, kept", address)
    return pages


def _drawing_megabytes() -> str:
    """Return the memory of the process that draws."""
    from cases.presentation.charts.drawing.renderer import _renderer

    process = _renderer._process
    return megabytes_of(process.pid) if process else "–"


def _form(client: Any) -> list[Page]:
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
        pages = _repeated(client, f"form of a case, {CLAIMS} claims", address)
        transaction.set_rollback(True)
    return pages


def _repeated(client: Any, kind: str, address: str) -> list[Page]:
    client.get(address)
    return [_page(client, kind, address) for _ in range(TIMES)]


def _page(client: Any, kind: str, address: str) -> Page:
    from django.db import connection

    clock = Clock()
    with connection.execute_wrapper(clock):
        started = time.perf_counter()
        response = client.get(address)
        elapsed = time.perf_counter() - started
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return {
        "kind": kind,
        "address": address,
        "ms": elapsed * 1000,
        "sql_ms": clock.seconds * 1000,
        "queries": clock.queries,
    }


def _download(client: Any, address: str, unit: str, cases: int) -> Figures:
    """Return how fast all cases are sent, and the greatest memory of the process until then.

    Times are the medians of `DOWNLOADS`.
    """
    times, firsts = [], []
    for _ in range(DOWNLOADS):
        started, size, first = time.perf_counter(), 0, 0.0
        for part in client.get(address):
            first = first or time.perf_counter() - started
            size += len(part)
        times.append(time.perf_counter() - started)
        firsts.append(first)
    seconds, first = statistics.median(times), statistics.median(firsts)
    return {
        f"`{address}`, {unit} a second": f"{cases / seconds:,.0f}",
        f"`{address}`, s": f"{seconds:.1f}",
        f"`{address}`, first bytes after s": f"{first:.2f}",
        f"`{address}`, MB": f"{size / 1e6:.0f}",
        f"`{address}`, peak memory MB": f"{_peak_megabytes():.0f}",
    }


def _worker(addresses: list[str]) -> Figures:
    """Return what a server's worker takes to start, in memory, and to follow a change made here."""
    port, variables = free_port(), dict(os.environ)
    collect_static(variables)
    started = time.perf_counter()
    with casebook(port, variables) as server:
        figures = {
            "worker ready after its start, s": f"{time.perf_counter() - started:.1f}",
            "worker ready, memory MB": worker_megabytes(server),
        }
        for address in addresses:
            ask(port, address)
        figures["worker after the lists, memory MB"] = worker_megabytes(server)
        median, p95 = p50_and_p95(_changes(port))
    figures["a change is in the list of another worker, p50 ms"] = f"{median:.0f}"
    figures["a change is in the list of another worker, p95 ms"] = f"{p95:.0f}"
    return figures


def _changes(port: int) -> list[float]:
    """Publish changes of a case, and return how long it takes until the server's list has each.

    In milliseconds from the end of the transaction to the end of the page that shows it.
    """
    from django.db import transaction

    from cases.models import Case
    from cases.versions.making import make_version

    case, taken = Case.objects.published().earliest("pk"), []
    for number in range(TIMES):
        case.title = f"Changed for the {number + 1}. time"
        with transaction.atomic():
            case.save()
            make_version(case, None, "Measured.")
        started = time.perf_counter()
        while case.title not in ask(port, "/cases/?sort=-updated")[1]:
            pass
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 1e6


if __name__ == "__main__":
    main()
