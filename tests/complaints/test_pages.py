"""The page for residents: forms without JavaScript, in which nothing typed is lost."""

import re
from html import unescape

from tests.tickets.stories import Stories


def hidden(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def test_a_resident_says_something_and_reads_the_answer(stories: Stories, scene: str) -> None:
    client = stories.client
    page = client.get(f"/say/{scene}")
    assert page.status_code == 200
    assert "示例花园" in page.text
    assert "12345" in page.text
    assert "<script" not in page.text
    words = "<script>alert(1)</script>没有堆放"
    form = {"kind": "", "text": words, "once": hidden(page.text), "phone": "不是电话"}
    wrong = client.post(f"/say/{scene}", data=form)
    assert wrong.status_code == 422
    assert "&lt;script&gt;alert(1)&lt;/script&gt;没有堆放" in wrong.text
    assert "须为电话号码" in wrong.text
    assert hidden(wrong.text) == form["once"]
    right = form | {"kind": "wrong_report", "phone": ""}
    done = client.post(f"/say/{scene}", data=right)
    assert done.status_code == 200, done.text
    number, code = re.findall(r'class="line">([^<]+)<', done.text)[:2]
    assert client.post(f"/say/{scene}", data=right).text == done.text
    assert client.get("/say").status_code == 200
    seen = client.post("/say", data={"number": number, "code": code})
    assert "还没有答复" in seen.text
    assert "&lt;script&gt;" in seen.text
    assert client.post("/say", data={"number": number, "code": "X"}).status_code == 404
    assert client.get("/say/c.nothing").status_code == 404
    assert seen.headers["Cache-Control"] == "no-store"
