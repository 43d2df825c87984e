"""What a list of cases shows, as tests read it."""

from __future__ import annotations

import re

from django.test import Client


def numbers(client: Client, query: str) -> list[str]:
    """Return the numbers of the cases that the list shows, in its order."""
    return [case.number for case in client.get(f"/cases/?{query}").context["object_list"]]


def counts(client: Client, query: str, name: str) -> dict[str, int]:
    """Return what the facet of a list says of each value."""
    facets = {facet.name: facet for facet in client.get(f"/cases/?{query}").context["facets"]}
    return {option.value: option.count for option in facets[name].options}


def sentence(client: Client, query: str) -> str:
    """Return the sentence over the list, with its count."""
    text = client.get(f"/cases/?{query}").text
    found = re.search(r'id="count"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split())
