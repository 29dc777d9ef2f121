"""Rules of evidence: what supports, what asks for a look, what contradicts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.photos.findings import (
    Direction,
    EarlierCopy,
    EarlierLike,
    Finding,
    Fix,
    LikePlace,
    PhotoFacts,
    PhotoRole,
    PhotoSource,
    Thresholds,
    UsedLike,
    UseFacts,
    Verdict,
    findings_of_photo,
    findings_of_use,
    verdict,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HERE = Fix(118.33, 30.92, 10.0)
METRE = 1 / 111_195.08  # of latitude, in degrees
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OTHER = UUID("01890000-0000-7000-8000-000000000001")
OK, LOOK, NO = Verdict.CONSISTENT, Verdict.NEEDS_REVIEW, Verdict.CONTRADICTED
FRESH = PhotoFacts(received_at=NOW, device_position=HERE, device_taken_at=NOW - MINUTE)
OPEN = UseFacts(PhotoRole.AFTER, reported_at=NOW - 2 * HOUR, position=HERE)


def away(metres: float, accuracy: float | None = 10.0) -> Fix:
    return Fix(HERE.lng, HERE.lat + metres * METRE, accuracy)


def fixed(at: datetime) -> Fix:
    return replace(HERE, fixed_at=at)


def codes(findings: list[Finding], direction: Direction | None = None) -> set[str]:
    return {f.code for f in findings if direction in (None, f.direction)}


def of_photo(**changes: object) -> list[Finding]:
    return findings_of_photo(replace(FRESH, **changes))  # type: ignore[arg-type]


def of_use(photo: dict[str, object], **changes: object) -> list[Finding]:
    return findings_of_use(replace(FRESH, **photo), replace(OPEN, **changes))  # type: ignore[arg-type]


PHOTO_RULES = [
    # what is known, the code it gives, the verdict
    ({}, "time_plausible", OK),
    ({"exif_position": away(199)}, "positions_agree", OK),
    ({"exif_position": away(201)}, "positions_apart", LOOK),
    ({"device_position": away(0, 900.0), "exif_position": away(800)}, "positions_agree", OK),
    ({"device_position": away(0, None), "exif_position": away(201)}, "positions_apart", LOOK),
    ({"device_position": None}, "position_missing", OK),
    ({"device_position": away(0, 201.0)}, "position_inaccurate", OK),
    ({"device_position": fixed(NOW - 62 * MINUTE)}, "position_not_of_the_moment", LOOK),
    ({"device_position": fixed(NOW + 60 * MINUTE)}, "position_not_of_the_moment", LOOK),
    ({"device_position": fixed(NOW - 62 * MINUTE), "clock_offset": HOUR},
     "position_not_of_the_moment", LOOK),
    ({"cell_match": "outside"}, "position_outside_cells", OK),
    ({"device_taken_at": None}, "time_missing", OK),
    ({"device_taken_at": NOW + 5 * MINUTE}, "time_plausible", OK),
    ({"device_taken_at": NOW + 6 * MINUTE}, "taken_in_future_device", LOOK),
    ({"device_taken_at": NOW + 6 * MINUTE, "clock_offset": -2 * MINUTE}, "time_plausible", OK),
    ({"device_taken_at": NOW, "clock_offset": 6 * MINUTE}, "taken_in_future_device", LOOK),
    ({"device_taken_at": NOW - 72 * HOUR}, "time_plausible", OK),
    ({"device_taken_at": NOW - 73 * HOUR}, "taken_long_ago_device", LOOK),
    ({"exif_taken_at": NOW - 10 * MINUTE - MINUTE}, "times_agree", OK),
    ({"exif_taken_at": NOW - 12 * MINUTE}, "times_apart", LOOK),
    ({"exif_taken_at": NOW + 6 * MINUTE}, "taken_in_future_exif", LOOK),
    ({"exif_taken_at": NOW - 9000 * HOUR}, "taken_long_ago_exif", LOOK),
    ({"exif_problem": "absent"}, "exif_missing", OK),
    ({"exif_problem": "bad_position"}, "exif_unusable", OK),
    ({"source": PhotoSource.ALBUM}, "source_album", OK),
    ({"earlier_copies": (EarlierCopy(OTHER, NOW - HOUR, same_person=False),)},
     "photo_same_bytes", LOOK),
]  # fmt: skip


@pytest.mark.parametrize(("known", "code", "outcome"), PHOTO_RULES)
def test_rules_of_a_photo(known, code, outcome):
    findings = of_photo(**known)
    assert code in codes(findings)
    assert verdict(findings) is outcome


@pytest.mark.parametrize(
    "known",
    [
        {"device_position": fixed(NOW - 61 * MINUTE)},
        {"device_position": fixed(NOW + 59 * MINUTE)},
        {"device_position": fixed(NOW - 61 * MINUTE), "clock_offset": 2 * HOUR},
        {"device_position": fixed(NOW - 9 * HOUR), "device_taken_at": None},
        {"device_position": HERE},
    ],
)
def test_a_fix_of_the_moment_or_without_a_time_is_not_held_against_a_photo(known):
    assert "position_not_of_the_moment" not in codes(of_photo(**known))


USE_RULES = [
    # of the photo, of the use, the code it gives, the verdict of the use
    ({}, {}, "position_at_place", OK),
    ({"device_position": away(119)}, {"position": away(0, 10.0)}, "position_at_place", OK),
    ({"device_position": away(121)}, {}, "position_away_from_place", LOOK),
    ({"device_position": away(519)}, {}, "position_away_from_place", LOOK),
    ({"device_position": away(521)}, {}, "position_away_from_place", NO),
    ({"device_position": away(5000)}, {"role": PhotoRole.BEFORE}, "position_away_from_place", LOOK),
    ({"device_position": away(5000)}, {"role": PhotoRole.CHECK}, "position_away_from_place", LOOK),
    ({"device_position": away(5000, 100.0)}, {}, "position_away_from_place", NO),
    ({"device_position": away(5000, 101.0)}, {}, "position_away_from_place", LOOK),
    ({"device_position": away(4000, 5000.0)}, {}, "place_not_comparable", OK),
    ({"device_position": away(90, 5000.0)}, {}, "position_at_place", OK),
    ({"device_position": away(159, None)}, {}, "position_at_place", OK),
    ({"device_position": away(571, None)}, {}, "position_away_from_place", NO),
    ({"device_position": None, "exif_position": away(900, None)}, {},
     "position_away_from_place", NO),
    ({"device_position": HERE, "exif_position": away(900)}, {}, "position_at_place", OK),
    ({"device_position": away(900)}, {"inside_place": True}, "position_at_place", OK),
    ({"device_position": away(900)}, {"distance_m": 40.0}, "position_at_place", OK),
    ({"device_position": away(900)}, {"position": None, "distance_m": 400.0},
     "position_away_from_place", LOOK),
    ({"device_position": None}, {}, "place_not_comparable", OK),
    ({}, {"position": None}, "place_not_comparable", OK),
    ({}, {}, "taken_after_ticket", OK),
    ({"device_taken_at": None}, {}, "time_not_comparable", OK),
    ({"device_taken_at": NOW - 2 * HOUR}, {}, "taken_after_ticket", OK),
    ({"device_taken_at": NOW - 2 * HOUR - MINUTE}, {}, "time_not_comparable", OK),
    ({"device_taken_at": NOW - 2 * HOUR - 5 * MINUTE}, {}, "time_not_comparable", OK),
    ({"received_at": NOW - 2 * HOUR - MINUTE, "device_taken_at": None}, {},
     "time_not_comparable", OK),
    ({"device_taken_at": NOW - 2 * HOUR - 6 * MINUTE}, {}, "taken_before_ticket", NO),
    ({"device_taken_at": NOW - 2 * HOUR - 6 * MINUTE, "clock_offset": 3 * MINUTE}, {},
     "time_not_comparable", OK),
    ({"device_taken_at": NOW - 2 * HOUR - 6 * MINUTE, "clock_offset": 6 * MINUTE}, {},
     "taken_after_ticket", OK),
    ({"device_taken_at": None, "exif_taken_at": NOW - 3 * HOUR}, {}, "taken_before_ticket", LOOK),
    ({"exif_taken_at": NOW - 3 * HOUR}, {}, "taken_before_ticket", LOOK),
    ({"received_at": NOW - 3 * HOUR, "device_taken_at": None}, {}, "taken_before_ticket", NO),
    ({"device_taken_at": NOW - 3 * HOUR}, {"occurred_at": NOW - 4 * HOUR},
     "taken_after_ticket", OK),
    ({"device_taken_at": NOW - 3 * HOUR}, {"occurred_at": NOW - HOUR}, "taken_before_ticket", NO),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW - HOUR, False, used_elsewhere=True),)},
     "photo_same_bytes", NO),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW - HOUR, True, used_elsewhere=True),),
          "role": PhotoRole.BEFORE}, "photo_same_bytes", LOOK),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW - 3 * HOUR, True),)}, "photo_same_bytes", NO),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW, True, handed_in_at=NOW - 2 * HOUR - MINUTE),)},
     "photo_same_bytes", NO),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW, True, handed_in_at=NOW - 2 * HOUR),)},
     "taken_after_ticket", OK),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW, True, handed_in_at=NOW - 3 * HOUR - MINUTE),),
          "occurred_at": NOW - 3 * HOUR}, "taken_after_ticket", OK),
    ({}, {"earlier_copies": (EarlierCopy(OTHER, NOW, True, returned_here=True),)},
     "photo_returned_before", LOOK),
]  # fmt: skip


def like(place: LikePlace, apart: int, at: datetime = NOW - 3 * HOUR, **more: bool) -> UsedLike:
    return UsedLike(OTHER, at, apart, place, **more)


LIKE_RULES = [
    # place, bits of 256 apart, received, role; the verdict, and whether anything is told
    (LikePlace.FAR, 48, NOW - HOUR, PhotoRole.AFTER, NO, True),
    (LikePlace.FAR, 49, NOW - HOUR, PhotoRole.AFTER, OK, False),
    (LikePlace.FAR, 0, NOW - HOUR, PhotoRole.BEFORE, LOOK, True),
    (LikePlace.ELSEWHERE, 12, NOW - HOUR, PhotoRole.AFTER, NO, True),
    (LikePlace.ELSEWHERE, 13, NOW - HOUR, PhotoRole.AFTER, LOOK, True),
    (LikePlace.UNKNOWN, 12, NOW - 3 * HOUR, PhotoRole.AFTER, NO, True),
    (LikePlace.UNKNOWN, 13, NOW - 3 * HOUR, PhotoRole.AFTER, LOOK, True),
    (LikePlace.UNKNOWN, 0, NOW - HOUR, PhotoRole.AFTER, OK, False),
    (LikePlace.UNKNOWN, 0, NOW - 2 * HOUR - MINUTE, PhotoRole.AFTER, OK, False),
    (LikePlace.UNKNOWN, 0, NOW - 3 * HOUR, PhotoRole.BEFORE, OK, False),
    (LikePlace.HERE, 0, NOW - 3 * HOUR, PhotoRole.AFTER, LOOK, True),
    (LikePlace.HERE, 13, NOW - 3 * HOUR, PhotoRole.AFTER, OK, False),
    (LikePlace.HERE, 0, NOW - HOUR, PhotoRole.AFTER, OK, False),
]  # fmt: skip


@pytest.mark.parametrize(("place", "apart", "at", "role", "outcome", "told"), LIKE_RULES)
def test_rules_of_pictures_alike(place, apart, at, role, outcome, told):
    findings = of_use({}, role=role, likes=(like(place, apart, at),))
    assert verdict(findings) is outcome
    assert ("photo_near_identical" in codes(findings)) is told


def test_a_picture_that_was_here_first_is_not_held_against_this_place():
    first, stolen = like(LikePlace.HERE, 20, NOW - 9 * HOUR), like(LikePlace.FAR, 0, NOW - 4 * HOUR)
    assert verdict(of_use({}, likes=(first, stolen))) is OK
    assert verdict(of_use({}, likes=(stolen,))) is NO
    late = like(LikePlace.HERE, 20, NOW - HOUR)
    assert verdict(of_use({}, likes=(late, stolen))) is NO


def test_before_and_after_alike_is_told_and_changes_nothing():
    before = like(LikePlace.HERE, 0, is_before=True)
    for role, told in ((PhotoRole.AFTER, True), (PhotoRole.CHECK, False)):
        findings = of_use({}, role=role, likes=(before,))
        assert verdict(findings) is OK
        assert ("scene_unchanged" in codes(findings, Direction.UNKNOWN)) is told


PHOTO_LIKES = [
    ((0, 0, 0), "photo_near_identical", LOOK),
    ((4, 6, 48), "photo_near_identical", LOOK),
    ((4, 6, 50), "photo_similar", OK),
    ((4, 8, 20), "photo_similar", OK),
    ((8, 64, 130), "photo_similar", OK),
]


@pytest.mark.parametrize(("apart", "code", "outcome"), PHOTO_LIKES)
def test_rules_of_a_photo_alike_an_earlier_one(apart, code, outcome):
    earlier = EarlierLike(OTHER, NOW - HOUR, *apart)
    findings = of_photo(earlier_likes=(earlier,))
    assert [f.other_photo_id for f in findings if f.code == code] == [OTHER]
    assert verdict(findings) is outcome
    again = of_photo(earlier_likes=(replace(earlier, sent_again=True),))
    assert codes(again) == codes(of_photo())


def test_what_shows_too_little_is_told():
    findings = of_photo(low_detail=True)
    assert "photo_low_detail" in codes(findings, Direction.UNKNOWN)
    assert verdict(findings) is OK


@pytest.mark.parametrize(("photo", "use", "code", "outcome"), USE_RULES)
def test_rules_of_a_use(photo, use, code, outcome):
    findings = of_use(photo, **use)
    assert code in codes(findings)
    assert verdict(findings) is outcome


def test_the_same_person_sending_again_is_a_retry_and_no_finding():
    findings = of_photo(earlier_copies=(EarlierCopy(OTHER, NOW - HOUR, same_person=True),))
    assert "photo_same_bytes" not in codes(findings)


def test_one_after_photo_may_serve_neighbouring_tickets():
    copy = EarlierCopy(OTHER, NOW - HOUR, same_person=True)
    assert "photo_same_bytes" not in codes(of_use({}, earlier_copies=(copy,)))


@pytest.mark.parametrize("role", [PhotoRole.BEFORE, PhotoRole.PROCESS, PhotoRole.CHECK])
def test_only_an_after_photo_is_held_against_the_start_of_the_ticket(role):
    findings = of_use({"device_taken_at": NOW - 9 * HOUR}, role=role)
    assert "taken_before_ticket" not in codes(findings)


def test_fixed_on_the_spot_is_photographed_before_it_is_reported():
    findings = of_use({"device_taken_at": NOW - 9 * HOUR}, fixed_on_spot=True)
    assert "taken_before_ticket" not in codes(findings)


def test_a_process_photo_may_show_a_paper_in_an_office():
    findings = of_use({"device_position": away(9000)}, role=PhotoRole.PROCESS)
    assert not codes(findings)


def test_a_finding_names_the_other_photo():
    copy = EarlierCopy(OTHER, NOW - HOUR, same_person=False, used_elsewhere=True)
    for findings in (of_photo(earlier_copies=(copy,)), of_use({}, earlier_copies=(copy,))):
        assert [f.other_photo_id for f in findings if f.code == "photo_same_bytes"] == [OTHER]


def test_thresholds_are_figures_with_a_version():
    strict = Thresholds(version="strict", positions_apart_m=5.0)
    photo = replace(FRESH, exif_position=away(20))
    assert verdict(findings_of_photo(photo)) is OK
    findings = findings_of_photo(photo, strict)
    assert verdict(findings) is LOOK
    assert {f.rule_version for f in findings} == {"strict"}


fixes = st.none() | st.builds(
    Fix,
    st.floats(118.2, 118.4),
    st.floats(30.8, 31.0),
    st.none() | st.floats(0, 5000),
)
instants = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
copies = st.lists(
    st.builds(
        EarlierCopy,
        st.just(OTHER),
        instants,
        st.booleans(),
        st.booleans(),
        st.none() | instants,
        st.booleans(),
    ),
    max_size=2,
).map(tuple)
photos = st.builds(
    PhotoFacts,
    instants,
    fixes,
    fixes,
    st.none() | instants,
    st.none() | instants,
    st.sampled_from([None, "absent", "broken", "bad_time"]),
    st.timedeltas(-HOUR, HOUR),
    st.sampled_from(PhotoSource),
    st.sampled_from([None, "inside", "ambiguous", "outside"]),
    copies,
)
uses = st.builds(
    UseFacts,
    st.sampled_from(PhotoRole),
    instants,
    st.none() | instants,
    fixes,
    st.none() | st.floats(0, 9000),
    st.none() | st.booleans(),
    st.booleans(),
    copies,
)


@given(photos)
def test_a_photo_alone_is_never_contradicted(photo):
    assert verdict(findings_of_photo(photo)) is not NO


@given(photos, uses)
def test_missing_metadata_never_changes_a_verdict_for_the_worse(photo, use):
    bare = replace(
        photo,
        device_position=None,
        exif_position=None,
        device_taken_at=None,
        exif_taken_at=None,
        exif_problem="absent",
        received_at=use.since + HOUR,
        earlier_copies=(),
    )
    findings = findings_of_photo(bare) + findings_of_use(bare, replace(use, earlier_copies=()))
    assert verdict(findings) is OK


@given(photos, uses)
def test_every_finding_says_what_it_saw_in_chinese_and_only_contradictions_count(photo, use):
    for found in findings_of_photo(photo) + findings_of_use(photo, use):
        assert found.message.endswith("。")
        assert found.rule_version
        assert (found.leads_to is OK) == (found.direction is not Direction.CONTRADICTS)
        if found.direction is Direction.CONTRADICTS:
            assert found.observed


@given(photos, uses)
def test_a_verdict_can_be_replayed(photo, use):
    assert findings_of_use(photo, use) == findings_of_use(photo, use)
    assert findings_of_photo(photo) == findings_of_photo(photo)


def test_nothing_noticed_is_consistent():
    assert verdict([]) is OK
