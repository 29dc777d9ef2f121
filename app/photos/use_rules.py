"""Rules about a photo as evidence in one ticket: the place, the time, the same bytes.

An after-photo may never be evidence for another place or for a time before the ticket; where a
phone or camera can be wrong by itself, a person looks first.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.photos.evidence import (
    EarlierCopy,
    Finding,
    Fix,
    PhotoFacts,
    PhotoRole,
    Thresholds,
    UseFacts,
    Verdict,
)
from app.photos.noticing import contradicts, metres, moment, supports, unknown

Rule = Callable[[PhotoFacts, UseFacts, Thresholds], Iterator[Finding]]


def taken_at_the_place(photo: PhotoFacts, use: UseFacts, limits: Thresholds) -> Iterator[Finding]:
    """Taken inside the place or within 100 m and both accuracies of it.

    A process photo may show a paper or a meeting: its place is not looked at.
    """
    if use.role is PhotoRole.PROCESS:
        return
    away = metres_away(photo.position, use)
    if photo.position is None or away is None:
        message = "照片或工单没有定位，无法核对是否在现场拍摄。"
        yield unknown(limits, "place_not_comparable", message)
        return
    accuracy = photo.position.accuracy_m
    accuracy = limits.assumed_accuracy_m if accuracy is None else accuracy
    doubt = accuracy + ((use.position.accuracy_m or 0.0) if use.position else 0.0)
    near = limits.place_tolerance_m + doubt
    observed, threshold = metres(away), metres(near)
    if away > near:
        yield _away_from_the_place(use, limits, away, accuracy, doubt)
    elif accuracy > limits.poor_accuracy_m and away > limits.place_tolerance_m:
        message = f"定位误差约 {metres(accuracy)}，无法核对是否在现场拍摄。"
        yield unknown(limits, "place_not_comparable", message, observed, threshold)
    else:
        message = "拍摄地点与工单地点相符。"
        yield supports(limits, "position_at_place", observed, threshold, message)


def _away_from_the_place(
    use: UseFacts, limits: Thresholds, away: float, accuracy: float, doubt: float
) -> Finding:
    """An after-photo over 500 m and the doubt away contradicts when its fix is good (100 m)."""
    far = limits.other_place_m + doubt
    precise = accuracy <= limits.other_place_accuracy_m
    other = use.role is PhotoRole.AFTER and precise and away > far
    return contradicts(
        limits,
        "position_away_from_place",
        metres(away),
        metres(far if other else limits.place_tolerance_m + doubt),
        f"拍摄地点距工单地点 {metres(away)}" + ("，不是同一处。" if other else "，请核对。"),
        leads_to=Verdict.CONTRADICTED if other else Verdict.NEEDS_REVIEW,
    )


def metres_away(position: Fix | None, use: UseFacts) -> float | None:
    """Metres from the photo to the nearest of what is known of the place; None: not known."""
    if position is None:
        return None
    if use.inside_place:
        return 0.0
    known = [] if use.distance_m is None else [use.distance_m]
    if use.position is not None:
        known.append(position.metres_to(use.position))
    return min(known, default=None)


def taken_after_the_report(
    photo: PhotoFacts, use: UseFacts, limits: Thresholds
) -> Iterator[Finding]:
    """An after-photo is taken and received after the ticket began (5 min grace).

    Receipt (our clock) and the phone's corrected time contradict; EXIF alone asks for a look. The
    grace holds for receipts too: a report is sent some minutes after its problem was found, and
    whoever stands there may have begun before it arrived.
    """
    if use.role is not PhotoRole.AFTER or use.fixed_on_spot:
        return
    earliest = use.since - limits.before_ticket
    hard = [photo.received_at, photo.by_our_clock(photo.device_taken_at)]
    soft = photo.by_our_clock(photo.exif_taken_at)
    early = min((at for at in hard if at is not None and at < earliest), default=None)
    at = early or (soft if soft is not None and soft < earliest else None)
    if at is not None:
        yield contradicts(
            limits,
            "taken_before_ticket",
            moment(at),
            moment(earliest),
            "整改后照片的时间早于问题上报" + ("。" if early else "，请核对相机时钟。"),
            leads_to=Verdict.CONTRADICTED if early else Verdict.NEEDS_REVIEW,
        )
    elif any(at is not None and at < use.since for at in (*hard, soft)):
        message = "整改后照片的时间与问题上报只差几分钟，无法判断先后。"
        yield unknown(limits, "time_not_comparable", message)
    elif photo.device_taken_at is None and photo.exif_taken_at is None:
        message = "整改后照片没有拍摄时间，无法核对是否在上报之后拍摄。"
        yield unknown(limits, "time_not_comparable", message)
    else:
        taken = moment(photo.by_our_clock(photo.device_taken_at) or soft or photo.received_at)
        message = "整改后照片拍摄于问题上报之后。"
        yield supports(limits, "taken_after_ticket", taken, moment(earliest), message)


def bytes_not_used_before(
    photo: PhotoFacts, use: UseFacts, limits: Thresholds
) -> Iterator[Finding]:
    """After-evidence must not be a file already used elsewhere or here before the ticket.

    A before-photo may serve several tickets of one place; used for another place, a person looks.
    """
    for copy in use.earlier_copies:
        where = _used_wrongly(copy, use, limits)
        if where is None:
            continue
        hard = use.role is PhotoRole.AFTER
        yield contradicts(
            limits,
            "photo_same_bytes",
            moment(copy.received_at),
            moment(use.since - limits.before_ticket),
            f"完全相同的照片已{where}。",
            leads_to=Verdict.CONTRADICTED if hard else Verdict.NEEDS_REVIEW,
            other_photo_id=copy.photo_id,
        )


def _used_wrongly(copy: EarlierCopy, use: UseFacts, limits: Thresholds) -> str | None:
    """How the same file was used so that it cannot serve here; None: it can.

    What was handed in for a neighbour before this ticket was reported shows another time. Both
    instants are receipts by our clock, which need no grace; only a ticket dated by a phone that
    was offline gets it.
    """
    if copy.used_elsewhere:
        return "用于其他地点"
    if use.role is not PhotoRole.AFTER or use.fixed_on_spot:
        return None
    if copy.received_at < use.since - limits.before_ticket:
        return "上传于问题上报之前"
    grace = timedelta() if use.is_by_our_clock else limits.before_ticket
    if copy.handed_in_at is not None and copy.handed_in_at < use.since - grace:
        return "在问题上报之前用于其他工单"
    return None


def not_handed_in_again(photo: PhotoFacts, use: UseFacts, limits: Thresholds) -> Iterator[Finding]:
    """After work was returned, the photo that did not convince is no proof of the rework.

    A person looks rather than a refusal: the place may have been right and the return mistaken.
    """
    for copy in use.earlier_copies:
        if use.role is PhotoRole.AFTER and copy.returned_here:
            yield contradicts(
                limits,
                "photo_returned_before",
                moment(copy.received_at),
                "",
                "退回返工之前已交过同一张照片，请核对是否重新整改。",
                other_photo_id=copy.photo_id,
            )


RULES: tuple[Rule, ...] = (
    taken_at_the_place,
    taken_after_the_report,
    bytes_not_used_before,
    not_handed_in_again,
)
