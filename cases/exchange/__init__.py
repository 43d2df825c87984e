"""Data out and in: the bundle, downloads, feeds, the codebook."""
