"""The browser in which the tests play the workspace's page. As a program it sees to it that there is one."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = (
    "There is no Chromium or Chrome to play the workspace's page in, and none could be installed. "
    "Install one (Debian: apt install chromium; elsewhere: .venv/bin/playwright install chromium)."
)


def launched(playwright: Playwright) -> Browser | None:
    """An installed browser, else Playwright's own; None where there is neither."""
    try:
        return playwright.chromium.launch(executable_path=_installed(), args=["--no-sandbox"])
    except Error as error:
        if "Executable doesn't exist" in error.message:
            return None
        raise


def in_ci() -> bool:
    """Whether a missing browser is a failure: a developer may do without, what guards the main branch may not."""
    return bool(os.environ.get("CI"))


def main() -> None:
    """Install a browser where there is none: the distribution's as root, else Playwright's own."""
    if _installed():
        return
    as_root = os.geteuid() == 0 and shutil.which("apt-get")
    done = (as_root and _ran("apt-get", "update", "-qq") and _ran("apt-get", "install", "-y", "-qq", "chromium")) or (
        _ran(sys.executable, "-m", "playwright", "install", "chromium")
    )
    if not done:
        sys.stderr.write(f"{NONE}\n")
        sys.exit(1 if in_ci() else 0)


def _installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _ran(*command: str) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    main()
