"""Groups of certainties, and how the bars of each look."""

from __future__ import annotations

from typing import NamedTuple

from cases.evidence.certainty import CONTESTED, CertaintyRow
from cases.models.vocabulary import NOT_STATED, Modality
from cases.presentation.charts.drawing.style import ABSENCE, ACCENT, SURFACE, TOKENS
from cases.presentation.charts.picture import Spec


class Group(NamedTuple):
    """Certainties that look alike: how their part of a bar is filled, and how high it is."""

    label: str
    fill: str
    edge: str
    opacity: float = 1.0
    height: int = 16

    @property
    def look(self) -> Spec:
        """The fields of a bar that `FILLED` reads."""
        return {
            "fill": self.fill,
            "edge": self.edge,
            "opacity": self.opacity,
            "height": self.height,
        }


# The kinds of one group cannot be told apart where they are short, so they look alike. In order.
_SAID = Group("Said by a source", ACCENT, ACCENT)
_WEAKER = Group("Weaker", ACCENT, ACCENT, 0.35)
_BY_EDITORS = Group("Inferred by editors", TOKENS["note-soft"], TOKENS["note"], height=8)
_DISPUTED = Group("Contested", TOKENS["dispute"], TOKENS["dispute"])
_SILENCE = Group("Not stated", SURFACE, ABSENCE)
GROUPS = (_SAID, _WEAKER, _BY_EDITORS, _DISPUTED, _SILENCE)

# Those that are not listed are weaker, as is a certainty that was removed from the vocabulary.
_GROUP_OF: dict[str, Group] = {
    Modality.QUOTED: _SAID,
    Modality.STATED: _SAID,
    Modality.INFERRED: _BY_EDITORS,
    CONTESTED: _DISPUTED,
    NOT_STATED: _SILENCE,
}

# The channels that draw the look of a group.
FILLED: Spec = {
    "fill": {"field": "fill", "type": "nominal", "scale": None},
    "stroke": {"field": "edge", "type": "nominal", "scale": None},
    "fillOpacity": {"field": "opacity", "type": "quantitative", "scale": None, "legend": None},
    "size": {"field": "height", "type": "quantitative", "scale": None, "legend": None},
}


def group_of(row: CertaintyRow) -> Group:
    return _GROUP_OF.get(row.name, _WEAKER)
