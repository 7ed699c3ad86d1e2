"""The mess table of domain.md 5.8, level of values: each row is one test, from a list as it comes to the features as they would be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.layer_text import parse_layer
from chuangwen.exchange.doubts import Doubt
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.exchange.office_dates import When, deadline, office_date
from chuangwen.exchange.people import persons_cell, phones_cell
from chuangwen.exchange.reading import read_columns
from chuangwen.services.timing import holiday_table
from tests.build import layers
from tests.exchange.made import View, features

TODAY, ARRIVAL = dt.date(2024, 6, 7), dt.date(2024, 6, 24)
UNITS = features(
    "unit",
    {"code": "U001", "name": "示范区城市管理和综合执法局", "short_name": "区城管局", "aliases": "城管局"},
    {"code": "U002", "name": "示范区文化和旅游局", "short_name": "区文旅局"},
    {"code": "U003", "name": "文昌街道办事处", "short_name": "文昌街道"},
    {"code": "U004", "name": "示范区住房和城乡建设局", "short_name": "区住建局"},
    {"code": "U005", "name": "示范区市场监督管理局", "short_name": "区市监局"},
)
CITY, CULTURE, STREET, HOUSING = "示范区城市管理和综合执法局", "示范区文化和旅游局", "文昌街道办事处", "示范区住房和城乡建设局"


def planned(
    layer: str = "issue", view: View | None = None, answers: dict[str, str] | None = None, meta: dict[str, str] | None = None, **columns: Any
) -> ImportPlan:
    """A list whose first row is the file's row 4; an issue list needs no description of its own."""
    count = len(next(iter(columns.values())))
    if layer == "issue":
        columns = {"存在问题": [f"问题{n}" for n in range(count)], **columns}
    incoming = Incoming("清单.xlsx", tuple(Column(title, values) for title, values in columns.items()), range(4, 4 + count), meta=meta or {})
    options = Options(today=TODAY, year=2024, answers=answers or {}, arrival=ARRIVAL)
    return plan(incoming, layers()[layer], view or View(unit=UNITS), options)


def column(made: ImportPlan, name: str) -> list[Any]:
    """A field of the rows that would be added."""
    layer = layers()[made.report.layer]
    changes = {change.id: change.after for change in made.edit.changes if change.layer == layer.id}
    return Features(layer, [], {one.name: [] for one in layer.fields}).patched(changes).column(name)


def doubt(made: ImportPlan, key: str) -> Doubt:
    """The doubt of a key."""
    return next(one for one in made.report.doubts if one.key == key)


def test_dates_keep_one_meaning_in_all_spellings() -> None:
    """Row “dates”: the thirteen examples as they stand."""
    cells = [
        "2024.6.3",
        "2024-06-03",
        "2024/6/3",
        "20240603",
        "2024年6月3日",
        "6月3日",
        "6.3",
        "06-03",
        "24.6.3",
        "6月3日上午",
        45446,
        45446.604,
        dt.date(2024, 6, 3),
    ]

    assert {dt.date(2024, 6, 3)} == set(column(planned(发现时间=cells), "found_at"))


@given(st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)))
def test_any_day_of_the_campaign_in_any_spelling(day: dt.date) -> None:
    """Property: what we would write is what we read."""
    for form in (
        "{0.year}.{0.month}.{0.day}",
        "{0:%Y-%m-%d}",
        "{0:%Y%m%d}",
        "{0.year}年{0.month}月{0.day}日",
        "{0.month}月{0.day}号前",
        "{0.month}.{0.day}",
        "24.{0.month}.{0.day}",
    ):
        assert day == office_date(form.format(day), 2024), form


@pytest.mark.parametrize(("answer", "day"), [("", None), ("empty", None), ("day", dt.date(2024, 6, 1)), ("tenth", dt.date(2024, 6, 10))])
def test_the_date_ten_trap_is_asked_about_once_a_column(answer: str, day: dt.date | None) -> None:
    """Row “date 10 trap”: a number 6.1 stays empty, with its words, until somebody says; 6.4 and 6.15 can only be one day; the text 6.1 is 6月1日."""
    made = planned(发现时间=[6.1, 6.4, 6.15, "6.1", 6.1], answers={"date:发现时间": answer} if answer else {})

    assert [day, dt.date(2024, 6, 4), dt.date(2024, 6, 15), dt.date(2024, 6, 1), day] == column(made, "found_at")
    asked = doubt(made, "date:发现时间")
    assert ((4, 8), answer or "empty", ["day", "tenth", "empty"]) == (asked.rows, asked.chosen, [one.value for one in asked.answers])
    assert (["发现时间：6.1", None] if day is None else [None, None]) == column(made, "remark")[:2]


@pytest.mark.parametrize(
    ("words", "due", "priority"),
    [
        ("立行立改", "2024-06-04", "immediate"),
        ("当天", "2024-06-04", None),
        ("今日下班前", "2024-06-04", None),
        ("即日", "2024-06-04", None),
        ("6月5日前", "2024-06-05", None),
        ("6月底前", "2024-06-30", None),
        ("6月上旬", "2024-06-10", None),
        ("6月中旬", "2024-06-20", None),
        ("6月下旬", "2024-06-30", None),
        ("一周内", "2024-06-11", None),
        ("3个工作日内", "2024-06-07", None),
        ("5个工作日内", "2024-06-11", None),
        ("24小时内", "2024-06-05", None),
        ("三日内", "2024-06-07", None),
        ("限10天内完成", "2024-06-14", None),
        ("月底前", "2024-06-30", None),
        ("本周五前", "2024-06-07", None),
        ("20日前", "2024-06-20", None),
        ("迎检前", "2024-06-23", None),
        ("长期坚持", None, "long_term"),
        ("持续推进", None, "long_term"),
        ("2024.6.3-2024.6.10", "2024-06-10", None),
        ("6月3日-10日", "2024-06-10", None),
        ("尽快", None, None),
    ],
)
def test_deadlines_in_words(words: str, due: str | None, priority: str | None) -> None:
    """Row “deadlines in words”, counted from the day the issue was found, a Tuesday; the words are kept unless they are the day itself."""
    made = planned(发现时间=["6月4日"], 整改时限=[words])

    assert (due, priority) == (str(column(made, "due_at")[0]) if column(made, "due_at")[0] else None, column(made, "priority")[0])
    if not words.startswith(("6月5日", "6月底", "6月上", "6月中", "6月下")):
        assert [f"整改时限：{words}"] == column(made, "remark")
        assert [4] == [one.row for one in made.report.repaired]


@pytest.mark.parametrize(
    ("words", "due", "time"),
    [
        ("2小时内", "2024-06-07", "18:30"),
        ("半小时内", "2024-06-07", "17:00"),
        ("四个工作时内", "2024-06-11", "11:30"),  # Friday 16:30; Monday the 10th is 端午
        ("6紧急工作时", "2024-06-07", "22:30"),
        ("24小时内", "2024-06-08", "16:30"),
        ("30分钟内", "2024-06-07", "17:00"),
        ("3个工作日内", "2024-06-13", None),
        ("今日下班前", "2024-06-07", "17:30"),
        ("当天18:00前", "2024-06-07", "18:00"),
        ("明天上午10点前", "2024-06-08", "10:00"),
        ("明日中午前", "2024-06-08", "12:00"),
        ("后天下午5点半前", "2024-06-09", "17:30"),
        ("本周五下班前", "2024-06-07", "17:30"),
        ("6月12日下班前", "2024-06-12", "17:30"),
        ("6月12日下午3点前", "2024-06-12", "15:00"),
        ("18:00前", "2024-06-07", "18:00"),
        ("当天24:00前", "2024-06-07", None),
        ("三日内", "2024-06-10", None),
    ],
)
def test_deadlines_in_words_with_a_time_of_day(words: str, due: str, time: str | None) -> None:
    """domain.md 5.8, 3.4: hours run from the minute of the dispatch; 下班 and working days go by the calendar, holidays and 调休 in it."""
    found = deadline(words, When(2024, dt.date(2024, 6, 7), calendar=holiday_table()), dt.datetime(2024, 6, 7, 16, 30))

    assert found is not None
    assert (due, time) == (str(found.day), f"{found.time:%H:%M}" if found.time else None)


def test_working_days_in_words_know_the_make_up_days() -> None:
    """29 September 2024 is a Sunday that is worked, 1 to 7 October are off."""
    when = When(2024, dt.date(2024, 9, 27), calendar=holiday_table())

    assert [dt.date(2024, 9, 29), dt.date(2024, 9, 30), dt.date(2024, 10, 8)] == [
        found.day for words in ("1个工作日内", "2个工作日内", "3个工作日内") if (found := deadline(words, when, dt.date(2024, 9, 27)))
    ]


def test_a_list_with_times_of_dispatch_gives_deadlines_to_the_minute() -> None:
    """The time goes into 时限钟点; a list that gives days alone gives days."""
    made = planned(交办时间=["2024-06-05 09:10", "2024-06-05"], 整改时限=["2小时内", "2小时内"])

    assert [dt.date(2024, 6, 5), dt.date(2024, 6, 6)] == column(made, "due_at")
    assert ["11:10", None] == column(made, "due_time")


def test_deadlines_are_counted_from_the_dispatch_then_the_finding_then_the_list() -> None:
    """Reference: dispatch date, else found date, else the date of the list, else today; the row's own priority goes first."""
    made = planned(交办时间=["6月5日", None, None], 发现时间=["6月1日", "6月2日", None], 整改时限=["一周内"] * 3, meta={"填报时间": "2024年6月6日"})
    own = planned(紧急程度=["一般", None], 整改时限=["立行立改", "立行立改"])

    assert [dt.date(2024, 6, 12), dt.date(2024, 6, 9), dt.date(2024, 6, 13)] == column(made, "due_at")
    assert [dt.date(2024, 6, 14)] == column(planned(整改时限=["一周内"]), "due_at")
    assert (["normal", "immediate"], [TODAY, TODAY]) == (column(own, "priority"), column(own, "due_at"))


def test_before_the_inspection_needs_its_day() -> None:
    """迎检前 in a project without an arrival date stays words."""
    incoming = Incoming("清单.xlsx", (Column("存在问题", ["a"]), Column("整改时限", ["迎检前"])), [4])
    made = plan(incoming, layers()["issue"], View(), Options(today=TODAY, year=2024))

    assert ([None], ["整改时限：迎检前"]) == (column(made, "due_at"), column(made, "remark"))


@pytest.mark.parametrize(
    ("cell", "lead", "does", "helps"),
    [
        ("区城管局、文昌街道", None, CITY, STREET),
        ("区城管局;文昌街道", None, CITY, STREET),
        ("区城管局；文昌街道", None, CITY, STREET),
        ("区城管局/文昌街道", None, CITY, STREET),
        ("区城管局 文昌街道", None, CITY, STREET),
        ("区城管局，文昌街道", None, CITY, STREET),
        ("区城管局和文昌街道", None, CITY, STREET),
        ("区城管局\n文昌街道", None, CITY, STREET),
        (CULTURE, None, CULTURE, None),
        (f"{CULTURE}和文昌街道", None, CULTURE, STREET),
        ("牵头：区城管局；配合：区住建局、文昌街道", CITY, CITY, f"{HOUSING}、{STREET}"),
        ("牵头单位：区城管局\n责任单位：区住建局\n配合单位：文昌街道", CITY, HOUSING, STREET),
    ],
)
def test_several_units_in_one_cell(cell: str, lead: str | None, does: str, helps: str | None) -> None:
    """Row “several units”."""
    made = planned(责任单位=[cell])

    assert ([lead], [does], [helps]) == tuple(column(made, name) for name in ("lead_unit", "responsible_unit", "supporting_units"))
    assert [] == [one.key for one in made.report.doubts]


def test_a_name_with_he_in_it_is_not_torn() -> None:
    """文化和旅游局 is unknown as it stands; nobody takes it for 文化 and 旅游局."""
    assert ["unit:文化和旅游局"] == [one.key for one in planned(责任单位=["文化和旅游局"]).report.doubts]


@pytest.mark.parametrize(
    ("cell", "lead", "does", "helps"),
    [
        ("区住建局（牵头）", HOUSING, HOUSING, None),
        ("文昌街道(属地)", None, STREET, None),
        ("区住建局（牵头）、文昌街道（属地）", HOUSING, HOUSING, STREET),
        ("区住建局（牵头）、区城管局、文昌街道（配合）", HOUSING, CITY, STREET),
        ("区住建局（盖章）", None, HOUSING, None),
    ],
)
def test_a_bracket_gives_the_role(cell: str, lead: str | None, does: str, helps: str | None) -> None:
    """Row “unit in brackets”."""
    made = planned(责任单位=[cell])

    assert ([lead], [does], [helps]) == tuple(column(made, name) for name in ("lead_unit", "responsible_unit", "supporting_units"))


def test_the_row_s_own_lead_goes_before_a_role_in_brackets() -> None:
    """The two columns disagree: the cell's words are kept."""
    made = planned(牵头单位=["区文旅局"], 责任单位=["区住建局（牵头）"])

    assert ([CULTURE], ["责任单位：区住建局（牵头）"]) == (column(made, "lead_unit"), column(made, "remark"))


@pytest.mark.parametrize("word", ["执法局", "城市管理局", "区城市管理综合执法局", "城市管理综合执法局", "城管执法局"])
def test_a_spelling_is_proposed_and_never_taken(word: str) -> None:
    """Row “unit spellings”: the best proposal is right, the field stays empty, the words are kept."""
    made = planned(责任单位=[word, word, "城管局"])

    asked = doubt(made, f"unit:{word}")
    assert ((4, 5), "keep", CITY) == (asked.rows, asked.chosen, asked.answers[0].value)
    assert [None, None, CITY] == column(made, "responsible_unit")
    assert [f"责任单位：{word}", f"责任单位：{word}", None] == column(made, "remark")
    assert 0 == len(made.report.rejected)


def test_a_chosen_unit_is_remembered_as_an_alias() -> None:
    """One edit: the rows get the unit, the unit gets the word; the next list asks nothing."""
    made = planned(责任单位=["执法局", "城管执法"], answers={"unit:执法局": CITY, "unit:城管执法": CITY})

    assert [CITY, CITY] == column(made, "responsible_unit")
    (change,) = (change for change in made.edit.changes if change.layer == "unit")
    assert ("unit-0", {"aliases": "城管局"}, {"aliases": "城管局、执法局、城管执法"}) == (change.id, change.before, change.after)
    known = View(unit=UNITS.patched({change.id: change.after}))
    assert [] == [one.key for one in planned(责任单位=["执法局"], view=known).report.doubts]


def test_any_registered_name_is_an_answer() -> None:
    """The right unit was not among the three proposals."""
    made = planned(责任单位=["某某所"], answers={"unit:某某所": "区文旅局"})

    assert ([CULTURE], CULTURE) == (column(made, "responsible_unit"), doubt(made, "unit:某某所").chosen_title)


def test_a_new_unit_is_registered_in_the_same_edit() -> None:
    """Answer `new`: two rows, one new unit with the next code."""
    made = planned(责任单位=["区水利局", "区水利局、文昌街道"], answers={"unit:区水利局": "new"})

    assert (["区水利局"] * 2, [None, STREET]) == (column(made, "responsible_unit"), column(made, "supporting_units"))
    assert [("U006", "区水利局")] == [(change.after["code"], change.after["name"]) for change in made.edit.changes if change.layer == "unit"]


def test_an_unknown_first_unit_is_not_replaced_by_the_second() -> None:
    """“A、区城管局”: A was to do it. The city bureau helps, as it would if A were known."""
    made = planned(责任单位=["某某所、区城管局"])

    assert ([None], [CITY], ["责任单位：某某所、区城管局"]) == (column(made, "responsible_unit"), column(made, "supporting_units"), column(made, "remark"))


def test_sixty_unknown_units_are_answered_at_once() -> None:
    """`unit:*` for all that have no answer of their own."""
    names = [f"第{n}中学" for n in range(60)]
    made = planned(责任单位=names, answers={"unit:*": "new", "unit:第7中学": "keep"})

    assert (61, "new") == (len(made.report.doubts), doubt(made, "unit:*").chosen)
    assert [name for name in names if name != "第7中学"] == [name for name in column(made, "responsible_unit") if name]


@pytest.mark.parametrize(
    ("cell", "names", "phones"),
    [
        ("（姓名）1380000xxxx", "姓名", "1380000xxxx"),
        ("张三13800000000", "张三", "13800000000"),
        ("张三（13800000000）", "张三", "13800000000"),
        ("张三/0794-8000000", "张三", "0794-8000000"),
        ("张三13800000000、李四13900000000", "张三、李四", "13800000000、13900000000"),
        ("张三 13800000000 李四 13900000000", "张三、李四", "13800000000、13900000000"),
        ("张三，电话：13800000000", "张三", "13800000000"),
    ],
)
def test_person_and_phone_in_one_cell(cell: str, names: str, phones: str) -> None:
    """Row “person and phone together”: in the column of persons and in that of telephones, the other one missing or empty."""
    assert ([names], [phones]) == tuple(column(planned(责任人=[cell]), name) for name in ("person", "phone"))
    assert ([names], [phones]) == tuple(column(planned(责任人=[None], 联系电话=[cell]), name) for name in ("person", "phone"))


def test_a_second_number_beside_the_name_is_not_lost() -> None:
    """The telephone's own column goes first; what it lacks is kept in 备注, what it has already is not said twice."""
    made = planned(责任人=["张三13800000000", "李四13900000000"], 联系电话=["0794-8000000", "13900000000"])

    assert (["张三", "李四"], ["0794-8000000", "13900000000"]) == (column(made, "person"), column(made, "phone"))
    assert ["责任人：张三13800000000", None] == column(made, "remark")


def test_padded_names() -> None:
    """Row “padded names”; two names side by side stay two."""
    cells = ["王　明", "李   丽", "王　明、李　丽", "欧阳 娜娜", "张三 李四", "张三（局长）"]

    assert ["王明", "李丽", "王明、李丽", "欧阳娜娜", "张三 李四", "张三（局长）"] == column(planned(责任人=cells), "person")


def test_a_phone_that_became_a_number() -> None:
    """Row “phone as float”: a whole number is the number, 1.38E+10 has lost its digits and is said to be damaged."""
    made = planned(联系电话=[13800000000.0, "13800000000.0", "1.38E+10"])

    assert ["13800000000", "13800000000", None] == column(made, "phone")
    assert [(6, True)] == [(one.row, "科学计数" in one.what) for one in made.report.repaired]
    assert "联系电话：1.38E+10" == column(made, "remark")[2]


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("138 0000 0000", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("＋8613800000000", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0794-8000000", "0794-8000000"),
        ("(0794)8000000", "0794-8000000"),
        ("010-12345678转801", "010-12345678-801"),
        ("660000", "660000"),
        ("8000000-801、8000001转2", "8000000-801、8000001-2"),
        ("13800000000/8000000", "13800000000、8000000"),
        ("13800000000 13900000000", "13800000000、13900000000"),
        ("办公：0794-8000000 手机：13800000000", "0794-8000000、13800000000"),
    ],
)
def test_phone_variants(cell: str, phones: str) -> None:
    """Row “phone variants”."""
    made = planned(联系电话=[cell])

    assert ([phones], ()) == (column(made, "phone"), made.report.repaired)


def test_a_phone_of_ten_digits_is_kept_and_said() -> None:
    """A digit is missing: nobody knows which."""
    made = planned(联系电话=["1380000000", "见通讯录"])

    assert ["1380000000", "见通讯录"] == column(made, "phone")
    assert [4, 5] == [one.row for one in made.report.repaired]


@given(st.lists(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), min_size=1, max_size=3, unique=True), st.sampled_from(["/", "、", " ", "，", "\n", "；"]))
def test_phones_joined_by_any_mark_come_apart(numbers: list[str], mark: str) -> None:
    """Property: alone, and each behind a name."""
    assert "、".join(numbers) == phones_cell(mark.join(numbers)).phones
    found = persons_cell(mark.join(f"张三{number}" for number in numbers))
    assert "、".join(numbers) == found.phones


def test_codes_that_became_numbers() -> None:
    """Row “codes as float”: 15 digits are exact; of more the last are lost, which is said with the row; the codes stay while they differ."""
    made = planned("zone", 网格编号=[361002001003005.0, 361002001003005248.0], 网格名称=["甲", "乙"])

    assert ["361002001003005", "361002001003005250"] == column(made, "code")
    assert ((5,), "keep") == (doubt(made, "digits:网格编号").rows, doubt(made, "digits:网格编号").chosen)
    assert [5] == [one.row for one in made.report.repaired]


def test_damaged_codes_that_fell_together_are_no_codes() -> None:
    """Two rows that the spreadsheet gave one number: both go in under new codes, with the number in 备注."""
    made = planned("zone", 网格编号=[3.61002001003005e17, 3.61002001003005e17], 网格名称=["甲", "乙"])

    assert (2, "empty") == (made.report.added, doubt(made, "digits:网格编号").chosen)
    assert ["网格编号：361002001003005000"] * 2 == column(made, "remark")


def test_numbers_with_units_keep_what_is_only_about() -> None:
    """Row “numbers with units”: converted; 约 is said and kept."""
    made = planned("section", 路段编号=list("123456"), 路段名称=list("甲乙丙丁戊己"), 长度=["1.2公里", "约1200米", "２３", "1,200", "1.2km", "0.8千米"])

    assert [1200.0, 1200.0, 23.0, 1200.0, 1200.0, 800.0] == column(made, "length_m")
    assert [None, "长度：约1200米", None, None, None, None] == column(made, "remark")
    assert [300, 15000, 320] == column(planned("zone", 网格编号=list("123"), 户数=["约300户", "1.5万", "320余户"]), "households")
    assert [3, 2, 2] == column(planned("section", 路段编号=list("123"), 路段名称=list("甲乙丙"), 清扫频次=["3次/日", "2次", "每日2次"]), "cleaning_per_day")


RATES = parse_layer(
    """
id = "rates"
title = "知晓率"
kind = "list"
[[field]]
name = "code"
title = "编号"
type = "text"
[[field]]
name = "name"
title = "名称"
type = "text"
[[field]]
name = "known"
title = "知晓率"
type = "real"
unit = "%"
""",
    "rates.toml",
)


def rates(layer: Layer, cells: list[Any], answers: dict[str, str] | None = None) -> tuple[list[Any], list[str]]:
    """The values of a column of rates, and the keys of what was asked."""
    from chuangwen.exchange.matching import match

    incoming = Incoming("", (Column("知晓率", cells),), range(2, 2 + len(cells)))
    read = read_columns(incoming, layer, match(incoming.columns, layer), View().features, When(2024, TODAY), answers)
    return read.values["known"], [one.key for one in read.doubts]


@pytest.mark.parametrize(
    ("cells", "values", "asked"),
    [
        (["82%", "85.6%"], [82, 85.6], []),
        ([0.82, 0.856, 1], [82, 85.6, 100], []),
        (["0.82", "0.9"], [82, 90], []),
        ([82, 85.6], [82, 85.6], []),
        (["82%", 0.82, "/"], [82, 82, None], []),
        ([82, 0.82], [82, 0.82], ["percent:知晓率"]),
    ],
)
def test_percent_is_decided_by_the_column(cells: list[Any], values: list[Any], asked: list[str]) -> None:
    """Row “percent”: all ≤ 1 are fractions; a mixed column is asked about."""
    assert (values, asked) == rates(RATES, cells)


def test_a_mixed_column_of_rates_by_answer() -> None:
    """0.82 among 82: the answer decides."""
    assert [82, 82] == rates(RATES, [82, 0.82], {"percent:知晓率": "fraction"})[0]


def test_yes_and_no() -> None:
    """Row “yes/no”; / and — are not applicable."""
    cells = ["√", "✓", "✔", "是", "有", "Y", 1, True, "×", "✗", "否", "无", "N", 0, "—", "/", "有（2处）", "有，2处"]
    made = planned("site", 点位编号=[str(n) for n in range(len(cells))], 点位名称=[str(n) for n in range(len(cells))], 志愿服务站=cells)

    assert [True] * 8 + [False] * 6 + [None] * 2 + [True] == column(made, "has_volunteer_station")[:17]
    assert [True, "志愿服务站：有，2处"] == [column(made, "has_volunteer_station")[17], column(made, "remark")[17]]


def test_status_words_are_the_unit_s_own() -> None:
    """domain.md 4.1: every example; 已整改 and 已销号 are no check; blank is registered."""
    words = [
        "已整改",
        "已完成",
        "完成",
        "整改到位",
        "已销号",
        "√",
        "整改中",
        "正在整改",
        "推进中",
        "部分整改",
        "未整改",
        "未完成",
        "×",
        "长期坚持",
        "持续推进",
        None,
    ]
    made = planned(完成情况=words)

    assert ["rectified"] * 6 + ["in_progress"] * 4 + ["dispatched"] * 3 + ["long_term"] * 2 + ["registered"] == column(made, "status")
    assert (tuple(range(4, 10)), "rectified") == (doubt(made, "status_words").rows, doubt(made, "status_words").chosen)


def test_a_list_after_the_check_closes() -> None:
    """The answer `closed`: all the words for done."""
    assert ["closed", "closed", "dispatched"] == column(planned(完成情况=["已整改", "已销号", "未整改"], answers={"status_words": "closed"}), "status")


@pytest.mark.parametrize(("title", "words"), [("状态", ["已整改", "已销号"]), ("完成情况", ["已整改·待核查", "已销号"])])
def test_our_own_words_mean_what_they_say(title: str, words: list[str]) -> None:
    """A list that we exported, or that tells 待核查 from 已销号, comes back as it is and is not asked about."""
    made = planned(**{title: words})

    assert (["rectified", "closed"], ()) == (column(made, "status"), made.report.doubts)


def test_a_status_with_a_story() -> None:
    """已整改，已清运3车: the first clause is the status, the words are kept; words that begin otherwise refuse the row as before."""
    made = planned(完成情况=["已整改，已清运垃圾3车", "整改中（6月3日）", "已安排人员清理"])

    assert ["rectified", "in_progress"] == column(made, "status")
    assert ["状态：已整改，已清运垃圾3车", "状态：整改中（6月3日）"] == column(made, "remark")
    assert [6] == [one.row for one in made.report.rejected]


def test_days_that_cannot_be_right_are_said() -> None:
    """Found tomorrow, due before it was found, years away: warnings with the rows."""
    made = planned(发现时间=["2024-06-08", "2024-06-05", "2024-06-05"], 整改时限=[None, "2024-06-01", "2034-06-09"])

    said = [warning.split("：")[:2] for warning in made.report.warnings if "请核对" in warning]
    assert [["整改时限离今天超过两年", "第 6 行，请核对年份。"], ["整改时限早于发现时间", "第 5 行，请核对。"]] == said[:2]
    assert "发现时间晚于今天（2024-06-07）" == said[2][0]


@pytest.mark.parametrize("text", ["第3网格", "3号网格", "三网格", "3", "网格3", "第三号网格", "０3"])
def test_zone_codes_are_joined_on_consent(text: str) -> None:
    """domain.md 5.3: another spelling of 03 is asked about, never joined in silence."""
    view = View(unit=UNITS, zone=features("zone", {"code": "03", "name": "文昌三网格"}, {"code": "13", "name": "文昌十三网格"}))
    asked, joined = (planned(所属网格=[text, "13"], view=view, answers=answers) for answers in ({}, {"codes": "join"}))

    assert ([text, "13"], "keep", (4,)) == (column(asked, "zone_code"), doubt(asked, "codes").chosen, doubt(asked, "codes").rows)
    assert ["03", "13"] == column(joined, "zone_code")


def test_a_zone_table_finds_its_shapes() -> None:
    """The grid table of an office joins to the boundaries of a shapefile; two spellings of one zone in a list are left alone."""
    zones = features("zone", {"code": "03", "name": "03", "kind": "campaign"}, {"code": "A-5", "name": "A-5", "kind": "campaign"}, {"code": "07", "name": "07"})
    made = planned("zone", View(zone=zones), {"codes": "join"}, 网格编号=["第3网格", "a5", "七网格", "7号网格"], 网格长=list("甲乙丙丁"))

    assert (2, 2) == (made.report.changed, made.report.added)
    assert [("zone-0", "甲"), ("zone-1", "乙")] == [(change.id, change.after["chief"]) for change in made.edit.changes if change.before]


def test_unit_grid_codes_have_fifteen_digits() -> None:
    """domain.md 3.2: others are said; campaign zones may be called anything."""
    made = planned("zone", 网格编号=["361002001003005", "3610020", "A-1"], 网格类别=["单元网格", "单元网格", "创建网格"])

    assert ["单元网格编码应为 15 位数字：第 5 行不是，请核对。"] == [warning for warning in made.report.warnings if "单元网格" in warning]


def test_notes_do_not_overwrite_the_list_s_own_remark() -> None:
    """A remark column that stands behind the deadline: both are there (it was lost)."""
    made = planned(整改时限=["尽快"], 备注=["群众反映强烈"])

    assert ["群众反映强烈；整改时限：尽快"] == column(made, "remark")


@pytest.mark.parametrize("mark", ["—", "——", "-", "~", "至", "到", " － "])
def test_both_ends_of_a_section_in_one_cell(mark: str) -> None:
    """domain.md 5.4: 起止点; a cell with no such mark stays whole; a column of ends is left alone."""
    made = planned("section", 路段编号=["1", "2"], 路段名称=["甲", "乙"], 起止点=[f"人民路{mark}迎宾大道", "全线"])
    own = planned("section", 路段编号=["1"], 路段名称=["甲"], 起点=["人民路-东口"], 终点=["迎宾大道"])

    assert (["人民路", "全线"], ["迎宾大道", None]) == (column(made, "start_text"), column(made, "end_text"))
    assert (["人民路-东口"], ["迎宾大道"]) == (column(own, "start_text"), column(own, "end_text"))


def test_an_alias_of_two_units_is_asked_about() -> None:
    """Nobody knows which of the two; names that differ by their brackets only are two units."""
    view = View(unit=features("unit", {"code": "1", "name": "东区住建局", "aliases": "住建局"}, {"code": "2", "name": "西区住建局", "aliases": "住建局"}))
    hospitals = View(unit=features("unit", {"code": "1", "name": "区医院（东院）"}, {"code": "2", "name": "区医院（西院）"}))

    made = planned(责任单位=["住建局"], view=view)
    assert ([None], ["东区住建局", "西区住建局"]) == (column(made, "responsible_unit"), [one.value for one in doubt(made, "unit:住建局").answers][:2])
    assert ["区医院（西院）", None] == column(planned(责任单位=["区医院(西院)", "区医院"], view=hospitals), "responsible_unit")


def test_an_answer_that_names_nobody_is_said() -> None:
    """--answer unit:执法局=城关局: a slip."""
    made = planned(责任单位=["执法局"], answers={"unit:执法局": "城关局"})

    assert ([None], 1) == (column(made, "responsible_unit"), sum("城关局" in warning for warning in made.report.warnings))
