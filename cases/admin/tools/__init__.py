"""Importing, merging and duplicates."""
