"""A report finds whoever has to put it right."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from app.grid.models import CompanyContract, Compound
from app.kernel.db import db
from app.people.models import Organisation
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Stories, at, code_of, position


def contract_of(stories: Stories, number: int = 1) -> object:
    """The condition on the contract of a compound of community 001."""
    found = select(Compound.id).where(Compound.code == stories.code("001", number))
    return CompanyContract.compound_id == found.scalar_subquery()


def company(code: str) -> object:
    """The id of a company, in SQL."""
    return select(Organisation.id).where(Organisation.code == code).scalar_subquery()


def responsible(ticket: dict[str, object]) -> object:
    """The code of the responsible organisation, or None."""
    found = ticket["responsible"]
    return found["code"] if isinstance(found, dict) else None


def test_the_company_in_contract_is_made_responsible_at_once(stories: Stories) -> None:
    ticket = stories.report()
    assert ticket["state"] == "dispatched"
    assert ticket["responsible"] == {
        "code": COMPANY,
        "name": "示例甲物业公司",
        "type": "property_company",
        "type_label": "物业公司",
    }
    assert ticket["compound"]["code"] == stories.code()
    assert ticket["cell"]["code"] == stories.town.cell("001", 1).code
    (leg,) = ticket["legs"]
    assert (leg["organisation"]["code"], leg["to"], leg["outcome"]) == (COMPANY, None, None)
    (event,) = ticket["timeline"]
    assert (event["action"], event["from"], event["to"]) == ("report", None, "dispatched")


def test_a_contract_that_ended_yesterday_leaves_it_to_the_community(stories: Stories) -> None:
    ended = update(CompanyContract).where(contract_of(stories)).values(to_on=date(2026, 11, 25))
    stories.change(ended)
    assert responsible(stories.report()) == stories.town.community()
    the_day_before = at("11-24 17:00")
    assert responsible(stories.report(occurred_at=the_day_before)) == COMPANY


def test_a_contract_counts_from_its_first_day(stories: Stories) -> None:
    begins = update(CompanyContract).where(contract_of(stories)).values(from_on=date(2026, 11, 25))
    stories.change(begins)
    assert responsible(stories.report()) == COMPANY
    assert responsible(stories.report(occurred_at=at("11-24 23:59"))) == stories.town.community()


def test_a_company_that_was_retired_gets_nothing_more(stories: Stories) -> None:
    retired = update(Organisation).where(Organisation.code == COMPANY)
    stories.change(retired.values(retired_on=date(2026, 11, 25)))
    assert responsible(stories.report()) == stories.town.community()


def test_without_a_compound_the_community_of_the_cell(stories: Stories) -> None:
    ticket = stories.report(point=stories.open_ground)
    assert ticket["compound"] is None
    assert (ticket["state"], responsible(ticket)) == ("dispatched", stories.town.community())


def test_a_compound_without_a_company_is_the_community_s(stories: Stories) -> None:
    ticket = stories.report(point=stories.street)
    assert ticket["compound"]["code"] == stories.code("001", 2)
    assert responsible(ticket) == stories.town.community()


def test_of_two_companies_a_person_chooses(stories: Stories) -> None:
    second = select(
        company(OTHER_COMPANY), Compound.id, CompanyContract.from_on, CompanyContract.id
    ).join(CompanyContract, CompanyContract.compound_id == Compound.id)
    with stories.app.app_context():
        other, compound_id, from_on, _ = db.session.execute(
            second.where(Compound.code == stories.code())
        ).one()
        db.session.remove()
    stories.change(
        insert(CompanyContract).values(compound_id=compound_id, company_id=other, from_on=from_on)
    )
    ticket = stories.report()
    assert (ticket["state"], responsible(ticket)) == ("reported", None)
    assert (ticket["legs"], ticket["due_at"], ticket["light"]) == ([], None, None)
    # The same company by two contracts is one company.
    stories.change(update(CompanyContract).where(contract_of(stories)).values(company_id=other))
    assert responsible(stories.report()) == OTHER_COMPANY


def test_other_waits_for_a_person(stories: Stories) -> None:
    ticket = stories.report(category="99-99")
    assert (ticket["state"], responsible(ticket)) == ("reported", None)
    ticket = stories.act("shequ1", ticket, "reclassify", category="05-03", note="排水管道堵塞")
    assert (ticket["state"], ticket["category"]["code"]) == ("reported", "05-03")
    ticket = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
    assert (ticket["state"], responsible(ticket)) == ("dispatched", COMPANY)


def test_illegal_building_is_routed_like_the_rest(stories: Stories) -> None:
    ticket = stories.report(category="01-01")
    assert (ticket["state"], responsible(ticket)) == ("dispatched", COMPANY)
    assert ticket["condition"]["code"] == "under_way"
    assert ticket["due_at"] == "2026-11-27T09:00:00+08:00"


@pytest.mark.parametrize("source", ["resident", "hotline", "superior"])
def test_what_residents_and_superiors_say_needs_no_photo(stories: Stories, source: str) -> None:
    ticket = stories.report("shequ1", source=source, photo_ids=[], external_number="  12345-7 ")
    assert (ticket["source"], ticket["photos"]) == (source, [])
    assert ticket["external_number"] == "12345-7"


@pytest.mark.parametrize("source", ["round", "self_found", None])
def test_what_staff_find_needs_a_photo(stories: Stories, source: str | None) -> None:
    said = {"source": source} if source else {}
    answer = stories.try_report(photo_ids=[], **said)
    assert code_of(answer) == (422, "evidence_missing")


@pytest.mark.parametrize("who", ["wangge11", "shequ1", "ducha1", "wangge21"])
def test_wardens_leads_and_supervisors_report_anywhere_in_the_town(
    stories: Stories, who: str
) -> None:
    ticket = stories.report(who)
    assert responsible(ticket) == COMPANY
    assert stories.see(who, ticket)["reported_by"]["name"]


@pytest.mark.parametrize("who", ["wuye11", "zhifa1", "guanli"])
def test_nobody_else_reports(stories: Stories, who: str) -> None:
    body = {"category": "01-36", "source": "resident", "position": position(stories.spot)}
    assert code_of(stories.post(who, "/tickets", body)) == (403, "not_allowed")
