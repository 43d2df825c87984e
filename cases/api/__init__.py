"""The read-only API, `/api/v1/`, and the JSON of one case at the address of its page.

It has what pages and files have, made by the same functions: cases are `PublishedCase`, rows are
those of the tidy tables, and addresses ask for them with the same filters.
"""
