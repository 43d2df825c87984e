"""The record of a case: typed, made from rows, stored as JSON, read back from JSON of any age."""
