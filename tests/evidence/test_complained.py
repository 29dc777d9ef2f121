"""A photo that went after a complaint: what the record and the packages say of it."""

import json
from pathlib import Path

from app.evidence.hashing import digest, leaf_of, linked
from tests.evidence.conftest import Office
from tests.evidence.test_package import check, texts, unpacked
from tests.tickets.stories import Json

WORDS = "拍到了刘家的里屋"


def with_a_photo_removed(office: Office) -> Json:
    """A void ticket whose photo a complaint had removed."""
    ticket = office.report()
    ticket = office.act("ducha1", ticket, "void", note="不属实")
    said = {"kind": "decision", "text": "拍错了", "office": office.town.code}
    assert office.post("wuye11", "/complaints", said).status_code == 201
    (one,) = office.get("ducha1", "/complaints").get_json()["items"]
    path, link = f"/complaints/{one['id']}", {"version": one["version"], "ticket": ticket["id"]}
    version = office.post("ducha1", f"{path}/ticket", link).get_json()["version"]
    photos = [use["photo"]["id"] for use in ticket["photos"]]
    remove = {"photo_ids": photos, "reason": WORDS, "version": version}
    office.later(minutes=1)
    done = office.post("ducha1", f"{path}/photos/remove", remove)
    assert done.status_code == 200, done.text
    office.worker()
    return ticket


def write_the_words(office: Office) -> None:
    """The last entry as the first ones of its kind were: with the words."""
    chain_id, position, kind, body, _, _ = office.entries()[-1]
    assert kind == "photo_removed"
    said = json.loads(body)
    assert said["facts"]["rule"].pop("reason_sha256") == digest(WORDS)
    said["facts"]["rule"]["reason"] = WORDS
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    head = linked(office.entries()[-2][4], leaf_of(body))
    at = {"chain": chain_id, "position": position, "head": head}
    office.sql(
        "UPDATE record_entries SET body = :body, hash = :head"
        " WHERE chain_id = :chain AND position = :position",
        body=body,
        **at,
    )
    office.sql("UPDATE record_chains SET head = :head WHERE chain_id = :chain", **at)


def test_the_words_about_a_removal_stay_inside(office: Office, tmp_path: Path) -> None:
    ticket = with_a_photo_removed(office)
    assert WORDS not in "".join(entry[3] for entry in office.entries())
    office.verify()
    for turn in ("as it is now", "as it was at first"):
        bag = unpacked(office, "ducha1", ticket, tmp_path / turn, **{"for": "outside"})
        check(bag)
        assert WORDS not in texts(bag)
        assert ("reason_sha256" in texts(bag)) is (turn == "as it is now")
        if turn == "as it is now":
            write_the_words(office)
            office.verify()
    removed = json.dumps({"complaint": "x", "reason": "别的"})
    office.sql("UPDATE photo_removals SET rule = :rule", rule=removed)
    assert "库中的记录与入链时不同" in office.verify(faults=True)
