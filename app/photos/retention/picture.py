"""What is shown in the place of a photo that was purged."""

from datetime import datetime

from flask import Response

from app.kernel.clock import shanghai_day

_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" width="320" height="240"
 role="img" aria-label="照片已按保存期限清除">
<rect width="320" height="240" fill="#eef0f2"/>
<g font-family="sans-serif" text-anchor="middle" fill="#4a5560">
<text x="160" y="116" font-size="22">照片已按保存期限清除</text>
<text x="160" y="148" font-size="17">{day}</text>
</g></svg>
"""


def purged_picture(at: datetime) -> Response:
    """410 with a picture that says so: pages show it in the photo's place, and programs see the
    status."""
    response = Response(_SVG.format(day=f"{shanghai_day(at):%Y-%m-%d}"), 410)
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
