"""Chains as parts of other pages: those of some cases, and that of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from cases.presentation.charts.drawing.renderer import RenderingError, svg_of
from cases.presentation.charts.drawing.svg import inline
from cases.presentation.charts.picture import NARROW, WIDE, Spec
from cases.presentation.keeping import kept
from cases.presentation.timeline import timeline_of
from cases.record.classes import CaseRecord

from .chart import finding
from .events import chain_of
from .one_chain import one_chain
from .overview import overview

TITLE = "Chains of warnings and incidents"


@dataclass(frozen=True)
class InPage:
    """A picture within a page: what it shows in a sentence, and its SVG for either screen."""

    finding: str
    wide: SafeString
    narrow: SafeString


def chains_in_page(records: Iterable[CaseRecord], of: str) -> InPage | None:
    """Return the chains of some cases, a row a case; None if they cannot be drawn.

    `of` says which cases these are: "7 cases", "the 15 newest of 21 cases".
    """
    try:
        return _chains(tuple(records), of)
    except RenderingError:
        return None


def chain_in_page(record: CaseRecord) -> InPage | None:
    """Return the chain of a case, a row a link.

    None if it has no two dates to place, or cannot be drawn.
    """
    try:
        return _chain(record)
    except RenderingError:
        return None


@kept(at_most=32)
def _chains(records: tuple[CaseRecord, ...], of: str) -> InPage:
    chains = [chain_of(record) for record in records]
    words = finding(chains, of)
    return _in_page(words, *(overview(chains, frame) for frame in (WIDE, NARROW)))


@kept(at_most=32)
def _chain(record: CaseRecord) -> InPage | None:
    chain = chain_of(record)
    timeline = timeline_of(chain.links)
    if timeline is None:
        return None
    words = finding([chain], "1 case")
    return _in_page(words, *(one_chain(chain, timeline, frame) for frame in (WIDE, NARROW)))


def _in_page(words: str, wide: Spec, narrow: Spec) -> InPage:
    # Made by our own process; texts in it are escaped.
    drawn = (
        mark_safe(inline(svg_of(spec), f"{prefix}chains", TITLE, words))  # noqa: S308
        for spec, prefix in ((wide, ""), (narrow, "narrow-"))
    )
    return InPage(words, *drawn)
