# A newcomer needs Python 3.11 and make. `make demo` and `make test` do the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= var
PORT ?= 8000
WORKERS ?= auto

.PHONY: help demo demo-reset run test quick check format bench screenshots messages frontend drills clean

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | column -t -s "$$(printf '\t')"

# The interpreter must be 3.11 or newer; `python3` serves where `python3.11` has no name of its own.
$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit("Shenling needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.made
	@echo "Installing what Shenling needs (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(VENV)/.made
	@echo "Installing what tests and checks need (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

demo: $(VENV)/.runtime  ## a populated office on http://127.0.0.1:8000 (PORT, DATA_DIR, CLAIMS=300)
	@DEMO=1 DATA_DIR=$(DATA_DIR) $(BIN)/python manage.py demo --port $(PORT) $(if $(CLAIMS),--claims $(CLAIMS))

demo-reset: $(VENV)/.runtime  ## forget the demo's data and start over
	@DEMO=1 DATA_DIR=$(DATA_DIR) $(BIN)/python manage.py demo --port $(PORT) --reset $(if $(CLAIMS),--claims $(CLAIMS))

test: $(VENV)/.dev  ## the whole suite, in parallel; says what it skipped
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q

quick: $(VENV)/.dev  ## the tests that need no service, browser or killed process; about three minutes
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q -m "not (browser or faults or postgres or rabbitmq or redis)"

check: $(VENV)/.dev  ## format, lint, types, import contracts, templates, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet review_ui/templates
	$(BIN)/djade --check $$(git ls-files 'review_ui/templates/*.html')
	$(BIN)/codespell
	SHENLING_TESTING=1 $(BIN)/python manage.py check
	SHENLING_TESTING=1 $(BIN)/python manage.py makemigrations --check --dry-run
	SHENLING_TESTING=1 $(BIN)/mypy .

format: $(VENV)/.dev  ## let the formatters do their work
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djade $$(git ls-files 'review_ui/templates/*.html')

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

bench: $(VENV)/.bench  ## ratios against stock SpiffWorkflow, Viewflow and hand-written code (needs PostgreSQL)
	@$(BIN)/python -m benchmarks

drills: $(VENV)/.dev    ## plants bugs in the domain: the tests must notice each (some minutes)
	@$(BIN)/python -m tests.mutants.drill

screenshots: $(VENV)/.dev  ## every page as a picture, both languages, desktop and phone
	@$(BIN)/python -m tests.browser.screenshots

messages: $(VENV)/.dev  ## collect sentences and compile both catalogues (needs gettext)
	@$(BIN)/python manage.py makemessages -l zh_Hans -l en --no-location --no-obsolete \
	  --ignore '.venv/*' --ignore 'tests/*' --ignore 'benchmarks/*' --ignore '*/node_modules/*'
	@$(BIN)/python manage.py compilemessages --ignore '.venv'

frontend:       ## rebuild the studio (needs Node.js)
	cd review_ui/frontend && npm ci && npm run build

clean:          ## remove the environment and the demo's data
	rm -rf $(VENV) $(DATA_DIR) .mypy_cache .ruff_cache .pytest_cache
