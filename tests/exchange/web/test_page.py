"""The written file: it asks nothing of anybody, says nothing outside its one block, and is whole or not there."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from chuangwen.errors import Cancelled, DataProblem, FileProblem
from chuangwen.exchange.web.content import OnlineBase
from chuangwen.exchange.web.page import write_page
from chuangwen.progress import Progress
from tests.exchange.web.pages import many_page, project_page, town_page
from tests.exchange.web.reading import head_of, whole_text, without_content

ADDRESS = re.compile(r"""(?:https?|wss?|ftp|file):|["'(=]\s*//\w|//[\w-]+\.[\w-]|sourceMappingURL|url\((?!#)|@import""")
BASE = OnlineBase("街道图", "https://tiles.example.org/{z}/{x}/{y}.png", "示例地图")


def written(path: Path, **more: object) -> str:
    """The town's page as text."""
    write_page(town_page(**more), path)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def test_no_address_stands_in_the_file(tmp_path: Path) -> None:
    """Neither Leaflet's nor folium's ten; the search for them finds a planted one of each kind."""
    for planted in ("https://a", 'src="//a"', "// x//b.c", "//# sourceMappingURL=x", "url(x.png)", "wss://a"):
        assert ADDRESS.search(planted)

    html = written(tmp_path / "a.html")

    assert ADDRESS.findall(without_content(html)) == []
    assert "L.map(" in html
    assert "Volodymyr Agafonkin" in html  # the licence goes with the code


def test_an_online_map_is_the_only_host(tmp_path: Path) -> None:
    """Named in the policy for pictures, in the content otherwise."""
    html = written(tmp_path / "a.html", base=BASE)

    assert re.findall(r"https?://[^\s\"';]*", without_content(html)) == ["https://tiles.example.org"]
    assert "img-src data: blob: https://tiles.example.org;" in html
    assert head_of(html)["base"]["address"] == BASE.address


@pytest.mark.parametrize(
    "address", ["tiles/{z}/{x}/{y}.png", "https://a.b/1.png", "javascript:{z}{x}{y}", "https://a.b/{z}/{x}/{y}?{key}", "https://a'b; script-src */{z}/{x}/{y}"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    """Above all one that would say more than a host in the policy."""
    with pytest.raises(DataProblem):
        write_page(town_page(base=replace(BASE, address=address)), tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []


def test_the_policy_lets_our_scripts_run_and_nothing_else(tmp_path: Path) -> None:
    """Every script and style of the file has its hash there, so a changed or an added one does not run."""
    html = written(tmp_path / "a.html")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]  # type: ignore[index]

    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert html.index("Content-Security-Policy") < html.index("<style>")
    assert re.findall(r"<[^>]*\son\w+=", without_content(html)) == []


def test_the_project_speaks_only_in_the_block(tmp_path: Path) -> None:
    """Titles and texts are nowhere as HTML."""
    texts = ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>"]
    html = written(tmp_path / "a.html", texts=texts)

    bare = without_content(html)
    assert [word for word in ("试验区", "alert(1)", "13800000000", "区住建局", "人民") if word in bare] == []
    assert set(texts) <= set(head_of(html)["texts"])


def test_any_text_comes_back_as_it_was(tmp_path: Path) -> None:
    """Line ends, marks of direction, emoji, 7,000 characters, half a surrogate pair."""
    texts = ["一\r\n二\n三\u2028四", "\u202e倒\u202c \u200f", "🚧" * 10, "长" * 7000, "\"'&amp;\\", "\ud83d坏"]
    head = head_of(written(tmp_path / "a.html", texts=texts))

    assert set(texts[:-1]) <= set(head["texts"])
    assert "?坏" in head["texts"]


def test_one_content_is_one_file(tmp_path: Path) -> None:
    """The same bytes each time; with a password never the same."""
    first, second = written(tmp_path / "a.html"), written(tmp_path / "b.html")
    write_page(town_page(), tmp_path / "c.html", "abc")
    write_page(town_page(), tmp_path / "d.html", "abc")

    assert first == second
    assert (tmp_path / "c.html").read_bytes() != (tmp_path / "d.html").read_bytes()


def test_a_locked_page_says_nothing(tmp_path: Path) -> None:
    """Without the password not even its title; with it, all. Blanks around it come from copying."""
    made = write_page(town_page(), tmp_path / "a.html", " 春江 2024 ")
    html = (tmp_path / "a.html").read_text(encoding="utf-8")

    assert made.is_locked
    assert "试验区" not in html
    with pytest.raises(InvalidTag):
        head_of(html, "错")
    assert head_of(html, "春江 2024")["title"] == "试验区迎检一张图"
    assert int(re.search(r'data-lock="(\d+)\.', html)[1]) >= 310_000  # type: ignore[index]


def test_what_is_said_of_the_file_is_true(tmp_path: Path) -> None:
    """Size and number of features; nothing else is left in the folder."""
    made = write_page(town_page(), tmp_path / "a.html")

    assert made.size == (tmp_path / "a.html").stat().st_size
    assert made.features == 9
    assert not made.is_locked
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A folder in its place, a stop on the way, columns that do not fit."""
    (tmp_path / "a.html").mkdir()
    with pytest.raises(FileProblem, match="无法写入"):
        write_page(town_page(), tmp_path / "a.html")
    stopped = Progress()
    stopped.cancel()
    (tmp_path / "b.html").write_text("旧", encoding="utf-8")
    with pytest.raises(Cancelled):
        write_page(town_page(), tmp_path / "b.html", progress=stopped)
    page = town_page()
    with pytest.raises(DataProblem, match="长短不一"):
        write_page(replace(page, layers=(replace(page.layers[-1], titles=()),)), tmp_path / "b.html")
    with pytest.raises(DataProblem, match="图例"):
        write_page(replace(page, layers=(replace(page.layers[-1], classes=[99]),)), tmp_path / "b.html")

    assert (tmp_path / "b.html").read_text(encoding="utf-8") == "旧"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_a_patrol_page_carries_what_its_answer_must_say(tmp_path: Path) -> None:
    """Project, packet and the state of the data; the expiry as a date."""
    head = head_of(written(tmp_path / "a.html", patrol=True, expires=dt.date(2024, 6, 30)))

    assert head["patrol"] == {"project": "project-1", "packet": "packet-1", "subject": "东街第1网格", "data_time": "2024-06-03T09:00:00"}
    assert head["expires"] == "2024-06-30"
    assert [one["ticked"] for one in head["layers"]] == [False, False, False, False, False, True]


def test_the_demo_is_small_and_soon_written(tmp_path: Path, demo_file: Path) -> None:
    """1.5 MB, three seconds of processor (issue 6); all its texts are found in the packed part."""
    page = project_page(demo_file)
    begun = time.process_time()
    made = write_page(page, tmp_path / "a.html")

    assert time.process_time() - begun < 3
    assert made.size < 1_500_000
    assert "人民广场" in whole_text(tmp_path / "a.html")


@pytest.mark.slow
def test_fifty_thousand_features_fit(tmp_path: Path) -> None:
    """Twelve megabytes (issue 6)."""
    assert write_page(many_page(), tmp_path / "a.html").size < 12_000_000
