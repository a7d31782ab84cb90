# Everything lives in ./.venv, but for probe-ib-async; each target may be run again at any time.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
UV_VERSION := 0.13.9
PYTEST_ARGS ?=
PYTEST_WORKERS ?= auto
SOAK_ARGS ?=
COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet $(if $(UPGRADE),--upgrade)

.PHONY: help setup demo test bunny soak soak-virtual explore probe-ib-async lint bench lock clean pictures

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: ## Make ./.venv with everything that running, testing and linting need
	@bash tools/set_up.sh dev

demo: ## Set up, then carry the bundled signals from envelope to closed position
	@bash tools/set_up.sh runtime
	@echo "==> phoenix demo"
	@$(BIN)/phoenix demo

test: setup ## Set up, then run the whole test suite on every core (PYTEST_ARGS is passed on)
	@echo "==> pytest --numprocesses $(PYTEST_WORKERS) $(PYTEST_ARGS)"
	@$(BIN)/python -m pytest --numprocesses $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

bunny: setup ## Set up, then run the chaos suite and write its report into docs/ anew
	@echo "==> phoenix bunny --report docs/BUNNY_REPORT_S32.md"
	@$(BIN)/phoenix bunny --report docs/BUNNY_REPORT_S32.md

soak: setup ## Set up, then let an executor live and be killed for half an hour (SOAK_ARGS is passed on)
	@echo "==> python -m tools.soak $(SOAK_ARGS)"
	@$(BIN)/python -m tools.soak $(SOAK_ARGS)

soak-virtual: setup ## Set up, then live through thousands of lifecycles in virtual time (SOAK_ARGS is passed on)
	@echo "==> python -m tools.soak_virtual $(SOAK_ARGS)"
	@$(BIN)/python -m tools.soak_virtual $(SOAK_ARGS)

explore: setup ## Set up, then drive the core through thousands of made-up histories
	@echo "==> pytest tests/application/test_core_machine.py (profile soak)"
	@$(BIN)/python -m pytest --hypothesis-profile=soak tests/application/test_core_machine.py $(PYTEST_ARGS)

probe-ib-async: ## Set up ./.venv-ib-async, then hold the gateway simulator and the adapter ib_insync against ib_async
	@bash tools/set_up.sh ib-async
	@echo "==> python -m tools.probes.bare ib_async"
	@.venv-ib-async/bin/python -m tools.probes.bare ib_async
	@echo "==> python -m tools.probes.decoders ib_async"
	@.venv-ib-async/bin/python -m tools.probes.decoders ib_async
	@echo "==> pytest, the broker contract over ib_async"
	@.venv-ib-async/bin/python -m pytest --quiet \
		tests/adapters/brokers/test_wire_contract.py::TestIbInsyncPassesTheContract

lint: setup ## Check the architecture, the style and the types
	@echo "==> lint-imports"
	@$(BIN)/lint-imports --config importlinter.ini
	@echo "==> architecture check (what the import linter cannot see)"
	@$(BIN)/python -m tools.architecture
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> mypy --strict"
	@$(BIN)/mypy --strict

bench: setup ## Set up, then measure the benchmarks
	@echo "==> benchmarks"
	@$(BIN)/python -m benchmarks

pictures: setup ## Set up, then play the tutorial and draw its pictures anew
	@echo "==> python -m tools.walkthrough"
	@$(BIN)/python -m tools.walkthrough

lock: setup ## Write the hash-locked requirement files anew (UPGRADE=1 takes newer versions)
	@echo "==> locking with uv $(UV_VERSION)"
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	@$(COMPILE) --group build --output-file requirements/build.txt
	@$(COMPILE) pyproject.toml --constraint requirements/build.txt --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --group dev --constraint requirements/build.txt --constraint requirements/runtime.txt \
		--output-file requirements/dev.txt
	@$(COMPILE) pyproject.toml --group ib-async --excludes <(printf 'ib-insync\neventkit\n') \
		--constraint requirements/build.txt --output-file requirements/ib-async.txt
	@! grep -nE 'https?://|--(extra-)?index-url|--find-links' requirements/*.txt \
		|| { echo "A requirement file names a package host: remove it before committing."; exit 1; }
	@echo "Locked: requirements/build.txt, requirements/runtime.txt, requirements/dev.txt, requirements/ib-async.txt"

clean: ## Remove the environment, caches and build products
	@echo "==> removing .venv, caches and build products"
	@rm -rf .venv .venv-ib-async .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build dist out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
