# Openweigh. Two commands matter: `make run` and `make test`; `make help` lists the rest.
# The first call installs into .venv and needs a network; later calls work without one.

PORT ?= 8501
ADDRESS ?= 127.0.0.1
JOBS ?= logical
UPGRADE ?=

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.installed
PIP_COMPILE := $(VENV)/lock-tools/bin/python -m piptools compile

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint browser snapshot bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run: $(READY) ## serve the app on http://localhost:8501 (PORT=, ADDRESS=0.0.0.0 for other machines)
	@$(PY) -m recommender snapshot --if-changed || { ls data/snapshots/*.json >/dev/null 2>&1 \
	  && echo "Serving the last good snapshot." >&2; }
	@$(PY) -m streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS) --server.headless true

test: lint browser ## format, lint, types, and every test, the browser ones included
	$(PY) -m pytest tests --ignore=tests/browser -n $(JOBS) --maxprocesses 8 --dist worksteal
	$(PY) -m pytest tests/browser

lint: $(READY) ## ruff and mypy only
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --strict recommender

browser: $(READY) ## find or install a browser for the page tests
	@$(PY) tests/browser/setup_browser.py

snapshot: $(READY) ## rebuild data/snapshots from the YAML files
	$(PY) -m recommender snapshot

bench: $(READY) ## run the benchmarks
	@for file in benchmarks/*.py; do PYTHONPATH=. $(PY) "$$file" || exit 1; done

lock: $(READY) ## write requirements.lock anew (UPGRADE=--upgrade for newer versions)
	@[ -x $(VENV)/lock-tools/bin/python ] || $(PY) -m venv $(VENV)/lock-tools
	@$(VENV)/lock-tools/bin/python -m pip install -qq --disable-pip-version-check 'pip-tools==7.6.2'
	$(PIP_COMPILE) --quiet $(UPGRADE) --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  --extra dev --output-file requirements.lock pyproject.toml
	@rm -rf openweigh.egg-info

clean: ## remove the virtual environment and all caches
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache openweigh.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock
	@set -eu; \
	is_new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
	if ! is_new_enough $(PY); then \
	  python=; \
	  for name in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	    if is_new_enough "$$name"; then python=$$name; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Openweigh needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3'." >&2; exit 1; \
	  fi; \
	  if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	      echo "Installing $$package ..."; \
	      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$package" >/dev/null; \
	    else \
	      echo "Python's venv module is incomplete here: install it with 'sudo apt-get install $$package' and try again." >&2; exit 1; \
	    fi; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version) ..."; \
	  rm -rf $(VENV); \
	  "$$python" -m venv $(VENV); \
	fi; \
	echo "Installing the packages of requirements.lock (once) ..."; \
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock || \
	  { echo "The packages could not be installed; the first call needs a network." >&2; exit 1; }; \
	touch $@
