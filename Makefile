# The only door: every task of the project starts here. `make` alone lists them.
BIN := .venv/bin
ARGS ?=
# Files go to three processes in the order of the rooms, so that the longest ones come first; two would
# leave cores idle while they wait for servers and windows. A process that crashes ends the run with its
# name: one that took its place would wait for ever at the end of its files.
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder --max-worker-restart=0

.DEFAULT_GOAL := help
.PHONY: help setup demo test check messages bench soak clean

help:   ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 12

setup:  ## make .venv and install what is missing
	@packaging/setup.sh

demo: setup  ## open a working kiosk with a backend and a term of demo data
	@exec $(BIN)/kiosk demo $(ARGS)

check: setup  ## lint, types, import contracts, messages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python packaging/messages.py --check

test: check  ## every test and every check (ARGS narrows the tests)
ifeq ($(ARGS),)
	$(BIN)/pytest $(SIDE_BY_SIDE) --cov --cov-report=json:build/coverage.json
	$(BIN)/python packaging/coverage_by_room.py
else
	$(BIN)/pytest $(ARGS)
endif

messages: setup  ## extract the texts and compile the catalogues
	$(BIN)/python packaging/messages.py

bench: setup  ## measure beside the floors; writes build/bench.json (ARGS names a group)
	$(BIN)/python -m benchmarks $(ARGS)

soak: setup  ## people book while everything breaks, then all is compared (ARGS="--seconds 120 --seed 1")
	$(BIN)/python -m tests.soak $(ARGS)

clean:  ## remove everything that can be made again
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
