# Every target that needs the environment makes it first; the second time that takes a fraction of a second.
# `make` alone prints what there is.

STOCK ?= MSFT
JOBS ?= 2
PYTEST_ARGS ?=

# .venv/bin also holds a link to the native anvil, and Ape looks for vyper and anvil on PATH.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# A reader's own environment must not leak into the project's.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

PYTHON_FILES := scrip scripts tests tools
CONTRACTS := $(shell find contracts -name '*.vy' -o -name '*.vyi')

.DEFAULT_GOAL := help
.PHONY: help doctor setup demo test lint mutants fmt lock clean

help:
	@echo "make demo [STOCK=MSFT]  replay a stock's history on a local chain (MSFT IBM AAPL GOOG FB)"
	@echo "make test               lint, then all tests (PYTEST_ARGS=... goes to pytest, JOBS=2 at a time)"
	@echo "make lint               ruff, natrix (Vyper), codespell and the house rules"
	@echo "make mutants            plant faults in the code and see that the tests find each"
	@echo "make fmt                format the Python files"
	@echo "make doctor             list what must be on this machine"
	@echo "make setup              .venv and anvil only; the others do it themselves"
	@echo "make lock               resolve requirements/*.in and package.json again"
	@echo "make clean              remove outputs and caches; keeps .venv and node_modules"

doctor:
	@tools/doctor

setup:
	@tools/doctor python node npm
	@"$$(tools/doctor --python)" tools/setup.py

# Ape does not rebuild a contract when a module that it imports has changed, so everything is rebuilt when anything has.
build/.compiled: $(CONTRACTS) ape-config.yaml requirements/main.txt | setup
	@echo "compiling the contracts (about 15 s)"
	@ape compile --force
	@touch $@

demo: setup build/.compiled
	@ape run demo --stock $(STOCK)

test: lint build/.compiled
	pytest --numprocesses=$(JOBS) --dist=worksteal --durations=20 $(PYTEST_ARGS)

lint: setup
	ruff check $(wildcard $(PYTHON_FILES))
	ruff format --check $(wildcard $(PYTHON_FILES))
	python tools/lint_vyper.py
	codespell
	python tools/check_house.py

mutants: setup
	@python tools/mutants.py

fmt: setup
	ruff check --fix $(wildcard $(PYTHON_FILES))
	ruff format $(wildcard $(PYTHON_FILES))

lock: setup
	python tools/lock.py

clean:
	rm -rf build .build .pytest_cache .ruff_cache .hypothesis *.egg-info
	find $(wildcard $(PYTHON_FILES)) -name __pycache__ -type d -prune -exec rm -rf {} +
