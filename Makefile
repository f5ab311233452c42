# Boussole : « make run » ouvre l’assistant, « make test » vérifie tout.

VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
# The index of the shipped base that the tests and the quality gate share; kept from one run to the next.
TEST_DATA := .cache/base
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt
PROJECT_FILES := pyproject.toml constraints.txt

.PHONY: run test lint format vecteurs clean

run: $(VENV)/.installed
	@exec $(BIN)/boussole serve --host $(HOST) --port $(PORT)

test: lint
	@echo "== Index de la base fournie (boussole index)"
	@$(BIN)/boussole index --data-dir $(TEST_DATA)
	@echo "== Contrôle rapide de la qualité (boussole gate)"
	@$(BIN)/boussole gate --data-dir $(TEST_DATA)
	@echo "== Tests (pytest)"
	@$(BIN)/python -m pytest

lint: $(VENV)/.installed-test
	@echo "== Mise en forme (ruff format)"
	@$(BIN)/ruff format --check .
	@echo "== Règles de code (ruff check)"
	@$(BIN)/ruff check .
	@echo "== Types (mypy)"
	@$(BIN)/mypy
	@echo "== Sens des imports (import-linter)"
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Vectors of the shipped fiches, to write again after a fiche or the cutting of passages changed.
vecteurs: $(VENV)/.installed
	@$(BIN)/python -m knowledge.index.shipped

clean:
	rm -rf $(VENV) .cache build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/.installed: $(PROJECT_FILES) | $(BIN)/python
	@echo "Installation de Boussole (une à deux minutes, une seule fois)…"
	@$(PIP_INSTALL) -e '.[ocr]'
	@touch $@

$(VENV)/.installed-test: $(PROJECT_FILES) | $(BIN)/python
	@echo "== Installation (une à deux minutes, une seule fois)"
	@$(PIP_INSTALL) -e '.[ocr,test]'
	@touch $(VENV)/.installed $@

# The newest Python that can make an environment. A name may exist and not run (pyenv), or lack ensurepip (Debian).
$(BIN)/python:
	@found=; lacking=; \
	for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then found=$$name; break; fi; \
	  lacking=$$name; \
	done; \
	if [ -z "$$found" ] && [ -n "$$lacking" ]; then \
	  echo "$$lacking ne sait pas créer d’environnement : installez python3-venv (apt install python3-venv)." >&2; exit 3; \
	fi; \
	if [ -z "$$found" ]; then \
	  echo "Il faut Python 3.11 ou plus récent (apt install python3 python3-venv)." >&2; exit 3; \
	fi; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); exit 3; }
