"""A warning with a lead time, and what a picture shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from cases.evidence.lead_time import LeadTime
from cases.evidence.values import figure_text
from cases.evidence.wording import total_deaths
from cases.models.vocabulary import NOT_APPLICABLE, Qualifier, Specificity
from cases.record.classes import CaseRecord, IncidentRecord, WarningRecord, absence_in

# What a warning can name.
SUBJECTS = ("who", "target", "place", "time")


@dataclass(frozen=True)
class WarningShown:
    """A warning that came first, with what the picture shows of it."""

    record: CaseRecord
    warning: WarningRecord
    days: LeadTime
    incident: IncidentRecord

    @property
    def least(self) -> int:
        return self.days.minimum or 0

    @property
    def most(self) -> int:
        return self.days.maximum or 0

    @property
    def address(self) -> str:
        return reverse("case_detail", args=[self.record.slug])

    @cached_property
    def deaths(self) -> int | None:
        """The least number of deaths that the figures of the case allow, as lists sort by it."""
        bounds = [one.deaths_lower_bound for one in self.record.incidents]
        known = [bound for bound in bounds if bound is not None]
        return sum(known) if known else None

    @cached_property
    def deaths_text(self) -> str:
        """The deaths in words: "over 130 deaths", "deaths not stated"."""
        if together := total_deaths(self.record.incidents):
            return together
        figures = [one.deaths for one in self.record.incidents if one.deaths.figure is not None]
        if figures:
            figure = figures[0].figure or 0
            noun = "death" if figure == 1 else "deaths"
            return f"{figure_text(figure, figures[0].qualifier)} {noun}"
        return "deaths do not apply" if self._absence == NOT_APPLICABLE else "deaths not stated"

    @property
    def _absence(self) -> str:
        return absence_in(self.incident.deaths)

    @property
    def has_figure(self) -> bool:
        """Whether there is a figure of deaths, which need not give a lower bound."""
        return any(one.deaths.figure is not None for one in self.record.incidents)

    @property
    def band(self) -> str:
        """Why the picture has no number of deaths."""
        if self.has_figure:
            return "A figure of deaths without a lower bound"
        return "Deaths do not apply" if self._absence == NOT_APPLICABLE else "Deaths not stated"

    @property
    def is_open(self) -> bool:
        """Whether there were more deaths than the lower bound, or may have been."""
        figures = [one.deaths for one in self.record.incidents if one.deaths.figure is not None]
        return len(figures) != 1 or figures[0].qualifier != Qualifier.EXACT

    @cached_property
    def named(self) -> tuple[str, ...]:
        """What the warning named of who, target, place and time."""
        return tuple(
            subject
            for subject in SUBJECTS
            if getattr(self.warning, f"{subject}_specificity") == Specificity.NAMED
        )

    @property
    def names(self) -> str:
        """How much it named, in words."""
        if not self.named:
            return "names 0 of 4"
        return f"names {len(self.named)} of 4 ({', '.join(self.named)})"

    @property
    def says(self) -> str:
        days = str(self.days).partition(" (")[0]
        return f"{self.record.title}, warning {self.warning.sequence}: {days} before; {self.rest}"

    @property
    def rest(self) -> str:
        return f"{self.deaths_text}; {self.names}"


def by_case(shown: Sequence[WarningShown]) -> list[list[WarningShown]]:
    """Return the warnings of each case together."""
    groups: dict[str, list[WarningShown]] = {}
    for one in shown:
        groups.setdefault(one.record.slug, []).append(one)
    return [*groups.values()]


def about(group: Sequence[WarningShown]) -> list[str]:
    """Return what is said of the warnings of a case, and of the deaths."""
    texts = []
    for one in sorted(group, key=lambda one: one.warning.sequence):
        days = str(one.days).partition(" (")[0]
        number = f"Warning {one.warning.sequence}: " if len(group) > 1 else ""
        texts.append(f"{number}{days}, {one.names}")
    # The heading of a panel says that a figure is missing.
    if group[0].has_figure:
        texts.append(group[0].deaths_text)
    return texts
