# Two commands for a fresh machine with Python 3.11 or newer and make:
#   make sandbox   the bot in a simulated Discord, in your browser
#   make test      every test
# `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Tests for each save: rules, storage without the long searches, and a few files of each feature.
FAST := --numprocesses 2 tests/test_architecture.py tests/domain tests/limits tests/db \
	--ignore-glob='*_in_any_order.py' --ignore=tests/db/engine/test_rewriting.py --ignore=tests/db/faq/test_history.py \
	$(addprefix tests/cogs/,polls/test_polls.py polls/test_ballots.py signoffs/test_signoffs.py \
	signoffs/test_opening.py faq/test_faq.py decision_log/test_decision_log.py)
# Tests of what takes its time: virtual days, threads, processes, pages.
TOUCHY := tests/bot/test_answers.py tests/bot/connection tests/bot/delivery tests/bot/host \
	tests/cogs/polls/test_announcements.py tests/cogs/polls/test_ballots.py tests/cogs/polls/test_reviews.py \
	tests/cogs/signoffs/test_reminders.py tests/cogs/decision_log/test_export.py tests/cogs/test_my_data.py \
	tests/db/engine tests/security/test_trespass.py tests/security/test_hostile_files.py tests/fuzz/test_found.py \
	tests/proofs/test_page.py tests/loopback tests/sandbox

.DEFAULT_GOAL := help
.PHONY: help sandbox tour test test-fast test-busy lint audit format run bench lock clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

sandbox: $(VENV)/sandbox ## try the bot in a simulated Discord, in your browser
	$(BIN)/circle-take sandbox $(if $(PORT),--port $(PORT))

tour: $(VENV)/sandbox ## play a working day in the simulated Discord and print it
	$(BIN)/circle-take sandbox --tour

test: $(VENV)/dev ## run every test
	$(BIN)/python -m pytest

test-fast: $(VENV)/dev ## test rules, storage and the touchiest features in half a minute: no browser, no bot process, no long fuzzing
	$(BIN)/python -m pytest $(FAST)

test-busy: $(VENV)/dev ## run the tests that a busy machine could fail beside four busy loops
	$(BIN)/python -m tests.busy $(TOUCHY)

lint: $(VENV)/dev ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

audit: $(VENV)/dev ## check every pinned version for known vulnerabilities
	$(BIN)/python .ci/audit.py

format: $(VENV)/dev ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

run: $(VENV)/run ## run the bot with the token from .env
	$(BIN)/circle-take run

bench: $(VENV)/dev ## measure against floors in the same run; writes bench.json
	$(BIN)/python -m benchmarks

lock: $(VENV)/dev ## update the pins of every dependency, with hashes
	$(PIP) install uv
	for set in run:fast,semantic sandbox:sandbox,semantic dev:dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
			$$(printf -- '--extra %s ' $$(echo $${set#*:} | tr , ' ')) --output-file requirements/$${set%:*}.txt \
			pyproject.toml requirements/build.in || exit 1; \
	done

clean: ## remove the environment and what the tools leave behind
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Circle Take needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/%: requirements/%.txt pyproject.toml | $(BIN)/python
	@echo "Installing what 'make $*' needs into $(VENV) ..."
	$(PIP) install --require-hashes --requirement requirements/$*.txt
	$(PIP) --quiet install --no-deps --no-build-isolation --editable . # quiet twice: setuptools warns about what we intend
	@touch $@
