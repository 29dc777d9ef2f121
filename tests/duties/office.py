"""Records and progress of a township over HTTP, in few words."""

from typing import Any
from uuid import uuid4

from tests.tickets.stories import Json, Stories


class Office:
    """What the people of a township record, and how they see that they stand."""

    def __init__(self, stories: Stories) -> None:
        self.stories, self.town = stories, stories.town

    @property
    def community(self) -> str:
        """The first community, whose lead is shequ1."""
        return self.town.community()

    def get(self, who: str, path: str, **query: Any) -> Any:
        """What is read."""
        answer = self.stories.get(who, path, **query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(self, who: str, path: str, **body: Any) -> Json:
        """What a write that succeeds answers."""
        answer = self.stories.post(who, path, body, str(uuid4()))
        assert answer.status_code in (200, 201), answer.text
        told: Json = answer.get_json()
        return told

    def refused(self, who: str, path: str, **body: Any) -> tuple[int, str]:
        """Status and code of a refused write."""
        answer = self.stories.post(who, path, body)
        return answer.status_code, answer.get_json()["code"]

    def body(self, *kinds: str, **said: Any) -> Json:
        """An activity with twenty people, unless said else."""
        return {"kinds": kinds or ("activity",), "subject": "科普进社区", "quantity": 20, **said}

    def record(self, *kinds: str, who: str = "shequ1", **said: Any) -> Json:
        """A record that is made."""
        return self.post(who, "/records", **self.body(*kinds, **said))

    def act(self, who: str, record: Json, action: str, **said: Any) -> Json:
        """A record after an action."""
        body = {"version": record["version"], **said}
        return self.post(who, f"/records/{record['id']}/{action}", **body)

    def progress(self, who: str = "shequ1", **query: Any) -> dict[str, Json]:
        """The progress of the first community by duty; of several periods the last."""
        asked = {"organisation": self.community, **query}
        (unit,) = self.get(who, "/duties/progress", **asked)["items"]
        assert unit["organisation"]["code"] == asked["organisation"]
        return {one["duty"]["code"]: one for one in unit["duties"]}
