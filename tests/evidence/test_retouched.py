"""The before-photo painted over and handed in as the after-photo: told by the worker, once."""

import io
import json
from uuid import UUID

from PIL import Image

from app.jobs.handlers import HANDLERS, LongHandler
from app.tickets.handling.retouched import CODE, COMPARE
from tests.evidence.conftest import Office
from tests.evidence.sources import drawn, drawn_after
from tests.tickets.stories import Json


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def place() -> Image.Image:
    return [image for _, image in drawn(6)][5]


def painted() -> Image.Image:
    image = place()
    image.paste(image.crop((60, 600, 320, 840)), (500, 380))
    return image.crop((40, 20, 1270, 942))


def rectified_with(office: Office, after: Image.Image) -> Json:
    before = office.photo("wangge11", office.spot, data=jpeg(place()))
    ticket = office.report(photo_ids=[before])
    office.later(hours=2)
    shown = office.photo("wuye11", office.spot, data=jpeg(after))
    return office.act("wuye11", ticket, "rectify", photo_ids=[shown])


def after_use(office: Office, ticket: Json, who: str = "ducha1") -> Json:
    uses: list[Json] = office.see(who, ticket)["photos"]
    return next(use for use in uses if use["role"] == "after")


def told(use: Json) -> list[Json]:
    return [each for each in use["findings"] if each["code"] == CODE]


def about(box: Json, *sides: float) -> bool:
    """Within a block and a half."""
    found = (box["x"], box["y"], box["width"], box["height"])
    return all(abs(one - other) < 0.06 for one, other in zip(found, sides, strict=True))


def test_a_photo_painted_over_is_for_a_person_to_look_at(office: Office) -> None:
    ticket = rectified_with(office, painted())
    assert told(after_use(office, ticket)) == []
    office.worker()
    use = after_use(office, ticket)
    (found,) = told(use)
    assert use["verdict"] != "consistent"
    photos: list[Json] = office.see("ducha1", ticket)["photos"]
    before = next(each for each in photos if each["role"] == "before")
    assert found["photo_id"] == before["photo"]["id"]
    assert found["direction"] == "contradicts"
    patch = found["patch"]
    assert 350 < patch["x"] + patch["width"] / 2 < 900
    assert 250 < patch["y"] + patch["height"] / 2 < 700
    # Pasted at (500, 380) over 260 by 240; of the after-photo 40 and 20 were cut off.
    area = found["areas"][0]
    assert about(area["before"], 500 / 1280, 380 / 960, 260 / 1280, 240 / 960)
    assert about(area["after"], 460 / 1230, 360 / 922, 260 / 1230, 240 / 922)


def test_a_pair_handed_in_together_is_compared_too(office: Office) -> None:
    before = office.photo("wangge11", office.spot, data=jpeg(place()))
    shown = office.photo("wangge11", office.spot, data=jpeg(painted()))
    ticket = office.report(photo_ids=[before], fixed_on_spot={"photo_ids": [shown]})
    assert told(after_use(office, ticket)) == []
    office.worker()
    office.worker()
    assert len(told(after_use(office, ticket))) == 1


def test_done_twice_it_is_told_once_and_stands_on_the_record(office: Office) -> None:
    ticket = rectified_with(office, painted())
    office.worker()
    (job,) = office.sql("SELECT payload FROM jobs WHERE kind = :kind", kind=COMPARE)
    handler = HANDLERS[COMPARE]
    assert isinstance(handler, LongHandler)
    payload = job.payload if isinstance(job.payload, dict) else json.loads(job.payload)
    assert UUID(payload["event"])
    with office.app.app_context():
        handler.do(payload, lambda _percent, _said: None)
    assert len(told(after_use(office, ticket))) == 1
    office.worker()
    (entry,) = [each for each in office.entries() if each.kind == "use_judged"]
    said = json.loads(entry.body)["facts"]
    assert (said["judged_for"], said["follows"]) == ("retouched", True)
    assert said["verdict"] != "consistent"
    assert "没有发现问题" in office.verify("--with-files")
    _what_is_altered_afterwards_is_found(office, said["verdict_before"])


def _what_is_altered_afterwards_is_found(office: Office, before: str) -> None:
    for alter, undo, fault in (
        ("verdict = 'contradicted'", "verdict = 'needs_review'", "结论"),
        ("later_findings = '[]'", None, "结论"),
    ):
        kept = office.sql("SELECT later_findings FROM ticket_photos WHERE role = 'after'")
        office.sql(f"UPDATE ticket_photos SET {alter} WHERE role = 'after'")
        assert fault in office.verify(faults=True), alter
        if undo:
            office.sql(f"UPDATE ticket_photos SET {undo} WHERE role = 'after'")
        else:
            was = kept[0].later_findings
            was = was if isinstance(was, str) else json.dumps(was)
            office.sql("UPDATE ticket_photos SET later_findings = :w WHERE role = 'after'", w=was)
    assert "没有发现问题" in office.verify()
    office.sql("UPDATE use_judgements SET verdict = 'consistent'")
    assert "结论与疑点不符" in office.verify(faults=True)
    office.sql("DELETE FROM use_judgements")
    assert "库中的记录被删去" in office.verify(faults=True)
    assert before in ("consistent", "needs_review")


def test_an_honest_repair_is_not_told(office: Office) -> None:
    ticket = rectified_with(office, drawn_after(5))
    office.worker()
    assert told(after_use(office, ticket)) == []
