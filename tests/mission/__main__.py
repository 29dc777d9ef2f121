"""`python -m tests.mission`: writes docs/coverage-of-the-mission.md."""

from tests.mission.document import PLACE, document

if __name__ == "__main__":
    PLACE.write_text(document(), "utf-8")
