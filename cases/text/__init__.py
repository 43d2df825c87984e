"""Text helpers that import nothing from the casebook: folding, excerpts, counts, batches."""
