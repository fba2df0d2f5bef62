# Two commands: `make app` and `make test`. Each installs what it needs into .venv first.
PYTHON ?= python3
VENV := .venv
KB := $(VENV)/bin/kb
STAMP := $(VENV)/.installed

.PHONY: app test build install lint clean

app: install
	@$(KB) app

build: install
	@$(KB) build --if-stale

test: install
	@echo "==> running every test"
	@$(VENV)/bin/python -m pytest && echo "==> all tests passed"

lint: install
	@$(VENV)/bin/ruff check kb tests benchmarks app.py && $(VENV)/bin/lint-imports

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "==> installing into $(VENV) (the first time takes some minutes)"
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --upgrade pip
	@$(VENV)/bin/python -m pip install --progress-bar on -c constraints.txt -e '.[all,test]'
	@touch $(STAMP)
	@echo "==> installed"

clean:
	@rm -rf $(VENV) build dist *.egg-info
