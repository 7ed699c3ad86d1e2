# Two commands are all it takes: `make run` and `make test`. Each sets up what it needs.
.PHONY: setup run test lint bench pictures

setup:
	@.ci/setup

run: setup
	@.ci/show

test:
	@.ci/setup pdftotext:poppler-utils ogrinfo:gdal-bin zbarimg:zbar-tools chromium:chromium chromedriver:chromium-driver
	.venv/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder # docs/decisions/0068

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup
	.venv/bin/python benchmarks/run.py

pictures: setup
	.venv/bin/python -m chuangwen.ui.pictures out/pictures --manual docs/manual/pictures
