"""The files of `/data/`: everything public, as a bundle, an SQLite file, tables and JSON.

Each set of files is made from versions: the latest of every public case, or those that a release
pins. See docs/decisions/0035-data-files.md.
"""
