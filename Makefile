# The two commands: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check unit setup lock bench screenshots strings clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.txt requirements-dev.txt tools/setup.sh
	@bash tools/setup.sh "$(PYTHON)" "$(VENV)"

demo: setup
	@$(BIN)/python -m tools.demo $(DEMO_ARGS)

test: setup check unit

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile --durations=15 --cov --cov-report=
	$(BIN)/python -m coverage report

screenshots: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tools.screenshots $(SCREENS)

# What the window says, collected for translators: client/gui/languages.
strings: setup
	@$(BIN)/python -m tools.strings

bench: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks.message_view
	$(BIN)/python -m benchmarks.window_catch_up
	$(BIN)/python -m benchmarks.window_start
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.w1_direct
	$(BIN)/python -m benchmarks.w2_group
	$(BIN)/python -m benchmarks.w3_latency
	$(BIN)/python -m benchmarks.class_of_300
	$(BIN)/python -m benchmarks.w6_file --profile
	$(BIN)/python -m benchmarks.file_and_chat

# Needs uv. Universal: one file that holds the hashes for Linux, Windows and macOS.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) demo-output screenshots
