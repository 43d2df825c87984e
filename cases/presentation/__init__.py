"""Cases as pages show them: cards, table, comparison, timeline, figures."""
