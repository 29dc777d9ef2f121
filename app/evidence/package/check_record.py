"""Recomputes stretches of a record: python3 check_record.py FILE.jsonl ... (Python 3.8 or newer).

It needs nothing of Gexun and reads what docs/evidence.md describes. Status 1: something is wrong.
"""

import hashlib
import json
import sys


def check(path: str) -> bool:
    """Folds the lines of a file into one hash and holds it against each day's."""
    sound, head, position = True, "", 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "before" in row:
                right = head in ("", row["before"])
                head, position = row["before"], row["first"] - 1
            elif "head" in row:
                said = row.get("statement", f"\nposition {position}\nhead {head}\n")
                right = (row["position"], row["head"]) == (position, head)
                right = right and f"\nposition {position}\nhead {head}\n" in said
                print(f"{path} {row['day']} #{position} {head} {'OK' if right else 'WRONG'}")
            else:
                position += 1
                body = row.get("body")
                leaf = hashlib.sha256(body.encode()).hexdigest() if body else row["leaf"]
                head = hashlib.sha256(bytes.fromhex(head) + bytes.fromhex(leaf)).hexdigest()
                right = row["position"] == position
                right = right and (not body or json.loads(body)["position"] == position)
            sound = sound and right
    return sound


if __name__ == "__main__":
    sys.exit(0 if all([check(path) for path in sys.argv[1:]]) else 1)
