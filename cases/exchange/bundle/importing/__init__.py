"""Importing tables, the log of imports, and undoing them; planned first, then done exactly so."""
