"""Clean lists of the shapes in domain.md 5, and the mess that offices make of them. Each planting keeps account of what must be read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from tests.exchange.office_files import Grid


@dataclass(frozen=True)
class Clean:
    """A list without mess. `kind` is the layer that takes it ('' for none yet)."""

    kind: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def column(self, title: str) -> list[Any]:
        at = self.titles.index(title)
        return [row[at] for row in self.rows]


@dataclass
class Planted:
    """A grid with mess in it and what it must be read as: title → values, in the order of the records. `header` are the rows of the grid that hold it."""

    grid: Grid
    expected: dict[str, list[Any]]
    header: int = 0
    warned: tuple[str, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[int]:
        """The numbers of the records as Excel shows them, in the records' order."""
        return [row + 1 for row, record in enumerate(self.grid.records) if record is not None]


Plant = Callable[[Planted], None]

_STREETS = ("东风街道", "文昌街道", "迎江镇")
_KINDS = ("主次干道", "公园", "农贸市场")
_UNITS = ("区城管局", "区市场监管局", "文昌街道办事处", "区住建局")
_ILLS = ("路灯损坏", "入口公平秤损坏", "熟食摊无防蝇罩", "消防通道堆放杂物", "占道经营", "墙面小广告未清理", "公益广告破损褪色", "非机动车乱停放")

ISSUES = Clean(
    "issue",
    ("序号", "问题编号", "点位名称", "街道", "存在问题", "问题类别", "责任单位", "责任人", "联系电话", "整改时限", "完成情况", "备注"),
    tuple(
        (
            number + 1,
            f"20240603-{number + 1:03d}",
            f"某某{'路街园场'[number % 4]}{number // 4 + 1}号",
            _STREETS[number // 4],
            f"{_ILLS[number % 8]}，共{number % 3 + 1}处",
            ("设施", "秩序", "卫生")[number % 3],
            _UNITS[number // 3],
            f"某某{number + 1:02d}",
            f"1380000{number + 1:04d}",
            f"2024-06-{number + 5:02d}",
            ("未整改", "整改中", "已整改")[number % 3],
            "夜间复查" if number % 5 == 0 else None,
        )
        for number in range(12)
    ),
)
SITES = Clean(
    "site",
    ("序号", "点位编号", "点位类型", "点位名称", "详细地址", "区领导", "牵头单位", "责任单位", "点位长", "联系电话", "街道", "社区"),
    tuple(
        (number + 1, f"{number + 1:03d}", _KINDS[number // 4], f"某某{_KINDS[number // 4]}{number + 1}", f"示江路{number + 1}号", f"某某{number // 4:02d}",
         _UNITS[number // 4], _UNITS[number // 3], f"某某{number + 1:02d}", f"1380001{number:04d}", _STREETS[number // 4], f"第{number // 2 + 1}社区")
        for number in range(12)
    ),
)  # fmt: skip
ZONES = Clean(
    "zone",
    ("序号", "网格编号", "网格名称", "所属街道", "所属社区", "四至范围", "户数", "人口", "商铺数", "网格长", "联系电话"),
    tuple(
        (number + 1, f"Z{number + 1:02d}", f"第{number + 1}网格", _STREETS[number // 3], f"第{number + 1}社区",
         f"东至{number + 1}号路，南至示江，西至公园，北至铁路",
         300 + number, 900 + number, 20 + number, f"某某{number + 1:02d}", f"1380002{number:04d}")
        for number in range(9)
    ),
)  # fmt: skip
SECTIONS = Clean(
    "section",
    ("序号", "路段名称", "起点", "终点", "道路等级", "长度", "一级路长", "二级路长", "责任单位", "联系电话"),
    tuple(
        (number + 1, f"某某路{number + 1}段", f"起点{number + 1}", f"终点{number + 1}", ("主干道", "次干道", "支路")[number // 3], 1200 + number,
         f"某某{number:02d}",
         f"某某{number + 20:02d}", _UNITS[number // 3], f"1380003{number:04d}")
        for number in range(9)
    ),
)  # fmt: skip
UNITS = Clean(
    "unit",
    ("序号", "单位名称", "简称", "主要负责人", "分管领导", "联络员", "办公电话", "手机"),
    tuple(
        (number + 1, f"示范区{name}", name, f"某某{number:02d}", f"某某{number + 10}", f"某某{number + 20}", f"0794-800000{number}", f"1380004{number:04d}")
        for number, name in enumerate(("城管局", "教体局", "住建局", "卫健委", "交警大队", "市场监管局"))
    ),
)
ADOPTIONS = Clean(
    "",
    ("序号", "街道", "社区", "小区名称", "小区类型", "楼栋号", "户数", "包联单位", "楼栋责任人", "联系电话", "存在问题"),
    tuple(
        (number + 1, _STREETS[number // 4], f"第{number // 2 + 1}社区", f"某某小区{number // 2 + 1}", ("有物业", "老旧")[number % 2],
         f"{number + 1}栋", 40 + number,
         _UNITS[number // 3], f"某某{number + 1:02d}", f"1380005{number:04d}", None if number % 2 else "楼道堆物")
        for number in range(12)
    ),
)  # fmt: skip
ROSTER = Clean(
    "",
    ("日期", "星期", "路口名称", "时段", "单位", "带班领导", "执勤人员", "人数", "联系电话"),
    tuple(
        (f"6月{number // 3 + 3}日", f"星期{'一二三四'[number // 3]}", f"路口{number % 3 + 1}", "7:30-9:00", _UNITS[number % 4], f"某某{number:02d}",
         "某某01、某某02", 2,
         f"1380006{number:04d}")
        for number in range(9)
    ),
)  # fmt: skip
QUESTIONNAIRE = Clean(
    "",
    ("街道", "社区", "发放数", "回收数", "有效数", "知晓率", "支持率", "满意度"),
    tuple((_STREETS[n // 3], f"第{n + 1}社区", 100 + n, 90 + n, 80 + n, f"8{n}.5%", f"9{n}.1%", 85.5 + n) for n in range(9)),
)
MATRIX = Clean(
    "",
    ("路口名称", *(f"6月{day}日/{part}" for day in (3, 4, 5) for part in ("早", "中", "晚"))),
    tuple((f"路口{row + 1}", *(f"某某{row}{day}、某某{day}{row}" for day in range(9))) for row in range(5)),
)


def plain(clean: Clean, name: str = "Sheet1") -> Planted:
    """Header in the first row, records below."""
    cells = [list(clean.titles), *(list(row) for row in clean.rows)]
    expected = {title: clean.column(title) for title in clean.titles}
    return Planted(Grid(cells, [None, *range(len(clean.rows))], name), expected)


def _insert(planted: Planted, at: int, cells: list[Any], merge: tuple[int, int] | None = None) -> None:
    """A row that is no record; `merge`: its first and last column."""
    grid = planted.grid
    grid.cells.insert(at, cells)
    grid.records.insert(at, None)
    grid.merges = [(top + (top >= at), left, bottom + (bottom >= at), right) for top, left, bottom, right in grid.merges]
    grid.hidden_rows = [row + (row >= at) for row in grid.hidden_rows]
    if merge:
        grid.merges.append((at, merge[0], at, merge[1]))
    if at <= planted.header:
        planted.header += 1


def titled(planted: Planted) -> None:
    """附件1, a merged title, 填报单位 and 填报时间 above the header."""
    last = planted.grid.width - 1
    _insert(planted, planted.header, ["填报单位：区创建办　　填报时间：2024年6月3日"], (0, last))
    _insert(planted, planted.header - 1, ["××区创建全国文明城市工作明细表"], (0, last))
    _insert(planted, planted.header - 2, ["附件1"])
    planted.meta |= {"标题": "××区创建全国文明城市工作明细表", "填报单位": "区创建办", "填报时间": "2024年6月3日", "附件": "附件1"}


def varied(planted: Planted) -> None:
    """Blanks, line breaks, brackets in the header: 备 注, 责任单位（盖章）."""
    header = planted.grid.cells[planted.header]
    ways = {
        "备注": ("备　注", "备注"),
        "责任单位": ("责任单位\n（盖章）", "责任单位（盖章）"),
        "联系电话": ("联系  电话", "联系电话"),
        "序号": ("序号 ", "序号"),
    }
    for column, title in enumerate(header):
        if title in ways:
            header[column], read = ways[title]
            planted.expected = {read if key == title else key: values for key, values in planted.expected.items()}


def two_rows(parents: dict[str, tuple[str, ...]], *, merged: bool = True) -> Plant:
    """A second header row: `parents` name the columns below them; the others are merged over both rows."""

    def plant(planted: Planted) -> None:
        grid, top = planted.grid, planted.header
        child = list(grid.cells[top])
        parent: list[Any] = list(child)
        _insert(planted, top, parent)
        over = {title: name for name, titles in parents.items() for title in titles}
        for column, title in enumerate(child):
            if title not in over:
                grid.cells[top + 1][column] = None
                if merged:
                    grid.merges.append((top, column, top + 1, column))
        for name, titles in parents.items():
            first, last = child.index(titles[0]), child.index(titles[-1])
            parent[first : last + 1] = [name, *[None] * (last - first)]
            if merged:
                grid.merges.append((top, first, top, last))
        planted.expected = {f"{over[key]}/{key}" if key in over else key: values for key, values in planted.expected.items()}

    return plant


def _runs(planted: Planted, column: int) -> list[list[int]]:
    """Grid rows of equal neighbouring values."""
    rows = [row for row, record in enumerate(planted.grid.records) if record is not None]
    return [list(run) for _value, run in groupby(rows, key=lambda row: planted.grid.cells[row][column])]


def merged_down(*titles: str) -> Plant:
    """Equal neighbours merged, as 点位类型 over its sites."""

    def plant(planted: Planted) -> None:
        for title in titles:
            column = planted.grid.cells[planted.header].index(title)
            for run in _runs(planted, column):
                planted.grid.merges += [(run[0], column, run[-1], column)] if len(run) > 1 else []
                for row in run[1:]:
                    planted.grid.cells[row][column] = None

    return plant


def blank_below(*titles: str) -> Plant:
    """Fake merges: the value once, blanks below, nothing merged."""

    def plant(planted: Planted) -> None:
        before = list(planted.grid.merges)
        merged_down(*titles)(planted)
        planted.grid.merges = before

    return plant


def dittoed(title: str, mark: str = "同上") -> Plant:
    """Equal neighbours written as a ditto mark."""

    def plant(planted: Planted) -> None:
        column = planted.grid.cells[planted.header].index(title)
        for run in _runs(planted, column):
            for row in run[1:]:
                planted.grid.cells[row][column] = mark

    return plant


def sectioned(title: str, *, style: str = "{numeral}、{title}（{count}个）", read_as: str = "（分节）", merged: bool = True) -> Plant:
    """The column taken out, its values as rows over their records."""

    def plant(planted: Planted) -> None:
        grid = planted.grid
        column = grid.cells[planted.header].index(title)
        runs = [(grid.cells[run[0]][column], run) for run in _runs(planted, column)]
        for number, (value, run) in reversed(list(enumerate(runs))):
            line = style.format(numeral="一二三四五六七八九十"[number], title=value, count=len(run))
            _insert(planted, run[0], [line], (0, grid.width - 1) if merged else None)
        for row, cells in enumerate(grid.cells):
            if row == planted.header or grid.records[row] is not None:
                del cells[column]
        grid.merges = [(top, left - (left > column), bottom, right - (right >= column)) for top, left, bottom, right in grid.merges]
        planted.expected[read_as] = planted.expected.pop(title)

    return plant


def restarted(planted: Planted) -> None:
    """序号 begins again under each section row."""
    count = 0
    serials = []
    for row in range(planted.header + 1, len(planted.grid.cells)):
        count = count + 1 if planted.grid.records[row] is not None else 0
        if count:
            planted.grid.cells[row][0] = count
            serials.append(count)
    planted.expected["序号"] = serials


def totalled(*sums: str) -> Plant:
    """合　计 with the sums of number columns, then signatures and a note."""

    def plant(planted: Planted) -> None:
        header = planted.grid.cells[planted.header]
        row: list[Any] = [None] * len(header)
        row[0] = "合　计"
        for title in sums:
            row[header.index(title)] = sum(planted.expected[title])
        end = len(planted.grid.cells)
        _insert(planted, end, row)
        _insert(planted, end + 1, ["填表人：某某01", None, "审核人：某某02"])
        _insert(planted, end + 2, ["注：本表每日17时前报送。"], (0, len(header) - 1))
        planted.warned += ("合",)
        planted.meta |= {"填表人": "某某01", "审核人": "某某02"}

    return plant


def paged(every: int) -> Plant:
    """The header again at the top of each printed page."""

    def plant(planted: Planted) -> None:
        for row in range(len(planted.grid.cells) - 1 - every, planted.header, -every):
            _insert(planted, row + 1, list(planted.grid.cells[planted.header]))
        planted.warned += ("重复的标题和表头",)

    return plant


def lettered(planted: Planted) -> None:
    """A row that counts the columns under the header: 1 2 3 …."""
    _insert(planted, planted.header + 1, list(range(1, len(planted.grid.cells[planted.header]) + 1)))
    planted.warned += ("没有当作数据",)


def shifted(planted: Planted) -> None:
    """A blank column on the left and a blank row on top."""
    grid = planted.grid
    for cells in grid.cells:
        cells.insert(0, None)
    grid.merges = [(top, left + 1, bottom, right + 1) for top, left, bottom, right in grid.merges]
    _insert(planted, 0, [None])


def hidden(planted: Planted) -> None:
    """Two records and a column hidden, as a filter does."""
    rows = [row for row, record in enumerate(planted.grid.records) if record in (1, 2)]
    planted.grid.hidden_rows += rows
    planted.grid.hidden_columns.append(1)
    planted.warned += ("2 行是隐藏", "1 列是隐藏")


def blanks_between(planted: Planted) -> None:
    """Blank rows among the records."""
    for row in (planted.header + 3, planted.header + 6):
        _insert(planted, row, [None] * planted.grid.width)


def exampled(planted: Planted) -> None:
    """A sample row under the header."""
    row = list(planted.grid.cells[planted.header + 1])
    row[0] = "示例"
    _insert(planted, planted.header + 1, row)
    planted.warned += ("示例",)


def joined_problems(planted: Planted) -> None:
    """Records 2–4 and 6–7 as one row each, their problems numbered in one cell and their measures left alone."""
    grid = planted.grid
    column = grid.cells[planted.header].index("存在问题")
    for numbers, style in (((5, 6), "（{n}）{text}"), ((1, 2, 3), "{n}.{text}；")):
        rows = [row for row, record in enumerate(grid.records) if record in numbers]
        grid.cells[rows[0]][column] = "".join(style.format(n=n, text=grid.cells[row][column]) for n, row in enumerate(rows, 1))
        for row in reversed(rows[1:]):
            del grid.cells[row], grid.records[row]
        for title, values in planted.expected.items():
            if title == "问题编号":
                for part, number in enumerate(numbers, 1):
                    values[number] = f"{grid.cells[rows[0]][grid.cells[planted.header].index(title)]}-{part}"
            elif title != "存在问题":
                for number in numbers[1:]:
                    values[number] = values[numbers[0]]


def mess(clean: Clean, *plants: Plant) -> Planted:
    """`clean` with the mess planted in that order."""
    planted = plain(replace(clean))
    planted.expected = {title: list(values) for title, values in planted.expected.items()}
    for plant in plants:
        plant(planted)
    return planted


def by_sheet(clean: Clean, title: str, *plants: Plant) -> tuple[list[Grid], Planted]:
    """One sheet for each value of a column, which is taken out; what all of them must be read as."""
    at = clean.titles.index(title)
    grids = []
    rows = [(value, list(some)) for value, some in groupby(clean.rows, key=lambda row: row[at])]
    titles = tuple(one for one in clean.titles if one != title)
    for value, some in rows:
        part = mess(Clean(clean.kind, titles, tuple(row[:at] + row[at + 1 :] for row in some)), *plants)
        part.grid.name = str(value)
        grids.append(part.grid)
    expected = {one: clean.column(one) for one in titles} | {"（工作表）": clean.column(title)}
    return grids, Planted(grids[0], expected)


def as_text(values: Sequence[Any]) -> list[Any]:
    """Values as a text file gives them back."""
    return [f"{value:g}" if isinstance(value, float) else None if value is None else str(value) for value in values]
