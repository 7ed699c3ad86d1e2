"""The page in a real browser with no network: on a phone with touch and on a desktop. It asks for nothing and complains of nothing, whatever its texts are."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image
from pyproj import Geod
from shapely.geometry import LineString, box

from chuangwen.domain.layer import Symbol
from chuangwen.exchange.web.content import OnlineBase, WebClass, WebPage
from chuangwen.exchange.web.page import write_page
from tests.build import ROOT
from tests.exchange.web.pages import LAT, LON, STEP, at, layer, project_page, town_page
from tests.web.browser import DESKTOP, PHONE, Browser, window

Opener = Callable[..., Browser]
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])

NASTY = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "</textarea><img src=x onerror='window.ran = 1'>",
    "<svg onload=window.ran=1>",
    "\"><iframe srcdoc='<script>parent.ran=1</script>'>",
    "javascript:window.ran=1",
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1}",
    "'-(window.ran=1)-'",
    "<a href='https://example.org'>x</a> http://example.org/x.png",
    "<style>@import 'https://example.org/a.css';body{background:url(https://example.org/b)}</style>",
    "一\r\n二\n三\u2028四\u2029",
    "\u202e倒过来\u202c \u200f\u2067阿拉伯",
    "🚧👨‍👩‍👧‍👦" * 8,
    "很长" * 3500,
    "__proto__",
    "&lt;b&gt;&#x3C;script&#x3E;",
    "\x00\x07\x1b[31m",
)


@pytest.fixture
def opened(chromium: int, tmp_path: Path) -> Iterator[Opener]:
    """Writes a page, opens it in a window of a size; at the end it has asked for nothing and complained of nothing."""
    browsers: list[Browser] = []
    with ExitStack() as stack:

        def open_page(page: WebPage, size: tuple[int, int], password: str = "", before: str = "", is_dark: bool = False) -> Browser:
            path = tmp_path / "地图 1.html"
            write_page(page, path, password)
            browser = stack.enter_context(window(chromium, tmp_path, size, is_dark))
            if before:
                browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=before)
            browser.open(path)
            browsers.append(browser)
            return browser

        yield open_page
        assert [browser.requests() for browser in browsers] == [[]] * len(browsers)
        assert [browser.complaints() for browser in browsers] == [[]] * len(browsers)


def found(browser: Browser, words: str) -> list[str]:
    """Titles that a search brings."""
    browser.type("#find", words)
    titles: list[str] = browser.run("[...document.querySelectorAll('#found .result-title')].map(one => one.textContent)")
    return titles


@SIZES
def test_a_thing_is_found_and_told(opened: Opener, size: tuple[int, int]) -> None:
    """By Chinese, by initials, by a key; its card has the important lines, 更多 the rest, a number can be called."""
    browser = opened(town_page(), size)

    assert found(browser, "人民广")[0] == "人民广场"
    assert found(browser, "rmgc")[0] == "人民广场"
    assert found(browser, "cqm") == ["西街长青门网格"]
    assert found(browser, "zqm") == ["西街长青门网格"]  # 长 is read both ways
    assert found(browser, "RMGC ")[0] == "人民广场"
    assert found(browser, "没有的") == []
    assert found(browser, "影响通行") == ["2024-000"]
    browser.press("#found button")

    assert browser.text(".card-title") == "2024-000"
    assert browser.run("[...document.querySelectorAll('.lines dt')].map(one => one.textContent)") == ["状态", "描述", "联系电话"]
    assert browser.run("[...document.querySelectorAll('.lines a')].map(one => one.href)") == ["tel:13800000000", "tel:07941234567"]
    browser.press("#card .more")
    assert "6月5日18:00" in browser.text("#card-body")
    browser.press("#card-close")
    assert not browser.shows("#card")


@SIZES
def test_layers_are_switched(opened: Opener, size: tuple[int, int]) -> None:
    """The legend has the counts; what is off cannot be touched, and a search puts it on again."""
    browser = opened(town_page(), size)
    if size == PHONE:
        browser.press("#tool-layers")
    assert browser.run("[...document.querySelectorAll('.layer-head')].map(one => [one.dataset.layer, one.querySelector('.count').textContent])") == [
        ["issue", "1"], ["site", "2"], ["section", "1"], ["zone", "3"], ["road", "1"], ["water", "1"],
    ]  # fmt: skip
    browser.press('.layer-head[data-layer="issue"]')
    assert browser.run("""document.querySelector('.layer-head[data-layer="issue"]').getAttribute('aria-pressed')""") == "false"
    browser.press("#legend-close")

    place = browser.run("chuangwen.placeOf('issue', 'issue-0')")
    browser.touch(*place)
    browser.wait("!document.getElementById('card').hidden")
    assert browser.text(".card-layer") == "网格"
    found(browser, "2024")
    browser.press("#found button")
    assert browser.text(".card-layer") == "问题"
    assert browser.run("""document.querySelector('.layer-head[data-layer="issue"]').getAttribute('aria-pressed')""") == "true"


@SIZES
def test_a_touch_tells_the_program_and_the_program_selects(opened: Opener, size: tuple[int, int]) -> None:
    """The bridge of the dock: both ways, no echo, false for what the page does not have."""
    browser = opened(town_page(), size)
    browser.run("chuangwen.onSelect = (layer, id) => (window.told = [layer, id])")

    assert browser.run("chuangwen.select('site', 'site-1')") is True
    assert browser.text(".card-title") == "第一小学"
    assert browser.run("window.told") is None
    assert browser.run("[chuangwen.select('site', 'x'), chuangwen.select('x', 'site-1')]") == [False, False]
    browser.wait("(([x, y]) => x > 0 && x < innerWidth && y > 0 && y < innerHeight)(chuangwen.placeOf('site', 'site-1'))")
    browser.run("chuangwen.clearSelection()")
    assert not browser.shows("#card")
    browser.wait("document.querySelector('.leaflet-zoom-anim') === null")
    browser.touch(*browser.run("chuangwen.placeOf('site', 'site-1')"))
    browser.wait("window.told")
    assert browser.run("window.told") == ["site", "site-1"]
    browser.press("#card-close")
    assert browser.run("window.told") == [None, None]
    browser.run("window.told = 0, chuangwen.select('site', 'site-0'), chuangwen.clearSelection()")
    assert browser.run("window.told") == 0


def colour_at(browser: Browser, layer: str, row_id: str) -> list[int]:
    """Red, green, blue of the map where a feature stands."""
    code = """((canvas, [x, y]) => { const box = canvas.getBoundingClientRect(); const k = canvas.width / box.width;
        return [...canvas.getContext('2d').getImageData((x - box.left) * k, (y - box.top) * k, 1, 1).data].slice(0, 3); })(
        [...document.querySelectorAll('.cw-canvas canvas')].find(one => one.style.visibility === 'visible'), chuangwen.placeOf(a[0], a[1]))"""
    found: list[int] = browser.run(code, layer, row_id)
    return found


def test_roads_lie_over_the_fills_of_zones(opened: Opener) -> None:
    """As in the program: the fill of a zone is beneath roads and water though its outline is on top; by night both are dark."""
    zone, road = WebClass("网格", Symbol(fill="#ff0000", stroke="#880000")), WebClass("道路", Symbol(stroke="#0000ff", stroke_width=3.0))
    area = box(LON, LAT, LON + 20 * STEP, LAT + 10 * STEP)
    made = (
        layer("road", [LineString([at(1, 3), at(10, 3), at(19, 3)])], [""], kinds=(road,), classes=[0], is_context=True, label=None),
        layer("zone", [area], [""], kinds=(zone,), classes=[0], label=None),
    )
    page = replace(town_page(), layers=made)

    by_day, by_night = opened(page, DESKTOP), opened(page, DESKTOP, is_dark=True)

    assert colour_at(by_day, "road", "road-0") == [0, 0, 255]
    assert colour_at(by_day, "zone", "zone-0") == [255, 0, 0]
    assert max(colour_at(by_night, "road", "road-0")[:2]) < 200


@SIZES
def test_texts_of_any_kind_stay_texts(opened: Opener, size: tuple[int, int]) -> None:
    """As titles, values, labels, classes, notes, watermark and in a search; nothing runs, nothing is asked for, nothing grows wider than the window."""
    page = town_page(texts=NASTY, patrol=True, watermark=NASTY[0], notes=NASTY[:4])
    issue = replace(
        page.layers[-1], titles=list(NASTY), labels=list(NASTY), title=NASTY[1], kinds=tuple(replace(one, title=NASTY[2]) for one in page.layers[-1].kinds)
    )
    browser = opened(replace(page, title=NASTY[0], subtitle=NASTY[3], producer=NASTY[4], layers=(*page.layers[:-1], issue), search_words=(NASTY[5],)), size)

    for number, text in enumerate(NASTY):
        assert browser.run("chuangwen.select('issue', a[0])", f"issue-{number}")
        browser.run("document.querySelectorAll('#card .more, #card .unfold').forEach(one => one.click())")
        shown = browser.run("document.querySelector('.card-title').textContent")
        assert shown == text
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    browser.type("#find", "<")
    browser.type("#find", "script")
    browser.run("document.querySelectorAll('#legend button').forEach(one => one.click())")

    assert browser.run("window.ran") is None
    assert browser.run("document.querySelectorAll('#card iframe, #found img, #top script, bdi *').length") == 0
    assert browser.run("document.title") == NASTY[0]


def test_an_injected_script_cannot_run(opened: Opener) -> None:
    """Should our own code ever slip, the policy holds: neither an inline script nor a handler nor a fetch; the browser says that it refused them."""
    browser = opened(town_page(), DESKTOP)
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=window.ran=1>')")
    browser.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))")
    browser.run("void fetch('https://example.org/').catch(() => (window.refused = true))")

    browser.wait("window.refused")
    assert browser.run("window.ran") is None
    assert len([one for one in browser.complaints() if "Content Security Policy" in one]) >= 3
    assert browser.requests() in ([], ["https://example.org/"])  # asked for and stopped before it left


@SIZES
def test_ten_thousand_in_one_place_are_a_list(opened: Opener, size: tuple[int, int]) -> None:
    """A mark with their number; a touch lists them, a hundred at a time; back from one is the list again."""
    browser = opened(town_page(same_place=10_000), size)

    browser.touch(*browser.run("chuangwen.placeOf('issue', 'issue-77')"))
    browser.wait("!document.getElementById('card').hidden")
    assert browser.text("#card .card-title") == "此处共 10,000 个"
    assert browser.run("document.querySelectorAll('#card .result').length") == 100
    browser.press("#card .more")
    assert browser.run("document.querySelectorAll('#card .result').length") == 200
    browser.press("#card .result:nth-child(3)")
    assert browser.text("#card .card-title") == "2024-003"
    browser.press("#card-back")
    assert browser.text("#card .card-title") == "此处共 10,000 个"


def saved(folder: Path, browser: Browser) -> dict[str, Any]:
    """The returned file in the folder of downloads."""
    browser.wait("!document.getElementById('saved').hidden")
    for _ in range(100):
        if files := list(folder.glob("*.json")):
            made: dict[str, Any] = json.loads(files[0].read_text(encoding="utf-8"))
            return made
        time.sleep(0.05)
    raise AssertionError("nothing was downloaded")


@SIZES
def test_a_patrol_ticks_and_saves(opened: Opener, size: tuple[int, int], tmp_path: Path) -> None:
    """What was ticked outlives a reload, and the saved file has the form that the program reads."""
    browser = opened(town_page(texts=["坑", "牌", "灯"], patrol=True), size)
    assert browser.text("#patrol-count") == "已记 0 / 3"
    assert browser.run("document.getElementById('patrol-save').disabled")

    browser.run("chuangwen.select('issue', 'issue-1')")
    browser.press(".tick-choice.is-done")
    browser.type(".tick-note", "已换新牌\n<b>")
    browser.type(".tick-photo", "IMG_1.jpg")
    browser.run("chuangwen.select('issue', 'issue-2')")
    browser.press(".tick-choice.is-not_done")
    browser.run("chuangwen.select('issue', 'issue-0')")
    browser.press(".tick-choice.is-done")
    browser.press(".tick-choice.is-done")
    browser.press("#card-close")
    assert browser.text("#patrol-count") == "已记 2 / 3"
    browser.type("#patroller", "甲")
    browser.open(tmp_path / "地图 1.html")
    assert browser.text("#patrol-count") == "已记 2 / 3"
    browser.press("#patrol-open")
    assert browser.text("#card .card-title") == "待查 1，已记 2"
    browser.press("#card-close")
    browser.press("#patrol-save")

    made = saved(tmp_path, browser)
    times = [made.pop("saved_at"), *(one.pop("at") for one in made["entries"])]
    assert all(dt.datetime.fromisoformat(one).tzinfo is None for one in times)
    assert made == {
        "format": "chuangwen-patrol", "version": 1, "project": "project-1", "packet": "packet-1", "subject": "东街第1网格",
        "data_time": "2024-06-03T09:00:00", "patroller": "甲",
        "entries": [
            {"layer": "issue", "id": "issue-1", "result": "done", "note": "已换新牌\n<b>", "photo": "IMG_1.jpg"},
            {"layer": "issue", "id": "issue-2", "result": "not_done", "note": "", "photo": ""},
        ],
    }  # fmt: skip
    assert (
        json.loads(browser.run("document.getElementById('saved-text').value"))["entries"]
        == json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))["entries"]
    )
    browser.press("#saved-copy")
    browser.press("#saved-close")


def test_a_disc_is_ticked_when_all_in_it_were_looked_at(opened: Opener, tmp_path: Path) -> None:
    """Three issues in one place: no mark while one is left, then the green one, and the red one where one is not put right."""
    browser = opened(town_page(texts=[], same_place=3, patrol=True), PHONE)
    green, red = (27, 138, 75), (198, 40, 40)

    def seen() -> tuple[bool, bool]:
        time.sleep(0.4)
        browser.picture(tmp_path / "a.png")
        x, y = browser.run("chuangwen.placeOf('issue', 'issue-0')")
        with Image.open(tmp_path / "a.png") as picture:
            around = picture.convert("RGB").crop((round(2 * x - 70), round(2 * y - 70), round(2 * x + 70), round(2 * y + 70)))  # two dots a pixel
        colours = {colour for _count, colour in around.getcolors(1 << 24) or ()}
        return green in colours, red in colours

    for number, result in enumerate(("done", "done", "done", "not_done")):
        browser.run(f"chuangwen.select('issue', 'issue-{min(number, 2)}')")
        browser.press(f".tick-choice.is-{result}")
        browser.press("#card-close")
        assert seen() == ((False, False), (False, False), (True, False), (False, True))[number]


def test_a_browser_that_keeps_nothing_still_ticks(opened: Opener) -> None:
    """No localStorage: the page says so once and keeps the ticks while it is open."""
    browser = opened(town_page(patrol=True), PHONE, before="Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")
    browser.run("chuangwen.select('issue', 'issue-0')")
    browser.press(".tick-choice.is-done")

    assert "关闭网页前" in browser.text("#toast")
    assert browser.run("document.getElementById('patrol-count').textContent") == "已记 1 / 1"


@SIZES
def test_a_password_opens_the_page(opened: Opener, size: tuple[int, int]) -> None:
    """Nothing of it is seen before; a wrong one says so."""
    browser = opened(town_page(), size, password="春江2024")
    assert browser.run("document.title") == ""
    assert "试验区" not in browser.run("document.documentElement.innerText")

    browser.type("#password", "错")
    browser.press("#lock-open")
    browser.wait("document.getElementById('lock-answer').textContent.startsWith('密码不对')")
    browser.type("#password", " 春江2024")
    browser.press("#lock-open")
    browser.wait("chuangwen.ready")
    assert browser.text("#title") == "试验区迎检一张图"
    assert browser.run("document.getElementById('lock')") is None


def test_a_browser_without_cryptography_says_what_to_do(opened: Opener) -> None:
    """Some phones' built-in browsers open a file without WebCrypto."""
    browser = opened(town_page(), PHONE, password="a", before="Object.defineProperty(crypto, 'subtle', {value: undefined})")

    assert "新版" in browser.text("#lock-answer")
    assert browser.run("document.getElementById('lock-open').disabled")


def test_a_browser_without_streams_inflates_by_itself(opened: Opener, demo_file: Path) -> None:
    """Our own inflate reads the demo's page to the last text."""
    page = project_page(demo_file)
    browser = opened(page, PHONE, before="delete window.DecompressionStream")

    assert browser.run("typeof DecompressionStream") == "undefined"
    assert browser.text("#title") == page.title
    last = page.layers[-1]
    assert browser.run("chuangwen.select(a[0], a[1])", last.id, last.ids[-1])


@SIZES
def test_lengths_and_areas_are_those_of_the_ellipsoid(opened: Opener, size: tuple[int, int]) -> None:
    """Against GeographicLib on GRS80: between two sites and around three corners of the zones, to a thousandth (a touch is a pixel)."""
    geod = Geod(ellps="GRS80")
    browser = opened(town_page(), size)
    browser.press("#tool-measure")
    sites = [("site", "site-0"), ("site", "site-1")]
    for name in sites:
        browser.touch(*browser.run("chuangwen.placeOf(a[0], a[1])", *name))
    told = browser.text("#measure-answer")
    metres = float(told.split()[0]) * (1000 if "km" in told else 1)
    wanted = geod.inv(LON + 5 * STEP, LAT + 4 * STEP, LON + 12 * STEP, LAT + 2 * STEP)[2]
    assert metres == pytest.approx(wanted, rel=0.03)

    browser.press("#measure-area")
    browser.touch(*browser.run("chuangwen.placeOf('issue', 'issue-0')"))
    hectares = float(browser.text("#measure-answer").split()[0])
    corners = [(5, 4), (12, 2), (2, 1.5)]
    area = abs(geod.polygon_area_perimeter([LON + x * STEP for x, _y in corners], [LAT + y * STEP for _x, y in corners])[0])
    assert hectares == pytest.approx(area / 10_000, rel=0.05)
    browser.press("#measure-end")
    assert not browser.shows("#measure-bar")


def test_formulas_agree_with_geographiclib(opened: Opener) -> None:
    """Lengths to a millimetre; areas to one in ten thousand, as their sides are straight on the map and no geodesics."""
    source = "\n".join(
        line
        for line in (ROOT / "resources" / "web" / "geodesic.js").read_text(encoding="utf-8").replace("export ", "").splitlines()
        if not line.startswith("//")
    )
    browser = opened(town_page(), DESKTOP)
    geod = Geod(ellps="GRS80")
    ring = [(116.36, 27.95), (116.40, 27.96), (116.41, 28.01), (116.37, 28.02)]
    metres, area = (
        browser.devtools(
            "Runtime.evaluate",
            expression=f"{{{source}\nJSON.stringify([metresBetween({list(ring[0])}, {list(ring[2])}), areaOf({[list(one) for one in ring]})])}}",
        )["result"]["value"]
        .strip("[]")
        .split(",")
    )

    assert float(metres) == pytest.approx(geod.inv(*ring[0], *ring[2])[2], abs=1e-3)
    assert float(area) == pytest.approx(abs(geod.polygon_area_perimeter(*zip(*ring, strict=True))[0]), rel=1e-4)


def test_a_refused_place_is_said_quietly(opened: Opener) -> None:
    """No error, a sentence."""
    browser = opened(town_page(), PHONE)
    browser.devtools("Browser.setPermission", permission={"name": "geolocation"}, setting="denied")
    browser.press("#tool-here")

    browser.wait("!document.getElementById('toast').hidden", 25)
    assert "没有取得位置" in browser.text("#toast")


def test_the_place_is_shown_where_it_is_permitted(opened: Opener) -> None:
    """The map goes there; a second press ends it."""
    browser = opened(
        town_page(),
        PHONE,
        before="navigator.geolocation.watchPosition = done => (setTimeout(() => done({coords: {latitude: 27.953, longitude: 116.365, accuracy: 20}})), 7)",
    )
    browser.press("#tool-here")

    browser.wait("document.getElementById('tool-here').getAttribute('aria-pressed') === 'true'")
    assert not browser.shows("#toast")
    browser.press("#tool-here")
    assert browser.run("document.getElementById('tool-here').getAttribute('aria-pressed')") == "false"


@SIZES
def test_a_page_that_has_run_out_says_so(opened: Opener, size: tuple[int, int]) -> None:
    """The day after, not on the day."""
    today = dt.datetime.now(tz=dt.UTC).date()
    late = opened(town_page(expires=today - dt.timedelta(days=2)), size)
    assert "已过期" in late.text("#expired")

    fresh = opened(town_page(expires=today + dt.timedelta(days=1)), size)
    assert not fresh.shows("#expired")


@SIZES
def test_touch_targets_are_large_and_nothing_overlaps(opened: Opener, size: tuple[int, int]) -> None:
    """Every button that shows is 44 pixels high on a phone; none lies over another or outside the window."""
    browser = opened(town_page(patrol=True, watermark="内部使用", notes=("内部使用 注意保管", "有效期至 2024-06-30")), size)
    boxes = """[...document.querySelectorAll('button, input, a')]
        .filter(one => one.getClientRects().length && getComputedStyle(one).visibility !== 'hidden' && !one.closest('#layers'))
        .map(one => [one.id || one.className, ...(({left, top, right, bottom}) => [left, top, right, bottom])(one.getBoundingClientRect())])"""
    for step in ("", "chuangwen.select('issue', 'issue-0')"):
        if step:
            browser.run(step)
        shown = browser.run(boxes)
        assert [one for one in shown if one[1] < 0 or one[2] < 0 or one[3] > size[0] + 1] == []
        assert [one for one in shown if size == PHONE and one[4] - one[2] < 43.9] == []
        tools = [one for one in shown if one[0].startswith(("tool-", "find", "patrol"))]
        assert [
            (a[0], b[0]) for n, a in enumerate(tools) for b in tools[n + 1 :] if a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] < b[4] - 1 and b[2] < a[4] - 1
        ] == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["upright", "across"])
def test_it_prints_on_one_sheet(opened: Opener, size: tuple[int, int], tmp_path: Path) -> None:
    """A4 with title, legend with counts, notes, watermark, scale; its text can be searched; afterwards the page is as it was."""
    from pypdf import PdfReader

    browser = opened(town_page(watermark="内部使用", notes=("审图号 赣S(2024)1号",)), size)
    browser.paper(tmp_path / "a.pdf")

    sheets = PdfReader(tmp_path / "a.pdf").pages
    text = normalize("NFKC", sheets[0].extract_text()).replace(" ", "")  # a system's font may give radicals (facts.md 6)
    assert len(sheets) == 1
    assert sorted(round(float(side)) for side in sheets[0].mediabox[2:]) == [595, 842]
    assert [word for word in ("试验区迎检一张图", "审图号", "2024-06-0309:00", "内部使用", "问题") if word not in text] == []
    browser.wait("!document.body.classList.contains('is-printing')")
    assert browser.shows("#tools")


@pytest.mark.parametrize("mono", [False, True], ids=["colour", "mono"])
def test_paper_is_white_by_night(opened: Opener, mono: bool) -> None:
    """Whatever the screen's scheme; in black and white there is no colour at all on the map."""
    browser = opened(town_page(), DESKTOP, is_dark=True)
    browser.run("window.print = () => window.dispatchEvent(new Event('beforeprint'))")
    browser.press("#tool-print")
    browser.press("#print-mono" if mono else "#print-colour")

    pixels = """(canvas => { const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let [white, coloured] = [0, 0];
        for (let n = 0; n < data.length; n += 4) { white += data[n] + data[n + 1] + data[n + 2] > 750; coloured += Math.abs(data[n] - data[n + 2]) > 40; }
        return [white / (data.length / 4), coloured]; })([...document.querySelectorAll('.cw-canvas canvas')].find(one => one.style.visibility === 'visible'))"""
    white, coloured = browser.run(pixels)
    assert white > 0.6
    assert (coloured == 0) == mono
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_an_online_map_is_asked_for_tiles_only(opened: Opener, chromium: int, tmp_path: Path) -> None:
    """The one host that the user added; without a network the page stays whole and can switch it off."""
    write_page(town_page(base=OnlineBase("街道图", "https://tiles.invalid/{z}/{x}/{y}.png", "示例地图")), tmp_path / "b.html")
    with window(chromium, tmp_path, DESKTOP) as browser:
        browser.open(tmp_path / "b.html")
        browser.wait("document.querySelectorAll('.leaflet-tile').length > 0")
        asked = browser.requests()
        assert asked
        assert all(one.startswith("https://tiles.invalid/") for one in asked)
        assert "示例地图" in browser.text("#notes")
        browser.run("[...document.querySelectorAll('.layer-head')].pop().click()")
        assert browser.run("document.querySelectorAll('.leaflet-tile').length") == 0
    opened(town_page(), DESKTOP)
