"""The editor guide as a page of the admin."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt

# Links to other documents, which the admin does not serve.
ELSEWHERE = re.compile(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>')


def guide(request: HttpRequest) -> HttpResponse:
    """Show `docs/editors.md` with links to its sections."""
    sections, text = _guide()
    context = {"title": "Editor guide", "sections": sections, "text": text}
    frame = admin.site.each_context(request)
    return render(request, "admin/casebook/guide.html", frame | context)


@cache
def _guide() -> tuple[list[tuple[str, str]], SafeString]:
    """Return the ids and titles of the sections, and the text without its title as HTML."""
    source = (Path(settings.BASE_DIR) / "docs" / "editors.md").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(source)
    begin = next(place for place, token in enumerate(tokens) if token.type == "heading_close") + 1
    sections = []
    for opening, inline in zip(tokens[begin:], tokens[begin + 1 :], strict=False):
        if opening.type == "heading_open":
            key = slugify(inline.content)
            opening.attrSet("id", key)
            sections.append((key, inline.content))
    html = markdown.renderer.render(tokens[begin:], markdown.options, {})
    return sections, SafeString(ELSEWHERE.sub(r"\1", html))
