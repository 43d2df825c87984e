"""Every internal link that can be reached from the home page leads somewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.support.downloads import give_up

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]


class Page(HTMLParser):
    """Collects the links and the identifiers of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.identifiers: list[str] = []
        self.headings: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"] or "")
        if tag == "h1":
            self.headings.append(tag)
        if identifier := attributes.get("id"):
            self.identifiers.append(identifier)


def crawl(client: Client) -> dict[str, Page]:
    """Visit every page that internal links reach from `/`, outside the admin."""
    pages: dict[str, Page] = {}
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address, follow=True)
        assert response.status_code == 200, f"{address} answers {response.status_code}"
        if not response["Content-Type"].startswith("text/html"):
            give_up(response)  # a file or a feed
            continue
        page = pages[address] = Page(response.text)
        for link in page.links:
            target = urlsplit(urljoin(address, link))
            internal = not urlsplit(link).netloc and not target.path.startswith("/admin")
            # Combinations of filters are endless; the tests of the list cover them.
            if internal and not target.query:
                waiting.append(target.path)
    return pages


@pytest.mark.slow
def test_links_from_home_all_answer_and_fragments_exist(client: Client) -> None:
    pages = crawl(client)
    assert len(pages) > 60
    for address, page in pages.items():
        assert page.headings == ["h1"], f"{address} has {len(page.headings)} main headings"
        duplicates = {name for name in page.identifiers if page.identifiers.count(name) > 1}
        assert not duplicates, f"{address} repeats the identifiers {duplicates}"
        for link in page.links:
            target = urlsplit(urljoin(address, link))
            if target.fragment and not urlsplit(link).netloc and target.path in pages:
                assert target.fragment in pages[target.path].identifiers, f"{address}: {link}"
