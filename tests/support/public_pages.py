"""The public pages for tests of all of them: an address or more for each state of each template."""

from __future__ import annotations

CASES = [
    "moscow-concert-hall-2024",
    "kerman-2024",
    "embassies-1998",
    "khashoggi-2018",
    "chavez-2004",
    "ukraine-2022",
    "boston-2013",
]
DOCS = "/api/docs/"
"""Drawn by a script that is not ours, and looked at by `browser/test_api_docs.py` alone."""

PAGES = [
    "/",
    "/cases/",
    "/cases/?view=table",
    "/facets/actor/",
    *[f"/cases/{slug}/" for slug in CASES],
    "/cases/chavez-2004/history/",
    "/cases/chavez-2004/v/1/",
    "/matrix/",
    "/charts/",
    "/charts/chains/",
    "/charts/reception-by-follow-up/",
    "/actors/",
    "/actors/islamic-state/",
    "/exceptions/",
    "/exceptions/violent-actor/",
    "/sources/",
    "/sources/daily-true-news/",
    "/notes/",
    "/changes/",
    "/data/",
    DOCS,
    "/codebook/",
    "/cite/",
    "/about/",
]
"""As the links of the site lead to them."""

STATES = [
    "/cases/?reception=dismissed&nonsense=1&date_from=yesterday",
    "/cases/?kind=policy_origin&reception=dismissed",
    "/cases/?q=attack&per_page=2",
    "/cases/?q=attacks",
    "/cases/?view=table&reception=dismissed&column=basis&sort=title",
    "/cases/chavez-2004/?q=attack",
    "/charts/?kind=policy_origin&nonsense=1",
    "/charts/chains/?case=moscow-concert-hall-2024",
    "/charts/reception-by-follow-up/?recipient=russia&order=-cases",
    "/facets/actor/?find=islamic&kind=warning_given",
    "/matrix/?kind=nonsense&layout=columns",
    "/matrix/?q=nothing-has-this-word",
    "/cite/?recipient=russia&nonsense=1",
    "/notes/?kind=nonsense",
    "/notes/?kind=correction",
    "/changes/?since=nonsense",
    "/admin/login/",
]
"""The same pages with filters, notices, errors or nothing found, and the way in for editors."""

SITEMAPS = [
    f"/sitemap{section}.xml"
    for section in ("", "-pages", "-cases", "-actors", "-exceptions", "-sources", "-releases")
]
"""The lists of all public addresses, for search engines."""

MISSING = "/no-such-page/"
STYLEGUIDE = "/styleguide/"
"""For signed-in staff."""
