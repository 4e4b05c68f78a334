"""The table: which run of theirs stands against which of ours, and what is asked for."""

import runs

# A program's name tells its policy; the first that it has is it.
POLICIES = ("fifo", "lru", "newcomers-clear", "clock", "opt")


class Row:
    """Theirs against ours; `must` and `aim` are how many times as fast ours is to be."""

    def __init__(self, title, theirs, ours, must=None, aim=None):
        self.title, self.theirs, self.ours, self.must, self.aim = title, theirs, ours, must, aim


def table(programs, works, ways):
    """All rows of the programs that are there. A run that several rows share is run once."""
    made = {}

    def once(make, *args, **options):
        key = (make.__name__, args, tuple(sorted((k, str(v)) for k, v in options.items())))
        return made.setdefault(key, make(programs, works, *args, **options))

    def ours(work, form, policy=None):
        return once(runs.ours, work, form, policy=policy)

    rows = []
    if "cachesim" in programs:
        rows += [
            Row("its program, binary, A", once(runs.cachesim, "a", "binary"), ours("a", "binary"), 2, 3),
            Row("its program, binary, A, file-read",
                once(runs.cachesim, "a", "binary"), ours("a-file", "binary"), 2, 3),
            Row("its library, tuned, A", once(runs.library, "a"), ours("a", "binary"), 0.8, 1.3),
            Row("its program, sequential scan",
                once(runs.cachesim, "scan", "binary"), ours("scan", "binary"), 4, 7),
            Row("its library, sequential scan", once(runs.library, "scan"), ours("scan", "binary")),
            Row("its program, text, A", once(runs.cachesim, "a", "text"), ours("a", "text"), 6, 12),
            Row("its program, text, B", once(runs.cachesim, "b", "text"), ours("b", "text"), 6, 12),
            Row("its program, binary, B", once(runs.cachesim, "b", "binary"), ours("b", "binary")),
            Row("its library, tuned, B", once(runs.library, "b"), ours("b", "binary")),
        ]
        rows += [Row(f"its library, {policy.upper()}, A",
                     once(runs.library, "a", policy), ours("a", "binary", policy))
                 for policy in ("fifo", "lru", "opt")]
    if "ostep" in programs:
        rows += [
            Row("OSTEP CLOCK, `ls` once", once(runs.ostep, "b-short"), ours("b-short", "binary"), 40, 100),
            Row("OSTEP CLOCK, beginning of A", once(runs.ostep, "a-short"), ours("a-short", "binary"),
                1_000, 3_000),
            Row("OSTEP CLOCK, `ls` once, text", once(runs.ostep, "b-short"), ours("b-short", "text")),
            Row("OSTEP CLOCK, beginning of A, text", once(runs.ostep, "a-short"), ours("a-short", "text")),
        ]
    if "course" in programs:
        rows += [
            Row("course's simulator, B", once(runs.course, "b"), ours("b", "text"), 4, 8),
            Row("course's simulator, A", once(runs.course, "a"), ours("a", "text"), 20, 40),
        ]
        rows += [Row(f"course's simulator, {work.upper()}, ours with its CLOCK",
                     once(runs.course, work), once(runs.ours_clear, work, "text"))
                 for work in ("a", "b")]
    if "caches" in programs:
        rows += [Row(f"{name}, no machine, A", once(runs.crate, "a", name), ours("a", "binary"))
                 for name in ("schnellru", "quick_cache", "lru", "moka")]
    for way, options in ways.items():
        for work, form in (("a", "binary"), ("b", "text")):
            other = runs.ours(programs, works, work, form, way=way, options=options)
            # How much of the speed is left: the other way is ours, too.
            rows.append(Row(f"ours, {way}, {work.upper()}, {form}", ours(work, form), other))
    return rows
