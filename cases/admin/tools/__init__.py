"""Tools in the admin: importing, merging, and warnings of duplicates."""
