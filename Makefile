# Two commands: `make app` and `make test`. Each installs what it needs into .venv first.
PYTHON ?= python3
VENV := .venv
KB := $(VENV)/bin/kb
PIP := $(VENV)/bin/python -m pip
STAMP := $(VENV)/.installed
# yes: nothing is installed whose hash is not in constraints.lock. no: the versions of constraints.txt from any source.
HASHES ?= yes

.PHONY: help app test test-quick build install lint lock licences words sbom docs wheel artefacts pythons mutants bench clean

app: install
	@$(KB) app

help:
	@echo "make app         install, build the index, open the app      make test        install and run every test"
	@echo "make test-quick  tests without browser, server or model      make lint        style, types, imports, dead code"
	@echo "make build       the index alone                             make docs        the documentation as a site"
	@echo "make wheel       a package under dist/                       make artefacts   the corpus ready made, for a release"
	@echo "make lock        hashes of every dependency                  make licences    licence of each; make sbom: CycloneDX"
	@echo "make pythons     dependencies on every promised Python       make mutants     faults made by hand: tests must notice"
	@echo "make words       words of the house                          make clean       what make made"
	@echo "make bench       search beside bare engines and beside others (N=10000 passages), which it installs"

build: install
	@$(KB) build --if-stale

test: install
	@echo "==> running every test"
	@$(VENV)/bin/python -m pytest && echo "==> all tests passed"

# while you work: no browser, no server, no model; as many processes as there are cores. Compiled tests are kept in
# __pycache__ even where the environment forbids it: to compile them in each process takes as long as to run a quarter
test-quick: install
	@PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest -m quick -n auto --dist loadfile -p no:schemathesis -p no:anyio && echo "==> quick tests passed; before you hand in: make test"

# faults made by hand, one by one: a test must notice each
mutants: install
	@$(VENV)/bin/python benchmarks/mutants.py

# other engines in an environment of their own, which sees the packages of this one; N passages are made once
N ?= 10000
BENCH := $(VENV)/bench
bench: build
	@test -d $(BENCH) || $(PYTHON) -m venv $(BENCH)
	@$(VENV)/bin/python -c "import site; print(site.getsitepackages()[0])" > \
	  "$$($(BENCH)/bin/python -c 'import site; print(site.getsitepackages()[0])')/this.pth"
	@$(BENCH)/bin/python -m pip install --quiet -r benchmarks/others.txt
	@PYTHONPATH=. $(BENCH)/bin/python benchmarks/scale.py --passages $(N) --folder $(BENCH)/$(N)
	@PYTHONPATH=. $(BENCH)/bin/python benchmarks/compare.py --folder $(BENCH)/$(N)

lint: install
	@$(VENV)/bin/ruff check kb tests benchmarks app.py setup.py docs/hooks.py .ci && $(VENV)/bin/ruff format --check -q kb tests benchmarks app.py setup.py docs/hooks.py .ci && $(VENV)/bin/lint-imports \
	  && $(VENV)/bin/python -m mypy && $(VENV)/bin/python -m vulture && $(VENV)/bin/python -m deptry . --no-ansi \
	  && $(VENV)/bin/python -m pytest -qq --collect-only > /dev/null

docs: install
	@$(VENV)/bin/python -m mkdocs build --strict --quiet && echo "==> site/index.html"

# the corpus as read, tagged and embedded, which a release carries: from scratch, some minutes
artefacts: install
	@$(VENV)/bin/python .ci/artefacts.py

wheel: install
	@$(VENV)/bin/python .ci/artefacts.py --check || exit 1
	@$(PIP) wheel --quiet --no-deps --no-build-isolation -w dist . && rm -rf build && ls dist

# after a change of pyproject.toml or constraints.txt: the hashes of every file of every pinned version
lock:
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet -c constraints.txt uv
	@$(VENV)/bin/python .ci/lock.py

words: install
	@$(VENV)/bin/python .ci/words.py

# every promised Python and system: modules compile on those that are here, dependencies resolve to files (a dry run)
pythons: install
	@$(PIP) install --quiet -c constraints.txt uv
	@$(VENV)/bin/python .ci/pythons.py

licences: install
	@$(VENV)/bin/python .ci/supply.py licences

sbom: install
	@$(VENV)/bin/python .ci/supply.py sbom sbom.cdx.json

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt constraints.lock
	@echo "==> installing into $(VENV) (the first time takes some minutes)"
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
ifeq ($(HASHES),no)
	@$(PIP) install --quiet --upgrade pip
	@$(PIP) install --progress-bar on -c constraints.txt -e '.[all,test]'
else
	@$(PIP) install --quiet --require-hashes -r .ci/pip.lock
	@$(VENV)/bin/python .ci/requirements.py > $(VENV)/requirements.in
# torch without CUDA, where pip's configuration names a folder that has it: it saves gigabytes
	@$(PIP) install --quiet --no-index --no-deps --require-hashes -c constraints.lock torch >/dev/null 2>&1 || true
	@$(PIP) install --progress-bar on --require-hashes -c constraints.lock -r $(VENV)/requirements.in || \
	  { echo "==> not installed: a file differs from its hash, or is not in constraints.lock."; \
	    echo "    After a change of pyproject.toml or constraints.txt: make lock. To do without hashes: make HASHES=no"; exit 1; }
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
endif
	@touch $(STAMP)
	@echo "==> installed"

clean:
	@rm -rf $(VENV) build dist site *.egg-info sbom.cdx.json
