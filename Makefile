# The commands of the project; `make help` lists them. They need Python 3.11 or later and nothing else:
# packages go into .venv, once per change of the lock. Choose a Python with PYTHON=…, a port with PORT=….
# Programs are started as modules of .venv's Python, because a script's first line cannot name a path with a space.

RUN = .venv/bin/python
# Handed on as they are, so that their values need no quoting.
export PYTHON PORT

.DEFAULT_GOAL := help
.PHONY: help demo test check setup run lint bench lock clean

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)$$/make \1|\2/p' Makefile | awk -F'|' '{printf "%-12s %s\n", $$1, $$2}'

demo:  ## install, load the article's cases and serve the site on http://127.0.0.1:8000/ (PORT=… changes it)
	@sh warnapp/install.sh requirements.txt
	@$(RUN) -m warnapp

test: setup  ## linters, type checks and the whole suite, on SQLite and on PostgreSQL
	@$(RUN) -m tests.run

check: setup  ## linters, types and the tests on SQLite that need no browser, Java or other process
	@$(RUN) -m tests.run check

setup:  ## install everything that development needs into .venv
	@sh warnapp/install.sh requirements-dev.txt

run: setup  ## development server with reload and debug pages, on the demo's database
	@$(RUN) -m warnapp --develop

lint: setup  ## linters and type checks only
	@$(RUN) -m tests.run lint

bench: setup  ## benchmarks, on SQLite and on PostgreSQL (takes about half an hour)
	@$(RUN) -m tests.benchmarks

# Needs the program uv, which nothing else here does; UPGRADE=--upgrade takes the latest versions.
# --universal: one lock for every system and every Python from 3.11 on. --no-emit-index-url: whoever installs
# chooses where from. Each lock is held to the versions of the one before.
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)

lock:  ## write requirements*.txt from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo 'make lock needs the program uv: install it, for example with pipx, then try again.' >&2; exit 1; }
	$(UV_COMPILE) pyproject.toml --output-file requirements.txt
	$(UV_COMPILE) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## remove what the commands made: .venv, the demo's database, collected files, caches
	rm -rf .venv casebook.sqlite3 casebook.sqlite3-wal casebook.sqlite3-shm .demo-secret-key staticfiles datafiles
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
