"""What Canvas makes of a grade sheet that it is given back.

Follows `lib/gradebook_importer.rb` of canvas-lms rule by rule, and shares no code, no
library and no language with what writes the sheets.

    python3 canvas.py SHEET.csv COURSE.json

COURSE.json: {"students": {"501": {"name": …, "sortable": …, "sis": …, "login": …}},
"assignments": {"88123": {"title": …, "points": 160, "assigned": ["501"]}},
"scores": {"501": {"88123": "71.5"}}}

Prints JSON: which scores change, and what an instructor would not have wanted: assignments
and students that would be created, rows matched by name alone, columns that are ignored.
"""

import csv
import json
import re
import sys

NOT_ASSIGNMENTS = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade"
    "|Override Score|Override Grade|Override Status"
)


def fields(line, delimiter):
    return len(next(csv.reader([line], delimiter=delimiter), []))


def delimiter_of(path):
    """`semicolon_delimited?`: by the first three lines, if all of them agree."""
    with open(path, encoding="utf-8", newline="") as sheet:
        first = [line for _, line in zip(range(3), sheet)]
    agreed = {}
    for delimiter in ";,":
        counts = {fields(line, delimiter) for line in first}
        agreed[delimiter] = counts.pop() if len(counts) == 1 else 0
    return ";" if agreed[";"] > agreed[","] else ","


def converted(field):
    """`decimal_comma_to_period`, for cells that are numbers."""
    if not re.fullmatch(r"-?[0-9.,]+%?", field):
        return field
    *whole, last = re.split("[,.]", field)
    return ".".join(["".join(whole), last]) if whole else last


def rows(path):
    """`csv_stream`. A byte-order mark is not taken off: it stays in the first cell."""
    delimiter = delimiter_of(path)
    with open(path, encoding="utf-8", newline="") as sheet:
        for row in csv.reader(sheet, delimiter=delimiter, strict=True):
            if row and not re.fullmatch("[;, ]+", delimiter.join(row)):
                yield [converted(field) for field in row]


class InvalidHeaderRow(Exception):
    pass


def student_columns(header):
    """`header?` and `update_column_count`: how many columns are about the student."""
    if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
        raise InvalidHeaderRow(header)
    count, sis, login = 3, None, None
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        login, count = 2, 4
    elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(
        r"SIS\s+Login\s+ID", header[3]
    ):
        sis, login = 2, 3
        count = 5
        if re.search(r"Integration\s+ID", header[4]):
            count += 1
        if re.search(r"Root\s+Account", header[count - 1]):
            count += 1
    if "Section" not in header[count - 1]:
        raise InvalidHeaderRow(header)
    return count, sis, login


def assignments_in(header, count, course, told):
    """`parse_assignments`: by the number in brackets, else by the whole title, else new."""
    found = {}
    for at, name in enumerate(header):
        if at < count or not name or NOT_ASSIGNMENTS.search(name):
            continue
        number = re.search(r"\((\d+)\)\s*$", name)
        known = course["assignments"]
        if number and number.group(1) in known:
            found[number.group(1)] = at
            continue
        by_title = [key for key, it in known.items() if it["title"] == name]
        if by_title:
            found[by_title[0]] = at
        else:
            told["new assignments"].append(name)
    return found


def student_of(row, sis, login, course, told):
    """`process_student`: by ID, else by SIS ids, else by name, else somebody new."""
    students = course["students"]
    number = re.match(r"\s*(\d+)", row[1])
    if number and str(int(number.group(1))) in students:
        return str(int(number.group(1)))
    for column, key in ((sis, "sis"), (login, "login")):
        if column is not None and row[column]:
            for student, it in students.items():
                if it.get(key) == row[column]:
                    return student
    for student, it in students.items():
        if row[0] in (it["name"], it["sortable"]):
            told["by name alone"].append(row[0])
            return student
    told["new students"].append(row[0])
    return None


def same(old, new):
    """`no_change_to_value?`, at two decimals."""
    empty = ("", "-", None)
    if old == new or (old in empty and new in empty):
        return True
    if old in empty or new in empty or "EX" in (old.upper(), new.upper()):
        return False
    return f"{float(old):.2f}" == f"{float(new):.2f}"


def main(path, course):
    told = {"new assignments": [], "new students": [], "by name alone": []}
    header, points, changes, read = None, [], {}, 0
    for row in rows(path):
        if header is None:
            header = row
            count, sis, login = student_columns(header)
            columns = assignments_in(header, count, course, told)
            continue
        if "Points Possible" in row[0]:
            points = row
            continue
        if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", it, re.I) for it in row):
            continue
        read += 1
        student = student_of(row, sis, login, course, told)
        for assignment, at in columns.items():
            about = course["assignments"][assignment]
            if student is None or student not in about["assigned"]:
                continue
            old = course["scores"].get(student, {}).get(assignment)
            new = row[at].strip()
            if not same(old, new):
                changes.setdefault(assignment, {})[student] = new
    read_only = [
        assignment
        for assignment, at in columns.items()
        if at < len(points) and re.search(r"read\s+only", points[at])
    ]
    for assignment in read_only:
        changes.pop(assignment, None)
    possible = {
        assignment: points[at] for assignment, at in columns.items() if at < len(points)
    }
    told.update(
        rows=read, changes=changes, possible=possible, **{"read only": read_only}
    )
    print(json.dumps(told, ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(sys.argv[1], json.load(file))
