"""The parameters of web addresses that say where a reader came from and do not change the page."""

from __future__ import annotations

import re

_TRACKING = re.compile(
    r"(?:utm_\w*|\w*clid|mc_[ce]id|mkt_tok|igshid|_ga|_gl|ref|ref_src|referrer|cmp|cmpid|ocid|smid|"
    r"sref|share|partner|feature|at_\w+|wt\.\w+|spm|xtor|ito|guccounter|guce_\w+|amp|outputtype)"
)


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name is added by those who track readers."""
    return _TRACKING.fullmatch(name.lower()) is not None
