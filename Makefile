# Two commands do all the set-up on a fresh machine: `make demo` and `make test` (Python 3.11 or later, and make).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check laws together fuzz faults bench bench-reader bench-merge bench-ledger clients clean

demo: $(VENV)/installed
	rm -rf demo-team
	$(BIN)/custsheet demo demo-team

test: $(VENV)/dev
	sh tools/test-programs.sh
	$(MAKE) check

# everything that has to hold, without installing anything
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

laws: $(VENV)/dev
	CUSTSHEET_LAWS=$${CUSTSHEET_LAWS:-20000} $(BIN)/python -m pytest tests/laws tests/merging/test_policy_tables.py -n 2 -q

# two managers, each so many merges at the same time, on a file and on PostgreSQL
together: $(VENV)/dev
	CUSTSHEET_TOGETHER=$${CUSTSHEET_TOGETHER:-200} $(BIN)/python -m pytest tests/together -q -rP

# spoiled files, judged: the same seed gives the same files; failures are kept in fuzz-failures
fuzz: $(VENV)/dev
	$(BIN)/python tests/fuzz/fuzz.py --files $${CUSTSHEET_FUZZ:-20000} --seed $${CUSTSHEET_FUZZ_SEED:-1}

bench: $(VENV)/dev
	$(BIN)/python benchmarks/round.py

# the reader against python-calamine, on copies as they are issued and as other programs save them
bench-reader: $(VENV)/dev
	$(BIN)/python benchmarks/reader.py

# the merge of 1,000 copies of 1,000 rows against a pandas loop per copy, and against daff
bench-merge: $(VENV)/dev
	$(BIN)/pip install -q daff
	$(BIN)/python benchmarks/merging.py

# writing 10,000 changes as one revision against a bare executemany of the same rows
bench-ledger: $(VENV)/dev
	$(BIN)/python benchmarks/ledger.py

# every file and database call of the writing commands goes wrong in turn, in three ways; then kill -9 at random moments
faults: $(VENV)/dev
	$(BIN)/python tests/faults/sweep.py --kills $${CUSTSHEET_KILLS:-1000} --every $${CUSTSHEET_FAULTS_EVERY:-1}

# every spreadsheet program that is here opens, saves and edits a copy; the results go to docs/clients.md
clients: $(VENV)/dev
	sh tools/test-programs.sh
	$(BIN)/python tests/clients/client_table.py

clean:
	rm -rf $(VENV) demo-team dist build

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install -q -e .
	touch $@

$(VENV)/dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install -q -e '.[dev]'
	touch $@ $(VENV)/installed
