"""A headless Chromium driven through a pipe: the DevTools protocol in a few lines."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-extensions",
)
KEY_CODES = {"Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}
LAUNCH = """
import os, sys
pipes = [os.dup(int(number)) for number in sys.argv[1:3]]
for pipe, number in zip(pipes, (3, 4)):
    os.dup2(pipe, number)
    os.set_inheritable(number, True)
os.execv(sys.argv[3], sys.argv[3:])
"""  # moves the pipes to the numbers that Chromium expects


def find() -> str | None:
    """Where a Chromium is, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. The protocol's messages are JSON that ends with a zero byte, on pipes 3 and 4."""

    def __init__(self, program: str):
        self.events: list[dict[str, Any]] = []
        self._number = 0
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        command_read, self._write = os.pipe()
        self._read, reply_write = os.pipe()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                LAUNCH,
                str(command_read),
                str(reply_write),
                program,
                *FLAGS,
                f"--user-data-dir={self._profile.name}",
            ],
            pass_fds=(command_read, reply_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(reply_write)
        self._buffer = b""
        target = self._send("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self._send("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def open(self, path: Path, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a file from disk on a screen of this size, in pixels."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.send("Emulation.setDeviceMetricsOverride", screen)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.go(path.as_uri())

    def go(self, address: str) -> None:
        """Load an address, even if it differs from the current one behind the # only."""
        for one in ("about:blank", address):
            self.events.clear()
            self.send("Page.navigate", {"url": one})
            while not any(event["method"] == "Page.loadEventFired" for event in self.events):
                self._receive()

    def run(self, program: str) -> Any:
        """The value of a JavaScript expression on the page."""
        arguments = {"expression": program, "returnByValue": True, "awaitPromise": True}
        result = self.send("Runtime.evaluate", arguments)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element."""
        x, y = self.middle(selector)
        self._mouse("mouseMoved", x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self._mouse(kind, x, y, button="left", clickCount=1)

    def double_click(self, selector: str) -> None:
        """Click twice in the middle of an element."""
        x, y = self.middle(selector)
        for count in (1, 2):
            for kind in ("mousePressed", "mouseReleased"):
                self._mouse(kind, x, y, button="left", clickCount=count)

    def point_at(self, selector: str, dx: float = 0, dy: float = 0) -> None:
        """Move the pointer to the middle of an element, or so many pixels beside and below it."""
        x, y = self.middle(selector)
        self._mouse("mouseMoved", x + dx, y + dy)

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of an element on the screen, after scrolling to it."""
        return tuple(
            self.run(f"""(() => {{
                const node = document.querySelector({json.dumps(selector)});
                node.scrollIntoView({{block: "center", behavior: "instant"}});
                const box = node.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()""")
        )

    def type(self, selector: str, text: str) -> None:
        """Click into a field and type."""
        self.click(selector)
        self.send("Input.insertText", {"text": text})

    def press(self, key: str) -> None:
        """Press a key, e.g. `Enter`, `ArrowLeft`, `+` or a space."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = KEY_CODES.get(key, ord(key[0]))
        for kind in ("keyDown", "keyUp"):
            event = {"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", event)

    def drag(self, selector: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the mouse between two points, in pixels from the middle of an element."""
        x, y = self.middle(selector)
        self._mouse("mousePressed", x + start[0], y + start[1], button="left", clickCount=1)
        for share in (0.5, 1.0):
            dx, dy = (a + share * (b - a) for a, b in zip(start, end, strict=True))
            self._mouse("mouseMoved", x + dx, y + dy, button="left")
        self._mouse("mouseReleased", x + end[0], y + end[1], button="left", clickCount=1)

    def screenshot(self, whole_page: bool = False) -> bytes:
        """A PNG of the visible part, or of the whole page."""
        arguments = {"format": "png", "captureBeyondViewport": whole_page}
        return base64.b64decode(self.send("Page.captureScreenshot", arguments)["data"])

    @property
    def requests(self) -> list[str]:
        """Every address that the page has requested since `open`."""
        sent = [event for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Exceptions and warnings since `open`."""
        methods = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")
        return [event for event in self.events if event["method"] in methods]

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a command to the page and wait for its result."""
        return self._send(method, parameters or {}, sessionId=self._session)

    def close(self) -> None:
        """End the browser."""
        self._send("Browser.close", {})
        self._process.wait(timeout=20)
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def _mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        self.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **more})

    def _send(self, method: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **more}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._receive()
            if reply.get("id") == self._number:
                if "error" in reply:
                    raise AssertionError(f"{method}: {reply['error']}")
                return reply["result"]

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            block = os.read(self._read, 1 << 20)
            if not block:
                raise AssertionError("the browser has exited")
            self._buffer += block
        text, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message
