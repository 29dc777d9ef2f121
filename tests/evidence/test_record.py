"""The record: everything that the server did is on it once, in an order that holds."""

import json
from pathlib import Path
from threading import Thread
from uuid import uuid4

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, text

from app.jobs.worker import Worker
from app.kernel.db import db
from tests.evidence.conftest import Office
from tests.tickets.stories import at, picture

REMOVED = (
    "INSERT INTO photo_removals (photo_id, sha256, organisation_id, removed_at, reason)"
    " SELECT :id, :sha256, id, :at, 'retention' FROM organisations WHERE code = '340299102'"
    " OR code = :town ORDER BY code LIMIT 1"
)


def facts(office: Office) -> list[dict[str, object]]:
    return [json.loads(entry.body)["facts"] for entry in office.entries()]


def kinds(office: Office) -> list[str]:
    return [entry.kind for entry in office.entries()]


def test_what_people_did_is_linked_when_the_worker_looks(office: Office) -> None:
    ticket = office.closed_ticket()
    office.worker()
    # The company hangs under the county, whose chain its own photo is on; the use is the town's.
    assert sorted(kinds(office)) == ["photo_received"] * 2 + ["ticket_event"] * 3
    events = [said for said in facts(office) if "event" in said]
    assert [(said["number"], said["sequence"], said["action"]) for said in events] == [
        (ticket["number"], 1, "report"),
        (ticket["number"], 2, "rectify"),
        (ticket["number"], 3, "close"),
    ]
    after = ticket["photos"][1]["photo"]
    (use,) = events[1]["uses"]
    assert (use["photo"], use["sha256"], use["role"], use["verdict"]) == (
        after["id"],
        after["sha256"],
        "after",
        ticket["photos"][1]["verdict"],
    )
    assert use["rule_versions"] != []
    assert "现场已复核" not in str(facts(office))
    office.worker()
    assert len(office.entries()) == 5
    assert "没有发现问题" in office.verify("--with-files")


def test_each_day_is_signed_when_it_is_over_and_nothing_is_added_to_it(office: Office) -> None:
    office.closed_ticket()
    office.worker()
    assert office.sql("SELECT * FROM record_days") == []
    assert "还没有签名的日子" in office.verify()
    office.now(at("11-26 00:01"))
    office.report()
    office.worker()
    days = office.sql("SELECT day, position, head, statement FROM record_days")
    assert {str(day.day) for day in days} == {"2026-11-25"}
    ends = office.sql(
        "SELECT max(position) AS position FROM record_entries WHERE day = '2026-11-25'"
        " GROUP BY chain_id"
    )
    assert sorted(day.position for day in days) == sorted(end.position for end in ends)
    said = office.verify()
    assert all(day.head in said for day in days)
    assert "最近签名 2026-11-25" in said
    office.now(at("11-25 23:59"))
    office.report()
    office.worker()
    late = office.sql("SELECT day FROM record_entries ORDER BY linked_at, position")
    assert str(late[-1].day) == "2026-11-26"
    assert "没有发现问题" in office.verify()


def test_who_commits_late_is_linked_late_and_once(office: Office, backend: str) -> None:
    """A slow transaction carries an earlier instant and is not over when the worker comes."""
    values = {"id": uuid4(), "sha256": "ab" * 32, "at": at("11-25 08:00"), "town": office.town.code}
    if backend == "sqlite":
        # There is one writer at a time: what is late there is so by its instant alone.
        office.report()
        office.worker()
        office.sql(REMOVED, **values | {"id": values["id"].hex, "at": "2026-11-25 00:00:00"})
    else:
        engine = create_engine(office.app.config["SQLALCHEMY_DATABASE_URI"])
        with engine.connect() as slow, slow.begin():
            slow.execute(text(REMOVED), values)
            office.report()
            office.worker()
            assert "photo_removed" not in kinds(office)
        engine.dispose()
    before = [entry.hash for entry in office.entries()]
    office.worker()
    office.worker()
    hashes = [entry.hash for entry in office.entries()]
    assert kinds(office).count("photo_removed") == 1
    assert len(hashes) == len(before) + 1 and set(before) < set(hashes)
    assert "没有发现问题" in office.verify()


def test_any_number_of_workers_link_each_row_once(office: Office, backend: str) -> None:
    for number in range(450):
        one = uuid4()
        values = {"id": one.hex if backend == "sqlite" else one, "sha256": f"{number:064x}"}
        office.sql(REMOVED, at="2026-11-25 00:00:00", town=office.town.code, **values)

    def work() -> None:
        with office.app.app_context():
            Worker(office.clock, name="one", handlers={}, periodic=()).do_continual()
            db.engine.dispose()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.worker()
    entries = office.entries()
    assert len({entry.source_id for entry in entries}) == len(entries) == 450
    assert [entry.position for entry in entries] == list(range(1, 451))
    assert "没有发现问题" in office.verify()


def test_what_was_there_before_the_record_is_linked_as_such(office: Office, app: Flask) -> None:
    office.closed_ticket()
    with app.app_context():
        downgrade(revision="0017")
        upgrade()
        db.session.remove()
    office.report()
    office.worker()
    origins = [json.loads(entry.body)["origin"] for entry in office.entries()]
    assert sorted(origins) == ["from_before"] * 5 + ["live"] * 2
    assert "没有发现问题" in office.verify()


def test_a_photo_that_its_maker_removed_is_no_fault(office: Office) -> None:
    photo = office.photo("wangge11")
    office.worker()
    answer = office.client.delete(f"/api/v1/photos/{photo}", headers=office.headers("wangge11"))
    assert answer.status_code == 204
    assert "没有发现问题" in office.verify()
    office.worker()
    assert kinds(office) == ["photo_received", "photo_removed"]
    assert facts(office)[1]["sha256"] == facts(office)[0]["sha256"]
    assert "没有发现问题" in office.verify("--with-files")


def test_files_whose_period_is_over_are_an_entry_and_no_fault(
    office: Office, photo_folder: Path
) -> None:
    ticket = office.closed_ticket()
    office.worker()
    photo = ticket["photos"][0]["photo"]
    for path in photo_folder.rglob(f"{photo['sha256']}/*"):
        path.unlink()
    assert photo["id"] in office.verify("--with-files", faults=True)
    office.sql(
        "INSERT INTO photo_removals"
        " (photo_id, sha256, organisation_id, town_id, removed_at, reason)"
        " SELECT id, sha256, organisation_id, town_id, received_at, 'retention' FROM photos"
        " WHERE sha256 = :sha256",
        sha256=photo["sha256"],
    )
    office.worker()
    assert facts(office)[-1]["reason"] == "retention"
    assert "没有发现问题" in office.verify("--with-files")


def test_a_position_that_is_added_later_is_no_fault(office: Office) -> None:
    data = picture()
    photo = office.photo("wangge11", data=data)
    office.worker()
    assert office.photo("wangge11", office.spot, data=data) == photo
    assert "没有发现问题" in office.verify()


def test_what_waits_is_said_and_is_no_fault(office: Office) -> None:
    office.report()
    assert "2 条记录等待入链" in office.verify()


def test_one_township_is_verified_alone(office: Office) -> None:
    office.closed_ticket()
    office.worker()
    said = office.verify("--town", office.town.code)
    assert "没有发现问题" in said
    assert office.verify("--town", "nowhere", faults=True) == "没有编码为 nowhere 的乡镇。\n"
