# Two commands do everything: `make demo` and `make test`. `make help` lists the others.
#
# Needed are Go, gcc, make and a Python; what is missing is said, with what to install. All is made in
# .venv and build, but for the workspace that cells are built in: that is in the user's cache folder,
# and `build/gopy-kernel doctor` says where. What is there already is not made again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The Python that .venv is made with, once.
PYTHON ?= python3

# Programs that check the code, in the versions that the code is written for.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
UV := uv==0.13.9
NEWER_GO := go1.27.3

# `make test` runs these, the quick ones first; `make test-vet` runs one alone.
SUITES := format tidy vet lint go newer python

VENV := .venv/bin
FRONT := build/gopy-kernel
export PIP_DISABLE_PIP_VERSION_CHECK := 1

## Use it

.PHONY: demo
demo: kernel packages ## run the tour and render it as a page: build/tour.html
	@echo "running notebooks/tour.ipynb"
	@$(VENV)/jupyter nbconvert --log-level ERROR --execute --to html --output-dir build --output tour.html notebooks/tour.ipynb
	@echo "The tour is at $(CURDIR)/build/tour.html"

.PHONY: lab
lab: kernel packages ## open the tour in JupyterLab
	@$(VENV)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/tour.ipynb

.PHONY: kernel
kernel: $(VENV)/python ## build the kernel, and install it into .venv
	@command -v go >/dev/null || { echo "The go command was not found: install Go 1.26 or newer, https://go.dev/dl"; exit 1; }
	@echo "building $(FRONT)"
	@go build -buildvcs=false -o $(FRONT) ./cmd/gopy-kernel
	@$(FRONT) install --prefix .venv --python $(VENV)/python

## Check it

.PHONY: test
test: ## check all that CI checks
	@.ci/suites $(SUITES)

.PHONY: test-format
test-format:
	@unformatted=$$(git ls-files -z '*.go' | xargs -0 gofmt -s -l); [ -z "$$unformatted" ] || { echo "not as gofmt -s has it:"; echo "$$unformatted"; exit 1; }

.PHONY: test-tidy
test-tidy:
	@go mod tidy -diff

.PHONY: test-vet
test-vet:
	@go vet ./...

.PHONY: test-lint
test-lint:
	@go run $(STATICCHECK) ./...

# All test programs have the race detector. The workers that they start have not: cells that were built
# without it cannot be loaded into a program that has it, and users get no other worker.
# What is printed is what is not ok, and what tests log: why they are skipped, above all.
.PHONY: test-go
test-go: kernel packages
	@go test -race -timeout 40m -v ./... | sed -E '/^ *(=== |--- PASS|PASS$$)/d'

# A newer Go than the oldest that will do, which may be the one that runs the other suites. The go command fetches it.
.PHONY: test-newer
test-newer:
	@GOTOOLCHAIN=$(NEWER_GO) go test ./internal/image ./worker/... ./interpreter/build
	@GOTOOLCHAIN=$(NEWER_GO) go test ./interpreter -run 'TestCells|TestComms|TestManyCells|TestTypesAreShared'

.PHONY: test-python
test-python: kernel packages
	@$(VENV)/python -m pytest -c test/pytest.ini test

# A worker for another processor than this machine's, which an emulator runs: nothing of `make test`.
.PHONY: test-arm64
test-arm64:
	@test/arm64/run

.PHONY: conformance
conformance: ## run all of Go's test programs as cells, and write test/conformance/RESULTS.md
	@go test ./test/conformance -run TestAll -all -v -timeout 3h

.PHONY: corpus
corpus: ## import thirty well-known modules, each in a cell of one session, and call them
	@go test ./interpreter -run TestCorpus -corpus -v -timeout 1h

.PHONY: bench
bench: kernel packages ## measure the kernel beside ipykernel
	@go run ./bench python3 gopy

## Keep it

.PHONY: notebooks
notebooks: kernel packages ## run the notebooks, and write the outputs that have changed into them
	@$(VENV)/python test/notebooks.py

# The lists in internal/venv are those of environments that tests make for themselves.
.PHONY: lock
lock: build/uv/bin/uv ## write requirements.txt anew from requirements.in, and so the lists of the tests
	@for list in requirements.in internal/venv/requirements/*.in; do \
		build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --no-header --no-annotate $$list -o $${list%.in}.txt; \
	done

.PHONY: clean
clean: ## remove build and .venv
	@rm -rf build .venv

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^## /{print "\n" substr($$0, 4)} /^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

# The environment

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "$(PYTHON) is no Python from 3.10 on: install one, or name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		library=$$($(PYTHON) -c 'import sys; print("libpython%d.%d" % sys.version_info[:2])'); \
		echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv $$library"; exit 1; }
	@echo "making .venv with $$($(PYTHON) -c 'import platform, sys; print("Python", platform.python_version(), "at", sys.executable)')"
	@$(PYTHON) -m venv --clear .venv

# What is installed is what requirements.txt says when the copy of it in .venv is the same.
.PHONY: packages
packages: $(VENV)/python
	@cmp -s requirements.txt .venv/requirements.txt || { \
		echo "installing the Python packages, which takes half a minute"; \
		$(VENV)/python -m pip install --quiet --requirement requirements.txt; \
		cp requirements.txt .venv/requirements.txt; }

build/uv/bin/uv:
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/pip install --quiet $(UV)
