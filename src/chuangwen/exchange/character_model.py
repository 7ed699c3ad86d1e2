"""How well a text reads as what offices write: the probability of its characters, for several languages (the encoding with the likelier text wins).

Every encoding that is tried explains the same bytes, so the likelihoods of what they read compare at once. Characters are counted in classes: everyday ones
(the commonest five hundred, and those of municipal names), the levels of GB 2312 and Big5, the rest; a class's weight is shared by its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE = -5.5
"""What a byte costs that no character explains: ln 1/256."""

_FREQUENT = (
    "一丁七万三上下不与专且世业东两严个中为主么义之乐九也习乡书乱了争事二于五井些交产享京亭亲人什今从仓他代以仪们件价任份企众会传但位低住体何余作"
    "你使例供侧侯便保信修候倪值做停健偿傅储儿元充先光克党入全八公六共关兴其具养内再写军农冯决况准几凤出分切划列刘则利别到制券前剧副力办加务动助劳"
    "勘包化北区医十千半华单南博占卢卫即却厂厅历压厕原去县参又叉及反发取受变口古只叫可台史右叶号司各合同名后向吕听吴员周命和品响唐售商器噪四回因团"
    "园围国图圆土在地场圾址坊坝坡坪垃型城基堂堆堡塔塘墓墙增声处备复夏外多大天太头她好如妇始姓委姚姜子孔存孙学它守安宋完定实审客宣室宫家容宾察对寺"
    "导将小少尘就局层居展属屯山岗岛岩岭崔巡工左己已巷市布师带常幢干平年并幼广庄库应店庙府度庭廉廖建开弄式引张强当形彭影役往征很律得心必志快念态思"
    "急性总情想意感愿戏成我戒或战截戴户房所手才打托执扬批技把投报拆拉拘持指按挡振损换据接描提摩支收改放政效救教敬数整文斑斗料断斯新方施旁旅族无日"
    "旧时明易是景更曹曾最月有服期本术朱机权李材村杜条来杨极构林果查标栋栏校样核根格案桥桶梁械检棚森植楼次止正此步武残段每毒比毛民气水求江污汤汪汽"
    "沈没河油治沿泉法注洗洲活派流测济海消深清渔渠温港游湖湾湿源溪满滨滩潘火灯点烟热然照熊燃片牌牛牧物特状狱率王环现理生用田由电界留畜疗癣登白百的"
    "皮盐监盖目盲直相省看真眼着知石矿码研破确碑示社福离种科租秦积称移程税究空立站第等算管箱米类粮精系素红约级纪线组细织终经结绘给统维综绿编网罗置"
    "羊美群老者而职联肖股育背胜胡能自至般色节花苏苑范草药菜营董蒋蔡虎行街补表袁被装西要见观规角解警计认议记许论设证识诊话该说调谢谭象负财责货质购"
    "贸贺资走赵起超越路身车轨转较边达迁过运近还这进违连述迹退适选递途通速造逾道遗邓那邮邱邹郑郝部郭都酒酸采里重量金钟铁银铺销镇长门问间队防阶附际"
    "陆陈限院除险陵难集零雷需震青非面革韩音须领题风飞食餐饭馆马验高魏鸡黄龙"
)
_TRADITIONAL = (
    "來倉個們備傳價兒內則劃劇劉動務勞區參吳呂員問單嚴國園圓圖團報場壓壩孫學宮實寫對導層屬島崗嶺師帳帶幣幫庫廟廠廢廣廳張強彈彎徑從復憶應懷戰戲戶拋"
    "挾採揀換損搖擇擊擋擔據擠擬擴攔攝攤攬數斷時晉書會東條棟楊業極榮構樂樓標樣樹橋機檔檢權歐歡歲歷歸殘殺氣決沒沖況淨減渦測渾湯準溝溫滅滬滯滿漁漢漲"
    "潤澗澤濕濟濤濱瀏灑灘灣災為烏無煉煙熱燈燒營爐爭爾牆狀獅獎獨獲現瑪環產畝畢畫異當療發監盤盧眾碩確碼礎礦禍禮種稱穀積穩窩窮竄競筆節範築簡簽籃籌籠"
    "糧紀約紅紋納紐紙級紛細紹終組結絕絡給統絲經綠維綱網緊線緝編練縣縮縱總績織繞繡繪繼續纖罰罷羅羨義習聖聞聯聰聲職聽肅腦腳腸膚膠臉臨臺與興舉舊艙艱"
    "莊華萬葉藍藝藥蘇蘭處號蟲蠟術衛衝裏補裝裡複見規視親覺覽觀觸訂計訊討訓託記訪設許訴診註詞試詩話該詳認語誠誤說課調談請論諸諾謀謝證識譚譜議護譽讀"
    "變讓讚豐豬貝負財貢貨販貪貫責貯貴買貸費貿賀賃資賊賓賞賠賢賣質賴賺購賽贈贊趕趙跡踐躍車軌軍軒軟軸較載輔輕輛輝輩輪輯輸轄轉轎轟辦辭農這連週進遊運"
    "過達違遙遞遠適遲遷選遺邁還邊郵鄉鄒鄧鄭鄰醫釀釋針鈔鈴鉛銀銅銘銷鋁鋒鋪鋼錄錢錦錯鍋鍛鍵鎖鎮鏡鐘鐵鑒鑽長門閃閉開閑間閘閣閥閱闆關陣陰陳陸陽隊階際"
    "隨險隱隻雖雙雜雞離難雲電霧靈靜韓響頁頂項順須預頒頓領頭頸頻題額顏願類顧顯風飄飛飯飲飾餅養館饋馬馮馳駐駕駛騎騙騰驅驗驚體鬆鬥鬧魚鮮鯉鳥鳳鳴鴨鷹"
    "鹽麗麥黃點黨齊齒齡龍龜"
)

_LANGUAGES = ("simplified", "traditional", "japanese", "korean", "greek", "latin", "any")


class _Kind(IntEnum):
    """A class of characters."""

    ASCII = 0
    UPPER = 1
    LOWER = 2
    EVERYDAY = 3  # the frequent ones
    OLD = 4  # everyday ones that only traditional Chinese has
    LEVEL_1 = 5  # the rest of GB 2312's first level
    BIG5 = 6  # the rest of Big5's first level
    LEVEL_2 = 7  # GB 2312's second level
    HAN = 8  # other Han characters of the basic block
    RARE = 9  # Han extensions
    SIGN = 10  # Chinese punctuation, full-width forms
    KANA = 11
    HANGUL = 12
    CAPITAL = 13  # Greek and Cyrillic
    SMALL = 14
    LATIN = 15
    SYMBOL = 16  # ¡ to ¿
    PRIVATE = 17
    OTHER = 18
    NOTHING = 19  # controls, � and what is unassigned


_SHARES = {  # class → its members, then its share in each language
    _Kind.EVERYDAY: (805, 0.60, 0.40, 0.25, 0.01, 1e-6, 1e-6, 0.01),
    _Kind.OLD: (571, 0.003, 0.25, 0.08, 0.01, 1e-6, 1e-6, 0.01),
    _Kind.LEVEL_1: (2950, 0.25, 0.08, 0.08, 0.01, 1e-6, 1e-6, 0.03),
    _Kind.BIG5: (2492, 0.001, 0.12, 0.05, 0.01, 1e-6, 1e-6, 0.03),
    _Kind.LEVEL_2: (2114, 0.03, 0.03, 0.01, 1e-3, 1e-6, 1e-6, 0.03),
    _Kind.HAN: (12_000, 4e-3, 8e-3, 5e-3, 1e-3, 1e-6, 1e-6, 0.13),
    _Kind.RARE: (60_000, 1e-3, 1e-3, 1e-4, 1e-5, 1e-6, 1e-6, 0.05),
    _Kind.SIGN: (120, 0.03, 0.03, 0.05, 0.03, 0.01, 0.02, 0.01),
    _Kind.KANA: (98, 1e-5, 1e-5, 0.45, 1e-3, 1e-6, 1e-6, 0.01),
    _Kind.HANGUL: (3_000, 1e-6, 1e-6, 1e-6, 0.85, 1e-6, 1e-6, 0.03),
    _Kind.CAPITAL: (60, 5e-6, 5e-6, 5e-5, 5e-6, 0.15, 5e-5, 5e-3),
    _Kind.SMALL: (70, 5e-6, 5e-6, 5e-5, 5e-6, 0.75, 5e-5, 5e-3),
    _Kind.LATIN: (60, 1e-4, 1e-4, 1e-5, 1e-5, 1e-4, 0.05, 0.01),
    _Kind.SYMBOL: (40, 1e-4, 1e-4, 1e-4, 1e-4, 0.01, 2e-3, 0.01),
    _Kind.PRIVATE: (6_400, 1e-5, 1e-5, 1e-5, 1e-5, 1e-6, 1e-6, 1e-3),
    _Kind.OTHER: (4_000, 1e-4, 1e-4, 1e-4, 1e-4, 1e-3, 1e-3, 0.04),
    _Kind.NOTHING: (60_000, 1e-7, 1e-7, 1e-7, 1e-7, 1e-7, 1e-7, 1e-7),
}
_PRIOR = np.array([0.0, -3.0, -9.0, -9.0, -7.0, -3.0, -6.0])  # of the languages, in an office here
_PLAIN = -4.0  # an ASCII character, the same in every language
_ODD = -4.0  # a Han character amid the letters of a word; accents side by side; Greek or Cyrillic beside Latin, or a capital amid it
_LOGS = np.array([[_PLAIN] * len(_LANGUAGES)] * _Kind.EVERYDAY + [[math.log(share / size) for share in shares] for size, *shares in _SHARES.values()]).T
"""Log probability of a character: language by class."""

_COMMON = (_Kind.EVERYDAY, _Kind.LEVEL_1, _Kind.SIGN)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads. `fit`: the log likelihood in its likeliest language; the shares of everyday characters, kana, Hangul among those beyond ASCII."""

    fit: float
    common: float
    kana: float
    hangul: float


def read(text: str, traditional: bool = False) -> Reading:
    """Weigh a text. `traditional`: the everyday characters are those of Taiwan and Hong Kong too."""
    kinds = _kinds(text)
    counts = np.bincount(kinds, minlength=len(_Kind))
    fits = _LOGS @ counts + _PRIOR
    han = (kinds >= _Kind.EVERYDAY) & (kinds <= _Kind.RARE)
    letter = (kinds == _Kind.UPPER) | (kinds == _Kind.LOWER)
    two = letter[1:] & letter[:-1]
    fits += _ODD * int((han[2:-1] & two[:-2] & letter[3:]).sum() + (han[1:-2] & letter[:-3] & two[2:]).sum())
    capital, small = kinds == _Kind.CAPITAL, kinds == _Kind.SMALL
    alphabet = capital | small
    fits += _ODD * int((alphabet[1:] & letter[:-1]).sum() + (alphabet[:-1] & letter[1:]).sum() + (small[:-1] & capital[1:]).sum())
    accents = (kinds == _Kind.LATIN) | (kinds == _Kind.SYMBOL)
    fits[_LANGUAGES.index("latin")] += _ODD * int((accents[1:] & accents[:-1]).sum())
    beyond = max(int(counts[_Kind.EVERYDAY :].sum()), 1)
    known = sum(int(counts[one]) for one in (*_COMMON, *((_Kind.OLD, _Kind.BIG5) if traditional else ())))
    return Reading(float(fits.max()), known / beyond, int(counts[_Kind.KANA]) / beyond, int(counts[_Kind.HANGUL]) / beyond)


def share_common(text: str) -> float:
    """The share of the characters beyond ASCII that everyday Chinese has, in either script; 0 where all are ASCII."""
    kinds = _kinds(text)
    kinds = kinds[kinds >= _Kind.EVERYDAY]
    return float(np.isin(kinds, (*_COMMON, _Kind.OLD, _Kind.BIG5)).mean()) if len(kinds) else 0.0


@cache
def weight_of(sign: str) -> float:
    """The log likelihood of one character in Chinese of either script."""
    kind = int(_kinds(sign)[0])
    return float(max(_LOGS[0, kind], _LOGS[1, kind] - 1))


def _kinds(text: str) -> NDArray[np.uint8]:
    """The class of each character, uint8 (n,)."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    table = _table()
    return table[np.minimum(points, len(table) - 1)]


@cache
def _table() -> NDArray[np.uint8]:
    """Code point → class up to U+FFFF; one more entry stands for all beyond (extension B and later, emoji)."""
    table = np.full(0x10001, _Kind.OTHER, dtype=np.uint8)
    for kind, ranges in (
        (_Kind.ASCII, ((0x09, 0x0D), (0x20, 0x7E))),
        (_Kind.UPPER, ((0x41, 0x5A),)),
        (_Kind.LOWER, ((0x61, 0x7A),)),
        (_Kind.SYMBOL, ((0xA1, 0xBF),)),
        (_Kind.LATIN, ((0xC0, 0x17F), (0x1E00, 0x1EFF))),
        (_Kind.CAPITAL, ((0x391, 0x3A9), (0x400, 0x42F))),
        (_Kind.SMALL, ((0x3AC, 0x3CE), (0x430, 0x45F))),
        (_Kind.SIGN, ((0x2013, 0x2026), (0x3001, 0x3011), (0x2460, 0x2473), (0xFF01, 0xFF5E))),
        (_Kind.KANA, ((0x3041, 0x30FF),)),
        (_Kind.HANGUL, ((0xAC00, 0xD7A3),)),
        (_Kind.RARE, ((0x3400, 0x4DBF), (0xF900, 0xFAFF))),
        (_Kind.HAN, ((0x4E00, 0x9FFF),)),
        (_Kind.PRIVATE, ((0xE000, 0xF8FF),)),
        (_Kind.NOTHING, ((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0xA0), (0xD800, 0xDFFF), (0xFFF0, 0xFFFF))),
    ):
        for first, last in ranges:
            table[first : last + 1] = kind
    trails = range(0xA1, 0xFF)
    big5_trails = (*range(0x40, 0x7F), *trails)
    for kind, signs in (
        (_Kind.LEVEL_2, _square("gb2312", range(0xD8, 0xF8), trails)),
        (_Kind.BIG5, _square("big5", range(0xA4, 0xC7), big5_trails)),
        (_Kind.LEVEL_1, _square("gb2312", range(0xB0, 0xD8), trails)),
        (_Kind.OLD, _TRADITIONAL),
        (_Kind.EVERYDAY, _FREQUENT),
        (_Kind.SIGN, "°·×÷\u3000－—…“”‘’№℃㎡"),
    ):
        table[[ord(sign) for sign in signs]] = kind
    table[0x10000] = _Kind.RARE
    return table


def _square(codec: str, leads: range, trails: Iterable[int]) -> str:
    """The Han characters of a block of a double-byte encoding."""
    signs = "".join(bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return "".join(sign for sign in signs if "\u4e00" <= sign <= "\u9fff")
