"""`python -m bot.sandbox --company FILE.json --port N --at ISO`: the sandbox as a process of its own.

Prints its address as the first line and runs until it is interrupted or terminated.
"""

import argparse
import json
import signal
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType

from bot.sandbox.company import company_from_json
from bot.sandbox.server import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox")
    parser.add_argument("--company", required=True, type=Path, help="JSON file with users, channels, …")
    parser.add_argument("--at", required=True, type=datetime.fromisoformat, help="start of simulated time")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=0, type=int, help="0 takes a free port")
    wish = parser.parse_args()
    company = company_from_json(json.loads(wish.company.read_text(encoding="utf-8")))
    sandbox = Sandbox(company, wish.at, wish.host, wish.port)
    with sandbox:
        signal.signal(signal.SIGTERM, _leave)
        sys.stdout.write(sandbox.url + "\n")
        sys.stdout.flush()
        sandbox.wait()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
