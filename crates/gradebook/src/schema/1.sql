-- Version 1. A book says what it is: "FLGB", so that no other database is taken for one.
PRAGMA application_id = 1179404098;

-- All that a result depends on besides the source.
CREATE TABLE conditions (
    id INTEGER PRIMARY KEY,
    key_set TEXT NOT NULL CHECK (length(key_set) = 64),
    toolchain TEXT NOT NULL CHECK (toolchain <> ''),
    policy TEXT NOT NULL CHECK (length(policy) = 64),
    -- The most that a submission can get, which those have that were never graded.
    max REAL NOT NULL CHECK (max >= 0),
    UNIQUE (key_set, toolchain, policy)
) STRICT;

-- A run of `grade`, or several if it was stopped and went on.
CREATE TABLE sittings (
    id INTEGER PRIMARY KEY,
    conditions INTEGER NOT NULL REFERENCES conditions,
    -- Whether what was known before is graded again.
    fresh INTEGER NOT NULL CHECK (fresh IN (0, 1)),
    shard INTEGER,
    shards INTEGER,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    CHECK ((shard IS NULL) = (shards IS NULL)),
    CHECK (shard IS NULL OR shard BETWEEN 1 AND shards)
) STRICT;

-- What was handed in. The class is what belongs to the latest sitting.
CREATE TABLE attempts (
    student TEXT NOT NULL CHECK (student <> ''),
    number INTEGER NOT NULL CHECK (number >= 1),
    at TEXT,
    marked_late INTEGER NOT NULL CHECK (marked_late IN (0, 1)),
    label TEXT NOT NULL,
    partners TEXT NOT NULL CHECK (json_valid(partners)),
    sitting INTEGER NOT NULL REFERENCES sittings,
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    -- Both are null as long as nobody has read it.
    source TEXT CHECK (length(source) = 64),
    refusal TEXT,
    ignored TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(ignored)),
    CHECK (source IS NULL OR refusal IS NULL),
    PRIMARY KEY (student, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_attempt_counts ON attempts (student) WHERE counts = 1;

-- What a source came to. Nothing is changed or removed: of several gradings the newest
-- counts, and the others tell what it was before.
CREATE TABLE gradings (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL CHECK (length(source) = 64),
    conditions INTEGER NOT NULL REFERENCES conditions,
    sitting INTEGER NOT NULL REFERENCES sittings,
    at TEXT NOT NULL,
    -- Whether all of it was graded. What was not, for a fault of ours, is tried again.
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    result TEXT NOT NULL CHECK (json_valid(result))
) STRICT;

CREATE INDEX gradings_of_a_key ON gradings (source, conditions, complete, id);

CREATE UNIQUE INDEX graded_once_in_a_sitting ON gradings (source, conditions, sitting)
WHERE complete = 1;

CREATE TRIGGER gradings_stay BEFORE UPDATE ON gradings
BEGIN SELECT RAISE(ABORT, 'a grading is never changed'); END;

CREATE TRIGGER gradings_are_kept BEFORE DELETE ON gradings
BEGIN SELECT RAISE(ABORT, 'a grading is never removed'); END;

-- Points and remarks of people. Who was wrong adds another one that takes it back.
CREATE TABLE overlay (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL CHECK (student <> ''),
    lab INTEGER CHECK (lab >= 1),
    -- Points more or less, so many points, or that something does not hold.
    kind TEXT NOT NULL CHECK (kind IN ('add', 'set', 'undo')),
    -- A decimal number: `2`, `-0.5`.
    points TEXT CHECK (points GLOB '*[0-9]*' AND points NOT GLOB '*[^-.0-9]*'),
    -- When that was said of this student.
    undoes TEXT,
    remark TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    at TEXT NOT NULL,
    CHECK ((kind = 'undo') = (points IS NULL)),
    CHECK ((kind = 'undo') = (undoes IS NOT NULL))
) STRICT;

-- So that a time names what was said, in every shard.
CREATE UNIQUE INDEX said_once ON overlay (student, at);

CREATE TRIGGER overlay_stays BEFORE UPDATE ON overlay
BEGIN SELECT RAISE(ABORT, 'what was said is never changed'); END;

CREATE TRIGGER overlay_is_kept BEFORE DELETE ON overlay
BEGIN SELECT RAISE(ABORT, 'what was said is never removed'); END;

-- What else there is to know of a book, by name.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
