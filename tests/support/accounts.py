"""What accounts of tests have in common."""

from __future__ import annotations

PASSWORD = "harbour-lantern-42"
"""Strong enough for the rules of the site."""
