# make demo: set up and do the main job; make test: set up and pass the tests, in minutes; make test-thorough: all cases
# beyond, in some more; make test-fast: the tests that start nothing heavy. All make their own environment in .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

# Where there is room in memory, tests keep their files there: waiting for a disk is much of what they do.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "PYTEST_DEBUG_TEMPROOT=/dev/shm" }')

# They start Python a thousand times, which otherwise reads all modules from their text each time.
unexport PYTHONDONTWRITEBYTECODE

PYTEST := $(MEMORY) $(BIN)/python -m pytest --numprocesses auto --dist worksteal

.PHONY: demo test test-thorough test-fast bench score docs format clean

demo: .venv/demo
	$(BIN)/coopgraph build
	$(BIN)/coopgraph query partners -p place=Liaoning -c partnerLabel,claims,realised,planned,potential,sources --format md
	@mkdir -p dist
	$(BIN)/coopgraph view -o dist/network.html
	$(BIN)/coopgraph export --format turtle -o dist/coopgraph.ttl
	@echo "Open dist/network.html in a browser; dist/coopgraph.ttl is there to reuse. Go on with:"
	@echo "  source $(BIN)/activate"
	@echo "  coopgraph show Liaoning"

test: .venv/test
	$(PYTEST) -m "not thorough"

test-thorough: .venv/test
	$(PYTEST) -m "thorough or property" --hypothesis-profile thorough

test-fast: .venv/test
	$(PYTEST) -m "not slow and not thorough"

bench: .venv/test
	$(BIN)/python benchmarks/bench.py

score: .venv/test
	$(BIN)/python benchmarks/reading/scores.py

docs: .venv/test
	$(BIN)/python tests/doc_examples.py

format: .venv/test
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

.venv/demo: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable '.[read]'
	@touch $@

.venv/test: .venv/demo
	$(PIP) --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv .coopgraph dist build
