"""What the ten bytes of a DBF field name stand for: 责任单 + half a character is 责任单位, WGMC is 网格名称 where a table beside the file says so.

In this order: a field table beside the file (`field_tables`), ESRI's metadata in .shp.xml, the words of the target layer. A name is completed only where
one field alone can be meant; the file's own name stays the column's title, and what was made of it is said (domain.md 7.6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chuangwen.domain.layer import Layer
from chuangwen.exchange.decoding import SPARES, decode_value, is_cut
from chuangwen.exchange.field_names import MOST_BYTES
from chuangwen.exchange.field_tables import Described, described
from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.text import _

_NUMBERED = re.compile(r"(?<=.)[_~]?\d{1,2}$")
_NAME = "名称"  # 责任单位名称 is 责任单位
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Stem:
    """A field name as the DBF has it. `text`: its whole characters; `cut`: it ends inside one; `full`: the ten bytes may have cut it between two."""

    raw: bytes
    text: str
    codec: str
    cut: bool
    full: bool

    def begins(self, title: str) -> bool:
        """Whether `title` may have been cut to this, by its bytes: half a character tells too. A number at the end may be the writer's, to keep names apart."""
        if title.encode(self.codec, "replace").startswith(self.raw):
            return True
        base = _NUMBERED.sub("", self.text)
        return base != self.text and not base.isascii() and title.startswith(base)


def layer_words(layer: Layer) -> dict[str, str]:
    """Every title and synonym of a layer's fields → the field."""
    return {word: one.name for one in reversed(layer.fields) for word in (*reversed(one.synonyms), one.title)}


def with_full_names(incoming: Incoming, raw: Sequence[bytes], codec: str, path: Path, known: Mapping[str, str]) -> Incoming:
    """The columns with what their names stand for before their own names. `raw` are the names' bytes, in the columns' order; `path` the .shp."""
    stems = [_stem(one, codec) for one in raw]
    about, warnings = described(path, [stem.text for stem in stems])
    full: dict[int, tuple[str, str]] = {}
    for source in about:
        for position, title in _said(stems, source).items():
            full.setdefault(position, (title, source.name))
    loose = [position for position, stem in enumerate(stems) if position not in full and (stem.cut or stem.full) and (stem.cut or stem.text not in known)]
    guessed, doubtful = _by_layer(stems, loose, known)
    taken = {title for title, _source in full.values()} | {stem.text for stem in stems}
    for position, title in guessed.items():
        if title not in taken:
            full[position] = (title, "")
    columns = [_named(column, full[position][0]) if position in full else column for position, column in enumerate(incoming.columns)]
    warnings += _sentences(incoming.columns, full)
    for position, titles in doubtful.items():
        warnings.append(
            _("字段名“{title}”不完整，可能是{titles}，没有猜；请用 --map 源列=字段 指明。").format(
                title=incoming.columns[position].title, titles=_("或").join(f"“{one}”" for one in titles[:4])
            )
        )
    lost = [incoming.columns[position].title for position in loose if stems[position].cut and position not in full and position not in doubtful]
    if lost:
        warnings.append(_("字段名末尾残缺，原名不详：{titles}。").format(titles="、".join(lost)))
    return replace(incoming, columns=tuple(columns), warnings=(*incoming.warnings, *warnings))


def _stem(raw: bytes, codec: str) -> _Stem:
    said = decode_value(raw, codec)[0]
    for own in dict.fromkeys((codec, *SPARES)):  # a name may be in another encoding than the rest
        try:
            text, cut = raw.decode(own), False
        except UnicodeDecodeError as error:
            text, cut = raw[: error.start].decode(own, "replace"), is_cut(error)
        if text == said:
            widest = max((len(sign.encode(own, "replace")) for sign in text), default=1)
            return _Stem(raw, text, own, cut, full=not raw.isascii() and len(raw) > MOST_BYTES - widest)
    return _Stem(raw, said.replace("\ufffd", ""), codec, cut=False, full=False)


def _said(stems: Sequence[_Stem], source: Described) -> dict[int, str]:
    """What a description says of each field: the title of its very name, else the long name that alone was cut to it; several in their order."""
    found = {position: source.titles[stem.text.lower()] for position, stem in enumerate(stems) if stem.text.lower() in source.titles}
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, stem in enumerate(stems):
        if position not in found and (stem.cut or stem.full):
            groups[tuple(long for long in source.long_names if stem.begins(long))].append(position)
    for longs, positions in groups.items():
        if longs and len(longs) == len(positions):
            found |= {position: source.titles.get(long.lower(), long) for position, long in zip(positions, longs, strict=True)}
    return {position: title for position, title in found.items() if title and title.lower() != stems[position].text.lower()}


def _by_layer(stems: Sequence[_Stem], positions: Iterable[int], known: Mapping[str, str]) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Position → the layer's word that it was cut from, and position → the words where several fields, or several columns, may be meant."""
    found: dict[int, str] = {}
    doubtful: dict[int, list[str]] = {}
    for position in positions:
        words = [word for word in known if stems[position].begins(word)] or [word for word in known if stems[position].begins(word + _NAME)]
        if len({known[word] for word in words}) == 1:
            found[position] = min(words, key=len)
        elif words:
            doubtful[position] = words
    often = Counter(known[word] for word in found.values())
    for position, word in list(found.items()):
        if often[known[word]] > 1:
            doubtful[position] = [found.pop(position)]
    return found, doubtful


def _named(column: Column, full: str) -> Column:
    return replace(column, names=tuple(dict.fromkeys((full, *column.words))))


def _sentences(columns: Sequence[Column], full: Mapping[int, tuple[str, str]]) -> list[str]:
    """One sentence for each source: which names were completed."""
    sentences = []
    for source in dict.fromkeys(source for _title, source in full.values()):
        pairs = [f"{columns[position].title}→{title}" for position, (title, said) in full.items() if said == source]
        shown = "、".join(pairs[:_SHOWN]) + ("…" if len(pairs) > _SHOWN else "")
        what = _("字段名按“{source}”理解：{pairs}。") if source else _("字段名在文件里被截短，已按本图层的字段名补全：{pairs}。")
        sentences.append(what.format(source=source, pairs=shown))
    return sentences
