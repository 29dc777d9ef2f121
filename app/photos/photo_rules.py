"""Rules about one photo by itself. Nothing here contradicts: positions and camera clocks err."""

from collections.abc import Callable, Iterator
from datetime import datetime

from app.photos.evidence import EarlierLike, Finding, PhotoFacts, PhotoSource, Thresholds
from app.photos.noticing import contradicts, metres, moment, span, supports, unknown

Rule = Callable[[PhotoFacts, Thresholds], Iterator[Finding]]


def positions_agree(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """The device's position and EXIF's lie within 200 m or the device's accuracy."""
    device, exif = photo.device_position, photo.exif_position
    if device is None or exif is None:
        return
    apart = device.metres_to(exif)
    allowed = max(limits.positions_apart_m, device.accuracy_m or 0.0)
    observed, threshold = metres(apart), metres(allowed)
    if apart <= allowed:
        message = "手机定位与照片自带的定位一致。"
        yield supports(limits, "positions_agree", observed, threshold, message)
    else:
        message = f"手机定位与照片自带的定位相距 {observed}，请核对拍摄地点。"
        yield contradicts(limits, "positions_apart", observed, threshold, message)


def position_known(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """Without any position nothing can be said about the place."""
    if photo.position is None:
        yield unknown(limits, "position_missing", "照片没有定位，无法核对拍摄地点。")


def position_accurate(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """A radius beyond 200 m says little about the place."""
    accuracy = photo.position.accuracy_m if photo.position else None
    if accuracy is not None and accuracy > limits.poor_accuracy_m:
        observed, threshold = metres(accuracy), metres(limits.poor_accuracy_m)
        message = f"定位误差约 {observed}，拍摄地点仅供参考。"
        yield unknown(limits, "position_inaccurate", message, observed, threshold)


def position_of_the_moment(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """The device's fix is at most 1 h older or newer than its photo, both by the phone's clock."""
    fixed_at = photo.device_position.fixed_at if photo.device_position else None
    if fixed_at is None or photo.device_taken_at is None:
        return
    apart = abs(fixed_at - photo.device_taken_at)
    if apart > limits.fix_apart:
        observed, threshold = span(apart), span(limits.fix_apart)
        message = f"手机定位的时间与拍摄时间相差 {observed}，请核对拍摄地点。"
        yield contradicts(limits, "position_not_of_the_moment", observed, threshold, message)


def position_in_a_cell(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """A position outside every cell of the township is worth knowing."""
    if photo.cell_match == "outside":
        message = "拍摄地点不在本镇任何网格内。"
        yield unknown(limits, "position_outside_cells", message, "outside", "inside")


def taken_before_received(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """Taken at most 72 h before it was received, and not after (5 min grace), by our clock."""
    times = {
        "device": photo.by_our_clock(photo.device_taken_at),
        "exif": photo.by_our_clock(photo.exif_taken_at),
    }
    known = {name: at for name, at in times.items() if at is not None}
    if not known:
        yield unknown(limits, "time_missing", "照片没有拍摄时间，无法核对。")
        return
    found = [f for name, at in known.items() for f in _time_fault(photo, limits, name, at)]
    if found:
        yield from found
        return
    shown = moment(next(iter(known.values())))
    message = "拍摄时间与上传时间相符。"
    yield supports(limits, "time_plausible", shown, moment(photo.received_at), message)


def _time_fault(
    photo: PhotoFacts, limits: Thresholds, name: str, taken_at: datetime
) -> Iterator[Finding]:
    whose = "手机记录的" if name == "device" else "照片自带的"
    if taken_at > photo.received_at + limits.future:
        latest = moment(photo.received_at + limits.future)
        message = f"{whose}拍摄时间晚于上传时间，请核对手机或相机的时钟。"
        yield contradicts(limits, f"taken_in_future_{name}", moment(taken_at), latest, message)
    elif taken_at < photo.received_at - limits.late:
        observed, threshold = span(photo.received_at - taken_at), span(limits.late)
        message = f"{whose}拍摄时间比上传早 {observed}，请核对是否为旧照片。"
        yield contradicts(limits, f"taken_long_ago_{name}", observed, threshold, message)


def times_agree(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """The phone's time of taking and EXIF's differ by at most 10 min."""
    device, exif = photo.device_taken_at, photo.exif_taken_at
    if device is None or exif is None:
        return
    apart = abs(device - exif)
    observed, threshold = span(apart), span(limits.clocks_apart)
    if apart <= limits.clocks_apart:
        message = "手机记录与照片自带的拍摄时间一致。"
        yield supports(limits, "times_agree", observed, threshold, message)
    else:
        message = f"手机记录与照片自带的拍摄时间相差 {observed}，请核对。"
        yield contradicts(limits, "times_apart", observed, threshold, message)


def exif_known(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """Most phones strip EXIF when they send: noted, never held against anybody."""
    if photo.exif_problem == "absent":
        yield unknown(limits, "exif_missing", "照片没有附带拍摄信息，属常见情况。")
    elif photo.exif_problem is not None:
        message = "照片附带的拍摄信息有缺损，已不采用缺损部分。"
        yield unknown(limits, "exif_unusable", message, photo.exif_problem)


def first_of_its_bytes(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """Another person sent the very same file before; the same person's is a retry."""
    for copy in photo.earlier_copies:
        if not copy.same_person:
            message = "他人此前上传过完全相同的照片，请核对来源。"
            yield contradicts(
                limits,
                "photo_same_bytes",
                moment(copy.received_at),
                "",
                message,
                other_photo_id=copy.photo_id,
            )


def looks_like_an_earlier_one(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """The same picture re-encoded asks for a look; one that is only alike is told for that look.

    A phone that made one file smaller twice sends the same thing again.
    """
    for like in photo.earlier_likes:
        if like.sent_again:
            continue
        if like.near_identical(limits):
            yield contradicts(
                limits,
                "photo_near_identical",
                f"{like.whole_distance}/64 {like.fine_distance}/256",
                f"{limits.near_distance}/64 {limits.near_fine_distance}/256",
                f"与{_whose(like)}上传的照片几乎相同，请核对来源。",
                other_photo_id=like.photo_id,
            )
        elif like.distance <= limits.similar_distance:
            message = f"与{_whose(like)}上传的照片画面相似，供核对时参考。"
            observed, threshold = f"{like.distance}/64", f"{limits.similar_distance}/64"
            found = unknown(limits, "photo_similar", message, observed, threshold)
            yield found.about(like.photo_id)


def _whose(like: EarlierLike) -> str:
    return f"{'本人' if like.same_person else '他人'} {moment(like.received_at)} "


def shows_enough(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """What shows too little looks like too much else: it is not compared."""
    if photo.low_detail:
        message = "画面内容过少（如墙面、夜间），未与其他照片比对。"
        yield unknown(limits, "photo_low_detail", message)


def source_is_camera(photo: PhotoFacts, limits: Thresholds) -> Iterator[Finding]:
    """A picture out of the album may be older than it looks; that alone says nothing."""
    if photo.source is PhotoSource.ALBUM:
        message = "照片选自相册，不是现场拍摄。"
        yield unknown(limits, "source_album", message, "album", "camera")


LOOKS: tuple[Rule, ...] = (looks_like_an_earlier_one, shows_enough)

RULES: tuple[Rule, ...] = (
    positions_agree,
    position_known,
    position_accurate,
    position_of_the_moment,
    position_in_a_cell,
    taken_before_received,
    times_agree,
    exif_known,
    first_of_its_bytes,
    *LOOKS,
    source_is_camera,
)
