"""How pages present cases: cards, table, comparison, timeline and figures."""
