"""The content of a page as one run of bytes: a JSON head, then the streams of all layers (`resources/web/unpack.js` reads it back)."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from chuangwen.errors import DataProblem
from chuangwen.exchange.web.content import WebClass, WebLayer, WebPage
from chuangwen.exchange.web.packing import Texts, packed_shapes, varints
from chuangwen.exchange.web.styles import lettering, look
from chuangwen.progress import Progress
from chuangwen.text import _

VERSION = 1
"""Of the packed form; page and data are one file, so no reader ever meets another's."""


def packed(page: WebPage, progress: Progress) -> bytes:
    """The page's content, deflated (zlib). Raises `DataProblem` where the columns of a layer do not fit each other."""
    texts = Texts()
    texts.packed([""])
    heads, streams = [], []
    for layer in progress.each(page.layers, len(page.layers), _("打包图层")):
        _check(layer)
        heads.append(_layer_head(layer))
        streams.append(_layer_streams(layer, texts))
    words = list(texts.known)
    head = _page_head(page) | {"layers": heads, "texts": words, "initials": initials(_searched(page))}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return zlib.compress(len(text).to_bytes(4, "little") + text + b"".join(streams), 9)


def initials(texts: Iterable[str]) -> dict[str, str]:
    """First letter of the pinyin → the characters of the texts that may begin with it; one with several readings stands under each of them."""
    from pypinyin import Style, pinyin

    found: dict[str, list[str]] = defaultdict(list)
    for character in sorted({character for text in texts for character in text if 0x3400 <= ord(character) <= 0x9FFF}):
        for letter in sorted({one[:1] for one in pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0]}):
            if letter.isascii() and letter.isalpha():
                found[letter].append(character)
    return {letter: "".join(characters) for letter, characters in sorted(found.items())}


def _searched(page: WebPage) -> Iterable[str]:
    for layer in page.layers:
        if not layer.is_context:
            yield from layer.titles
            yield from layer.keys


def _check(layer: WebLayer) -> None:
    count = len(layer.ids)
    columns: list[Sequence[object]] = [layer.shapes, layer.classes, layer.titles, layer.values]
    columns += [one for one in (layer.keys, layer.labels) if len(one)]
    if any(len(column) != count for column in columns) or any(len(row) != len(layer.columns) for row in layer.values):
        raise DataProblem(_("图层“{layer}”的各列长短不一，网页没有写。").format(layer=layer.title))
    if count and not 0 <= min(layer.classes) <= max(layer.classes) < len(layer.kinds):
        raise DataProblem(_("图层“{layer}”有要素不属于图例中的任何一类，网页没有写。").format(layer=layer.title))


def _class_head(one: WebClass) -> dict[str, Any]:
    made: dict[str, Any] = {"title": one.title, "s": look(one.symbol)}
    if one.badge:
        made["b"] = look(one.badge)
    return made


def _layer_head(layer: WebLayer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": layer.title,
        "geometry": layer.geometry,
        "count": len(layer.ids),
        "kinds": [_class_head(one) for one in layer.kinds],
        "columns": [[column.title, column.kind] for column in layer.columns],
        "label": lettering(layer.label) if layer.label and len(layer.labels) else None,
        "keyed": bool(len(layer.keys)),
        "brief": layer.brief,
        "visible": layer.visible,
        "context": layer.is_context,
        "ticked": layer.is_ticked,
        "order": layer.order,
    }


def _layer_streams(layer: WebLayer, texts: Texts) -> bytes:
    made = [packed_shapes(layer.shapes, layer.geometry, layer.is_context), varints(np.asarray(layer.classes, dtype=np.int64))]
    made += [texts.packed(layer.ids), texts.packed(layer.titles)]
    if len(layer.keys):
        made.append(texts.packed(layer.keys))
    if layer.label and len(layer.labels):
        made.append(texts.packed(layer.labels))
    made += [texts.packed([row[number] for row in layer.values]) for number in range(len(layer.columns))]
    return b"".join(made)


def _page_head(page: WebPage) -> dict[str, Any]:
    made: dict[str, Any] = {
        "version": VERSION,
        "title": page.title,
        "subtitle": page.subtitle,
        "producer": page.producer,
        "time": page.data_time.isoformat(timespec="minutes"),
        "notes": list(page.notes),
        "watermark": page.watermark,
        "expires": page.expires.isoformat() if page.expires else "",
        "extent": list(page.extent) if page.extent else None,
        "hints": list(page.search_words),
    }
    if page.patrol:
        form = page.patrol
        time = form.data_time.isoformat(timespec="seconds")
        made["patrol"] = {"project": form.project, "packet": form.packet, "subject": form.subject, "data_time": time}
    if page.base:
        made["base"] = {"title": page.base.title, "address": page.base.address, "credit": page.base.credit, "max_zoom": page.base.max_zoom}
    return made
