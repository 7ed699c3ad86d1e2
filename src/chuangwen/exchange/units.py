"""Which units a cell names and in which part: spellings that the register knows, several in a cell, roles in words and brackets (domain.md 5.8)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, folded
from chuangwen.domain.values import LIST_MARK, Scalar, half_width
from chuangwen.errors import DataProblem, nearest
from chuangwen.text import _

LEAD, DOES, HELPS = "lead_unit", "responsible_unit", "supporting_units"
"""The fields for the parts that units take in an issue, a site, a section; a layer may lack the first or the last."""

_SEPARATORS = re.compile(r"[、,;；/／，\n]+")
_OUTSIDE_BRACKETS = re.compile(r"[、,;；/／，\n]+(?![^（()）]*[）)])")
_BRACKETS = re.compile(r"[（(](?P<inside>[^）)]*)[）)]")
_AND = re.compile(r"以及|会同|联合|和|及|与|\+|＋|&")
_ROLES = {
    LEAD: ("牵头", "主办", "主管", "主责"),
    DOES: ("责任", "整改", "承办", "落实", "实施"),
    HELPS: ("配合", "协办", "协助", "协同", "参与", "属地", "参加"),
}
_LABEL = re.compile(rf"(?P<role>{'|'.join(word for words in _ROLES.values() for word in words)})(?:责任)?(?:单位|部门|街道)?\s*[:：]")
_SEALS = ("盖章", "公章", "签字", "签章", "印章")
_DISTRICT = re.compile(r"^[㐀-鿿]{1,6}?[区县市旗]")
_NO_DISTRICT = re.compile(r"^[区县市](?![场政容民委直属域])")
_OFFICES = str.maketrans("", "", "和与及")
_PROPOSED = 3
_LEAST = 55
_SHORTENED = 78  # 城管局 for 城市管理和综合执法局: every sign is there, in order


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a cell: how it is written, its full name (None: nobody knows it), the field that its role names ('' for none)."""

    word: str
    name: str | None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The units of a cell in their order. `aside`: a bracket says more than a role, so the words are worth keeping."""

    parts: tuple[Part, ...]
    aside: bool = False


class Register:
    """The names that a `ref` field may hold: full name, short name and aliases of the features of the referred layer."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self.title = features.layer.title
        self._exact: dict[str, str] = {}
        self._meant: dict[str, list[str]] = {}
        names = [str(name) if name is not None else "" for name in features.column("name")]
        for column in ("name", "short_name", "aliases"):
            if not features.layer.has(column):
                continue
            for name, words in zip(names, features.column(column), strict=True):
                for word in [str(words)] if column != "aliases" and words else _SEPARATORS.split(str(words or "")):
                    if folded(word) and name:
                        if column == "name":
                            self._exact.setdefault(_spaceless(word), name)
                        meant = self._meant.setdefault(folded(word), [])
                        if name not in meant:
                            meant.append(name)
        self.names = [name for name in names if name]

    def __bool__(self) -> bool:
        return bool(self.names)

    def find(self, word: str) -> str | None:
        """The full name that `word` means, None for nobody's and for what several bear (区住建局 as the alias of two)."""
        found = self._exact.get(_spaceless(word))
        if found is None and len(meant := self._meant.get(folded(word), [])) == 1:
            found = meant[0]
        return found

    def is_name(self, word: str) -> bool:
        """Whether `word` is a full name as it stands, with its brackets: 区医院（东院）."""
        return _spaceless(word) in self._exact

    def one(self, text: str, title: str) -> str:
        """The full name of a cell. Raises `DataProblem` with the nearest name."""
        found = self.find(text)
        if found is not None:
            return found
        close = nearest(text, self.names)
        raise DataProblem(
            _("{title}“{value}”不在{register}名册中").format(title=title, value=text, register=self.title),
            hint=_("，是不是“{close}”？").format(close=close) if close else _("，请先在{register}名册中登记").format(register=self.title),
        )

    def closest(self, word: str) -> list[tuple[str, int]]:
        """The names that `word` may stand for, best first, at most three, with a likeness of 55–99: proposals, never taken by themselves."""
        from rapidfuzz import fuzz, process

        wanted = self._bare(word)
        best = dict.fromkeys(self._meant.get(folded(word), ()), 99)
        for form, score, _at in process.extract(wanted, self._forms.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=_LEAST):
            best[self._forms[form]] = max(best.get(self._forms[form], 0), int(score))
        if len(wanted) > 1:
            signs = frozenset(wanted)
            for form, name in self._forms.items():
                if signs <= self._signs[form] and _in_order(wanted, form):
                    best[name] = max(best.get(name, 0), _SHORTENED + round(20 * len(wanted) / len(form)) - (8 if wanted[0] != form[0] else 0))
        ranked = sorted(best.items(), key=lambda one: -one[1])
        return [(name, min(score, 99)) for name, score in ranked[:_PROPOSED]]

    @cached_property
    def _forms(self) -> dict[str, str]:
        """What names read like without the district → full name."""
        return {self._bare(form): names[0] for form, names in reversed(self._meant.items())}

    @cached_property
    def _signs(self) -> dict[str, frozenset[str]]:
        return {form: frozenset(form) for form in self._forms}

    @cached_property
    def _districts(self) -> tuple[str, ...]:
        """Beginnings such as 示范区 that several names share."""
        found = Counter(match[0] for name in self.names if (match := _DISTRICT.match(name)) and len(match[0]) > 1)
        return tuple(sorted((begin for begin, count in found.items() if count > 1), key=len, reverse=True))

    def _bare(self, word: str) -> str:
        text = folded(word)
        begin = next((one for one in self._districts if text.startswith(one) and len(text) > len(one) + 1), "")
        text = _NO_DISTRICT.sub("", text[len(begin) :])
        return text.translate(_OFFICES) or text


def read_units(text: str, register: Register) -> Cell:
    """The units of a cell. Marks separate; blanks and 和, 及, 与 only where every part is known (文化和旅游局 is one)."""
    if register.find(text) is not None:
        inside = [one["inside"].strip() for one in _BRACKETS.finditer(text)]
        role = next((found for one in inside if (found := _role(one))), "")
        told = not register.is_name(text) and any(not _role(one) and not _is_seal(one) for one in inside)
        return Cell((Part(_bare(text), register.find(text), role),), told)
    parts: list[Part] = []
    aside = False
    for role, segment in _labelled(text):
        for piece in [segment] if register.find(segment) else _OUTSIDE_BRACKETS.split(segment):
            inside = [one["inside"].strip() for one in _BRACKETS.finditer(piece)]
            own = next((found for one in inside if (found := _role(one))), role)
            aside |= any(one and not _role(one) and not _is_seal(one) for one in inside)
            bare = piece.strip() if register.is_name(piece) else _bare(piece)
            if bare:
                parts += [Part(word, register.find(word), own) for word in _known_pieces(bare, register)]
    return Cell(tuple(parts), aside)


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Role and words of 牵头：A；配合：B、C; one piece without a role where there are no such labels."""
    labels = list(_LABEL.finditer(text))
    start = labels[0].start() if labels else len(text)
    if text[:start].strip():
        yield "", text[:start]
    for one, following in zip(labels, [*labels[1:], None], strict=False):
        yield _role(one["role"]), text[one.end() : following.start() if following else len(text)]


def _spaceless(word: str) -> str:
    return half_width("".join(word.split()))


def _role(word: str) -> str:
    return next((field for field, words in _ROLES.items() if word and any(word.startswith(one) for one in words)), "")


def _is_seal(word: str) -> bool:
    return any(seal in word for seal in _SEALS)


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text).strip() or text.strip()


def _known_pieces(text: str, register: Register) -> list[str]:
    """`text` torn at blanks or at 和, 及, 与 where each piece is known; whole otherwise."""
    if register.find(text) is not None:
        return [text]
    words = text.split()
    if len(words) > 1 and all(register.find(word) for word in words):
        return words
    for one in _AND.finditer(text):
        left, right = text[: one.start()].strip(), text[one.end() :].strip()
        if left and right and register.find(left):
            rest = _known_pieces(right, register)
            if all(register.find(word) for word in rest):
                return [left, *rest]
    if len(words) > 1:
        torn = [piece for word in words for piece in _known_pieces(word, register)]
        if all(register.find(piece) for piece in torn):
            return torn
    return [text]


def _in_order(short: str, long: str) -> bool:
    """Whether the signs of `short` stand in `long` in their order: how Chinese shortens names."""
    rest = iter(long)
    return all(sign in rest for sign in short)


def resolved(one: Field, value: Scalar, features: Features) -> Scalar:
    """The canonical name or names for a `ref` or `refs` value. An empty register takes the text as it is. Raises `DataProblem`."""
    return resolve(one, value, Register(features))


def resolve(one: Field, value: Scalar, register: Register) -> Scalar:
    """As `resolved`, with the register made once for many rows."""
    if value is None:
        return None
    text = str(value).strip()
    if not register:
        return _bare(text)
    if one.type == "refs":
        return LIST_MARK.join(dict.fromkeys(part.name or register.one(part.word, one.title) for part in read_units(text, register).parts))
    return register.one(text if register.is_name(text) else _bare(text), one.title)
