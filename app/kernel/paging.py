"""Lists by keyset: a page, and an opaque cursor to the next one."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field

from app.kernel.errors import Rejected
from app.kernel.schemas import Input

T = TypeVar("T")


class BadCursor(Rejected):
    """A cursor that this list did not give out."""

    code = "bad_cursor"
    title = "翻页位置无效"


class PageQuery(Input):
    """`limit` 1–100 (default 20) and the `cursor` of the page before."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items and where the next ones begin."""

    items: Sequence[T]
    next_cursor: str | None


def encode_cursor(*values: Any) -> str:
    """An opaque cursor that holds JSON values."""
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: Callable[[Any], Any]) -> list[Any]:
    """The values of a cursor, each read by its `kind`; raises BadCursor when it is not ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.urlsafe_b64decode(padded.encode()).decode()
        if "\\u" in text or not text.isprintable():
            raise ValueError(text)
        values = json.loads(text)
        if not isinstance(values, list):
            raise TypeError(text)
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadCursor("请从第一页重新开始。") from None


def cut_page(rows: Sequence[T], limit: int, position: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """The page of `limit` rows out of up to `limit + 1` fetched ones."""
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], encode_cursor(*position(rows[limit - 1])))
