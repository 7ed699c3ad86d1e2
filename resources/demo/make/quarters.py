"""The quarters of the town and the small streets that fill them.

A quarter is an area with one grain: the old town is cut fine and crooked, the works by the eastern road coarse and
straight. Streets get their names here, from the words such a quarter would use, or as numbered lanes of the street
they leave.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import plan
from chance import shuffled, stream
from curves import Point2
from shapely import Polygon
from subdivide import Cut, Grain

_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Quarter:
    """An area of one grain."""

    key: str
    outline: tuple[Point2, ...]
    grain: Grain
    lanes: bool  # whether its smallest streets are alleys (背街小巷)
    words: str  # street names, separated by blanks

    @property
    def area(self) -> Polygon:
        """The outline in the town's own coordinates."""
        return Polygon(plan.bent(self.outline))


def _box(x0: float, y0: float, x1: float, y1: float) -> tuple[Point2, ...]:
    return ((x0, y0), ((x0 + x1) / 2, y0), (x1, y0), (x1, (y0 + y1) / 2), (x1, y1), ((x0 + x1) / 2, y1), (x0, y1), (x0, (y0 + y1) / 2))


# The old town lies in the bend of the river, which is its southern edge.
_OLD_TOWN: tuple[Point2, ...] = (
    *((-2100, 300), (-1900, 60), (-1200, -380), (-400, -480), (350, -150), (900, 450), (1300, 760)),
    *((1300, 1330), (450, 1330), (-400, 1330), (-1250, 1330), (-2100, 1330)),
)

QUARTERS: list[Quarter] = [
    Quarter(
        "old",
        _OLD_TOWN,
        Grain(18_000, 8.0, 6.0),
        True,
        "状元街 书院街 鼓楼街 县前街 学前街 南门街 北门街 西门街 仓前街 泮池街 魁星街 钟楼街 米市街 布市街 盐仓街 "
        "桂花巷 槐树巷 樟树巷 石榴巷 梧桐巷 古井巷 双井巷 染坊巷 油坊巷 竹器巷 箍桶巷 铁匠巷 豆腐巷 柴家巷 谢家巷 邱家巷 万家巷 罗家巷 祠堂巷 照壁巷 "
        "牌坊巷 棋盘巷 扁担巷 灯笼巷 算盘巷 笔架巷 砚池巷 墨香巷 青石巷 卵石巷 花园巷 后街巷 河埠巷 渡口巷 码头巷 渔家巷 莲塘巷 荷花巷 菱角巷 "
        "会馆巷 戏台巷 茶馆巷 药铺巷 当铺巷 钱庄巷 绣花巷 裁缝巷 磨坊巷 糖坊巷 酱园巷 马家巷 饶家巷 曾家巷 王府巷 校场巷 营房巷 更楼巷 水关巷 城根巷",
    ),
    Quarter(
        "north",
        _box(-3000, 1330, 2420, 2330),
        Grain(36_000, 5.0, 5.0),
        True,
        "和平路 光明路 胜利路 团结路 友谊路 新华路 五一路 前进路 民主路 民生路 健康路 体育路 劳动路 工农路 朝阳路 红星路 车站路 货场路 铁路新村路 邮电路 "
        "粮食路 百货路 农机路 向阳路 长征路 延河路 跃进路 曙光路 永安路 长乐路 平安路 福利路 振兴路 月湖路 柳荫路 惠民路 利民路 爱民路",
    ),
    Quarter(
        "west",
        _box(-4100, 560, -2000, 1650),
        Grain(46_000, 4.0, 5.0),
        False,
        "鹭鸣路 苇岸路 乌石路 柏林路 枣园路 李园路 葡萄园路 石桥路 西江路 江畔路 柳堤路 "
        "芦洲路 白鹭路 沙洲路 渔歌路 晚晴路 西园路 梅园路 杏园路 橘园路 竹园路 茶园路 桑园路",
    ),
    Quarter(
        "east",
        _box(1180, 560, 3560, 1950),
        Grain(42_000, 4.0, 4.0),
        True,
        "东湖路 东苑路 东升路 迎春路 春晖路 春华路 秋实路 朝霞路 晨光路 望江路 江月路 "
        "江枫路 渔火路 帆影路 潮声路 听涛路 归帆路 芳洲路 兰亭路 松涛路 鹤鸣路 柏树路",
    ),
    Quarter(
        "campus",
        _box(-3600, -2780, 20, 500),
        Grain(62_000, 4.5, 7.0),
        False,
        "文苑路 学苑路 师大路 桃李路 春风路 杏坛路 讲堂路 文澜路 汇文路 博雅路 静思路 慧心路 听松路 望岳路 "
        "思源路 弘毅路 笃行路 博学路 慎思路 明辨路 敏学路 勤学路 致知路 格物路 修远路 崇文路 尚德路 立德路 树人路 育才路 启智路 励志路 求真路 "
        "翠竹路 枫林路 海棠路 芙蓉路 木兰路 杜鹃路 樱花路 丁香路 茉莉路 石楠路 云杉路 溪畔路 溪园路 溪望路 南苑路 南湖路 菁华路 芳华路 清华园路 玉泉路 松柏路",
    ),
    Quarter(
        "crescent",
        _box(0, -2850, 2560, 760),
        Grain(52_000, 1.5, 0.0),
        False,
        "锦程路 锦华路 云锦路 星河路 星光路 天禧路 瑞景路 祥云路 康庄路 广济路 广惠路 永兴路 永和路 文华路 文景路 景明路 景秀路 和畅路 和顺路 和美路 "
        "嘉禾路 嘉园路 嘉陵园路 金穗路 金桥路 金湖路 银湖路 银河路 秀水路 秀峰路 丽景路 丽水路 碧波路 碧湖路 清波路 清风路 清溪路 澄江路 澄湖路 长虹路 长春路",
    ),
    Quarter(
        "works",
        _box(2380, -3000, 4450, 700),
        Grain(105_000, 1.0, 0.0),
        False,
        "创新路 创造路 科技路 智造路 兴工路 兴园路 兴旺路 华昌路 华盛路 鼎新路 鼎盛路 "
        "腾飞路 奋进路 开拓路 拓展路 精工路 匠心路 同心路 共赢路 物流路 仓储路 富民路",
    ),
]

SPARE = (
    "安康路 安居路 安泰路 百合路 百川路 宝石路 宝塔路 彩虹路 彩云路 长安路 长青路 晨曦路 春晓路 翠湖路 翠屏路 大同路 东方路 方圆路 飞虹路 丰收路 凤凰路 凤鸣路 "
    "富强路 港湾路 高峰路 光华路 广场路 国泰路 海晏路 和谐路 鸿运路 花园路 华丰路 "
    "怀德路 吉祥路 佳和路 江南北路 金色路 锦江路 康乐路 兰花路 乐业路 礼义路 龙腾路 "
    "隆盛路 绿荫路 美景路 明珠路 牡丹路 宁静路 平湖路 祈福路 青云路 庆丰路 荣华路 瑞丰路 润泽路 三元路 善行路 诗画路 书画路 顺风路 太和路 泰康路 天成路 通达路 "
    "万福路 文博路 文德路 五福路 仙桃路 祥和路 向荣路 协和路 新风路 兴隆路 杨柳路 映山路 永宁路 裕民路 远景路 月季路 云海路 正阳路 志成路 中兴路 众安路 紫云路"
)


def quarter_of(shape: Polygon) -> Quarter | None:
    """The quarter that holds a block, if any: outside them all there are fields and hills."""
    inside = shape.representative_point()
    return next((q for q in QUARTERS if q.area.contains(inside)), None)


def _in_words(n: int) -> str:
    """A number below 100 as street signs write it."""
    tens, ones = divmod(n, 10)
    return _DIGITS[n] if n <= 10 else ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


class StreetNames:
    """Gives every small street its name, once. Streets are 街 and 路, back streets 巷."""

    def __init__(self) -> None:
        words = {q.key: shuffled(stream(f"names {q.key}"), q.words.split()) for q in QUARTERS}
        self._streets = {key: iter([w for w in group if not w.endswith("巷")]) for key, group in words.items()}
        self._lanes = {key: iter([w for w in group if w.endswith("巷")]) for key, group in words.items()}
        self._spare = iter(shuffled(stream("names spare"), SPARE.split()))
        self._numbered: dict[str, int] = defaultdict(int)
        self._numbered_from: dict[str, str] = {}

    def street(self, quarter: Quarter) -> str:
        """A street name of the quarter's own, or, when they are used up, one that fits anywhere."""
        return next(self._streets[quarter.key], None) or next(self._spare)

    def lane(self, quarter: Quarter, parent: str, rng: np.random.Generator) -> str:
        """A back street's name: its own (`古井巷`) where the quarter has any, else the next number of the street it leaves (`文昌街二巷`)."""
        own = next(self._lanes[quarter.key], None) if rng.random() < 0.5 else None
        if own:
            return own
        street = self._numbered_from.get(parent, parent)  # a lane off a lane takes the street's next number
        self._numbered[street] += 1
        name = f"{street}{_in_words(self._numbered[street])}巷"
        self._numbered_from[name] = street
        return name


def rank_and_width(quarter: Quarter, cut: Cut, rng: np.random.Generator) -> tuple[str, float]:
    """What a small street is. In quarters with lanes the later cuts, and every short one, are back streets."""
    alley = quarter.lanes and (cut.depth >= (1 if quarter.key == "old" else 2) or cut.line.length < 120)
    if alley:
        return plan.ALLEY, float(rng.choice([4.0, 5.0, 6.0, 7.0]))
    return plan.BRANCH, 10.0 if quarter.key == "old" else float(rng.choice([12.0, 14.0, 16.0]))
