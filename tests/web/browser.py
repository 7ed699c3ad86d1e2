"""Chromium without a window, spoken to by chromedriver's own protocol (W3C WebDriver) in a few lines: no package, nothing downloaded.

Every name a page could ask the network for leads nowhere; what it asks for and what it complains about is kept.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PHONE, DESKTOP = (390, 844), (1366, 768)


def missing() -> str:
    """Why no test of a page can run on this machine; '' where they can."""
    lacking = [package for program, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")) if shutil.which(program) is None]
    return f"needs the Debian packages {', '.join(lacking)} (`make test` installs them where it may)" if lacking else ""


class Browser:
    """One window of one running Chromium."""

    def __init__(self, port: int, size: tuple[int, int], is_phone: bool, is_dark: bool, folder: Path) -> None:
        self._base = f"http://127.0.0.1:{port}"
        flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--window-size={size[0]},{size[1]}",
        ]  # fmt: skip
        options: dict[str, Any] = {"args": flags, "binary": shutil.which("chromium"), "prefs": {"download.default_directory": str(folder)}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        answer = self._say("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._base += f"/session/{answer['sessionId']}"
        self.devtools("Network.enable")
        self.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        self.devtools("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=2 if is_phone else 1, mobile=is_phone)
        self.devtools("Emulation.setTouchEmulationEnabled", enabled=is_phone, maxTouchPoints=5)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])
        self.is_phone = is_phone

    def _say(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._base + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as problem:
            raise AssertionError(json.load(problem)["value"]["message"]) from None

    def devtools(self, command: str, **values: Any) -> Any:
        """A command of the DevTools protocol."""
        return self._say("POST", "/goog/cdp/execute", {"cmd": command, "params": values})

    def open(self, path: Path) -> None:
        """Load a file and wait until its map is painted, or until it asks for a password."""
        self._say("POST", "/url", {"url": path.as_uri()})
        self.wait("window.chuangwen && (chuangwen.ready || !document.getElementById('lock').hidden)")

    def run(self, code: str, *values: Any) -> Any:
        """The value of an expression of JavaScript; `values` are its `a`."""
        return self._say("POST", "/execute/sync", {"script": f"const a = arguments; return ({code});", "args": list(values)})

    def wait(self, condition: str, seconds: float = 15) -> None:
        """Until an expression holds."""
        until = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < until, f"never came true: {condition}"
            time.sleep(0.03)

    def touch(self, x: float, y: float) -> None:
        """A finger, or on a desktop the mouse, at a place of the window."""
        there = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}
        self._act([there, {"type": "pointerDown", "button": 0}, {"type": "pause", "duration": 30}, {"type": "pointerUp", "button": 0}])

    def _act(self, steps: list[dict[str, Any]]) -> None:
        pointer = {"type": "pointer", "id": "p", "parameters": {"pointerType": "touch" if self.is_phone else "mouse"}}
        self._say("POST", "/actions", {"actions": [{**pointer, "actions": steps}]})

    def press(self, selector: str) -> None:
        """Touch the middle of an element; it has to be there, in the window, and nothing over it."""
        self.run("document.querySelector(a[0]).scrollIntoView({block: 'nearest'})", selector)
        box = self.run("(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector(a[0]).getBoundingClientRect())", selector)
        assert self.run("document.querySelector(a[0]).contains(document.elementFromPoint(a[1], a[2]))", selector, *box), f"something lies over {selector}"
        self.touch(*box)

    def type(self, selector: str, words: str) -> None:
        """Put words into a field as typing does."""
        self.run(
            "(one => { one.focus(); one.value = a[1]; one.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector(a[0]))", selector, words
        )

    def text(self, selector: str) -> str:
        """What an element says."""
        return str(self.run("document.querySelector(a[0]).innerText", selector))

    def shows(self, selector: str) -> bool:
        """Whether an element can be seen."""
        return bool(
            self.run(
                "(one => Boolean(one) && one.offsetParent !== null || Boolean(one) && one.getClientRects().length > 0)(document.querySelector(a[0]))", selector
            )
        )

    def drag(self, x0: float, y0: float, x1: float, y1: float, milliseconds: int = 600) -> None:
        """Move the map with the pointer down."""
        steps: list[dict[str, Any]] = [{"type": "pointerMove", "x": round(x0), "y": round(y0), "duration": 0}, {"type": "pointerDown", "button": 0}]
        count = max(milliseconds // 16, 1)
        for n in range(1, count + 1):
            steps.append({"type": "pointerMove", "x": round(x0 + (x1 - x0) * n / count), "y": round(y0 + (y1 - y0) * n / count), "duration": 16})
        steps.append({"type": "pointerUp", "button": 0})
        self._say(
            "POST",
            "/actions",
            {"actions": [{"type": "pointer", "id": "p", "parameters": {"pointerType": "touch" if self.is_phone else "mouse"}, "actions": steps}]},
        )

    def picture(self, path: Path) -> None:
        """What the window shows, as a PNG."""
        path.write_bytes(base64.b64decode(self._say("GET", "/screenshot")))

    def paper(self, path: Path) -> None:
        """What the page prints, as a PDF."""
        made = self.devtools("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        path.write_bytes(base64.b64decode(made["data"]))

    def requests(self) -> list[str]:
        """Addresses asked for since the last call, the opened files themselves left out."""
        events = [json.loads(one["message"])["message"] for one in self._say("POST", "/se/log", {"type": "performance"})]
        asked = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
        return [one for one in asked if not one.startswith(("file:///", "blob:", "data:")) or (one.startswith("file:") and not one.endswith(".html"))]

    def complaints(self) -> list[str]:
        """What the console has heard since the last call: errors, refusals of the policy, warnings."""
        return [one["message"] for one in self._say("POST", "/se/log", {"type": "browser"}) if one["level"] in ("SEVERE", "WARNING")]

    def close(self) -> None:
        """End the window."""
        self._say("DELETE", "")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def driver() -> Iterator[int]:
    """chromedriver at work; its port."""
    port = _free_port()
    process = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def window(port: int, folder: Path, size: tuple[int, int] = DESKTOP, is_dark: bool = False) -> Iterator[Browser]:
    """A window of a size; a narrow one is a phone with touch. Downloads land in `folder`."""
    made = Browser(port, size, size[0] < 760, is_dark, folder)
    try:
        yield made
    finally:
        made.close()
