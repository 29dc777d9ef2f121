"""Who sees which scores: the town's office and administrators all, a management group what it is
given, a lead the community's and its compounds', a company's people their company's alone."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.assessments.models import AssessmentFreeze, AssessmentObjection, AssessmentScore
from app.grid.models import CompanyContract, Compound
from app.kernel.errors import NotThere
from app.people.access import Actor, Matter
from app.people.models import Organisation, OrganisationType, Role
from app.people.queries import organisation_by_code


@dataclass(frozen=True)
class Sight:
    """What somebody sees of a township's scores; `whole`: all of them."""

    whole: bool
    communities: frozenset[UUID]
    companies: frozenset[UUID]

    def sees(self, community_id: UUID | None, organisation_id: UUID | None) -> bool:
        """Whether a score is in sight, by where its subject belongs and who it is."""
        return self.whole or community_id in self.communities or organisation_id in self.companies


def sight_of(actor: Actor, town: Organisation) -> Sight:
    """What an actor sees of a township's scores."""
    whole, communities = False, set[UUID]()
    for post in actor.posts:
        if post.role is Role.administrator:
            whole = whole or post.covers(town.path)
        elif post.town_id == town.id and post.role is Role.supervisor:
            whole = whole or post.organisation_type is OrganisationType.town
            communities |= set(post.given)
        elif post.town_id == town.id and post.role is Role.lead:
            communities.add(post.organisation_id)
    own = frozenset(post.organisation_id for post in actor.posts_as(Role.property_staff))
    return Sight(whole, frozenset(communities), own)


def town_in_sight(session: Session, actor: Actor, code: str) -> Organisation:
    """The township with a code, or of the unit with it, when the actor may see any score of it;
    raises NotThere."""
    found = organisation_by_code(session, code)
    if found is not None and found.type is not OrganisationType.town and found.town_id:
        found = session.get(Organisation, found.town_id)
    if found is not None and found.type is OrganisationType.town:
        sight = sight_of(actor, found)
        if sight.whole or sight.communities or _has_worked_in(session, found, sight.companies):
            return found
    raise NotThere("没有这个镇，或不在您的范围内。")


def _has_worked_in(session: Session, town: Organisation, companies: frozenset[UUID]) -> bool:
    """Whether one of the companies has or had a contract in the township."""
    if not companies:
        return False
    asked = (
        select(CompanyContract.id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(CompanyContract.company_id.in_(sorted(companies)), Organisation.town_id == town.id)
    )
    return session.scalar(asked.limit(1)) is not None


def freeze_in_sight(session: Session, actor: Actor, freeze_id: UUID | None) -> AssessmentFreeze:
    """The freeze with an id; raises NotThere. Which of its scores are shown is asked of each."""
    asked = select(AssessmentFreeze).where(AssessmentFreeze.id == freeze_id)
    found = session.scalar(asked.options(joinedload(AssessmentFreeze.town)))
    if found is not None:
        sight = sight_of(actor, found.town)
        if sight.whole or sight.communities or (sight.companies and _its(session, found, sight)):
            return found
    raise NotThere("没有这次固定的考核分，或不在您的范围内。")


def _its(session: Session, freeze: AssessmentFreeze, sight: Sight) -> bool:
    """Whether a company of the actor's is among the scores."""
    asked = select(AssessmentScore.id).where(
        AssessmentScore.freeze_id == freeze.id,
        AssessmentScore.organisation_id.in_(sorted(sight.companies)),
    )
    return session.scalar(asked.limit(1)) is not None


def score_in_sight(
    session: Session, actor: Actor, score_id: UUID | None, *, for_update: bool = False
) -> AssessmentScore:
    """The score with an id, when the actor sees it; raises NotThere. For an update it is locked."""
    asked = select(AssessmentScore).where(AssessmentScore.id == score_id)
    found = session.scalar(asked.with_for_update() if for_update else asked)
    if found is not None:
        sight = sight_of(actor, found.freeze.town)
        if sight.sees(found.community_id, found.organisation_id):
            return found
    raise NotThere("没有这个考核分，或不在您的范围内。")


def objection_in_sight(
    session: Session, actor: Actor, objection_id: UUID | None
) -> AssessmentObjection:
    """The objection with an id, locked, when the actor sees its score; raises NotThere."""
    asked = select(AssessmentObjection).where(AssessmentObjection.id == objection_id)
    found = session.scalar(asked.with_for_update())
    if found is not None:
        sight = sight_of(actor, found.score.freeze.town)
        if sight.sees(found.score.community_id, found.score.organisation_id):
            return found
    raise NotThere("没有这条异议，或不在您的范围内。")


def matter_of_town(town: Organisation) -> Matter:
    """What permissions ask about a township's scores."""
    return Matter(town_id=town.id, paths=(town.path,))


def matter_of_score(score: AssessmentScore) -> Matter:
    """What permissions ask about a score: a company's own people, or the community's lead."""
    town = score.freeze.town
    return Matter(
        town_id=town.id,
        community_id=score.community_id,
        responsible_id=score.organisation_id if score.community_id is None else None,
        paths=(town.path,),
    )
