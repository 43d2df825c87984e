"""The figures as tables in Markdown, as docs/performance.md has them."""

from __future__ import annotations

import statistics
from typing import Any

Pages = list[dict[str, Any]]

# The measured pages and the other figures of a database.
Figures = dict[str, Any]


def report(figures: dict[str, Figures]) -> str:
    """Return the figures of each database, side by side."""
    first, *_ = figures.values()
    heads = [f"{name} p50 ms | p95 ms | SQL p50 ms | queries" for name in figures]
    pages = [["page", "times", *heads]]
    for kind in _kinds(first["pages"]):
        of_kind = [_of_kind(each["pages"], kind) for each in figures.values()]
        pages.append([kind, str(len(of_kind[0])), *map(_cells, of_kind)])
    others = [["figure", *figures]]
    for name in first["figures"]:
        others.append([name, *(each["figures"][name] for each in figures.values())])
    return f"{_table(pages)}\n\n{_table(others)}"


def compared(answers: Pages) -> str:
    """Return the milliseconds of lists here and in Datasette."""
    rows = [["list", "times", "p50 ms | p95 ms", "Datasette p50 ms | p95 ms", "p50 ratio | p95"]]
    answers = with_all(answers)
    for kind in _kinds(answers):
        pages = _of_kind(answers, kind)
        ours, theirs = (
            p50_and_p95([page[side] for page in pages]) for side in ("ours", "datasette")
        )
        ratios = (f"{their / our:.1f}" for our, their in zip(ours, theirs, strict=True))
        figures = (f"{figure:,.0f}" for figure in (*ours, *theirs))
        rows.append([kind, str(len(pages)), *figures, *ratios])
    return _table(rows)


def with_all(pages: Pages) -> Pages:
    """Return lists with themselves again: those without a search, the searches, and all."""
    searches = [page for page in pages if page["kind"].startswith("search")]
    others = [page for page in pages if page not in searches]
    groups = {"lists without a search": others, "searches": searches, "all lists": pages}
    return pages + [
        page | {"kind": f"**{kind}**"} for kind, group in groups.items() for page in group
    ]


def p50_and_p95(figures: list[float]) -> tuple[float, float]:
    """Return the median, and the figure that 95 in 100 do not exceed."""
    ordered = sorted(figures)
    return statistics.median(ordered), ordered[-(-len(ordered) * 95 // 100) - 1]


def _kinds(pages: Pages) -> list[str]:
    return list(dict.fromkeys(page["kind"] for page in pages))


def _of_kind(pages: Pages, kind: str) -> Pages:
    return [page for page in pages if page["kind"] == kind]


def _cells(pages: Pages) -> str:
    median, p95 = p50_and_p95([page["ms"] for page in pages])
    sql = statistics.median(page["sql_ms"] for page in pages)
    queries = [page["queries"] for page in pages]
    ends = "–".join(map(str, sorted({min(queries), max(queries)})))
    return f"{median:,.0f} | {p95:,.0f} | {sql:,.0f} | {ends}"


def _table(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|---{'|--:' * (head.count('|') - 2)}|", *body])
