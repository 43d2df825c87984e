"""Made-up cases in any number, to test the casebook at the size of a large collection.

Every one is labelled: titles and names begin with “Synthetic”, slugs with `synthetic-`, numbers are
in a range of their own, and all evidence comes from sources of the kind `synthetic`.
"""

from .making import MAX_CASES, make
from .records import Outcome, SyntheticError
from .removal import remove

__all__ = [
    "MAX_CASES",
    "Outcome",
    "SyntheticError",
    "make",
    "remove",
]
