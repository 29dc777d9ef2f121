"""Papers about a ticket: what is on them, who gets them, and that the same is the same."""

import io

import pytest
from pypdf import PdfReader

from tests.tickets.stories import OTHER_COMPANY, Stories, code_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""They are drawn of an answer, which other tests hold on both databases."""


def pages(data: bytes) -> PdfReader:
    """A document as a reader opens it."""
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """All its words without the breaks that the width of a page makes."""
    return "".join(page.extract_text() for page in pages(data).pages).replace("\n", "")


def paper(stories: Stories, who: str, ticket: dict[str, str], name: str) -> bytes:
    answer = stories.get(who, f"/tickets/{ticket['id']}/{name}.pdf")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def test_the_sheet_says_what_the_reader_sees(stories: Stories) -> None:
    ticket = stories.report(description="楼道口有纸箱 <b>&amp; {{x}}")
    stories.later(hours=1)
    done = stories.act("wuye11", ticket, "rectify", note="已清走")
    waits = text_of(paper(stories, "ducha1", done, "sheet"))
    assert waits.count("待遮盖") == 2, "nobody has looked at the photos yet"
    assert stories.get("shequ1", "/photos/to-mask").get_json()["photos"] == 2
    stories.look_over(done)
    assert stories.get("shequ1", "/photos/to-mask").get_json()["photos"] == 0
    data = paper(stories, "ducha1", done, "sheet")
    said = text_of(data)
    for part in (ticket["number"], "待核查", "示例花园", "已清走", "2026-11-25 10:00", "整改后"):
        assert part in said, part
    assert "楼道口有纸箱 <b>&amp; {{x}}" in said
    assert "网格员" not in said, "no person is named"
    assert sum(len(page.images) for page in pages(data).pages) == 2
    fonts = [font for page in pages(data).pages for font in page["/Resources"]["/Font"].values()]
    ours = [one.get_object() for one in fonts if "MicroHei" in one.get_object()["/BaseFont"]]
    assert ours and all("/FontFile2" in one["/FontDescriptor"] for one in ours)
    assert data == paper(stories, "ducha1", done, "sheet")


def test_the_notice_tells_the_responsible(stories: Stories) -> None:
    ticket = stories.report(description="楼道口有纸箱")
    for who in ("shequ1", "ducha1"):
        said = text_of(paper(stories, who, ticket, "notice"))
        assert f"{ticket['responsible']['name']}：" in said
        assert "请于2026年11月26日9时00分前整改完毕" in said
        assert "示例镇创建办（盖章） 2026年11月25日" in said
        assert said.count(ticket["number"]) == 3, "the letter, its receipt and its foot"
        assert "待遮盖" in said
    (waiting,) = stories.get("ducha1", "/photos/to-mask").get_json()["items"]
    assert waiting["ticket"]["number"] == ticket["number"]
    assert [one["purpose"] for one in waiting["wanted"]] == ["notice"], "once, however often"
    for who in ("wangge11", "wuye11"):
        answer = stories.get(who, f"/tickets/{ticket['id']}/notice.pdf")
        assert code_of(answer) == (403, "not_allowed"), who
    done = stories.act("wuye11", ticket, "rectify")
    answer = stories.get("ducha1", f"/tickets/{done['id']}/notice.pdf")
    assert code_of(answer) == (409, "notice_unsuitable")


def test_who_handed_a_ticket_over_gets_it_as_it_was(stories: Stories) -> None:
    ticket = stories.report()
    again = stories.act("shequ1", ticket, "dispatch", organisation=OTHER_COMPANY, note="改派")
    stories.act("wuye21", again, "rectify", note="乙公司做的")
    said = text_of(paper(stories, "wuye11", ticket, "sheet"))
    assert "待整改" in said
    assert "乙公司做的" not in said and "整改后" not in said
    path = f"/tickets/{ticket['id']}/sheet.pdf"
    assert code_of(stories.get("shequ2", path)) == (404, "not_found")
