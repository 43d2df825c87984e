"""Tidy tables of public cases: a row for each unit of analysis, and one value in each cell.

`registry.TABLES` lists them. Every file and interface with rows is made from these tables, so a
value has the same name and the same spelling in all of them.
"""
