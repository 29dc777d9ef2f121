"""The permission map as a table: who has which permission on a ticket of the community "home"."""

import pytest

from app.kernel.errors import NotAllowed
from app.people.access import PERMISSIONS, Actor, Matter, allowing_post, require
from app.people.models import ROLE_HOMES, Role
from app.people.predicates import (
    administrator_of_the_place,
    of_the_responsible,
    once_responsible,
    rectified_it,
    reported_it,
    supervisor_of_the_place,
)
from tests.people.actors import TREE, actor, id_of, matter, post

PEOPLE = {
    "nobody": actor("nobody"),
    "warden": actor("warden", post(Role.warden, "home")),
    "lead": actor("lead", post(Role.lead, "home")),
    "next_warden": actor("next_warden", post(Role.warden, "next")),
    "next_lead": actor("next_lead", post(Role.lead, "next")),
    "supervisor": actor("supervisor", post(Role.supervisor, "town")),
    "grouped": actor("grouped", post(Role.supervisor, "group")),
    "spare": actor("spare", post(Role.supervisor, "spare_group")),
    "far_warden": actor("far_warden", post(Role.warden, "far")),
    "far_supervisor": actor("far_supervisor", post(Role.supervisor, "far_town")),
    "county_admin": actor("county_admin", post(Role.administrator, "county")),
    "town_admin": actor("town_admin", post(Role.administrator, "town")),
    "far_admin": actor("far_admin", post(Role.administrator, "far_town")),
    "staff": actor("staff", post(Role.property_staff, "company")),
    "colleague": actor("colleague", post(Role.property_staff, "company")),
    "rival": actor("rival", post(Role.property_staff, "rival")),
    "officer": actor("officer", post(Role.enforcement_staff, "body")),
}

HANDED_OVER = matter(
    "company", past=("rival", "company"), reporter="warden", rectifier="staff", explainer="staff",
    rectified_by="company", requester="grouped",
)  # fmt: skip
"""Reported by the warden, once the rival's, now the company's, whose staff put it right; seen as a
job, asked for by the group's supervisor."""

OFFICE = {"supervisor", "grouped"}
STAFF = {"warden", "lead"} | OFFICE
ADMINISTRATORS = {"county_admin", "town_admin", "far_admin"}
COMPANY = {"staff", "colleague"}
EVERYBODY = set(PEOPLE) - {"nobody"}
REPORTERS = {"warden", "lead", "next_warden", "next_lead", "spare"} | OFFICE
"""Of the whole township, a group with nothing given included: one reports what one meets."""

ALLOWED: dict[str, set[str]] = {
    "public": set(),
    "signed_in": EVERYBODY,
    "places.read": EVERYBODY,
    "photos.upload": EVERYBODY - ADMINISTRATORS,
    "photos.read": EVERYBODY,
    "photos.delete": EVERYBODY,
    "photos.checks": {"supervisor", "county_admin", "town_admin"},
    "photos.mask": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "photos.looks": {"spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "rounds.read": EVERYBODY,
    "rounds.walk": {"warden", "lead"},
    "coverage.read": EVERYBODY,
    "spot_checks.read": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "spot_checks.walk": OFFICE,
    "administration.read": {"county_admin", "town_admin"},
    "administration.write": {"county_admin", "town_admin"},
    "pauses.read": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "thresholds.read": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "thresholds.write": {"county_admin"},
    "jobs.read": {"grouped", "county_admin", "town_admin"},
    "jobs.cancel": {"grouped", "county_admin", "town_admin"},
    "agenda.read": EVERYBODY
    - ADMINISTRATORS
    - {"supervisor", "grouped", "spare", "far_supervisor"},
    "agenda.rectify": EVERYBODY
    - ADMINISTRATORS
    - {"supervisor", "grouped", "spare", "far_supervisor"},
    "review.read": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE,
    "tickets.list": EVERYBODY,
    "tickets.read": STAFF | COMPANY | {"rival", "county_admin", "town_admin"},
    "tickets.report": REPORTERS,
    "tickets.fix_on_the_spot": {"warden", "lead", "next_warden", "next_lead"},
    "tickets.dispatch": {"lead"} | OFFICE,
    "tickets.reject": {"lead"} | OFFICE,
    "tickets.reclassify": {"lead"} | OFFICE,
    "tickets.overrule": OFFICE,
    "tickets.withdraw": {"warden"},
    "tickets.rectify": COMPANY,
    "tickets.recall": {"staff"},
    "tickets.close": STAFF,
    "tickets.return": STAFF,
    "tickets.comment": STAFF | COMPANY,
    "tickets.assign": COMPANY,
    "tickets.send_back": COMPANY,
    "tickets.accept_send_back": {"lead"} | OFFICE,
    "tickets.refuse_send_back": {"lead"} | OFFICE,
    "tickets.request_extension": COMPANY,
    "tickets.grant_extension": {"lead"} | OFFICE,
    "tickets.refuse_extension": {"lead"} | OFFICE,
    "tickets.suspend": OFFICE,
    "tickets.resume": OFFICE,
    "tickets.refer": {"lead"} | OFFICE,
    "tickets.reopen": STAFF,
    "tickets.void": {"lead"} | OFFICE,
    "tickets.merge_into": {"lead"} | OFFICE,
    "tickets.supervise": OFFICE,
    "tickets.confirm": OFFICE,
    "tickets.explain": {"staff"},
    "tickets.package": {"county_admin", "town_admin"} | OFFICE,
    "photos.hold": {"county_admin", "town_admin"} | OFFICE,
    "tickets.import": {"lead"} | OFFICE,
    "campaigns.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "campaigns.candidates": {"lead", "next_lead", "spare", "far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "campaigns.plan": {"lead"} | OFFICE,
    "campaigns.record": STAFF,
    "cases.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "cases.record": STAFF,
    "cases.lead": {"lead"} | OFFICE,
    "cases.decide": OFFICE,
    "complaints.write": EVERYBODY,
    "complaints.read": {"spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "complaints.answer": {"supervisor", "county_admin", "town_admin"},
    "awards.read": {"lead", "next_lead", "spare", "far_supervisor"} | OFFICE | ADMINISTRATORS,
    "awards.apply": {"lead"} | OFFICE,
    "awards.answer": {"supervisor"},
    "assignments.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "duties.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "records.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "records.write": {"warden", "lead"},
    "records.review": OFFICE,
    "checklists.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "checklists.look": STAFF,
    "titles.write": {"supervisor", "county_admin", "town_admin"},
    "assignments.write": {"lead", "county_admin", "town_admin"} | OFFICE,
    "ledgers.read": EVERYBODY,
    "tickets.notice": {"lead"} | OFFICE,
    "reports.read": {"warden", "lead", "next_warden", "next_lead", "spare", "far_warden"}
    | {"far_supervisor"}
    | OFFICE
    | ADMINISTRATORS,
    "reports.write": {"lead", "county_admin", "town_admin"} | OFFICE,
    "dossiers.make": {"lead", "county_admin", "town_admin"} | OFFICE,
    "reports.issue": {"supervisor", "county_admin", "town_admin"},
    "kpis.read": {"lead", "next_lead", "spare", "far_supervisor", "rival"}
    | OFFICE
    | ADMINISTRATORS
    | COMPANY,
    "kpis.freeze": {"supervisor", "county_admin", "town_admin"},
    "assessments.read": {"lead", "next_lead", "spare", "far_supervisor", "rival"}
    | OFFICE
    | ADMINISTRATORS
    | COMPANY,
    "assessments.switch": {"county_admin", "town_admin"},
    "assessments.freeze": {"supervisor", "county_admin", "town_admin"},
    "assessments.object": {"lead"} | COMPANY,
    "assessments.answer": {"supervisor"},
}


ANYWHERE = {
    "campaigns.read",
    "campaigns.candidates",
    "awards.read",
    "cases.read",
    "complaints.read",
    "photos.checks",
    "checklists.read",
    "checklists.look",
    "records.read",
    "records.write",
    "duties.read",
    "titles.write",
    "assignments.read",
    "assignments.write",
    "public",
    "photos.mask",
    "photos.looks",
    "tickets.report",
    "tickets.fix_on_the_spot",
    "tickets.import",
    "agenda.read",
    "agenda.rectify",
    "administration.read",
    "administration.write",
    "spot_checks.read",
    "pauses.read",
    "thresholds.read",
    "thresholds.write",
    "kpis.read",
    "assessments.read",
    "review.read",
    "reports.read",
    "reports.write",
    "dossiers.make",
}
"""Asked first about nothing in particular; the service then asks about the place."""


def test_every_permission_is_in_the_table() -> None:
    assert set(ALLOWED) == set(PERMISSIONS)


@pytest.mark.parametrize("permission", sorted(ALLOWED))
def test_each_permission_is_for_exactly_these(permission: str) -> None:
    having = {n for n, who in PEOPLE.items() if allowing_post(who, permission, HANDED_OVER)}
    assert having == ALLOWED[permission]


def test_what_permits_is_always_a_post_of_ones_own() -> None:
    for permission in PERMISSIONS:
        for who in PEOPLE.values():
            found = allowing_post(who, permission, HANDED_OVER)
            assert found is None or found in who.posts


def test_about_nothing_in_particular_only_roles_count() -> None:
    """A forgotten matter must not open anything that depends on the place."""
    depends_on_the_place = {
        name for name in ALLOWED if ALLOWED[name] not in (EVERYBODY, EVERYBODY - ADMINISTRATORS)
    } - ANYWHERE
    for permission in depends_on_the_place:
        for name, who in PEOPLE.items():
            assert allowing_post(who, permission, Matter()) is None, (permission, name)


def test_require_gives_the_post_or_says_no() -> None:
    assert require(PEOPLE["lead"], "tickets.dispatch", HANDED_OVER).role is Role.lead
    with pytest.raises(NotAllowed):
        require(PEOPLE["warden"], "tickets.dispatch", HANDED_OVER)
    with pytest.raises(NotAllowed):
        require(PEOPLE["lead"], "tickets.dispatch")
    with pytest.raises(KeyError):
        require(PEOPLE["lead"], "tickets.abolish", HANDED_OVER)


def code_of(who: Actor, permission: str, about: Matter) -> str | None:
    """Role and place of the post that permits."""
    found = allowing_post(who, permission, about)
    return f"{found.role} at {found.organisation_code}" if found else None


BOTH = actor(
    "both",
    post(Role.administrator, "county"),
    post(Role.property_staff, "company"),
    post(Role.warden, "next"),
    post(Role.lead, "home"),
)
"""Holds four posts; the one that counts is not the first."""


@pytest.mark.parametrize(
    ("permission", "about", "by"),
    [
        ("tickets.report", matter(), "lead at home"),
        ("tickets.dispatch", matter(), "lead at home"),
        ("tickets.rectify", matter("company"), "property_staff at company"),
        ("tickets.rectify", matter("next"), "warden at next"),
        ("tickets.rectify", matter("rival"), None),
        ("tickets.close", matter("company"), "lead at home"),
        ("tickets.comment", matter("company"), "lead at home"),
        ("tickets.withdraw", matter(reporter="both"), "lead at home"),
        ("tickets.recall", matter(rectifier="both", rectified_by="company"),
         "property_staff at company"),
        ("tickets.recall", matter(rectifier="both", rectified_by="home"), "lead at home"),
        ("photos.upload", Matter(), "property_staff at company"),
        ("rounds.walk", matter(), "lead at home"),
    ],
)  # fmt: skip
def test_several_posts_are_a_union_and_the_one_that_permits_is_named(
    permission: str, about: Matter, by: str | None
) -> None:
    assert code_of(BOTH, permission, about) == by


@pytest.mark.parametrize(
    ("posts", "by"),
    [
        ((), None),
        ((post(Role.warden, "home"),), "warden at home"),
        ((post(Role.administrator, "county"), post(Role.warden, "next")), "warden at next"),
        ((post(Role.property_staff, "rival"), post(Role.supervisor, "town")), "supervisor at town"),
        # Who moved on still sees and may take back what was reported by mistake.
        ((post(Role.property_staff, "rival"),), "property_staff at rival"),
    ],
)
def test_a_reporter_acts_by_the_nearest_post(posts: tuple[object, ...], by: str | None) -> None:
    who = actor("reporter", *posts)  # type: ignore[arg-type]
    found = reported_it(who, matter(reporter="reporter"))
    assert (f"{found.role} at {found.organisation_code}" if found else None) == by
    assert reported_it(who, matter(reporter="somebody else")) is None
    assert reported_it(who, matter()) is None


def test_who_left_the_company_recalls_nothing_for_it() -> None:
    about = matter("company", rectifier="leaver", rectified_by="company")
    assert rectified_it(actor("leaver", post(Role.property_staff, "company")), about)
    assert rectified_it(actor("leaver", post(Role.property_staff, "rival")), about) is None
    assert rectified_it(actor("leaver"), about) is None


def test_a_neighbours_warden_recalls_a_fix_on_the_spot() -> None:
    about = matter("home", rectifier="next_warden", rectified_by="home")
    assert rectified_it(PEOPLE["next_warden"], about)
    assert rectified_it(PEOPLE["warden"], about) is None


@pytest.mark.parametrize(
    ("place", "sees"), [("town", True), ("group", True), ("spare_group", False),
                        ("far_town", False)],
)  # fmt: skip
def test_a_supervisor_has_the_town_or_what_the_group_is_given(place: str, sees: bool) -> None:
    who = actor("who", post(Role.supervisor, place))
    assert (supervisor_of_the_place(who, matter()) is not None) is sees
    assert supervisor_of_the_place(who, Matter()) is None


@pytest.mark.parametrize("place", TREE)
def test_an_administrator_has_the_subtree(place: str) -> None:
    who = actor("who", post(Role.administrator, place))
    sees = administrator_of_the_place(who, matter()) is not None
    assert sees is (place in ("county", "town", "home"))


def test_an_administrator_takes_no_part() -> None:
    reads = {"tickets.read", "tickets.list", "tickets.package"}
    acts = {name for name in PERMISSIONS if name.startswith("tickets.")} - reads
    for name in ADMINISTRATORS:
        assert [n for n in acts if allowing_post(PEOPLE[name], n, HANDED_OVER)] == []


def test_who_was_responsible_reads_and_does_nothing_more() -> None:
    rival = PEOPLE["rival"]
    assert once_responsible(rival, HANDED_OVER)
    assert of_the_responsible(rival, HANDED_OVER) is None
    having = {n for n in PERMISSIONS if allowing_post(rival, n, HANDED_OVER)}
    assert {n for n in having if n.startswith("tickets.")} == {"tickets.read", "tickets.list"}


def test_an_enforcement_body_has_what_is_referred_to_it() -> None:
    officer, referred = PEOPLE["officer"], matter("body", past=("body",))
    assert allowing_post(officer, "tickets.read", HANDED_OVER) is None
    assert {n for n in ("tickets.read", "tickets.rectify", "tickets.comment", "tickets.close")
            if allowing_post(officer, n, referred)} == {
        "tickets.read", "tickets.rectify", "tickets.comment",
    }  # fmt: skip


def test_nothing_open_belongs_to_nobody() -> None:
    """No responsible organisation (None) is not everybody's."""
    for who in PEOPLE.values():
        assert of_the_responsible(who, Matter()) is None
        assert once_responsible(who, Matter()) is None


def test_every_role_has_its_homes() -> None:
    assert set(ROLE_HOMES) == set(Role)
    assert id_of("home") != id_of("next")
