"""Words: how they are folded, cut and counted; imports nothing of the casebook."""
