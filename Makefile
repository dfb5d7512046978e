# `make app` serves the forecasts, `make data` fetches what has been published, `make test` checks everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: app data test coverage docs lock clean
.DELETE_ON_ERROR:

app: $(READY)
	$(BIN)/forecast app

# Everything published, about a hundred files the first time, then what is new. `make app` forecasts from it.
data: $(READY)
	$(BIN)/forecast fetch

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadscope --no-loadscope-reorder

# The same tests with what they reach; takes half as long again.
coverage: $(READY)
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadscope --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered

# The documentation, with its notebooks run anew, into site/.
docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# pip cannot check hashes and install an editable project in one call: the lock first, then the project alone.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make app PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

# Needs uv. Exact versions with hashes for every Python from 3.11 on, and no index address.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --upgrade --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
