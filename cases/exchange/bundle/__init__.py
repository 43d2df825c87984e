"""The data bundle: export and import of the whole casebook as tables, and import of single tables.

`tables.py` is the registry of tables and columns. `exporting.py` and `importing.py` both follow it,
and the descriptions in a bundle and the templates to fill in are generated from it.
"""
