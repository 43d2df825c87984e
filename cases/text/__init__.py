"""Text helpers that import nothing from the casebook: normalising, folding, excerpts, batches."""
