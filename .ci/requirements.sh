#!/bin/sh
# Compile both lock files from pyproject.toml, with hashes, for every platform and Python >= 3.11.
# Arguments: the bin folder of the virtual environment.
set -eu
bin=$1
"$bin/python" -m pip install --quiet uv
compile() {
    env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
        "$bin/uv" --no-config pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make requirements" pyproject.toml "$@"
}
compile ${UPGRADE:+--upgrade} --output-file requirements.txt
compile ${UPGRADE:+--upgrade} --extra dev --constraint requirements.txt \
    --output-file tests/requirements.txt
