"""Where the demonstration may live."""

import pytest

from app.demo.allowed import Holdings, Place, refusal

EMPTY = Holdings(filled=False, demonstration=False)
DEMONSTRATION = Holdings(filled=True, demonstration=True)
OWN = Holdings(filled=True, demonstration=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_this_machine_alone_may_demonstrate(host: str) -> None:
    place = Place(host, embedded=True, production=False)
    assert place.may_demonstrate
    assert refusal(place, EMPTY) is None
    assert refusal(place, DEMONSTRATION) is None


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place("0.0.0.0", embedded=True, production=False), "HOST=0.0.0.0"),
        (Place("192.168.1.5", embedded=True, production=False), "HOST=192.168.1.5"),
        (Place("gexun.example", embedded=True, production=False), "HOST=gexun.example"),
        (Place("127.0.0.1", embedded=True, production=True), "GEXUN_ENV=production"),
        (Place("127.0.0.1", embedded=False, production=False), "自备的数据库"),
    ],
)
def test_anywhere_else_is_refused_in_one_sentence(place: Place, says: str) -> None:
    for holdings in (EMPTY, DEMONSTRATION):
        sentence = refusal(place, holdings)
        assert sentence is not None
        assert says in sentence
        assert sentence.count("。") == 1
    assert refusal(place, OWN) is None
