"""Versions, the immutable public states of a case: stored, read back, compared, announced."""
