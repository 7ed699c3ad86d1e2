"""One HTML file that opens anywhere, offline: folium makes the page, everything it needs lies in it, and it can ask nothing of a network.

What the project says is in one block that no browser ever reads as HTML: base64 of packed bytes, shown by our script as text only. A Content-Security-Policy
with the hashes of our own scripts lets nothing else run and nothing be fetched, whatever a text holds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from chuangwen.errors import DataProblem
from chuangwen.exchange.web.assets import leaflet_script, leaflet_style, page_script, page_style, skeleton
from chuangwen.exchange.web.content import OnlineBase, WebPage, WrittenPage
from chuangwen.exchange.web.locking import locked
from chuangwen.exchange.web.payload import packed
from chuangwen.exchange.web.words import no_script, page_words
from chuangwen.exchange.whole_file import whole_file
from chuangwen.progress import Progress
from chuangwen.text import _

_MAP_ID = "sheet"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_CHARSET = '<meta http-equiv="content-type" content="text/html; charset=UTF-8" />'
_PLACES = {"z", "x", "y"}


def write_page(page: WebPage, path: Path, password: str = "", progress: Progress | None = None) -> WrittenPage:
    """Write the page; what lay at `path` stays until the new file is whole.

    Raises `DataProblem` for a page that contradicts itself, `FileProblem` where the file cannot be written, `Cancelled`.
    """
    progress = progress or Progress()
    content = packed(page, progress)
    lock = locked(content, password) if password.strip() else None
    progress.at(1, 2, _("写网页"))
    html = _html(_block(lock.content if lock else content, [lock.salt, lock.nonce] if lock else [], lock.rounds if lock else 0), page).encode()
    with whole_file(path) as part:
        part.write_bytes(html)
        progress.at(2, 2, _("写网页"))  # who stops it now keeps the old file
    return WrittenPage(str(path), len(html), sum(len(layer.ids) for layer in page.layers), lock is not None)


def _block(content: bytes, keys: list[bytes], rounds: int) -> str:
    """The data as an element that is no script and no text: base64 has no character that could end it."""
    lock = f' data-lock="{rounds}.{".".join(base64.b64encode(key).decode() for key in keys)}"' if keys else ""
    return f'<script type="application/octet-stream" id="content"{lock}>{base64.b64encode(content).decode()}</script>'


def _html(block: str, page: WebPage) -> str:
    import folium
    from branca.element import Element, Figure, MacroElement
    from folium.template import Template

    class Sheet(folium.Map):
        """folium's map with none of the ten addresses it would link."""

        default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own form
        default_css: list[tuple[str, str]] = []  # noqa: RUF012

    class Furniture(MacroElement):
        """Everything around the map, and the script that starts the page."""

        _template = Template(
            "{% macro html(this, kwargs) %}{{ this.elements }}{% endmacro %}{% macro script(this, kwargs) %}chuangwen.start({{ this.map }});{% endmacro %}"
        )

        def __init__(self, elements: str, map_name: str) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self._name = "Furniture"
            self.elements = elements
            self.map = map_name

    sheet = Sheet(location=[0.0, 0.0], zoom_start=3, tiles=None, zoom_control=False, attribution_control=False, zoom_snap=0.5, max_zoom=20, min_zoom=3)
    sheet._id = _MAP_ID  # noqa: SLF001 - else a random one: the same content is the same file
    furniture = Furniture(skeleton().replace("{no_script}", escape(no_script())), sheet.get_name())
    furniture._id = "furniture"  # noqa: SLF001
    sheet.add_child(furniture)
    root = sheet.get_root()
    assert isinstance(root, Figure)
    words = json.dumps(page_words(), ensure_ascii=False).replace("<", "\\u003c")
    head = root.header
    head.add_child(Element(f"<style>\n{leaflet_style()}\n</style>"), name="leaflet_style")
    head.add_child(Element(f"<script>\n{leaflet_script()}\n</script>"), name="leaflet_script")
    head.add_child(Element(f"<style>\n{page_style()}\n</style>"), name="page_style")
    root.html.add_child(Element(f'<script type="application/json" id="words">{words}</script>\n{block}'), name="content")
    root.html.add_child(Element(f"<script>\n{page_script()}\n</script>"), name="page_script")
    html = str(root.render())
    return html.replace("<html>", '<html lang="zh-CN">', 1).replace(_CHARSET, f"{_CHARSET}\n{_policy(html, page.base)}", 1)


def _policy(html: str, base: OnlineBase | None) -> str:
    """The Content-Security-Policy: our scripts and styles by their hashes, pictures of the online base map from its one host, nothing else from anywhere."""
    rules = [
        "default-src 'none'",
        "script-src " + _hashes(_SCRIPT, html),
        "style-src " + _hashes(_STYLE, html),
        "img-src data: blob:" + (f" {_origin(base.address)}" if base else ""),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}" />\n<meta name="referrer" content="no-referrer" />'


def _hashes(pattern: re.Pattern[str], html: str) -> str:
    found = dict.fromkeys(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in pattern.findall(html))
    return " ".join(f"'sha256-{one}'" for one in found)


def _origin(address: str) -> str:
    """Scheme and host of the tiles. Raises `DataProblem` for an address that is none, or that could say more than a host in the policy."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.-]+", host) or set(re.findall(r"\{([^}]*)\}", address)) != _PLACES:
        raise DataProblem(_("在线底图的地址不对：{address}").format(address=address), hint=_("要写成 https://…/{z}/{x}/{y}.png 的样子。"))
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
