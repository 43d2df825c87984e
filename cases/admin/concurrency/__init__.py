"""Nobody overwrites what they have not seen."""
