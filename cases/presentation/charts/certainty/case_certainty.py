"""How certain the coded values of one case are, and what a picture says of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cases.evidence.certainty import Certainty
from cases.presentation.charts.picture import Cell, case_cell
from cases.record.classes import CaseRecord
from cases.text.plurals import counted


@dataclass(frozen=True)
class CaseCertainty:
    """A case with the certainty of its coded values."""

    record: CaseRecord
    certainty: Certainty

    @property
    def address(self) -> str:
        return reverse("case_detail", args=[self.record.slug])

    @property
    def cell(self) -> Cell:
        record = self.record
        return case_cell(record.slug, record.number, record.title, self.address)

    @property
    def says(self) -> str:
        values = ", ".join(f"{row.label.lower()} {row.count:,}" for row in self.certainty.present)
        return f"{self.record.title}: {counted(self.certainty.total, 'coded value')}: {values}"
