#!/bin/sh
# 备份和恢复 PostgreSQL，用它自带的工具。见 docs/operations.md 的“备份”。
#
#   pg-backup.sh receive          不间断地收日志，由系统服务看护
#   pg-backup.sh base             做一份基础备份，核对，删去旧的
#   pg-backup.sh restore 目录 [时刻]   恢复到一个空目录；时刻如 '2026-11-27 09:00:00+08'，不写为最近
#
# BACKUP 是备份放在哪里，最好是另一台机器；KEEP 是留几份基础备份。
# 连哪台服务器用 PGHOST、PGPORT、PGUSER、PGPASSFILE，账号要有 REPLICATION 权限。
set -eu
umask 077
: "${BACKUP:?请设 BACKUP：备份放在哪个文件夹}"
SLOT=${SLOT:-gexun_backup}
KEEP=${KEEP:-4}

bases() { find "$BACKUP" -maxdepth 1 -type d -name 'base-*Z' | sort; }

receive() {
    mkdir -p "$BACKUP/wal"
    pg_receivewal --slot="$SLOT" --create-slot --if-not-exists
    exec pg_receivewal --slot="$SLOT" --directory="$BACKUP/wal" --synchronous
}

base() {
    rm -rf "$BACKUP"/base.part
    mkdir -p "$BACKUP"
    pg_basebackup --pgdata="$BACKUP/base.part" --checkpoint=fast --wal-method=stream
    # 以做完的时刻为名：能恢复到的是这以后的时刻。
    name=$BACKUP/base-$(date -u +%Y%m%dT%H%M%SZ)
    pg_verifybackup --quiet "$BACKUP/base.part"
    mv "$BACKUP/base.part" "$name"
    bases | head -n "-$KEEP" | while read -r old; do rm -rf "$old"; done
    oldest=$(bases | head -n 1)
    first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\)).*/\1/p' "$oldest/backup_label")
    [ ! -d "$BACKUP/wal" ] || pg_archivecleanup "$BACKUP/wal" "$first"
    echo "基础备份 $(basename "$name") 已做好，核对无误；日志留到 $first。"
}

restore() {
    target=$1 moment=${2:-}
    if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
        echo "$target 里已经有东西；请给一个空的目录。" >&2
        exit 1
    fi
    chosen=
    for each in $(bases); do
        made=$(basename "$each")
        [ -z "$moment" ] || [ "$made" \< "base-$(date -u -d "$moment" +%Y%m%dT%H%M%SZ)" ] || continue
        chosen=$each
    done
    [ -n "$chosen" ] || { echo "$BACKUP 里没有这个时刻以前的基础备份。" >&2; exit 1; }
    mkdir -p "$target"
    chmod 700 "$target"
    cp -a "$chosen/." "$target"
    {
        # 最后一段日志还没有写满，文件名以 .partial 结尾。
        echo "restore_command = 'cp \"$BACKUP/wal/%f\" \"%p\" || cp \"$BACKUP/wal/%f.partial\" \"%p\"'"
        [ -z "$moment" ] || echo "recovery_target_time = '$moment'"
        [ -z "$moment" ] || echo "recovery_target_action = 'promote'"
    } >> "$target/postgresql.auto.conf"
    touch "$target/recovery.signal"
    echo "已从 $(basename "$chosen") 放到 $target；启动这个目录的 PostgreSQL，它会重放日志，然后自己转为可写。"
}

case "${1:-}" in
receive) receive ;;
base) base ;;
restore) restore "${2:?请写恢复到哪个目录}" "${3:-}" ;;
*) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
