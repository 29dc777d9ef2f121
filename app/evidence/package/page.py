"""The printable page of a ticket, the list of a package, and how to check it, for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kernel.clock import SHANGHAI

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

SOURCES = {"camera": "拍摄", "album": "相册", "unknown": "未说明"}
HOW_TO_CHECK = """怎样核对这份证据包（不需要格巡系统）

一、文件没有变过。进到 manifest-sha256.txt 所在的文件夹：
    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt
  Windows 上可以用 certutil -hashfile 文件 SHA256 逐个对照。

二、记录在链上，顺序和内容没有变过（Python 3.8 以上，不用装别的）：
    python3 data/check_record.py data/record/*/*.jsonl
  每天一行，末尾是 OK。这个程序只有三十来行，可以自己看、自己写。

三、每天的签名（openssl 3.0 以上），对 data/record 里的每一天：
    openssl pkeyutl -verify -pubin -inkey data/record/keys/公钥编号.pem -rawin \\
      -in 日期.statement.txt -sigfile 日期.signature.bin
  statement.txt 里写着哪条链、哪一天、第几条、哈希值和公钥编号。
  当天的记录次日零点以后签名；包里没有签名的那天，请过一天再取一份。
  有 日期.tsr 的，是第三方时间戳服务（RFC 3161）盖的，证明签名那时已有：
    openssl ts -verify -data 日期.statement.txt -in 日期.tsr -CAfile 根证书.pem
  根证书请从时间戳服务那里取。

四、公钥是真的。包里的公钥请与从别处得到的比对：出具单位的公告、通报上印的编号，
  或系统的 /api/v1/evidence/keys。通报上印有某天的哈希值的，与第二步算出的比对。

五、页面上写的和链上一致。.jsonl 里 body 是入链的原文：照片的 SHA-256、收到时间，
  每一步的时间、事项和说明文字的 SHA-256 都在其中；别人的内容只给哈希值（leaf）。

这些能证明：自入链之时起内容没有改过。不能证明：设备自报的时间和位置属实。
"""


def ticket_page(
    ticket: Mapping[str, Any], days: Sequence[Mapping[str, Any]], *, now: datetime
) -> str:
    """One ticket for printing on A4."""
    template = _TEMPLATES.get_template("ticket.html")
    return template.render(
        ticket=ticket, days=days, made_at=_local(now), sources=SOURCES, at=_short
    )


def index_page(tickets: Sequence[Mapping[str, Any]], *, outside: bool, now: datetime) -> str:
    """What is in a package."""
    template = _TEMPLATES.get_template("index.html")
    return template.render(tickets=tickets, outside=outside, made_at=_local(now))


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _short(text: str | None) -> str:
    """An RFC 3339 text as a page has it."""
    return _local(datetime.fromisoformat(text)) if text else "–"
