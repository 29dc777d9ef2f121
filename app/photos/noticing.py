"""How a rule puts what it noticed into words."""

from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.clock import SHANGHAI
from app.photos.evidence import Direction, Finding, Thresholds, Verdict


def supports(limits: Thresholds, code: str, observed: str, threshold: str, message: str) -> Finding:
    """A finding that speaks for the photo."""
    return Finding(code, Direction.SUPPORTS, observed, threshold, message, limits.version)


def unknown(
    limits: Thresholds, code: str, message: str, observed: str = "", threshold: str = ""
) -> Finding:
    """A finding that says what cannot be told; it never changes a verdict."""
    return Finding(code, Direction.UNKNOWN, observed, threshold, message, limits.version)


def contradicts(
    limits: Thresholds,
    code: str,
    observed: str,
    threshold: str,
    message: str,
    *,
    leads_to: Verdict = Verdict.NEEDS_REVIEW,
    other_photo_id: UUID | None = None,
) -> Finding:
    """A finding that speaks against the photo: a person looks, unless it is a hard fact."""
    return Finding(
        code,
        Direction.CONTRADICTS,
        observed,
        threshold,
        message,
        limits.version,
        leads_to,
        other_photo_id,
    )


def metres(value: float) -> str:
    """A distance as a person reads it."""
    return f"{value:.0f} m" if value < 10_000 else f"{value / 1000:.0f} km"


def moment(instant: datetime) -> str:
    """An instant to the minute in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def span(value: timedelta) -> str:
    """A length of time in the unit that fits."""
    minutes = round(value.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 72 * 60 else f"{minutes // 1440} 天"
