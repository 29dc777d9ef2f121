"""What is shown in the place of a photo that was purged, or is in quarantine."""

from datetime import datetime

from flask import Response

from app.kernel.clock import shanghai_day

_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" width="320" height="240"
 role="img" aria-label="{said}">
<rect width="320" height="240" fill="#eef0f2"/>
<g font-family="sans-serif" text-anchor="middle" fill="#4a5560">
<text x="160" y="116" font-size="22">{said}</text>
<text x="160" y="148" font-size="17">{more}</text>
</g></svg>
"""


def purged_picture(at: datetime) -> Response:
    """410 with a picture that says so: pages show it in the photo's place, and programs see the
    status."""
    day = f"{shanghai_day(at):%Y-%m-%d}"
    return _picture("照片已按保存期限清除", day, cache_control="private, max-age=3600")


def quarantined_picture() -> Response:
    """The same for a photo that waits for a person: it may be shown again."""
    return _picture("照片待人工审核", "暂不显示，工单照常办理", cache_control="no-store")


def _picture(said: str, more: str, *, cache_control: str) -> Response:
    response = Response(_SVG.format(said=said, more=more), 410)
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = cache_control
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
