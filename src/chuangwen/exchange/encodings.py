"""Which character encoding a file is in, by evidence: what the bytes allow, how the text then reads, and what the file says about itself (domain.md 7.6).

A declaration is a hint that may lie: bytes that another encoding explains better win over it. How well a text reads is a likelihood (`character_model`), so
that encodings of two and three bytes a character, and a single word and a whole file, are measured alike. Text values come from GDAL read as ISO-8859-1, which
keeps every byte (facts.md 10); other readers hand in the bytes as they stand.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace

from chuangwen.domain.layer import folded
from chuangwen.errors import UserError
from chuangwen.exchange import character_model
from chuangwen.exchange.decoding import SPARES, decode_column, decode_piece, decode_value, decode_values, hides, is_cut, join_values, pieces_of
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.encoding_names import BIG5, GB, SYSTEM_LDID, UTF8, WESTERN, codec_of, codec_title, ldid_codec
from chuangwen.exchange.incoming import Candidate, Repaired
from chuangwen.text import _

__all__ = ["DOUBT", "Encoding", "codec_of", "decode_column", "decode_piece", "decode_text", "decode_value", "decode_values", "detect", "forced"]
__all__ += ["join_values", "pieces_of", "title_of"]

DOUBT = "encoding"
"""The key of the question which encoding it is; its answers are the names of the candidates."""

_MOST_PIECES = 5_000
_NAMES = 256  # the first pieces are the names of the fields: all of them are looked at
_FOREIGN = ("euc_jp", "cp932", "cp949", "cp1251")
_PRIOR = {UTF8: 0.0, GB: 0.0, BIG5: -1.0, WESTERN: -2.0}
_PRIOR_FOREIGN = -6.0
_LOW = -3.0  # UTF-8 without one Chinese character, where the same bytes are Chinese in GBK
_SAID = 4.0  # what a declaration is worth, as a logarithm of odds
_SAID_BY_SYSTEM = 1.5
_SAID_FOREIGN = 11.0  # nobody says EUC-KR by chance
_NO_KANA = _NO_HANGUL = 0.15  # of what is beyond ASCII: less is no Japanese, no Korean
_UNLIKE = -10.0  # Japanese in GBK or Big5; a Japanese or Korean encoding, though declared, without the signs of it
_CUT = -11.0  # a last character that is lost: two bytes that no character explains
_STRANGER = -10.0  # a piece in another encoding than the rest
_KNOWN_NAME = 3.0  # what a field name that the layer knows is worth
_NEAR = 3.0  # odds of twenty to one: nearer ones are for the user to tell apart
_POSSIBLE = 12.0
_UNREADABLE = 0.2  # share of pieces that an encoding cannot read before it is out


@dataclass(frozen=True, slots=True)
class Encoding:
    """A conclusion: `name` for people, `codec` for Python, `evidence` a sentence, `samples` up to three decoded values.

    `candidates` are all that were weighed, best first; `doubts` asks where two are near. `repaired` lists lines of a text table, as its user counts rows.
    """

    name: str
    codec: str
    evidence: str
    samples: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    repaired: tuple[Repaired, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """How a codec does on the pieces. `common`: share of everyday characters beyond ASCII; `named`: how many pieces are words of the layer.

    `unlike`: this is not how that encoding is used.
    """

    codec: str
    text: str
    bad: int
    cut: int
    common: float
    named: int
    weight: float
    unlike: bool


def forced(name: str, pieces: Iterable[bytes]) -> Encoding:
    """The encoding that the user demands. Raises `UserError` for a name nobody knows."""
    return detect(pieces, wanted=name)


def detect(pieces: Iterable[bytes], cpg: str = "", ldid: int = 0, words: Set[str] = frozenset(), wanted: str = "auto") -> Encoding:
    """The encoding of byte strings (first the names, then the values of one file), with the evidence.

    `cpg` is the content of the .cpg, or what else the file says of itself ('' for nothing); `ldid` byte 29 of the DBF; `words` the folded headers that the
    target layer knows. `wanted` is what the user demands. Raises `UserError` where nobody knows that name.
    """
    demanded = _demanded(wanted)
    pieces = list(pieces)
    says, declared = _declaration(cpg, ldid)
    if "hz" in (demanded, declared) and any(b"~{" in piece for piece in pieces):
        return Encoding("HZ", "hz", _("{says}。").format(says=says))
    known = _distinct(pieces)
    if not known:
        codec = demanded or declared
        return Encoding(codec_title(codec) if codec else "ASCII", codec or "ascii", _("名称和取值都是英文字母与数字，编码不影响内容。"))
    trials = _tried(known, declared, demanded, words, ldid if not cpg.strip() else 0)
    best = next((one for one in trials if one.codec == demanded), trials[0])
    rival = next((one for one in trials if one is not best), None)
    margin = best.weight - rival.weight if rival else math.inf
    name = _title(best.codec, known)
    evidence = _("由用户指定为 {name}。").format(name=wanted) if demanded else _sentence(name, best, declared, says, len(known))
    near = margin < _NEAR and not demanded
    if near and rival:
        evidence += _("按 {rival} 也读得通，请核对示例。").format(rival=_title(rival.codec, known))
    candidates = _candidates(trials, best, declared, known)
    return Encoding(name, best.codec, evidence, _samples(known, best.codec), candidates, _doubts(candidates, trials, margin, near=near))


def decode_text(raw: bytes, wanted: str = "auto", words: Set[str] = frozenset()) -> tuple[str, Encoding, int]:
    """A whole text file (CSV): its text, the encoding, and how many places had to be replaced by �.

    Lines in another encoding than the rest are read in their own; those, and damaged ones, stand in `Encoding.repaired` by row.
    """
    says = ""
    for mark, codec in ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            raw, says = raw.removeprefix(mark), codec
    demanded = _demanded(wanted)
    if (demanded or "").startswith("utf-16"):  # its lines do not end at a byte
        text = raw.decode(demanded or "", "replace")
        return text, forced(wanted, ()), text.count("\ufffd")
    if demanded is None and (wide := says if says.startswith("utf-16") else utf16_of(raw)):
        text = raw.decode(wide, "replace")
        note = _("文件开头有 {name} 标记（BOM）。") if says else _("每个字符占两个字节，是 {name}。")
        return text, Encoding("UTF-16", wide, note.format(name="UTF-16")), text.count("\ufffd")
    end = b"\n" if b"\n" in raw else b"\r"
    lines = raw.split(end)
    encoding = detect(lines, says, words=words, wanted=wanted)
    if says and encoding.codec == UTF8 and _demanded(wanted) is None:
        encoding = replace(encoding, evidence=_("文件开头有 {name} 标记（BOM）。").format(name="UTF-8"))
    spares = SPARES if _demanded(wanted) is None else ()
    found: list[str] = []
    repaired = []
    row, inside = 1, False
    for line in lines:
        text, what = decode_value(line, encoding.codec, spares)
        if what and "\ufffd" in text:
            text, what = _by_cells(line, encoding.codec, spares)
        found.append(text)
        if what:
            repaired.append(Repaired(row, what))
        inside ^= line.count(b'"') % 2 == 1
        row += not inside
    text = end.decode().join(found)
    return text, replace(encoding, repaired=tuple(repaired)), text.count("\ufffd")


def _by_cells(line: bytes, codec: str, spares: Sequence[str]) -> tuple[str, str]:
    """A line that is damaged as a whole, cell by cell. A comma, tab or semicolon is never half a character."""
    mark = max((b",", b"\t", b";"), key=line.count)
    cells = [decode_value(cell, codec, spares) for cell in line.split(mark)]
    return mark.decode().join(text for text, _what in cells), "；".join(dict.fromkeys(what for _text, what in cells if what))


_FEWEST_ZEROS = 3  # one or two are the dirt of an old export


def utf16_of(raw: bytes) -> str:
    """The byte order of UTF-16 without a mark, '' for other text: blanks, digits and line ends have a zero byte, always on the same side."""
    start = raw[:4_000]
    odd, even = start[1::2].count(0), start[::2].count(0)
    if len(raw) % 2 or odd + even < max(_FEWEST_ZEROS, len(start) // 40) or min(odd, even) * 10 > max(odd, even):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _demanded(wanted: str) -> str | None:
    if wanted.strip().lower() in ("", "auto"):
        return None
    codec = codec_of(wanted)
    if codec is None:
        raise UserError(_("不认识编码“{name}”。").format(name=wanted), hint=_("请用 auto、GBK、GB18030、UTF-8 或 Big5。"))
    return codec


def title_of(codec: str) -> str:
    """What people call a codec."""
    return "GBK" if codec == GB else codec_title(codec)


def _declaration(cpg: str, ldid: int) -> tuple[str, str | None]:
    """What the file says of itself: where it says so, and the codec."""
    if cpg.strip():
        codec = codec_of(cpg)
        return _(".cpg 声明 {name}").format(name=cpg.strip()[:20]), None if codec and codec.startswith("utf-16") else codec
    if codec := ldid_codec(ldid):
        return _("DBF 语言标志为 0x{ldid:02X}").format(ldid=ldid), codec
    return _("文件没有声明编码"), None


def _tried(pieces: Sequence[bytes], declared: str | None, demanded: str | None, words: Collection[str], ldid: int) -> list[_Trial]:
    """All codecs that are worth a look, best first; one that gives the same text as a better one is left out."""
    worth = _SAID_BY_SYSTEM if ldid == SYSTEM_LDID else _SAID

    def tried(codec: str) -> _Trial:
        prior = _PRIOR.get(codec, _PRIOR_FOREIGN)
        if codec == declared:
            prior = max(prior, 0.0) + worth if codec in _PRIOR or ldid == SYSTEM_LDID else _SAID_FOREIGN
        return _trial(pieces, codec, prior, words)

    named = [codec for codec in (declared, demanded) if codec]
    trials = [tried(codec) for codec in dict.fromkeys([UTF8, GB, *named, BIG5, WESTERN])]
    if max(trials, key=lambda one: one.weight).common < 0.9:
        trials += [one for codec in _FOREIGN if codec not in named and not (one := tried(codec)).unlike]
    if trials[1].bad == 0 and trials[0].text and max(trials[0].text) < "\u0800":
        trials[0] = replace(trials[0], weight=trials[0].weight + _LOW)
    trials.sort(key=lambda one: (one.weight, one.codec == declared), reverse=True)
    return [one for place, one in enumerate(trials) if one.codec == demanded or all(one.text != better.text for better in trials[:place])]


def _trial(pieces: Sequence[bytes], codec: str, prior: float, words: Collection[str]) -> _Trial:
    cut = 0
    texts = []
    bad = 0
    odd: dict[int, bytes] = {}
    for piece in pieces:
        try:
            texts.append(piece.decode(codec))
            if hides(piece, codec):
                odd[len(texts) - 1] = piece
        except UnicodeDecodeError as error:
            if is_cut(error):
                cut += 1
                odd |= {len(texts): piece} if hides(piece, codec) else {}
                texts.append(piece[: error.start].decode(codec, "replace"))
            else:
                bad += 1
                odd[len(texts)] = piece
                texts.append(piece.decode(codec, "replace"))
    text = "\n".join(texts)
    if mixed := _strangers(odd, codec) if codec in SPARES and len(odd) * 2 < len(pieces) else {}:
        texts = [mixed.get(at, one) for at, one in enumerate(texts)]
    reading = character_model.read("\n".join(texts), traditional=codec in (UTF8, BIG5))
    named = sum(folded(one) in words for one in texts[:_NAMES]) if words else 0
    unlike = _is_unlike(codec, reading)
    weight = reading.fit + prior + _KNOWN_NAME * named + _CUT * cut + _STRANGER * len(mixed) + (_UNLIKE if unlike else 0.0)
    return _Trial(codec, text, bad, cut, reading.common, named, weight, unlike)


def _strangers(odd: Mapping[int, bytes], codec: str) -> dict[int, str]:
    """Pieces that another encoding reads better, in that: a file that was appended to is still in the encoding of most of its rows."""
    found = {}
    for at, piece in odd.items():
        text, what = decode_value(piece, codec)
        if what and "\ufffd" not in text:
            found[at] = text
    return found


def _is_unlike(codec: str, reading: character_model.Reading) -> bool:
    if codec in (GB, BIG5):
        return reading.kana > _NO_KANA
    return (codec in ("euc_jp", "cp932") and reading.kana < _NO_KANA) or (codec == "cp949" and reading.hangul < _NO_HANGUL)


def _sentence(name: str, trial: _Trial, declared: str | None, says: str, pieces: int) -> str:
    share = round(trial.common * 100)
    fits = _("{count} 个带汉字的文本能按 {name} 解读，其中常用字占 {share}%").format(count=pieces - trial.bad, name=name, share=share)
    if trial.named:
        fits += _("，{count} 个是本图层的字段名").format(count=trial.named)
    if trial.bad:
        fits += _("（{count} 个不合这种编码，逐个处理）").format(count=trial.bad)
    if trial.cut:
        fits += _("（{count} 个被字段宽度截断，已去掉残缺的末字）").format(count=trial.cut)
    if declared is None:
        return _("{says}；{fits}。").format(says=says, fits=fits)
    if declared == trial.codec:
        return _("{says}，与内容相符：{fits}。").format(says=says, fits=fits)
    return _("{says}，但与内容不符，以内容为准：{fits}。").format(says=says, fits=fits)


def _candidates(trials: Sequence[_Trial], best: _Trial, declared: str | None, pieces: Sequence[bytes]) -> tuple[Candidate, ...]:
    """What the dialog shows side by side: every candidate reads the same three pieces. Foreign ones that nobody named are left out."""
    top = trials[0].weight
    total = sum(math.exp(max(one.weight - top, -700.0)) for one in trials)
    found = []
    for one in trials:
        if one.codec in _FOREIGN and one is not best and one.codec != declared and one.weight < top - _POSSIBLE:
            continue
        readable = one.bad <= _UNREADABLE * len(pieces)
        score = round(math.exp(max(one.weight - top, -700.0)) / total, 4) if readable else 0.0
        found.append(Candidate(_title(one.codec, pieces), score, _samples(pieces, one.codec), one.codec == declared, one is best))
    return tuple(found)


def _doubts(candidates: Sequence[Candidate], trials: Sequence[_Trial], margin: float, *, near: bool) -> tuple[Doubt, ...]:
    """The question, where more than one encoding is possible."""
    if margin > _POSSIBLE:
        return ()
    possible = {one.codec for one in trials if one.weight > trials[0].weight - _POSSIBLE}
    answers = tuple(Answer(one.name, one.name, " / ".join(one.samples)) for one in candidates if one.chosen or codec_of(one.name) in possible)
    chosen = next(one.name for one in candidates if one.chosen)
    return (Doubt(DOUBT, _("文件里的文字用哪一种编码读得通？"), answers, chosen, asks=near),)


def _distinct(pieces: Iterable[bytes]) -> list[bytes]:
    found = list(dict.fromkeys(piece for piece in pieces if not piece.isascii()))
    return [*found[:_NAMES], *found[_NAMES :: max(1, -(-len(found) // _MOST_PIECES))]]


def _samples(pieces: Sequence[bytes], codec: str) -> tuple[str, ...]:
    longest_first = sorted(pieces[:200], key=len, reverse=True)
    return tuple(decode_piece(piece, codec)[0].strip() for piece in longest_first[:3])


def _title(codec: str, pieces: Sequence[bytes]) -> str:
    if codec != GB:
        return codec_title(codec)
    for piece in pieces:
        with suppress(UnicodeDecodeError):
            text = piece.decode(GB)
            if (
                len(text.encode("gbk", "ignore")) < len(piece)
                and not hides(piece, GB)
                and any(sign < "\ue000" or sign > "\uf8ff" for sign in _beyond_gbk(text))
            ):
                return codec_title(GB)
    return "GBK"


def _beyond_gbk(text: str) -> list[str]:
    return [sign for sign in text if not sign.encode("gbk", "ignore")]
