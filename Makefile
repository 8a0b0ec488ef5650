# Each target sets up what it needs. On a new machine: make lab, or make test.
#   make test WORKERS=1            runs one test at a time (default: one on each core)
#   make test PYTHON=python3.13    uses that Python (default: 3.13, 3.12 or 3.11, found)
#   make lock LOCK=--upgrade       also moves to the newest versions in the ranges
#   make bench BENCH=--quick       tries each benchmark for a moment
#   make mutants MUTANTS="c51 --all"   every change of one module, not 40 of each

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
NOTEBOOKS := $(wildcard notebooks/*.ipynb notebooks/solutions/*.ipynb)
LOCK ?=
WORKERS ?= logical

# A "python3" kernel elsewhere on the machine must not run our notebooks.
export JUPYTER_PREFER_ENV_PATH := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Nor must what somebody has set for other work change ours.
export IPYTHONDIR := $(CURDIR)/$(VENV)/ipython
unexport PYTHONHOME PYTHONOPTIMIZE PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS
unexport MATPLOTLIBRC MPLBACKEND

PEERS := .venv-peers
PEERS_READY := $(PEERS)/ready
BENCH ?=

.PHONY: help install lab check test mutants test-long notebooks measure html doctor bench bench-throughput \
	bench-profile bench-growth bench-recipe bench-curves bench-report \
	lock clean

help:  ## what make can do here
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /	/'

# Set up once, and again when the lock, the package's metadata or the wanted Python
# changes.
ifneq ($(PYTHON),)
ifneq ($(shell $(PYTHON) -V 2>&1),$(shell $(BIN)/python -V 2>&1))
.PHONY: $(READY)
endif
endif
$(READY): tools/set_up.sh requirements.lock requirements-headless.lock pyproject.toml
	@sh tools/set_up.sh "$(VENV)" "$(PYTHON)"
	@touch $@

install: $(READY)  ## set up only; the other targets do it by themselves

lab: $(READY)  ## open JupyterLab at notebook 00
	@$(BIN)/jupyter trust $(NOTEBOOKS) >/dev/null  # shows the recorded videos
	$(BIN)/jupyter lab $(LAB_AS_ROOT) \
		--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb

# JupyterLab refuses to run as root, the only user in many containers, unless told.
LAB_AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

# A worker on each core; a worker takes whole files, so the cells of a notebook stay
# together and in order. Which file is begun first is said in conftest.py.
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 \
	--dist loadfile --no-loadscope-reorder

check: $(READY)  ## for every edit: lint, the arrows between the rooms, fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(PYTEST) -m "not slow and not long" tests

test: check  ## everything that CI checks: check, slow tests, notebooks compared
	$(PYTEST) --nbval -m "slow and not long" tests notebooks

# For the games that a test plays in a window. Without a network they are skipped.
$(VENV)/play: $(READY)
	$(BIN)/python -m pip install --quiet --no-build-isolation -e ".[play]" && touch $@

MUTANTS ?=
mutants: $(READY)  ## change the package on purpose: which changes does no test notice?
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.mutants $(MUTANTS)

test-long: $(READY)  ## long proofs, which CI runs weekly: fifty kills, a hundred games
	-@$(MAKE) --silent $(VENV)/play
	$(PYTEST) --dist load -m long tests

notebooks: $(READY)  ## run all notebooks again, store outputs, print minutes and RAM
	$(BIN)/python tools/record_notebooks.py $(NOTEBOOKS)

measure: $(READY)  ## run all notebooks, write minutes and RAM to notebooks/measured.csv
	$(BIN)/python -m tools.measure_series

html: $(READY)  ## render the notebooks to html/, pages that need no network
	$(BIN)/python -m tools.pages html $(NOTEBOOKS)

# The series as pages and as slides. They need no network; only making them needs npm.
SITE := .venv-site
SITE_READY := $(SITE)/ready
MODULES := tools/site/node_modules
MODULES_READY := $(MODULES)/ready
.PHONY: site slides check-site offline-kit check-offline-kit

$(SITE_READY): tools/site/requirements.txt
	@wanted="$(PYTHON)"; . tools/find_python.sh; "$$python" -m venv --clear $(SITE)
	$(SITE)/bin/python -m pip install --quiet -r tools/site/requirements.txt
	@touch $@

$(MODULES_READY): tools/site/package.json tools/site/package-lock.json
	cd tools/site && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

site: $(SITE_READY) $(MODULES_READY)  ## the series as pages: site/index.html
	@rm -rf $(SITE)/built site
	$(SITE)/bin/sphinx-build --quiet --fail-on-warning --keep-going \
		--conf-dir tools/site --doctree-dir $(SITE)/built/doctrees . $(SITE)/built/html
	@mv $(SITE)/built/html site && cp site/README.html site/index.html

slides: $(READY) $(MODULES_READY)  ## the notebooks as slides: slides/index.html
	@rm -rf slides
	$(BIN)/python -m tools.slides.make slides notebooks/*.ipynb

check-site: site slides  ## look at every page and slide in headless Chromium
	$(BIN)/python -m dqn_tutorial watch beyond --out $(SITE)/beyond.html
	$(SITE)/bin/python -m pytest --confcutdir=tools/site -p no:cacheprovider tools/site

# What is committed, without the answers; the quiz and the blank page of assignment C
# are for students, too.
STUDENT_COPY := student_copy
.PHONY: student-copy
student-copy:  ## the series without solutions and answers: student_copy/
	@rm -rf "$(STUDENT_COPY)" && mkdir -p "$(STUDENT_COPY)"
	@git archive HEAD . ':!notebooks/solutions' ':!teaching' ':!tests' \
		| tar -x -C "$(STUDENT_COPY)"
	@git archive HEAD teaching/quiz.md teaching/pretest.md teaching/assignment_c \
		':!teaching/assignment_c/solution.py' | tar -x -C "$(STUDENT_COPY)"
	@echo "the students' copy is in $(STUDENT_COPY)"

offline-kit: $(READY)  ## one folder that installs the series without a network
	@sh tools/offline_kit.sh $(VENV)

check-offline-kit: offline-kit  ## install it with the network cut off
	sh tools/check_offline_kit.sh

# Ray is not in the lock: it has an environment of its own, made as CONTRIBUTING.md says.
CLUSTER := .venv-cluster
CLUSTER_READY := $(CLUSTER)/ready
.PHONY: check-cluster

$(CLUSTER_READY): tools/set_up.sh requirements.lock requirements-headless.lock pyproject.toml
	@sh tools/set_up.sh "$(CLUSTER)" "$(PYTHON)"
	$(CLUSTER)/bin/python -m pip install --quiet --no-build-isolation -e ".[cluster]"
	@touch $@

check-cluster: $(CLUSTER_READY)  ## a sweep on a cluster of two nodes, on this machine
	@$(CLUSTER)/bin/python -c 'import ray, sys; sys.exit(sys.platform != "linux")' || \
		{ echo "The cluster is tested on Linux only."; exit 1; }
	$(CLUSTER)/bin/python -m pytest tests/test_sweep.py

doctor: $(READY)  ## check this machine and say how to mend what is missing
	$(BIN)/python -m dqn_tutorial doctor

# The peer (Stable-Baselines3) has an environment of its own.
$(PEERS_READY): benchmarks/requirements-peers.txt | $(READY)
	$(BIN)/python -m venv --clear $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -r benchmarks/requirements-peers.txt
	@touch $@

bench: bench-throughput bench-profile bench-growth bench-recipe bench-curves  ## measure what training costs, hours (benchmarks/README.md)

bench-throughput: $(READY) $(PEERS_READY)
	$(BIN)/python -m benchmarks.throughput $(BENCH)
	@$(BIN)/python -m benchmarks.report

bench-profile: $(READY)
	$(BIN)/python -m benchmarks.profile_training $(BENCH)
	@$(BIN)/python -m benchmarks.report

bench-growth: $(READY)
	$(BIN)/python -m benchmarks.growth $(BENCH)
	@$(BIN)/python -m benchmarks.report

bench-recipe: $(READY)
	$(BIN)/python -m benchmarks.recipe $(BENCH)
	@$(BIN)/python -m benchmarks.report

bench-curves: $(READY) $(PEERS_READY)
	$(BIN)/python -m benchmarks.learning_curves $(BENCH)
	@$(BIN)/python -m benchmarks.report

bench-report: $(READY)  ## write the tables of what training costs from the results
	$(BIN)/python -m benchmarks.report

# Two benchmarks at once would measure each other.
.NOTPARALLEL:

lock:  ## compile requirements.lock from the ranges in pyproject.toml
	@sh tools/lock.sh "$(LOCK)" "$(PYTHON)"

clean:  ## remove what make has made (not runs/)
	rm -rf $(VENV) $(PEERS) $(SITE) $(CLUSTER) $(MODULES) .venv-lock html site slides \
		offline-kit $(STUDENT_COPY) mutants.md .import_linter_cache \
		.pytest_cache .hypothesis *.egg-info
	find . \( -name __pycache__ -o -name .ruff_cache \) -not -path "./.git/*" -prune -exec rm -rf {} +
