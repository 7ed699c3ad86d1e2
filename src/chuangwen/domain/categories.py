"""The two levels of issue categories (domain.md 3.3): how lists write them, and which unit's trade they are (domain.md 4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chuangwen.domain.layer import folded
from chuangwen.domain.values import LIST_MARK, Scalar

_PART_CODE = 16


@dataclass(frozen=True, slots=True)
class Category:
    """One category; `parent` is the id of its first-level one, '' for that itself. Units are full names of the register, '' for none.

    `lead_unit`: the trade's department, which leads (SR-28: 住建局 for worksites). `responsible_unit`: who does it wherever it lies (the owner of a manhole).
    `part_codes`: classes of parts and events (GB/T 30428.2), four digits.
    """

    id: str
    title: str
    parent: str = ""
    synonyms: tuple[str, ...] = ()
    lead_unit: str = ""
    responsible_unit: str = ""
    part_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A category and the word that told it; `by` is `category` (the field says it) or `description` (its words do)."""

    category: Category
    word: str
    by: str


class Categories:
    """All categories by id, in the order of the file: of two words of one length the earlier category's wins."""

    def __init__(self, found: Iterable[Category] = ()) -> None:
        self._by_id: Mapping[str, Category] = {one.id: one for one in found}

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, category_id: str | None) -> Category | None:
        """The category of an id, None where there is none."""
        return self._by_id.get(category_id or "")

    def chain(self, category: Category | None) -> tuple[Category, ...]:
        """A category and the one above it."""
        if category is None:
            return ()
        above = self.get(category.parent)
        return (category, above) if above is not None else (category,)

    def lead_unit(self, category: Category | None) -> str:
        """The department that leads: the category's own, else that of the one above; '' for none."""
        return next((one.lead_unit for one in self.chain(category) if one.lead_unit), "")

    def named(self, word: Scalar) -> Category | None:
        """The category that a cell means: by id, title or synonym, or 大类-小类 with the finer one told. None where nobody knows it."""
        key = folded(str(word or ""))
        if not key:
            return None
        found = self._exact.get(key)
        if found is None:
            parts = [one for mark in "-—/>·、" for one in key.split(mark) if one in self._exact and one != key]
            found = self._exact[parts[-1]] if parts else None
        return found

    def recognise(self, word: Scalar, description: Scalar = None, part_code: Scalar = None) -> Recognised | None:
        """The finest category that the field `category`, the code of a part (4 digits, or 16 with its class in the middle) and the description tell.

        The description only refines or fills, it never contradicts the field; its longest word wins (雨水井盖 before 井盖).
        """
        said = self.named(word)
        digits = str(part_code or "").strip()
        part = self.named(digits[6:10] if len(digits) == _PART_CODE else digits) if digits else None
        if part is not None and (said is None or not said.parent):
            return Recognised(part, digits, "category")
        if said is not None and said.parent:
            return Recognised(said, str(word), "category")
        text = folded(str(description or ""))
        for key, category in self._words if text else ():
            if key in text and (said is None or category.parent == said.id):
                return Recognised(category, key, "description")
        return Recognised(said, str(word), "category") if said is not None else None

    @cached_property
    def _exact(self) -> dict[str, Category]:
        found: dict[str, Category] = {}
        for one in self:
            for word in (one.id, one.title, *one.synonyms, *one.part_codes):
                found.setdefault(folded(word), one)
        return found

    @cached_property
    def _words(self) -> list[tuple[str, Category]]:
        """What a description may hold of second-level categories, the longest first."""
        words = [(folded(word), one) for one in self if one.parent for word in (one.title, *one.synonyms)]
        return sorted(words, key=lambda pair: -len(pair[0]))


def joined_units(units: Iterable[str]) -> str | None:
    """Names as a `refs` field holds them, each once; None for none."""
    return LIST_MARK.join(dict.fromkeys(one for one in units if one)) or None
