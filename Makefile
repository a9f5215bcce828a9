# Two commands for people: `make demo` and `make test`. Both create .venv from the pinned requirements first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-drivers check bench requirements clean

demo: $(VENV)/ready
	$(BIN)/kktsim scenario run --wire pty

test: $(VENV)/ready check
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -n auto --dist worksteal

test-drivers: $(VENV)/ready
	$(BIN)/python -m tests.drivers

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/ready
	$(BIN)/python tools/bench_device.py
	$(BIN)/python tools/bench_archive.py
	$(BIN)/python tools/bench_round_trip.py
	$(BIN)/python tools/bench_ofd.py

$(VENV)/ready: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Re-pins requirements.txt from the bounds in pyproject.toml.
requirements:
	$(PYTHON) tools/pin_requirements.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
