"""One list, many file names."""

from __future__ import annotations

import pytest

from chuangwen.exchange.list_names import list_key, list_title


@pytest.mark.parametrize(
    "name",
    [
        "问题清单.xlsx",
        "问题清单6.3.xlsx",
        "问题清单6月3日.xls",
        "问题清单（2024年6月4日）最终版(1).csv",
        "2024-06-05 问题清单.xlsx",
        "20240605问题清单_v2.xlsx",
        "问题清单V1.0 - 副本 (2).xlsx",
        "问题清单(1)(1).xlsx",
        "【最新】问题清单0605.xlsx",
        "问题清单（第二版）.xlsx",
        "截至6月5日问题清单.xlsx",
        "问题清单２０２４．６．５.xlsx",
    ],
)
def test_dates_versions_and_copies_do_not_count(name: str) -> None:
    """As WeChat, Windows and offices name the same list."""
    assert ("问题清单/", "问题清单") == (list_key(name), list_title(name))


def test_other_lists_stay_other_lists() -> None:
    """A grid, a street, a sheet or a batch in the name tells two lists apart; a name of nothing but a date is kept."""
    names = ["第3网格问题清单.xlsx", "第4网格问题清单.xlsx", "文昌街道问题清单.xlsx", "问题清单二.xlsx", "建设路12号问题清单.xlsx", "360102问题清单.xlsx"]
    assert len(names) == len({list_key(name) for name in [*names]})
    assert list_key("清单.xlsx", "文昌街道") != list_key("清单.xlsx", "建设街道")
    assert list_key("清单.xlsx", "6月3日") == list_key("清单.csv", "Sheet1") == list_key("清单.csv")
    assert "6.3" == list_title("6.3.xlsx")
