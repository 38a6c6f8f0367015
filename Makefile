# Two commands on a fresh machine: `make lab` and `make test`. Each makes .venv first,
# once: a Python 3.11, 3.12 or 3.13 and every package at the version of
# requirements-lock.txt.
#
#   make lab PYTHON=/opt/python/bin/python3.13         another Python
#   make lab LAB_ARGS="--no-browser --port=8890"       arguments for jupyter lab
#   make lab ALL=1                                     instructors, authors: all files
#   OMP_NUM_THREADS=4 make lab                         more threads for each notebook

SHELL := /bin/bash
# Asked of each in turn: a shim for a version that isn't there is no Python, nor does one
# without pip make an environment.
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11, 5) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
  $$python -c '$(FITS)' 2>/dev/null && { echo $$python; break; }; done)
VENV := .venv
STAMP := $(VENV)/.installed
# A Python brings its pip of the day; the one of 3.11.7 takes a minute longer here.
PIP_VERSION := 26.3
# pip compiles 17,000 modules one after another; compileall uses every core.
PIP := $(VENV)/bin/python -m pip install -qq --no-compile --no-input \
  --disable-pip-version-check
# On Linux torch brings 5 of the 6 GB: CUDA's libraries.
LARGE = $(shell grep -E '^(torch|triton|nvidia|cuda)' requirements-lock.txt)
LAB_ARGS ?=

# nbgrader calls `alembic` by its bare name, notebooks call `course`.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Two torch processes with two threads each on two cores take several times as long.
OMP_NUM_THREADS ?= 1
export OMP_NUM_THREADS
# Settings, history and runtime files stay in this folder, out of the user's home.
export JUPYTER_CONFIG_DIR := $(CURDIR)/.jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.jupyter/runtime
export IPYTHONDIR := $(CURDIR)/.jupyter/ipython
export MPLCONFIGDIR := $(CURDIR)/.jupyter/matplotlib
# A kernel's debugger would print a warning about frozen modules into each terminal.
export PYDEVD_DISABLE_FILE_VALIDATION := 1
unexport PYTHONPATH PYTHONHOME

.PHONY: help setup lab test demo bench lock clean moved
.PHONY: quick lint unit bank notebooks-run site pages people
.NOTPARALLEL:

help:
	@echo "make lab    set up once, build, and open JupyterLab on the course home page"
	@echo "            ALL=1 lists all files: for instructors and authors"
	@echo "make test   set up once and run every check, as CI does"
	@echo "make quick  the checks for while you work: no servers, changed chapters alone"
	@echo "make site   set up once and make the book to read, in .build/site"
	@echo "make demo   set up once and run the teaching loop on a made-up class"
	@echo "make bench  print the benchmarks' ratios"
	@echo "make lock   resolve the requirements again into requirements-lock.txt"
	@echo "make clean  remove .venv and caches; notebooks, grades and settings stay"

# ---------------------------------------------------------------- set-up, once

setup: $(STAMP)

# The stamp holds the folder's path: scripts of a moved .venv point to the old place.
# A stamp older than a requirements file installs what changed on top.
$(STAMP): requirements.txt requirements-no-deps.txt requirements-lock.txt pyproject.toml
$(STAMP): setup.py course/student/etc/jupyter_lab_config.py course/formgrade/mathjax.html.j2
$(STAMP): $(shell [ "$$(cat $(STAMP) 2>/dev/null)" = "$$PWD" ] || echo moved)
	@$(PYTHON) -c '$(FITS)' 2>/dev/null || { \
	  echo "The course needs Python 3.11 (3.11.5 or later), 3.12 or 3.13, with its venv" \
	  "module, and $(if $(PYTHON),'$(PYTHON)' is none of them,found none of them)." \
	  "Install one (on Debian python3-venv too), or say where it is:" \
	  "make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)" \
	  "- with conda: conda env create -f environment.yml" >&2; exit 1; }
	@echo "Set-up: making $(VENV) and installing the packages" \
	  "(about 6 GB on Linux, a few minutes, once)"
	@[ "$$(cat $(STAMP) 2>/dev/null)" = "$$PWD" ] || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) pip==$(PIP_VERSION)
	@# pip works on one core: two halves at once on Linux, 65 s for 115. Whatever goes
	@# wrong with them, the third pip does what is left to do, or says why it can't.
	@[ "$$(uname -sm)" != "Linux x86_64" ] || { $(PIP) --no-deps $(LARGE) >/dev/null 2>&1 & \
	  $(PIP) -r <(grep -v '^torch' requirements.txt) -c requirements-lock.txt \
	    >/dev/null 2>&1; wait; }
	@$(PIP) -r requirements.txt -c requirements-lock.txt
	@$(PIP) --no-deps -r requirements-no-deps.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@# Not packages' own tests; status ignored: some ship what is not quite Python.
	@$(VENV)/bin/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib >/dev/null || true
	@# The list of fonts, or matplotlib tells of making it in a notebook's first figure.
	@$(VENV)/bin/python -c 'import matplotlib.font_manager'
	@printf '%s' "$$PWD" > $@

moved:

# ---------------------------------------------------------------- what people run

# Built again only where what a chapter is made of, or what was made, has changed.
lab: $(STAMP)
	@course build --changed
	@$(if $(ALL),COURSE_ALL=$(ALL)) jupyter lab --config=jupyter_lab_config.py $(LAB_ARGS)

demo: $(STAMP)
	@course demo

bench: $(STAMP)
	@set -e; for benchmark in benchmarks/*.py; do \
	  printf '\n== %s ==\n' "$$benchmark"; python "$$benchmark"; done
	@printf '\n== a thousand submissions ==\n'; python benchmarks/grading.py --thousand

# ---------------------------------------------------------------- what CI runs

test: lint unit bank notebooks-run site pages people
	@printf '\n== all checks passed ==\n'

lint: $(STAMP)
	@printf '\n== ruff: lint and format ==\n'
	@ruff check .
	@ruff format --check .

# In the order of their names: xdist would leave files of few long tests for last.
unit: $(STAMP)
	@printf '\n== pytest: tests, two processes ==\n'
	@python -m pytest tests --ignore=tests/e2e --ignore=tests/hub -p no:nbval \
	  -n 2 --dist loadfile --no-loadscope-reorder --durations=25 -rs

bank: $(STAMP)
	@printf '\n== course check: the autograder by its bank, built files by chapters/ ==\n'
	@course check --mutants --built

# Own settings: the unit tests' warnings-are-errors is not for notebooks, and all cells
# of a notebook belong in one kernel, so in one process (loadscope). What the lectures
# showed is kept for the book.
notebooks-run: $(STAMP)
	@printf '\n== nbval: every lecture and every solved exercise notebook runs ==\n'
	@TQDM_DISABLE=1 python -m pytest --nbval-lax --nbval-current-env \
	  --nbval-cell-timeout=180 -p no:cacheprovider -p course.site.nbval_keeps \
	  -o filterwarnings=default -n 2 --dist loadscope notebooks source

# A lecture that nbval has not run, or whose code or utils changed since, runs here.
site: $(STAMP)
	@printf '\n== sphinx: the book, its links, no warning ==\n'
	@course site

pages: $(STAMP)
	@printf '\n== chromium: every page of the book, offline; axe-core ==\n'
	@python -m pytest tests/site/check_pages.py -n 2 -p no:nbval

# Steps build on each other, so that each file belongs in one process (loadfile).
people: $(STAMP)
	@printf '\n== chromium, JupyterLab, JupyterHub: the ways that people go ==\n'
	@python -m pytest tests/e2e tests/hub -p no:nbval -n 2 --dist loadfile \
	  --durations=10

# ---------------------------------------------------------------- while you work

# Left to make test: servers, browsers, hostile submissions, whole classes, the book.
SLOW := e2e hub site docs course/grade course/report course/test_demo.py \
  course/test_formgrade.py course/written/test_written_pages.py \
  course/test_stock_nbgrader.py test_lab.py test_exchange.py
# Those of course/grade that start no process.
PURE := intake inert/test_inert.py test_summary.py
# Chapters that differ from where this branch left main; on main, from what is committed.
DIFFERING = $(shell { git diff --name-only "$$(git merge-base HEAD main || echo HEAD)"; \
  git ls-files --others --exclude-standard; } 2>/dev/null \
  | sed -n 's,^chapters/\([0-9][0-9]_[^/]*\)/.*,\1,p' | sort -u)
CHANGED = $(notdir $(wildcard $(DIFFERING:%=chapters/%)))
BUILT_OF = $(foreach slug,$(CHANGED),notebooks/$(slug).ipynb source/$(slug)/$(slug).ipynb)

quick: lint
	@printf '\n== pytest: tests without servers, browsers and attacks ==\n'
	@python -m pytest $(PURE:%=tests/course/grade/%) -p no:nbval -n 2 -rs
	@python -m pytest tests $(SLOW:%=--ignore=tests/%) -p no:nbval \
	  -n 2 --dist loadfile --durations=10 -rs
	@printf '\n== changed chapters: %s ==\n' "$(or $(CHANGED),none)"
	@[ -z "$(CHANGED)" ] || course check --built $(CHANGED)
	@[ -z "$(CHANGED)" ] || TQDM_DISABLE=1 python -m pytest --nbval-lax \
	  --nbval-current-env --nbval-cell-timeout=180 -p no:cacheprovider \
	  -o filterwarnings=default -n 2 --dist loadscope $(BUILT_OF)

# ---------------------------------------------------------------- upkeep

# Not from .venv: its set-up is held to the lock that is to be made anew. By the oldest
# Python: what still has wheels for it has them for the later ones, too.
lock: PYTHON := python3.11
lock:
	@$(PYTHON) -m venv --clear .build/lock
	@.build/lock/bin/python -m pip install -qq pip==$(PIP_VERSION)
	@.build/lock/bin/python -m course.requirements > .build/requirements-lock.txt
	@mv .build/requirements-lock.txt requirements-lock.txt

clean:
	@rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache .build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
