# What people call and CI calls are the same targets.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --constraint constraints.txt
SHARED ?= ../shared
# CI adds the training stack (TEST=test,train); without it the tests of training are skipped, with that reason.
TEST ?= test
# FRESH=1 lets bench time both README commands in a fresh clone, too.
FRESH ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench eval train serve clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not here: install Python 3.11, or name yours: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)

# One stamp a set of dependencies: a second run installs nothing again.
$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing newsdetect and its pinned dependencies (about 300 MB, a minute or two) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	@echo "Installing what the tests need ..."
	@$(PIP) --editable '.[$(TEST)]'
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	@echo "Installing ruff, mypy and import-linter ..."
	@$(PIP) --editable '.[$(TEST),lint]'
	@touch $@

demo: $(VENV)/.demo ## the whole product on the bundled fixtures, offline
	@$(BIN)/newsdetect demo

test: $(VENV)/.test ## the whole suite
	@$(BIN)/python -m pytest -n 2

lint: $(VENV)/.lint ## ruff, mypy strict, the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.lint ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

$(VENV)/.bench: $(VENV)/.test
	@echo "Installing what the benchmarks measure against ..."
	@$(PIP) --editable '.[$(TEST),bench]'
	@touch $@

bench: $(VENV)/.bench ## speed and memory, as ratios in one run
	@$(BIN)/python -m tests.benchmarks --shared $(SHARED) $(if $(FRESH),--fresh)

eval: $(VENV)/.demo ## scores on the gold sets under SHARED
	@$(BIN)/newsdetect evaluate --shared $(SHARED)

$(VENV)/.train: $(VENV)/.demo
	@echo "Installing what training needs ..."
	@$(PIP) --editable '.[train]'
	@touch $@

train: $(VENV)/.train ## the reader of claims from passages and labels; the articles' texts are looked for under SHARED
	@$(BIN)/newsdetect train $(if $(wildcard $(SHARED)),--texts $(SHARED))

serve: $(VENV)/.demo ## API and page on http://127.0.0.1:8000
	@$(BIN)/newsdetect serve

clean: ## remove the environment and the demo's files
	rm -rf $(VENV) newsdetect-demo
