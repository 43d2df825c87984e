"""The data bundle: the whole casebook as tables, out and in again, and single tables in.

`tables.py` is the one registry of tables and columns; `exporting.py` writes from it, `importing.py`
reads by it, and the descriptions inside a bundle and the templates are generated from it.
"""
