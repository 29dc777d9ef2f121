#!/bin/sh
# Make .venv and install one lock file into it; a failure leaves what the next try repairs.
# Arguments: lock file, stamp. PYTHON: the interpreter to try first.
set -eu
lock=$1
stamp=$2
venv=.venv

fail() {
    printf '\n%s\n%s\n' "$1" "$2" >&2
    exit 1
}

recent_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python3.15; do
        if recent_enough "$candidate"; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

python=$(find_python) || fail \
    "需要 Python 3.11 或更新的版本，这台机器上没有找到；装好后可用 make run PYTHON=/路径/python3 指定。" \
    "(Python 3.11 or newer is needed; found: $("${PYTHON:-python3}" -V 2>&1 | head -n 1))"

# One at a time: `make run` and `make test` in two terminals share one .venv. The lock is the
# shell's open file, so it is given back however this script ends.
(umask 077 && mkdir -p .gexun && : >>.gexun/install.lock) 2>/dev/null || fail \
    "这个文件夹不能写入（$(pwd)）：请用它的主人运行，或者复制一份到自己的文件夹再运行。" \
    "(this folder is not writable; run as its owner or from a copy)"
exec 9>>.gexun/install.lock
"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' || true
# Installed by the other one meanwhile.
if [ "$stamp" -nt "$lock" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

echo "正在安装依赖（$lock），首次约需一两分钟……"
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 || {
        rm -rf "$venv"
        fail "无法建立 .venv：请安装 Python 的 venv 模块（Debian/Ubuntu：apt install python3-venv），再试一次。" \
            "(python -m venv failed)"
    }
fi

rm -f "$stamp"
log=$venv/install.log
if "$venv/bin/python" -m pip install --require-hashes --disable-pip-version-check --no-input \
    --retries 2 --progress-bar off -r "$lock" >"$log" 2>&1; then
    touch "$stamp"
    echo "依赖已装好。"
    exit 0
fi
if grep -qiE 'connection|resolve|timed out|timeout|proxy|No matching distribution' "$log" &&
    ! grep -q 'DO NOT MATCH THE HASHES' "$log"; then
    fail "安装依赖失败：连不上软件包下载站，请检查网络后再运行一次同样的命令（记录见 $log）。" \
        "(no network to install from; run the same command again)"
fi
tail -n 5 "$log" >&2
fail "安装依赖失败，原因见上面几行，全部记录在 $log。" "(pip install failed)"
