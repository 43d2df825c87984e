"""Generation of synthetic cases, to test the casebook with a large collection.

All synthetic records are labelled: titles and names begin with “Synthetic”, slugs with
`synthetic-`, case numbers are in a range of their own, and all sources are of the kind `synthetic`.
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
