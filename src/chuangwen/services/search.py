"""Finding things by a few letters: names, codes, pinyin initials (`rml` finds 人民路)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from chuangwen.domain.layer import folded

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: which feature, and what to write in the list."""

    layer: str
    id: str
    code: str
    name: str
    rank: int


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """The first letters of the pinyin of `text`; letters and digits stay: 第3网格 → d3wg."""
    from pypinyin import Style, lazy_pinyin

    return folded("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)))


def rank(needle: str, words: Iterable[str]) -> int | None:
    """How well `needle` (folded) fits: 0 the same, 1 at the beginning, 2 inside, 3 initials at the beginning, 4 initials inside; None not at all."""
    best: int | None = None
    latin = needle.isascii()
    for word in words:
        if not word:
            continue
        plain = folded(word)
        fits = 0 if plain == needle else 1 if plain.startswith(needle) else 2 if needle in plain else None
        if fits is None and latin:
            short = initials(word)
            fits = 3 if short.startswith(needle) else 4 if needle in short else None
        if fits is not None and (best is None or fits < best):
            best = fits
    return best


def search(
    project: Project, text: str, limit: int = 30, layers: Sequence[str] = ("site", "zone", "section", "issue", "unit", "road", "building_outline")
) -> list[Found]:
    """The best hits of `text` in the search fields of `layers`, the closest first; equal ones in the order of the layers."""
    needle = folded(text)
    if not needle:
        return []
    hits: list[tuple[int, int, int, Found]] = []
    for place, name in enumerate(layers):
        features = project.features(name)
        columns = [features.column(field) for field in features.layer.search if field in ("code", "name", "short_name", "aliases", "road_name")]
        for number, words in enumerate(zip(*columns, strict=True)):
            fits = rank(needle, (str(word) for word in words if word))
            if fits is not None:
                found = Found(name, features.ids[number], str(features.column("code")[number] or ""), str(features.column("name")[number] or ""), fits)
                hits.append((fits, place, number, found))
    hits.sort(key=lambda hit: hit[:3])
    seen: set[tuple[str, str, str]] = set()
    best = []
    for _fits, _place, _number, found in hits:
        key = (found.layer, found.code if found.layer != "road" else "", found.name)  # a road of many pieces is listed once
        if key not in seen:
            seen.add(key)
            best.append(found)
        if len(best) == limit:
            break
    return best


def units_like(units: Features, text: str, limit: int = 12) -> list[str]:
    """Full names of the units that fit `text` by name, short name, alias or pinyin initials, the closest first; all for no text."""
    names = [str(name) for name in units.column("name")]
    needle = folded(text)
    if not needle:
        return names[:limit]
    aliases = [str(words or "").split("、") for words in units.column("aliases")]
    ranked = []
    for number, (name, short) in enumerate(zip(names, units.column("short_name"), strict=True)):
        fits = rank(needle, [str(short or ""), name, *aliases[number]])
        if fits is not None:
            ranked.append((fits, number, name))
    return [name for _fits, _number, name in sorted(ranked)[:limit]]
