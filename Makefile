# 格巡 Gexun. `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: run test check bench bench-scale bench-web chaos evidence-report screens format requirements bundle fuzz clean help FORCE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp says what is installed; a .venv whose interpreter is gone is made again.
BROKEN := $(shell test -x $(BIN)/python || echo FORCE)

run: $(VENV)/.runtime ## 启动服务：HOST=127.0.0.1 PORT=8000（首次运行自动安装）
	@exec $(BIN)/python -m app.jobs.run

test: $(VENV)/.dev ## 运行全部测试（SQLite 与 PostgreSQL）；ARGS= 传给 pytest
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/.dev ## 代码检查：ruff、mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict app config

bench: $(VENV)/.dev ## 测量用时与吞吐量（SQLite 与 PostgreSQL）；ARGS=--quick 为快速
	@$(BIN)/python -m tests.bench $(ARGS)

bench-scale: $(VENV)/.dev ## 测量全县规模：100 个乡镇、一百万张工单；ARGS="--engine postgresql"
	@$(BIN)/python -m tests.bench.scale $(ARGS)

bench-web: $(VENV)/.dev ## 测量网页：大小、多久可用、地图拖动；ARGS=--smallest 为试运行
	@$(BIN)/python -m tests.bench.web $(ARGS)

chaos: $(VENV)/.dev ## 边用边破坏（杀进程、停数据库和存储、填满磁盘、拨时钟），事后核对；ARGS="--photos 100"
	@$(BIN)/python -m tests.chaos $(ARGS)

evidence-report: $(VENV)/.dev ## 照片比对的检出率与误报：绘制的照片，ARGS=文件夹 加上别的照片
	@$(BIN)/python -m tests.evidence.report $(ARGS)

fuzz: $(VENV)/.dev ## 按接口文档编造请求，各种岗位、两种数据库都问到；ARGS= 传给 schemathesis
	@$(BIN)/python -m tests.fuzz $(ARGS)

screens: $(VENV)/.dev ## 重拍 docs/screens 里的页面图；ARGS= 只拍几张
	@$(BIN)/python -m tests.journeys.screens $(ARGS)

format: $(VENV)/.dev ## 按统一格式改写代码
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

requirements: $(VENV)/.runtime ## 依 pyproject.toml 重新锁定依赖版本与校验值
	@sh .ci/requirements.sh $(BIN)

bundle: $(VENV)/.runtime ## 做离线安装包（x86-64 与 arm64）到 bundle/；ARCHES=、PYTHONS= 只做几种
	@sh .ci/bundle.sh $(BIN)/python

clean: ## 删除 .venv（数据在 .gexun/ 与 uploads/，不动）
	@rm -rf $(VENV)

help: ## 显示本说明
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

$(VENV)/.runtime: requirements.txt $(BROKEN)
	@PYTHON=$(PYTHON) sh .ci/install.sh requirements.txt $@

$(VENV)/.dev: requirements.txt tests/requirements.txt $(BROKEN)
	@PYTHON=$(PYTHON) sh .ci/install.sh tests/requirements.txt $@
	@touch $(VENV)/.runtime
