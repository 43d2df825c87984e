"""The codebook: every entity, field, value, parameter and column, as a page and as files."""
