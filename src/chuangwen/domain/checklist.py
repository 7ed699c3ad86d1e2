"""测评标准: what is looked at on a site and what a result earns, in versions; a result keeps the version it was made with (domain.md 2.1, SR-15)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import Scalar, half_width, plain
from chuangwen.errors import DataProblem
from chuangwen.text import _

DIMENSIONS = {"facility": _("设施"), "environment": _("环境"), "order": _("秩序"), "service": _("服务"), "atmosphere": _("氛围"), "materials": _("材料")}
"""Identifier → title (domain.md 8.2)."""

FIRST = "general-2024"
"""The only version there was before campaigns chose one: that of results that name none, and of campaigns that chose none."""

VERSION_FIELD = "checklist_version"
"""The field in which a result keeps the version it was made with."""

_MADE_BY = {"visit": "checklist_result", "issue": "checklist_item", "frozen": "content"}
"""Layer → the field that is a result of the checklist, or is measured by it."""
_SPLIT = re.compile(r"[、,;，；\s]+")
_RESULT = re.compile(r"^([A-Z]\d{2})\s*[=:]\s*(.+)$")
_CASES = re.compile(r"^(\d{1,4})例?$")
_NOT_ASKED = ("na", "不适用")


@dataclass(frozen=True, slots=True)
class Checklist:
    """Of one category. `lines`: dimension → requirements; `adverts`: theme and how many are required; `advert_note`: what the counts are measured by;
    `station`: whether a volunteer station is required (SR-29).
    """

    lines: Mapping[str, tuple[str, ...]]
    adverts: tuple[tuple[str, str], ...]
    advert_note: str
    advert_forms: str
    station: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What an item gets with at most so many bad cases (None: with any number), and its factor, 0 to 1."""

    id: str
    factor: Fraction
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A whole checklist. `categories` has `other`, which stands for every category that is not named; `weights` of items, 1 where none is said."""

    id: str
    title: str
    valid_from: dt.date
    items: Mapping[str, str]
    categories: Mapping[str, Checklist]
    letters: tuple[Letter, ...]
    weights: Mapping[str, Fraction]

    def of(self, category: str) -> Checklist:
        """The checklist of a site category (its stored value); one that it does not know has what is asked everywhere."""
        return self.categories.get(category) or self.categories["other"]

    def score(self, results: Scalar) -> Fraction | None:
        """What results such as `E01=A、E02=2例、F07=na` come to, 0 to 100: Σ(weight × factor) ÷ Σ(weight of applicable items) × 100 (domain.md 2.1).

        None where nothing applicable was looked at. Raises `DataProblem` for a word that is no result, or an item that this version does not know.
        """
        earned = possible = Fraction()
        for item, word in read_results(results).items():
            if item not in self.items:
                raise DataProblem(_("测评标准“{title}”里没有 {item}。").format(title=self.title, item=item))
            if word.lower() in _NOT_ASKED:
                continue
            weight = self.weights.get(item, Fraction(1))
            earned += weight * self._letter(word).factor
            possible += weight
        return earned / possible * 100 if possible else None

    def _letter(self, word: str) -> Letter:
        cases = _CASES.match(word)
        if cases:
            return next(one for one in self.letters if one.at_most is None or int(cases[1]) <= one.at_most)
        found = next((one for one in self.letters if one.id == word.upper()), None)
        if found is None:
            known = "、".join(one.id for one in self.letters)
            raise DataProblem(_("测评结果“{word}”看不懂，可以写：{known}、3例、不适用。").format(word=word, known=known))
        return found


def read_results(text: Scalar) -> dict[str, str]:
    """`E01=A、E02=2例` as item → word. Raises `DataProblem` for a part that is not written so."""
    found: dict[str, str] = {}
    for part in _SPLIT.split(half_width(plain(text))):
        if not part:
            continue
        said = _RESULT.match(part)
        if said is None:
            raise DataProblem(_("测评结果“{part}”应写成 E01=A 或 E01=2例 的样子。").format(part=part))
        found[said[1]] = said[2].strip()
    return found


def version_of(value: Scalar) -> str:
    """The id of the version that a result names, or a campaign."""
    return plain(value) or FIRST


def stamped(edit: Edit, version: str, held: Callable[[str, str], Scalar]) -> Edit:
    """`edit` with the version in force written beside every result of the checklist that it sets and that names none itself.

    `held(layer, id)` is the version that a row has now. A result that is taken away or left alone keeps what it says.
    """
    if not any(change.layer in _MADE_BY for change in edit.changes):
        return edit
    return replace(edit, changes=tuple(_stamped(change, version, held) for change in edit.changes))


def _stamped(change: Change, version: str, held: Callable[[str, str], Scalar]) -> Change:
    result = _MADE_BY.get(change.layer)
    after = change.after
    if result is None or after is None or not after.get(result) or after.get(VERSION_FIELD):
        return change
    before = change.before
    if before is not None:
        now = held(change.layer, change.id)
        if now == version:
            return change
        before = {**before, VERSION_FIELD: now}
    return Change(change.layer, change.id, before, {**after, VERSION_FIELD: version})
