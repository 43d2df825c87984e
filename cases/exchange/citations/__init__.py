"""Citations as reference managers and publishers export them: BibTeX, RIS and CSL-JSON.

Each form has a module that reads it into records, and says which of its fields hold what.
`reading.py` finds out which form a text has, and returns what its record says of a source.
"""

from .reading import Citation, UnreadableCitationError, citation_format, read_citation

__all__ = ["Citation", "UnreadableCitationError", "citation_format", "read_citation"]
