"""What is read of a large county: the lists and their filters, and what lies beyond a page."""

from collections.abc import Iterator
from urllib.parse import quote

from tests.bench import limits
from tests.bench.clients import Phone, get
from tests.bench.county import COUNTY, SOUTH, WEST
from tests.bench.operations import COMMUNITY, TOWN, VIEWERS, Reading, Tokens, readings

DEEP_PAGES = 100
"""After so many pages of a hundred a deep page begins."""

_EVERYONE = tuple(VIEWERS)
_ABOVE = ("supervisor", "county")
_AT = f"lng={WEST + 0.001}&lat={SOUTH + 0.001}"


def page_reads(phone: Phone, tokens: Tokens) -> list[Reading]:
    """Reads that answer with a page or less."""
    return [
        *readings(),
        *_deep_pages(phone, tokens),
        Reading("near by", limits.FILTER, f"/tickets/nearby?{_AT}", ("warden", "supervisor")),
        Reading("own work", limits.FILTER, "/agenda", ("company",)),
        Reading("changes", limits.FILTER, "/tickets/changes", _EVERYONE),
        Reading("locate", limits.FILTER, f"/cells/locate?{_AT}", _EVERYONE),
        Reading("cells", limits.FILTER, f"/cells?organisation={COMMUNITY}", _ABOVE),
        Reading("compounds", limits.FILTER, f"/compounds?organisation={TOWN}", _ABOVE),
        Reading("one compound", limits.FILTER, f"/compounds/{COMMUNITY}C03", _ABOVE),
        Reading("rounds", limits.FILTER, f"/rounds?organisation={TOWN}", _ABOVE),
        Reading("notices", limits.FILTER, "/notices", _EVERYONE),
        Reading("me", limits.FILTER, "/me", _EVERYONE),
    ]


def summaries() -> list[Reading]:
    """Figures that are counted over all tickets of a part."""
    return [
        Reading(f"{name} of {part}", limits.SUMMARY, path.format(code), (who,))
        for part, code, who in (
            ("a town", TOWN, "supervisor"),
            ("the county", COUNTY, "county"),
        )
        for name, path in (
            ("states", "/tickets/summary?by=state&organisation={}"),
            ("open by organisation", "/tickets/summary?by=organisation&organisation={}"),
            ("kpis", "/kpis?organisation={}"),
        )
    ]


def _deep_pages(phone: Phone, tokens: Tokens) -> Iterator[Reading]:
    """The page that lies deep in what each viewer sees, or its last one."""
    for viewer in _EVERYONE:
        cursor = ""
        for _ in range(DEEP_PAGES):
            asked = get(tokens[VIEWERS[viewer]], f"/tickets?limit=100{cursor}")
            found = phone.ask(asked)["next_cursor"]
            if not found:
                break
            cursor = f"&cursor={quote(found)}"
        path = f"/tickets?limit=20{cursor}"
        yield Reading(f"page {5 * DEEP_PAGES}", limits.FILTER, path, (viewer,))
