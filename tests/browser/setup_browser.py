"""Find a Chromium for the browser tests, or install one; write its path to .venv/browser-path.

Order: OPENWEIGH_BROWSER, the path found last time, browsers on PATH, Playwright's own (installed if it
can be), Debian's package (as root). Exit 2 with one sentence when none of these works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATH_FILE = ROOT / ".venv" / "browser-path"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMIUM_ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as tool:\n"
    "    print(tool.chromium.executable_path)"
)
INSTALL_TIMEOUT_S = 300


def main() -> int:
    """0 when .venv/browser-path names a browser that starts, 2 otherwise."""
    override = os.environ.get("OPENWEIGH_BROWSER")
    if override in (None, "", remembered()) and remembered():
        return 0
    if not driver_starts():
        return give_up("Playwright's driver does not start: install the system library libatomic1.")
    if override and not starts(override):
        return give_up(f"OPENWEIGH_BROWSER is {override}, which does not start as a Chromium.")
    path = override or on_path() or playwrights_own() or debians_own()
    if not path:
        return give_up("No browser for the page tests: install Chromium, or name one in OPENWEIGH_BROWSER.")
    PATH_FILE.parent.mkdir(exist_ok=True)
    PATH_FILE.write_text(path + "\n", encoding="utf-8")
    print(f"Browser for the page tests: {path}")
    return 0


def give_up(sentence: str) -> int:
    """Say what is missing; 2 as exit code."""
    print(sentence, file=sys.stderr)
    return 2


def remembered() -> str | None:
    """The path found by an earlier call, while the file is still there."""
    if not PATH_FILE.is_file():
        return None
    path = PATH_FILE.read_text(encoding="utf-8").strip()
    return path if os.access(path, os.X_OK) else None


def driver_starts() -> bool:
    """Whether Playwright's own program runs; a bare Debian lacks a library that it needs."""
    ask = [sys.executable, "-m", "playwright", "--version"]
    if run(ask, timeout_s=60):
        return True
    install("libatomic1")
    return bool(run(ask, timeout_s=60))


def on_path() -> str | None:
    """The first browser among the usual names that starts."""
    found = [shutil.which(name) for name in NAMES] + [path for path in MACOS if Path(path).is_file()]
    return next((path for path in found if path and starts(path)), None)


def playwrights_own() -> str | None:
    """Playwright's Chromium, downloaded if it is not there yet and the download works."""
    path = run([sys.executable, "-c", ASK_PLAYWRIGHT], timeout_s=60)
    if not path:
        return None
    if not Path(path).is_file():
        print("Trying Playwright's own Chromium ...", flush=True)
        run([sys.executable, "-m", "playwright", "install", "chromium"], timeout_s=INSTALL_TIMEOUT_S)
    if not Path(path).is_file():
        return None
    if not starts(path) and is_root_on_debian():
        # The download lacks system libraries on a bare machine.
        run([sys.executable, "-m", "playwright", "install-deps", "chromium"], timeout_s=INSTALL_TIMEOUT_S)
    return path if starts(path) else None


def debians_own() -> str | None:
    """Debian's Chromium, installed as root; None elsewhere."""
    install("chromium", "fonts-liberation")
    return on_path()


def install(*packages: str) -> None:
    """Install Debian packages as root; nothing happens elsewhere."""
    if is_root_on_debian():
        print(f"Installing Debian's {' and '.join(packages)} ...", flush=True)
        run(["apt-get", "update", "-qq"], timeout_s=INSTALL_TIMEOUT_S)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        run([*command, *packages], timeout_s=INSTALL_TIMEOUT_S)


def is_root_on_debian() -> bool:
    """Whether apt-get may be used without asking anybody."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def starts(path: str) -> bool:
    """Whether the browser draws an empty page; a wrapper that only prints advice does not."""
    with tempfile.TemporaryDirectory(prefix="openweigh-browser-") as profile:
        command = [path, *CHROMIUM_ARGS, f"--user-data-dir={profile}", "--dump-dom", "about:blank"]
        return "<html" in (run(command, timeout_s=60) or "")


def run(command: Sequence[str], *, timeout_s: float) -> str | None:
    """What the command printed, or None when it failed, is missing or took too long."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, env=environment, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
