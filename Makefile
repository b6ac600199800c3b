# make ready   install what is needed into .venv
# make demo    try the bot in the browser, without a Slack workspace   (ARGS="--port 8420" passes options)
# make test    all tests, on SQLite and PostgreSQL
# make bench   how fast it is, as ratios in one table (ARGS="--only home" picks lines, --full takes larger data)
# make fuzz    what is tried by chance, with other and many more examples   (FUZZ=100 for longer)
# make faults  processes killed, databases away, Slack unwell: does it hold?   (ARGS="--schedules 200")
# make check   lint, types, import rules, house rules
# make format  put the code into shape
# make lock    choose the newest allowed versions again
#
# Everything a target needs is installed into .venv first; all it takes is make and Python 3.11 or newer.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help ready demo test fuzz faults bench check format lock

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
CODE := bot handlers storage templates tests
READY := .venv/.ready
BROWSER := .venv/.browser

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

ready: $(READY)

demo: $(READY)
	.venv/bin/improve-bot demo $(ARGS)

test: $(READY) $(BROWSER)
	.venv/bin/pytest -n auto --dist loadfile $(ARGS)

fuzz: $(READY)
	FUZZ=$(or $(FUZZ),20) .venv/bin/pytest -n auto -m hypothesis $(ARGS)

faults: $(READY)
	.venv/bin/python -m tests.faults $(ARGS)

bench: $(READY)
	.venv/bin/python -m tests.benchmarks $(ARGS)

check: $(READY)
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy $(CODE)
	.venv/bin/lint-imports
	.venv/bin/pytest -q tests/house

format: $(READY)
	.venv/bin/ruff check --fix $(CODE)
	.venv/bin/ruff format $(CODE)

lock: .venv-lock/bin/uv
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet -o requirements.lock

.venv-lock/bin/uv:
	$(call new_venv,.venv-lock)
	.venv-lock/bin/pip install --quiet uv

$(READY): requirements.lock pyproject.toml
	$(call new_venv,.venv)
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The tests play the workspace's page in Chromium or Chrome.
$(BROWSER): $(READY)
	.venv/bin/python -m tests.support.browser
	@touch $@

# Debian's Python comes without the module that makes environments, so it is installed where that is allowed.
define new_venv
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "improve-bot needs Python 3.11 or newer; name the one to use: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; \
		exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; \
		else echo "$(PYTHON) cannot make environments; install its venv module (Debian: apt install python3-venv)"; exit 1; fi; fi
	$(PYTHON) -m venv $(1)
endef
