# Everything runs in .venv, which the first target that needs it makes. PYTHON names the interpreter to make it with.
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

.PHONY: demo test lint types check promises faults bench bench-million coverage-page clean

# The main job on the simulator: no account, no network, under a minute.
demo: .venv/demo
	$(BIN)/wtsync demo --again

# All there is to pass: style, types, tests.
test: lint types check

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/test
	$(BIN)/mypy

# Three processes on two cores: much of what they do is waiting for a service and for processes to begin.
check: .venv/test
	$(BIN)/pytest -q -n 3 --dist worksteal

# The promise itself, on every change: two faults at once, exhaustively, and 20,000 stories; whole nights and a season as
# the samples tell them; the machine; crashes crossed with faults. Some twenty minutes on two cores.
promises: .venv/test
	$(BIN)/pytest -q -n 2 --dist worksteal -m "(soak or lab) and not long" tests/samples tests/machine tests/run tests/cli \
		tests/journal tests/workbook tests/faults/test_schedules.py tests/faults/test_stories.py

# The fault laboratory: every crash crossed with every fault, thousands of stories, real processes killed. Ten minutes.
faults: .venv/test
	$(BIN)/pytest -q -n 2 -m "not long" tests/faults

# Small mistakes, put into the parts that hold money and texts, and whether a test notices: docs/mutation.md. An hour;
# stopped and started again, it goes on. Not on Windows.
mutants: .venv/mutants
	$(BIN)/mutmut run
	$(BIN)/python docs/mutants.py

# Ratios, measured side by side, in twenty minutes on a quiet machine; writes docs/benchmarks.md. Not on Windows.
# One part alone: .venv/bin/python -m tests.bench.measure capacity
bench: .venv/bench
	$(BIN)/python -m tests.bench.measure

# A workbook with a million rows, in a quarter of an hour and with 1.3 GB of memory; adds to the same page.
bench-million: .venv/bench
	$(BIN)/python -m tests.bench.measure million

# The page of calls, from the table: writes docs/api-coverage.md.
coverage-page: .venv/test
	$(BIN)/python -m tests.service.coverage

clean:
	rm -rf .venv mutants .pytest_cache .mypy_cache .ruff_cache dist

.venv/demo: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test,lint]"
	@touch $@

.venv/bench: .venv/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	@touch $@

.venv/mutants: .venv/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	@touch $@

.venv/made:
	@$(PYTHON) -c "import sys; sys.exit('wtsync needs Python 3.11 or newer: make PYTHON=python3.11 ...' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv .venv
	@touch $@
