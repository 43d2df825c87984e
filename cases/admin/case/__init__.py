"""The form of a case: its parts, evidence and coded values."""
