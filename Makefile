# The two commands: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check quick unit setup lock locks-proof wheels fresh newest bench screenshots strings fuzz torture clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.txt requirements-dev.txt tools/setup.sh
	@sh tools/setup.sh "$(PYTHON)" "$(VENV)"

demo: setup
	@$(BIN)/python -m tools.demo $(DEMO_ARGS)

test: setup check unit

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.commit_subjects

# The pure tests, in under ten seconds: no process, no socket, no window. After every change; `make test` is for before a push.
QUICK := tests/unit/shared tests/unit/broker/core tests/unit/client/core
quick: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(QUICK) -n 2 --dist loadfile -m "not slow"

unit: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile --durations=15 --cov --cov-report=
	$(BIN)/python -m coverage report

screenshots: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tools.screenshots $(SCREENS)

# What the window says, collected for translators (client/gui/language/languages), checked and compiled; NEW=fr begins a language.
strings: setup
	@$(BIN)/python -m tools.strings $(NEW)

# One after the other into the table of docs/BENCHMARKS.md; BENCH="--quick", BENCH="w1 w3" for less.
bench: setup
	$(BIN)/python -m benchmarks $(BENCH)

# Every reader of foreign bytes under a coverage-guided fuzzer (Linux), FUZZ_S seconds each; TARGETS="names query" for some.
FUZZ_S ?= 60
fuzz: setup
	@$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-fuzz.txt
	@$(BIN)/python -m tests.fuzz $(FUZZ_S) $(TARGETS)

# As many seeds of the simulation as TORTURE_S allows (START goes on where another run has ended), then real processes
# under fire for as long, from a seed; what fails says how to repeat it.
TORTURE_S ?= 300
START ?= 1
SEED ?= 1
torture: setup
	$(BIN)/python -m tests.simulation --seconds $(TORTURE_S) --start $(START)
	@$(BIN)/python -m tests.torture --seconds $(TORTURE_S) --seed $(SEED)

# Needs uv. Universal: one file that holds the hashes for Linux, Windows and macOS. Extras are kept: a lock without them is
# not complete for a pip that looks at dependencies.
LOCK = uv pip compile --quiet --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header
lock:
	$(LOCK) --universal requirements.in -o requirements.txt
	$(LOCK) --universal -c requirements.txt requirements-broker.in -o requirements-broker.txt
	$(LOCK) --universal requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-fuzz.in -o requirements-fuzz.txt

# Install every lock into an empty environment, with the oldest promised pip and the newest. Needs the network.
locks-proof: setup
	@$(BIN)/python -m tools.locks

# Type the commands of README on bare machines of Debian 12 and 13; as root, on Linux, with debootstrap.
fresh: setup
	@$(BIN)/python -m tools.fresh $(FRESH)

# Run tests and demo with the newest released Python of Debian, likewise.
newest: setup
	@$(BIN)/python -m tools.newest

clean:
	rm -rf $(VENV) demo-output fresh-output screenshots

# Whether each pin has a wheel on each promised system, into the table of docs/SYSTEMS.md. Needs the network.
wheels: setup
	@$(BIN)/python -m tools.wheels
