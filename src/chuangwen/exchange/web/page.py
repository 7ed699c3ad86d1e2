"""Writes a page. Stands in for the writer of branch `webpage`: the same signature, the values as plain text in one file."""

from __future__ import annotations

from html import escape
from pathlib import Path

from chuangwen.exchange.web.content import WebPage, WrittenPage
from chuangwen.progress import Progress


def write_page(page: WebPage, path: Path, password: str = "", progress: Progress | None = None) -> WrittenPage:
    """Write `page` to `path`. The stand-in locks nothing. Raises `Cancelled`."""
    lines = [page.title, page.subtitle, page.producer, *page.notes, page.watermark]
    for layer in (progress or Progress()).each(page.layers, len(page.layers), page.title):
        lines += [layer.title, *(one.title for one in layer.kinds), *(one.title for one in layer.columns)]
        for at, row_id in enumerate(layer.ids):
            words = (row_id, layer.titles[at], *layer.values[at], layer.keys[at] if layer.keys else "", layer.labels[at] if layer.labels else "")
            lines.append("\t".join((*words, layer.shapes[at].wkt)))
    path.write_text("<!doctype html><meta charset=utf-8><pre>" + escape("\n".join(lines)), encoding="utf-8")
    return WrittenPage(str(path), path.stat().st_size, sum(len(layer.ids) for layer in page.layers), bool(password))
