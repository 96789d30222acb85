# Every target that needs the environment makes it first; the second time that takes a fraction of a second.
# `make` alone prints what there is.

STOCK ?= MSFT
PAYOUT ?= drip
JOBS ?= 2
PYTEST_ARGS ?=
CAMPAIGN ?=
CHECKS ?=
WITH ?=

# .venv/bin also holds a link to the native anvil, and Ape looks for vyper and anvil on PATH.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# A reader's own environment must not leak into the project's.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

PYTHON_FILES := scrip scripts tests tools
CONTRACTS := $(shell find contracts -name '*.vy' -o -name '*.vyi')
PROGRAM_SOURCES := $(shell find programs -type f) Cargo.toml Cargo.lock Anchor.toml tools/program
PROGRAM := target/deploy/stock_token.so
IDL := target/idl/stock_token.json
# Where tests are named only those are run, in one process, and what they need is made: most folders need no program.
NAMED := $(filter tests tests/% -k --lf --last-failed,$(PYTEST_ARGS))
PLAIN := model manifest inputs instructions records contracts evm flows executor tools vectors snapshots
NEED := $(filter-out $(foreach folder,$(PLAIN),tests/$(folder) tests/$(folder)/%),$(filter tests tests/%,$(PYTEST_ARGS)))

.DEFAULT_GOAL := help
.PHONY: help doctor setup program wheel npm demo local docs test fork lint gas bench coverage campaign mutants spark snapshots fmt lock clean

help:
	@echo "make demo [STOCK=MSFT]  replay a stock's history on a local chain (MSFT IBM AAPL GOOG FB)"
	@echo "make demo PAYOUT=cash   the same, its dividends paid in cash on one chain and reinvested by whoever reads"
	@echo "make local              a desk of your own: both chains, deployed and in use (docs/first-hour.md)"
	@echo "make test               lint, then all tests, JOBS=2 at a time"
	@echo "make test PYTEST_ARGS=\"tests/model -k split\"   these tests alone, at once"
	@echo "make program            build the Solana program (about 5 min the first time, then seconds)"
	@echo "make lint               ruff, mypy, natrix (Vyper), rustfmt, clippy, codespell, the project's rules (CHECKS=mypy picks)"
	@echo "make gas                measure our transactions beside the peers', on anvil"
	@echo "make bench              how long the desk waits: a halt, a view, onboardings, a first picture (build/bench_desk.json)"
	@echo "make fork               the tests on a fork alone: of SCRIP_FORK_RPC's network, or of a second local chain"
	@echo "make coverage           note which lines of the contracts the unit tests execute (minutes); fails below 99 %"
	@echo "make mutants            plant faults in the code and see that the tests find each"
	@echo "make campaign           the long tests: deep machines, every kill point, proofs, mutants (hours; CAMPAIGN=... picks)"
	@echo "make spark              the register of holders on Spark, held to DuckDB's (Java 17; 456 MB the first time)"
	@echo "make snapshots          note layouts, code sizes, gas and compute units again, after a change that is meant"
	@echo "make fmt                format the Python and Rust files"
	@echo "make doctor             list what must be on this machine"
	@echo "make docs               the pages as a site, in build/site, read without a network"
	@echo "make wheel              the package with the interfaces for integrators, into build/"
	@echo "make npm                the same for TypeScript: ABIs, IDL, addresses and typed quotes, into build/npm and a .tgz"
	@echo "make setup              .venv and anvil only; the others do it themselves. WITH=ledger, trezor: what it signs with; hypersync: logs"
	@echo "make lock               resolve requirements/*.in and package.json again"
	@echo "make clean              remove outputs and caches; keeps .venv and node_modules"

doctor:
	@tools/doctor

setup:
	@tools/doctor python node npm
	@"$$(tools/doctor --python)" tools/setup.py $(WITH)

# Each contract is compiled again if a source that went into it has changed, modules of modules too.
build/.compiled: $(CONTRACTS) requirements/main.txt | setup
	@echo "compiling the contracts (about 30 s the first time)"
	@python tools/compile.py
	@touch $@

# Cargo decides what to build again; the program is only asked for when a source is newer than it.
build/program.json: $(PROGRAM_SOURCES) | setup
	@tools/doctor rustup cc
	@tools/program

program: build/program.json

# The interface alone is read from the source in a fraction of the time.
$(IDL): $(PROGRAM_SOURCES) | setup
	@tools/doctor rustup cc
	@tools/program --only-idl

# What is compiled, and in which order, is for tools/demo.py to say: it shows a part while the rest is built.
demo: setup
	@python tools/demo.py $(STOCK) $(PAYOUT)

local: setup build/.compiled build/program.json
	@ape run local up

ifeq ($(NAMED),)
test: lint build/.compiled build/program.json
	python tools/rust.py test
	pytest --numprocesses=$(JOBS) --dist=worksteal $(PYTEST_ARGS)
else
test: setup $(if $(NEED),build/.compiled build/program.json)
	pytest $(if $(filter command,$(origin JOBS)),--numprocesses=$(JOBS) --dist=worksteal) $(PYTEST_ARGS)
endif

lint: setup
	@python tools/lint.py $(CHECKS)

docs: setup
	@python tools/docs.py

wheel: setup build/.compiled $(IDL)
	@python -c "import sys; sys.path.insert(0, 'tools/wheel'); import scrip_wheel; print('build/' + scrip_wheel.build_wheel('build'))"

npm: setup build/.compiled $(IDL)
	@python tools/npm_package.py

gas: setup
	@python -W ignore tests/gas/gas.py

bench: setup build/.compiled build/program.json
	@python -W ignore tools/bench.py

fork: setup build/.compiled
	pytest tests/evm/rehearse $(PYTEST_ARGS)

coverage: setup
	@python tools/line_coverage.py --numprocesses=$(JOBS) --dist=worksteal

mutants: setup build/.compiled build/program.json
	@python tools/mutants.py

spark: setup
	@python tools/spark.py

campaign: setup build/.compiled build/program.json
	@python tools/campaign.py $(CAMPAIGN)

snapshots: setup build/program.json
	python tools/snapshots.py
	python tools/manifest_schema.py
	python tools/form_schema.py
	python tools/shared_vectors.py
	python tests/solana/compute_units.py
	python tools/program_sizes.py --write
	python tools/account_layouts.py --write
	python -W ignore tests/gas/gas.py --write

fmt: setup
	ruff check --fix $(wildcard $(PYTHON_FILES))
	ruff format $(wildcard $(PYTHON_FILES))
	python tools/rust.py fmt

lock: setup
	python tools/lock.py

clean:
	rm -rf build .build .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
	find $(wildcard $(PYTHON_FILES)) -name __pycache__ -type d -prune -exec rm -rf {} +
