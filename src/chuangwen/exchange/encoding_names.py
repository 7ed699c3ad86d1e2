"""What a .cpg, a language byte, a header or a user calls an encoding, as a codec of Python; and what people call the codec (domain.md 7.6)."""

from __future__ import annotations

import codecs
import re
from functools import cache

GB, UTF8, BIG5, WESTERN = "gb18030", "utf-8", "big5hkscs", "cp1252"

_SPELLINGS = {
    **dict.fromkeys(("oem", "ansi", "acp", "default", "system", "936", "54936", "20936", "gb", "gb231280", "gb180302000", "gb180302005", "gb180302022"), GB),
    **dict.fromkeys(("eucchs", "euccn", "chinesesimplified", "simpchinese", "windowssimpchinese", "chs", "简体中文", "中文", "国标"), GB),
    **dict.fromkeys(("65001", "utf8", "utf8n", "utf8mb4", "unicode", "unicode11utf8", "unicode20utf8"), UTF8),
    **dict.fromkeys(("950", "eten", "windowstradchinese", "tradchinese", "cht", "繁体中文"), BIG5),
    **dict.fromkeys(("88591", "28591", "l1", "windowslatin1iso"), "latin-1"),
    **dict.fromkeys(("1252", "windowslatin1"), WESTERN),
    **dict.fromkeys(("932", "sjis", "shiftjis", "windowsjapanese", "windows31j"), "cp932"),
    **dict.fromkeys(("949", "51949", "euckr", "ksc5601", "windowskorean"), "cp949"),
    **dict.fromkeys(("51932", "eucjp"), "euc_jp"),
    **dict.fromkeys(("20866", "koi8", "koi8r"), "koi8_r"),
    **dict.fromkeys(("hz", "hzgb2312", "52936"), "hz"),
}
_PARTS = (("utf8", UTF8), ("gb18030", GB), ("gb2312", GB), ("gbk", GB), ("936", GB), ("big5", BIG5))
_PREFIXES = ("ansi", "oem", "windows", "cpg", "cp", "ms", "iso", "ibm", "codepage", "encoding", "charset", "x", "代码页")
_NO_FILES = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap", "undefined")
_LONGEST = 32
_LDID = {
    **dict.fromkeys((0x4D, 0x7A), GB),
    **dict.fromkeys((0x4F, 0x78), BIG5),
    **dict.fromkeys((0x13, 0x7B), "cp932"),
    **dict.fromkeys((0x4E, 0x79), "cp949"),
    **dict.fromkeys((0x03, 0x57, 0x58, 0x59), WESTERN),
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x08, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"),
    **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x50, 0x7C), "cp874"),
    0x57: "latin-1",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
SYSTEM_LDID = 0x57
"""The language byte that means the sender's own system: 936 in China, 1252 in the West. GDAL writes it for ISO-8859-1."""

_TITLES = {UTF8: "UTF-8", GB: "GB18030", BIG5: "Big5", WESTERN: "Windows-1252", "latin-1": "ISO-8859-1", "cp932": "Shift-JIS", "cp949": "EUC-KR"}
_TITLES |= {
    "euc_jp": "EUC-JP",
    "koi8_r": "KOI8-R",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "hz": "HZ",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


@cache
def codec_of(declared: str) -> str | None:
    """The Python codec that a .cpg, an option, a header ($DWGCODEPAGE, a MIF's Charset) or a code page number means; None where nobody can tell.

    GB 2312 and GBK are read as GB18030, which holds both.
    """
    word = declared.strip().strip("\ufeff\x00").strip().lower()
    if len(word) > _LONGEST:
        return None
    for spelling in (word, word.rpartition(".")[2]):  # zh_CN.gbk
        key = "".join(sign for sign in spelling if sign.isalnum())
        found = _SPELLINGS.get(key) or next((_SPELLINGS[rest] for prefix in _PREFIXES if (rest := key.removeprefix(prefix)) in _SPELLINGS), None)
        if found is None and spelling:
            found = next((codec for part, codec in _PARTS if part in key), None) or _pythons(word) or _pythons(f"cp{key}") or _pythons(key)
        if found:
            return found
        if key.startswith("ldid") and key[4:].isdecimal():  # GDAL's LDID/77
            return _LDID.get(int(key[4:]))
    return None


def ldid_codec(ldid: int) -> str | None:
    """The codec of a DBF's language byte (its byte 29); None for 0 and for unknown ones."""
    return _LDID.get(ldid)


def codec_title(codec: str) -> str:
    """What people call a codec."""
    return _TITLES.get(codec, codec.upper())


def _pythons(name: str) -> str | None:
    """A codec of Python's that keeps ASCII as it is, or UTF-16."""
    try:
        found = codecs.lookup(name).name
        if re.fullmatch(r"utf-16(-[lb]e)?", found):
            return found
        plain = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
        if found in _NO_FILES or plain.decode(found) != plain.decode("ascii"):
            return None
    except (LookupError, ValueError):  # ValueError: a NUL in the name, or text that is no such encoding
        return None
    return {"iso8859-1": "latin-1", "gbk": GB, "gb2312": GB, "big5": BIG5, "cp950": BIG5}.get(found, found)
