"""Data out and in: the data bundle, downloads, feeds and the codebook."""
