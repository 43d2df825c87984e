"""Immutable public states of a case: made, read back, compared, announced."""
