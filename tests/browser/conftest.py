"""Browser tests: one server, one Chromium, and pages that fail the test by themselves.

A page made by the `page` fixture is guarded: a request to another machine, an exception on the
screen or an uncaught script error fails the test, whatever the test itself looks at.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.setup_browser import CHROMIUM_ARGS, PATH_FILE, remembered

ROOT = Path(__file__).resolve().parents[2]
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
EXCEPTION = '[data-testid="stException"]'
LOCAL = {"127.0.0.1", "localhost"}
# On a deep link Streamlit's front end first looks for its server below the page's own path, and gets a 404.
PROBE = re.compile(r"//[^/]+/.+/_stcore/(health|host-config)$")
START_TIMEOUT_S = 60.0
QUIET_S = 0.15


@dataclass
class Guard:
    """What one page did that a visitor must never see."""

    page: Page
    external: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)
    script_errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._seen(request.url))
        self.page.on("websocket", lambda connection: self._seen(connection.url))
        self.page.on("pageerror", lambda error: self.script_errors.append(str(error)))
        self.page.on("console", self._console)

    def _seen(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOCAL:
            self.external.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not PROBE.search(address):
            self.console_errors.append(f"{message.text} ({address})")

    def problems(self) -> list[str]:
        """One sentence per fault seen so far."""
        found = [f"external request: {url}" for url in self.external]
        found += [f"script error: {text}" for text in self.script_errors]
        if not self.page.is_closed():
            shown = self.page.locator(EXCEPTION).all_inner_texts()
            found += [f"exception on the page: {text[:500]}" for text in shown]
        return found


GUARDS = pytest.StashKey[dict[Page, Guard]]()
MakePage = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a passing test when one of its pages was not clean."""
    yield
    problems = [text for guard in item.stash.get(GUARDS, {}).values() for text in guard.problems()]
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the app's server writes its log to."""
    return tmp_path_factory.mktemp("server") / "server.log"


@pytest.fixture(scope="session")
def app_url(server_log: Path) -> Iterator[str]:
    """Address of the running app, without a slash at the end."""
    with serve(ROOT / "app.py", log=server_log) as url:
        yield url
    text = server_log.read_text(encoding="utf-8", errors="replace")
    assert "Uncaught app execution" not in text, f"the server logged an exception:\n{text[-3000:]}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium that cannot look up any name but this machine's."""
    path = remembered()
    assert path, f"{PATH_FILE} names no browser: run `make browser` first"
    only_local = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=path, args=[*CHROMIUM_ARGS, only_local])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[MakePage]:
    """page(width=1280, dark=False, height=900): a fresh visitor's guarded page.

    Relative addresses start at the app, whose server is started when the first page is made;
    base_url=... points the page at another local server.
    """
    guards = request.node.stash.setdefault(GUARDS, {})
    contexts = []

    def make(width: int = 1280, dark: bool = False, height: int = 900, base_url: str | None = None) -> Page:
        context = browser.new_context(
            base_url=base_url or request.getfixturevalue("app_url"),
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        # Guard every page of the visitor, also those a link opens in a new tab.
        context.on("page", lambda opened: guards.setdefault(opened, Guard(opened)))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def guard(request: pytest.FixtureRequest) -> Callable[[Page], Guard]:
    """guard(page): what was recorded for it (external, console_errors, script_errors)."""
    return lambda made: request.node.stash[GUARDS][made]


@pytest.fixture(scope="session")
def wait_ready() -> Callable[..., None]:
    """wait_ready(page, timeout_s=30): return once the script has finished and stays finished."""
    return _wait_ready


@pytest.fixture(scope="session")
def assert_no_exception() -> Callable[[Page], None]:
    """assert_no_exception(page): fail with the text of the first exception shown."""
    return _assert_no_exception


@pytest.fixture
def visit(page: MakePage) -> Callable[..., Page]:
    """visit(address, **options of page): open it as a fresh visitor, wait until ready, no exception."""

    def open_page(address: str = "/", **options: object) -> Page:
        made = page(**options)
        made.goto(address)
        _wait_ready(made)
        _assert_no_exception(made)
        return made

    return open_page


def _wait_ready(page: Page, timeout_s: float = 30.0) -> None:
    page.wait_for_selector(IDLE, state="attached", timeout=timeout_s * 1000)
    deadline = time.monotonic() + timeout_s
    quiet_since = time.monotonic()
    while time.monotonic() < deadline:
        if page.query_selector(IDLE) is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET_S:
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"the app at {page.url} was still running after {timeout_s:.0f} s")


def _assert_no_exception(page: Page) -> None:
    shown = page.locator(EXCEPTION).all_inner_texts()
    assert not shown, f"{page.url} shows an exception: {shown[0][:1000]}"


@contextlib.contextmanager
def serve(app: Path, *, log: Path) -> Iterator[str]:
    """Run an app on a free port until the block ends; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_healthy(server, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)


def _wait_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).status == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"the app did not start:\n{log.read_text(errors='replace')[-3000:]}")
