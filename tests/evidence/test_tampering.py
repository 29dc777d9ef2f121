"""Rows changed behind the product's back, and bytes of photos: each is found and named."""

from pathlib import Path

import pytest

from app.photos.store import BlobKind, blob_key
from tests.evidence.conftest import Do, Office
from tests.tickets.stories import Json, at

FORGED = "A" * 86 + "=="


def ticket_id(office: Office, ticket: Json) -> str:
    """The id of a ticket as SQL compares it on both databases."""
    found = office.sql("SELECT id FROM tickets WHERE number = :number", number=ticket["number"])
    return str(found[0].id)


def on_event(statement: str) -> Do:
    def do(office: Office, ticket: Json) -> None:
        office.sql(statement, ticket=ticket_id(office, ticket))

    return do


def on_town(statement: str) -> Do:
    """Something done to the township's chain, whose id is :chain."""

    def do(office: Office, ticket: Json) -> None:
        town = "SELECT id FROM organisations WHERE code = :code"
        (chain,) = office.sql(town, code=office.town.code)
        for each in statement.split(";"):
            office.sql(each, **({"chain": str(chain.id)} if ":chain" in each else {}))

    return do


EVENT = " WHERE ticket_id = :ticket AND sequence = "
ENTRY = " WHERE chain_id = :chain AND position = "

TAMPERED: dict[str, tuple[Do, list[str]]] = {
    "a note": (
        on_event(f"UPDATE ticket_events SET note = '没有复核'{EVENT}3"),
        ["第 3 步（核查通过，结案）\t库中的记录与入链时不同：说明"],
    ),
    "an actor and an instant": (
        on_event(f"UPDATE ticket_events SET at = '2026-11-25 00:00:00', actor_id = NULL{EVENT}2"),
        ["第 2 步（提交整改）\t库中的记录与入链时不同：办理人、时间"],
    ),
    "the description": (
        on_event("UPDATE tickets SET description = '什么也没有' WHERE id = :ticket"),
        ["第 1 步（上报）\t库中的记录与入链时不同：问题描述"],
    ),
    "a deleted event": (
        on_event(f"DELETE FROM ticket_events{EVENT}3"),
        ["第 3 步（核查通过，结案）\t链上有，库中的记录被删去"],
    ),
    "a verdict": (
        on_event("UPDATE ticket_photos SET verdict = 'contradicted' WHERE ticket_id = :ticket"),
        ["库中的记录与入链时不同：照片 ", " 的结论"],
    ),
    "a use that is taken away": (
        on_event("DELETE FROM ticket_photos WHERE ticket_id = :ticket AND role = 'after'"),
        ["的使用记录被删去"],
    ),
    "when a photo was received": (
        lambda office, ticket: office.sql(
            "UPDATE photos SET received_at = '2026-11-20 00:00:00' WHERE town_id IS NOT NULL"
        ),
        ["照片 ", "库中的记录与入链时不同：收到时间"],
    ),
    "an entry's text": (
        on_town(f"UPDATE record_entries SET body = replace(body, 'close', 'void'){ENTRY}4"),
        ["2026-11-25\t第 4 条", "内容或哈希值被改动"],
    ),
    "an entry's hash": (
        on_town(f"UPDATE record_entries SET hash = '{'ab' * 32}'{ENTRY}2"),
        ["第 2 条", "与前一条接不上"],
    ),
    "two entries swapped": (
        on_town(
            f"UPDATE record_entries SET position = 99{ENTRY}2;"
            f"UPDATE record_entries SET position = 2{ENTRY}3;"
            f"UPDATE record_entries SET position = 3{ENTRY}99"
        ),
        ["第 2 条\t", "内容写的是第 3 条，次序被调换", "内容写的是第 2 条，次序被调换"],
    ),
    "an entry taken out": (
        on_town(f"DELETE FROM record_entries{ENTRY}2"),
        ["缺少第 2 条", "库中有，链上没有"],
    ),
    "the tail cut off": (
        on_town("DELETE FROM record_entries WHERE chain_id = :chain AND position >= 3"),
        ["末尾被截去：应到第 4 条，第 3 条起没有了", "签过名的这一天，记录不全"],
    ),
    "the tail cut off, and what is said of the chain": (
        on_town(
            "DELETE FROM record_entries WHERE chain_id = :chain AND position >= 4;"
            "UPDATE record_chains SET position = 3 WHERE chain_id = :chain"
        ),
        ["最后一条与记录链的状态不符", "签过名的这一天，记录不全"],
    ),
    "a chain without its state": (
        on_town("DELETE FROM record_chains WHERE chain_id = :chain"),
        ["记录链的状态不见了"],
    ),
    "a signature": (
        on_town(f"UPDATE record_days SET signature = '{FORGED}' WHERE chain_id = :chain"),
        ["2026-11-25\t第 4 条\t签名不对"],
    ),
    "what was signed": (
        on_town("UPDATE record_days SET statement = replace(statement, 'day 2', 'day 1')"),
        ["签名的内容被改动", "签名不对"],
    ),
    "a signed day that is gone": (
        on_town("DELETE FROM record_days WHERE chain_id = :chain"),
        ["2026-11-25\t第 4 条\t这一天的签名不见了"],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_tampered_with_is_found_and_named(office: Office, what: str) -> None:
    ticket = office.closed_ticket()
    office.worker()
    office.now(at("11-26 08:00"))
    office.worker()
    assert "没有发现问题" in office.verify()
    do, said = TAMPERED[what]
    do(office, ticket)
    found = office.verify(faults=True)
    assert [each for each in said if each not in found] == [], found


@pytest.mark.parametrize("kind", BlobKind)
def test_changed_bytes_are_found_and_the_photo_named(
    office: Office, photo_folder: Path, kind: BlobKind
) -> None:
    ticket = office.closed_ticket()
    office.worker()
    photo = ticket["photos"][0]["photo"]
    path = photo_folder / blob_key(photo["sha256"], kind)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    label = {"received": "原图", "display": "大图", "thumb": "缩略图"}[kind]
    assert "没有发现问题" in office.verify()
    found = office.verify("--with-files", faults=True)
    assert f"照片 {photo['id']}\t{label}文件被改动" in found
    path.unlink()
    assert f"{label}文件缺失" in office.verify("--with-files", faults=True)


def test_a_row_that_says_it_is_on_the_record_and_is_not(office: Office) -> None:
    ticket = office.report()
    office.sql("UPDATE ticket_events SET record_state = 2")
    office.worker()
    assert f"工单 {ticket['number']} 第 1 步（上报）\t库中有，链上没有" in office.verify(
        faults=True
    )


def test_many_faults_are_counted_and_not_all_listed(office: Office) -> None:
    for _ in range(3):
        office.closed_ticket()
    office.worker()
    office.sql("UPDATE ticket_events SET action = 'void'")
    assert "发现 9 处问题" in office.verify(faults=True)
