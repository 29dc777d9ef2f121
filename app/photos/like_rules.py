"""Rules about a photo in use that is near-identical to others, of other bytes.

Whoever takes the same thing from the same spot again gets nearly the same picture, honestly: of one
place that is never held against anybody unless every pixel seems to be the same, and then a person
looks. What belongs to another place is another matter.
"""

from collections.abc import Callable, Iterator

from app.photos.evidence import (
    Finding,
    LikePlace,
    PhotoFacts,
    PhotoRole,
    Thresholds,
    UsedLike,
    UseFacts,
    Verdict,
)
from app.photos.noticing import contradicts, moment, unknown

Rule = Callable[[PhotoFacts, UseFacts, Thresholds], Iterator[Finding]]


def scene_changed(photo: PhotoFacts, use: UseFacts, limits: Thresholds) -> Iterator[Finding]:
    """An after-photo that shows what a before-photo of its ticket shows is told to who checks."""
    before = next((like for like in use.likes if like.is_before), None)
    if use.role is PhotoRole.AFTER and before is not None:
        message = "整改前后的画面几乎相同，请看问题是否已经解决。"
        observed, threshold = f"{before.fine_distance}/256", f"{limits.near_fine_distance}/256"
        found = unknown(limits, "scene_unchanged", message, observed, threshold)
        yield found.about(before.photo_id)


def not_a_picture_used_before(
    photo: PhotoFacts, use: UseFacts, limits: Thresholds
) -> Iterator[Finding]:
    """Evidence must not be a re-encoded picture of another place, or of before the ticket.

    A picture that was here before it was used far away is not held against this place.
    """
    here = [like.received_at for like in use.likes if like.place is LikePlace.HERE]
    first_here = min(here, default=None)
    for like in use.likes:
        came_from_here = first_here is not None and first_here < like.received_at
        found = _told(like, use, limits)
        if found is not None and not (came_from_here and like.place is not LikePlace.HERE):
            leads_to, message = found
            yield contradicts(
                limits,
                "photo_near_identical",
                f"{like.fine_distance}/256 {moment(like.received_at)}",
                f"{limits.near_fine_distance}/256",
                message,
                leads_to=leads_to,
                other_photo_id=like.photo_id,
            )


def _told(like: UsedLike, use: UseFacts, limits: Thresholds) -> tuple[Verdict, str] | None:
    """The verdict that a picture alike leads to, and why; None: it says nothing."""
    if like.fine_distance > limits.near_fine_distance:
        return None
    is_copy = like.fine_distance <= limits.copy_fine_distance
    if like.place in (LikePlace.FAR, LikePlace.ELSEWHERE):
        sure = is_copy or like.place is LikePlace.FAR
        return _verdict(use, sure=sure), "与其他地点的照片几乎相同，请核对。"
    if use.role is not PhotoRole.AFTER or use.fixed_on_spot or like.is_before:
        return None
    if like.received_at >= use.since - limits.before_ticket:
        return None
    if like.place is LikePlace.HERE and not is_copy:
        return None
    sure = is_copy and like.place is LikePlace.UNKNOWN
    return _verdict(use, sure=sure), "与问题上报之前上传的照片几乎相同，请核对是否重新拍摄。"


def _verdict(use: UseFacts, *, sure: bool) -> Verdict:
    """Only after-evidence is contradicted; of anything else a person looks."""
    hard = sure and use.role is PhotoRole.AFTER
    return Verdict.CONTRADICTED if hard else Verdict.NEEDS_REVIEW


RULES: tuple[Rule, ...] = (scene_changed, not_a_picture_used_before)
