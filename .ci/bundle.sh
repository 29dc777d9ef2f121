#!/bin/sh
# Make bundle/gexun-VERSION: the product and the wheels it needs, for servers without a network.
# Arguments: the interpreter to ask pip of. ARCHES, PYTHONS: for which machines and Pythons.
set -eu
python=$1
ARCHES=${ARCHES:-x86_64 aarch64}
PYTHONS=${PYTHONS:-3.11 3.12 3.13}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
made=bundle/gexun-$version
part=$made.part

rm -rf "$part"
mkdir -p "$part/wheels"
for arch in $ARCHES; do
    # What any of the last ten years' Linux takes, newest first.
    tags=
    for tag in manylinux_2_28 manylinux_2_27 manylinux_2_26 manylinux_2_24 manylinux_2_17 manylinux2014; do
        tags="$tags --platform ${tag}_$arch"
    done
    for release in $PYTHONS; do
        # pip weighs conditions on the version of Python by the Python that runs it.
        lock=$part/lock-$release
        "$python" .ci/lock_for.py requirements.txt "$release" >"$lock"
        echo "$arch，Python $release……"
        # shellcheck disable=SC2086
        "$python" -m pip download --quiet --disable-pip-version-check --no-input --no-deps \
            --only-binary=:all: --require-hashes $tags --python-version "$release" \
            --implementation cp --dest "$part/wheels" --requirement "$lock"
        rm "$lock"
    done
done
cp -R app config wsgi.py requirements.txt README.md docs "$part"
cp config/deploy/install.sh "$part"
mkdir "$part/uploads"
find "$part" -name __pycache__ -type d -prune -exec rm -rf {} +
(cd "$part" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
rm -rf "$made"
mv "$part" "$made"
echo "已做好 $made（$(du -sh "$made" | cut -f1)），整个拷到服务器上，运行其中的 install.sh。"
