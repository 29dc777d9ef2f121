#!/bin/sh
# 从离线安装包安装或升级，不连网。以 root 运行：
#   sh install.sh [目录]     默认 /opt/gexun；PYTHON 指定用哪个 Python（3.11–3.13）
# 每次装到一个新的文件夹，装好了才把 /opt/gexun 指过去：中断了，原来的还在；要退回，指回旧的。
# 数据、设置和正在运行的服务都不动；装好以后运行 db upgrade，再重启服务。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/gexun}

if [ -e "$target" ] && [ ! -L "$target" ]; then
    echo "$target 已经有了，不是 install.sh 装的；请换一个目录，或先把它移开。" >&2
    exit 1
fi
python=
for each in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$each
        break
    fi
done
[ -n "$python" ] || { echo "需要 Python 3.11 到 3.13；装好后可用 PYTHON=… 指定。" >&2; exit 1; }

cd "$here"
if ! sha256sum --check --quiet SHA256SUMS; then
    echo "安装包不完整或被改动过，请重新拷贝。" >&2
    exit 1
fi

umask 022
release=$target-$(date +%Y%m%d-%H%M%S)
mkdir -p "$release"
cp -R app config wsgi.py requirements.txt README.md docs "$release"
"$python" -m venv "$release/.venv"
"$release/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --no-index --find-links wheels --require-hashes --requirement requirements.txt
"$release/.venv/bin/python" -m compileall -q "$release/app" "$release/config"
ln -s "$(basename "$release")" "$target.next"
mv -T "$target.next" "$target"
echo "已装到 $release，$target 指向它。接着设好 /etc/gexun/env（样例在 config/deploy），运行 flask --app wsgi db upgrade，再启动或重启服务。"
