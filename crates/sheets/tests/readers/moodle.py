"""What Moodle makes of an offline grading worksheet that it is given back.

Follows `mod/assign/feedback/offline/{importgradeslib,locallib}.php` and `lib/csvlib` rule by
rule, and shares no code, no library and no language with what writes the sheets. English
site, comma, UTF-8, and without "ignore modified", as the form offers it first.

    python3 moodle.py SHEET.csv ASSIGNMENT.json

ASSIGNMENT.json: {"maximum": 160, "participants": ["1001"], "locked": ["1002"],
"grades": {"1001": {"grade": 12.5, "modified": 1795000000, "feedback": "…"}}}

Prints JSON: the grades and comments that change, and each row that is skipped, with why.
"""

import calendar
import csv
import json
import re
import sys
import time

IDENTIFIER, GRADE, MODIFIED = "Identifier", "Grade", "Last modified (grade)"
FEEDBACK = "Feedback comments"

# `strftimedatetime` of the English language pack, and what `userdate` makes of it.
TIMES = ["%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%Y-%m-%d %H:%M:%S"]


def strtotime(text):
    """The seconds of a time that Moodle wrote itself; none are 0, as PHP's false is."""
    for form in TIMES:
        try:
            return calendar.timegm(time.strptime(text.strip(), form))
        except ValueError:
            continue
    return 0


def unformat_float(text):
    """None for what is empty; PHP's cast takes the number that a text begins with."""
    text = text.replace(" ", "").replace(",", "")
    if text == "" or text == "-":
        return None if text == "" else 0.0
    number = re.match(r"[+-]?(\d+\.?\d*|\.\d+)", text)
    return float(number.group()) if number else 0.0


def why_skipped(old, new, modified, number, about):
    stale = old is not None and old["modified"] > modified + 60
    if old is not None and new is not None and old["grade"] == new:
        return "unchanged"
    if new is None or new < 0:
        return "no value"
    if stale:
        return "modified since"
    if number in about["locked"]:
        return "locked"
    if new > about["maximum"]:
        return "out of range"
    return None


def main(path, about):
    with open(path, encoding="utf-8-sig", newline="") as sheet:
        header, *table = [row for row in csv.reader(sheet, strict=True) if row]
    if any(len(row) != len(header) for row in table):
        sys.exit("csvweirdcolumns: a row has another number of columns than the first")
    missing = [name for name in (IDENTIFIER, GRADE, MODIFIED) if name not in header]
    if missing:
        sys.exit(f"invalidgradeimport: no column {missing}")
    at = {name: header.index(name) for name in header}
    told = {"grades": {}, "comments": {}, "skipped": {}, "nobody": []}
    for row in table:
        number = row[at[IDENTIFIER]][len("Participant ") :]
        if number not in about["participants"]:
            told["nobody"].append(row[at[IDENTIFIER]])
            continue
        old = about["grades"].get(number)
        new, modified = unformat_float(row[at[GRADE]]), strtotime(row[at[MODIFIED]])
        why = why_skipped(old, new, modified, number, about)
        if why:
            told["skipped"][number] = why
        else:
            told["grades"][number] = new
        stale = old is not None and old["modified"] > modified + 60
        if FEEDBACK in at and not stale:
            comment = row[at[FEEDBACK]]
            if comment != (old or {}).get("feedback", ""):
                told["comments"][number] = comment
    print(json.dumps(told, ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(sys.argv[1], json.load(file))
