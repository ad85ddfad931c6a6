# make demo    set up and run the main job on the samples, from nothing
# make test    everything that must hold: format, lint, types, layers, tests
# make bench   how fast validation is, beside other tools
# make fmt     put the code into its form

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test bench fmt clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh samples/demo.sh

test: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

bench: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/ksef.py
	$(BIN)/python tests/bench/pdf.py
	$(BIN)/python tests/bench/france.py

fmt: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The stamps depend on pyproject.toml, so a set up that is up to date costs nothing.
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable ".[ksef,pdf,sign]"
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.installed
