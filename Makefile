# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0

# The first Python of 3.11 or later that works; `make PYTHON=... test` names another.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
UV := $(BIN)/uv pip
ANSIBLE := .venv-ansible
# The supported versions, and the oldest Python that each is tested with.
ANSIBLE_CORES := 2.18.19 2.19.14 2.21.5
PYTHON_2.18.19 := 3.11
PYTHON_2.19.14 := 3.11
PYTHON_2.21.5 := 3.12
CELERY := .venv-celery
FUZZ := .venv-fuzz
COLLECTION := build/collection
# With the Airflow of dev.txt, every supported minor version.
MATRIX := 2.11.2 3.0.6 3.1.8 3.2.2
PACKAGED := pyproject.toml sandbox/pyproject.toml \
	$(shell find airflow_provider_sentori plugins/module_utils/core sandbox -name '*.py' -o -name py.typed)

# Each command here imports hundreds of modules: keep their compiled files.
unexport PYTHONDONTWRITEBYTECODE

# The ansible-core that `.ci/run` tests with.
QUICK_CORE := 2.19.14
EVERYTHING := lint test $(MATRIX:%=test-airflow-%) test-ansible-tools $(ANSIBLE_CORES:%=test-ansible-core-%) \
	test-molecule docs release-check test-browser demo demo-celery

.PHONY: demo demo-celery test test-all test-ansible test-ansible-quick test-ansible-tools test-artefacts \
	$(ANSIBLE_CORES:%=test-ansible-core-%) test-molecule test-matrix $(MATRIX:%=test-airflow-%) test-browser dist \
	release-check audit bench faults fuzz docs lint lock clean

demo: .venv/installed  ## A playbook and a DAG against the sandbox, each run twice
	@$(BIN)/python demo/run.py

demo-celery: $(CELERY)/installed  ## Celery: workers are killed in the middle, and no row is sent twice
	@$(CELERY)/bin/python demo/celery/run.py

test: .venv/installed  ## All tests
	$(BIN)/pytest -n 2 --dist loadfile

test-all:  ## All checks, one after the other, and a table of their seconds
	@.ci/steps $(EVERYTHING)

test-matrix: $(MATRIX:%=test-airflow-%)  ## The provider's tests on older Airflows

$(MATRIX:%=test-airflow-%): test-airflow-%: .venv-airflow-%/installed
	.venv-airflow-$*/bin/pytest tests/airflow -n 2 --dist loadfile

# As on a machine with only these tools and the built collection.
BESIDE_COLLECTION = PATH="$(CURDIR)/$(ANSIBLE)/bin:$$PATH" HOME=$(CURDIR)/.ansible ANSIBLE_HOME=$(CURDIR)/.ansible \
	ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/$(COLLECTION)

test-ansible: test-ansible-tools $(ANSIBLE_CORES:%=test-ansible-core-%)  ## Ansible's own tools and ansible-test, with each ansible-core

test-ansible-tools: $(COLLECTION)/installed
	$(BESIDE_COLLECTION) antsibull-changelog lint
	$(BESIDE_COLLECTION) ansible-lint
	$(BESIDE_COLLECTION) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .
	! { cd $(COLLECTION) && $(BESIDE_COLLECTION) python -m galaxy_importer.main *.tar.gz 2>&1; } | grep -E 'WARNING|ERROR|Traceback'
	$(BESIDE_COLLECTION) ansible-builder introspect $(COLLECTION) | grep 'requests.*from collection sentori.sentori'

# The newest also with each Python that a managed host can have.
test-ansible-core-$(lastword $(ANSIBLE_CORES)): MANAGED_HOSTS := --each-python
$(ANSIBLE_CORES:%=test-ansible-core-%): test-ansible-core-%: .venv/python
	@$(BIN)/python tests/pythons.py $(PYTHON_$*) >/dev/null || \
		{ echo "ansible-core $* needs Python $(PYTHON_$*) or later, and none was found here."; exit 1; }
	@$(MAKE) --no-print-directory .venv-ansible-core-$*/installed
	.venv-ansible-core-$*/bin/python tests/run_ansible_test.py $(KINDS) $(MANAGED_HOSTS)

test-ansible-quick: KINDS := sanity units
test-ansible-quick: test-ansible-core-$(QUICK_CORE)  ## ansible-test with one ansible-core, without integration

test-molecule: $(COLLECTION)/installed  ## Playbooks of users, each run twice
	$(BESIDE_COLLECTION) SENTORI_SANDBOX_PORT=$$($(BIN)/python -c \
		'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])') molecule test --all

test-browser: .venv/browser  ## The connection form and a task in Debian's chromium
	$(BIN)/pytest tests/browser

audit: .venv/python  ## Known vulnerabilities of the pinned packages, by the advisories of PyPI
	$(BIN)/uv tool run --quiet --python $(BIN)/python pip-audit --disable-pip --no-deps \
		-r requirements/dev.txt -r requirements/managed-host.txt

RELIABILITY := tests/reliability

faults: .venv/installed  ## Faults, load, races and kills of every tool; writes docs/reliability.md
	@PYTHONPATH=$(RELIABILITY):$(RELIABILITY)/cells:$(RELIABILITY)/kills:$(RELIABILITY)/load:tests/airflow $(BIN)/python -P $(RELIABILITY)/run.py \
		$(if $(CELL),--cell "$(CELL)") $(if $(ONLY),--only $(ONLY))

fuzz: $(FUZZ)/installed  ## Feed each reader and writer with random input, for SECONDS each (600)
	@$(FUZZ)/bin/python tests/fuzz/run.py $(or $(SECONDS),600) $(TARGETS)
	@$(BIN)/python -P $(RELIABILITY)/page.py

bench: .venv/bench  ## Every goal of performance, beside what a user would pick instead: writes docs/performance.md
	@$(BIN)/python benchmarks/performance.py

dist: .venv/installed  ## The artefacts of a release, in build/dist
	@$(BIN)/python docs/build_release.py

release-check: dist  ## A release, tried from its artefacts alone
	@$(BIN)/python -P tests/release_check.py

test-artefacts: dist  ## Each artefact installed into an empty environment, and imported
	@$(BIN)/python -P tests/release_check.py --install-only

docs: .venv/installed  ## The site: guides, modules, provider
	@$(BIN)/python docs/build_site.py

lint: .venv/installed  ## Style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/yamllint --strict .
	$(BIN)/vermin --quiet --no-tips --eval-annotations --target=3.9- --violations plugins
	@$(STALE) build/typed && $(UV) install --quiet --no-deps --target build/typed . ./sandbox
	MYPYPATH=build/typed $(BIN)/mypy -p airflow_provider_sentori -p sentori_sandbox
	$(BIN)/reuse lint --quiet || { $(BIN)/reuse lint; exit 1; }

lock: .venv/python  ## Pin the newest versions of what requirements/*.in name
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/dev.in -o requirements/dev.txt
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/celery.in -c requirements/dev.txt \
		-o requirements/celery.txt
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/browser.in -c requirements/dev.txt \
		-o requirements/browser.txt
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/bench.in -c requirements/dev.txt \
		-o requirements/bench.txt
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/ansible.in -o requirements/ansible.txt
	$(UV) compile --quiet --upgrade --python-version 3.9 --no-header requirements/managed-host.in \
		-o requirements/managed-host.txt
	$(UV) compile --quiet --upgrade --python-version 3.11 --no-header requirements/fuzz.in -c requirements/dev.txt \
		-o requirements/fuzz.txt
	$(foreach core,$(ANSIBLE_CORES),echo ansible-core==$(core) | $(UV) compile --quiet --upgrade --no-header \
		--python-version $(PYTHON_$(core)) - requirements/ansible-core.in -c requirements/uv.txt \
		-o requirements/ansible-core-$(core).txt &&) true

clean:
	rm -rf .venv $(ANSIBLE) .venv-ansible-core-* $(CELERY) $(FUZZ) .venv-airflow-* .ansible build

.venv/python: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed (with venv), and none was found."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet -r requirements/uv.txt
	@touch $@

.venv/locked: .venv/python requirements/dev.txt
	$(UV) install --quiet --python $(BIN)/python -r requirements/dev.txt
	@touch $@

# setuptools would copy deleted modules from an old build folder into the new package.
STALE = rm -rf build/lib sandbox/build

.venv/installed: .venv/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python $(BIN)/python --no-deps --reinstall . ./sandbox
	@touch $@

$(ANSIBLE)/locked: .venv/python requirements/ansible.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(ANSIBLE)
	$(UV) install --quiet --compile-bytecode --python $(ANSIBLE)/bin/python -r requirements/ansible.txt
	@touch $@

$(ANSIBLE)/installed: $(ANSIBLE)/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python $(ANSIBLE)/bin/python --no-deps --reinstall ./sandbox
	@touch $@

.PRECIOUS: .venv-ansible-core-%/locked
.venv-ansible-core-%/locked: .venv/python requirements/ansible-core-%.txt
	$(BIN)/uv venv --quiet --clear --python "$$($(BIN)/python tests/pythons.py $(PYTHON_$*))" .venv-ansible-core-$*
	$(UV) install --quiet --compile-bytecode --python .venv-ansible-core-$*/bin/python -r requirements/ansible-core-$*.txt
	@touch $@

.venv-ansible-core-%/installed: .venv-ansible-core-%/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python .venv-ansible-core-$*/bin/python --no-deps --reinstall ./sandbox
	@touch $@

$(COLLECTION)/installed: $(ANSIBLE)/installed galaxy.yml README.md $(shell find changelogs meta plugins -type f ! -name '*.pyc')
	@rm -rf $(COLLECTION) && mkdir -p $(COLLECTION)
	$(BESIDE_COLLECTION) ansible-galaxy collection build --output-path $(COLLECTION)
	$(BESIDE_COLLECTION) ansible-galaxy collection install --offline --no-deps -p $(COLLECTION) $(COLLECTION)/*.tar.gz
	@touch $@

.venv/browser: .venv/installed requirements/browser.txt
	@command -v $${CHROMIUM:-chromium} >/dev/null || apt-get install --yes --quiet chromium || \
		{ echo "Install chromium first: apt-get install chromium"; exit 1; }
	$(UV) install --quiet --python $(BIN)/python -r requirements/browser.txt
	@touch $@

.venv/bench: .venv/installed requirements/bench.txt
	$(UV) install --quiet --python $(BIN)/python -r requirements/bench.txt
	@touch $@

$(CELERY)/locked: .venv/python requirements/celery.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CELERY)
	$(UV) install --quiet --python $(CELERY)/bin/python -r requirements/celery.txt
	@touch $@

$(CELERY)/installed: $(CELERY)/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python $(CELERY)/bin/python --no-deps --reinstall . ./sandbox
	@touch $@

$(FUZZ)/locked: .venv/python requirements/fuzz.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(FUZZ)
	$(UV) install --quiet --python $(FUZZ)/bin/python -r requirements/fuzz.txt
	@touch $@

$(FUZZ)/installed: $(FUZZ)/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python $(FUZZ)/bin/python --no-deps --reinstall .
	@touch $@

.PRECIOUS: .venv-airflow-%/locked
.venv-airflow-%/locked: .venv/python requirements/airflow-%.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-airflow-$*
	$(UV) install --quiet --python .venv-airflow-$*/bin/python -r requirements/airflow-$*.txt
	@touch $@

.venv-airflow-%/installed: .venv-airflow-%/locked $(PACKAGED)
	@$(STALE)
	$(UV) install --quiet --python .venv-airflow-$*/bin/python --no-deps --reinstall . ./sandbox
	@touch $@
