//! What instructor-only files are called, and what they say.
//!
//! Nothing has to be planted for this: each file of a secret folder tells what to look
//! for, whatever its format. That are *rows*, a few lines in a row with something in
//! them; *sentences*, words of prose in a row that are enough to be nobody else's, wherever
//! a line ends; *names*, those of hidden traces. Planted canaries come on top, a word for
//! each secret folder, for whoever copies a folder or cuts a file into pieces.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::AhoCorasick;

use crate::allow::Folder;
use crate::leaks::Look;
use crate::leaks::reading::plain;
use crate::refusal::{Finding, Refusal};

/// How a planted canary begins.
pub const PLANTED: &str = "STAYS-HOME-";

/// Lines in a row.
const ROW: usize = 4;

/// The same in traces and their keys, where few things can be said; all of a shorter one.
const EVENTS: usize = 8;

/// Letters and digits that a row must have to be anybody's.
const ROW_LETTERS_MIN: usize = 40;

/// Words in lower case, and letters, from which a line is nobody else's.
const SENTENCE_WORDS_MIN: usize = 6;
const SENTENCE_LETTERS_MIN: usize = 36;

/// Words in a row of a longer line, which are nobody else's either.
const SENTENCE_WORDS: usize = 10;

/// Letters and digits from which what makes a canary unique is looked for by itself.
const UNIQUE_MIN: usize = 6;

/// Hyphens from which a trace's name is no ordinary word, or letters if there are fewer.
const NAME_HYPHENS_MIN: usize = 2;
const NAME_LETTERS_MIN: usize = 14;

/// Where the hidden traces are.
const HIDDEN: &str = "grader/hidden/";

/// What to do about a leak.
const REMEDY: &str = "take it out; if both may have it, say why in `shared` of \
                      crates/handout/allow.toml";

/// Looks for instructor-only material in the parcel, and for canaries in that material.
pub fn check(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let home = Home::read(look)?;
    let mut found = home.without_canary(look);
    for (path, text) in look.parcel.texts() {
        found.extend(home.rows(look, path, text));
    }
    found.extend(home.sentences(look));
    found.extend(home.names(look));
    found.extend(home.canaries(look));
    Ok(found)
}

/// Where something of the instructor's stands.
#[derive(Clone, Debug)]
struct Place {
    path: String,
    line: usize,
}

/// All that nobody may see.
#[derive(Default)]
struct Home {
    texts: BTreeMap<String, String>,
    rows: HashMap<u64, Vec<Place>>,
    /// Words with a space around each.
    sentences: BTreeMap<String, Vec<Place>>,
}

impl Home {
    fn read(look: Look<'_>) -> Result<Home, Refusal> {
        let mut home = Home::default();
        let secret = |path: &&String| {
            let mut folders = look.allow.secret.iter();
            folders.any(|folder| folder.holds(path)) && !look.sources.root.join(path).is_symlink()
        };
        for path in look.sources.files.iter().filter(secret) {
            // What is no text, such as a picture, cannot be in a parcel of texts.
            if let Ok(text) = String::from_utf8(look.sources.read(path)?) {
                home.add(path, &text);
                home.texts.insert(path.clone(), text);
            }
        }
        Ok(home)
    }

    fn add(&mut self, path: &str, text: &str) {
        let place = |line| Place {
            path: path.to_owned(),
            line,
        };
        let lines_in_a_row =
            |lines: &Lines| match path.ends_with(".trace") || path.ends_with(".snap") {
                true => EVENTS.min(lines.len()).max(ROW),
                false => ROW,
            };
        for lines in readings(text) {
            for (row, line) in rows(&lines, lines_in_a_row(&lines)) {
                self.rows.entry(row).or_default().push(place(line));
            }
        }
        for (index, line) in text.lines().enumerate() {
            for sentence in sentences(path, index + 1, line) {
                let places = self.sentences.entry(sentence).or_default();
                places.push(place(index + 1));
            }
        }
    }

    /// Secret folders that nobody has planted a canary in.
    fn without_canary(&self, look: Look<'_>) -> Vec<Finding> {
        let has = |folder: &Folder| {
            let mut texts = self.texts.iter();
            texts.any(|(path, text)| folder.holds(path) && text.contains(PLANTED))
        };
        let bare = look.allow.secret.iter().filter(|folder| !has(folder));
        let bare = bare.map(|folder| {
            let remedy = "write a comment `STAYS-HOME-` with a few random digits behind it \
                          into one of its files";
            Finding::file(&folder.pattern, "no canary in this folder", remedy)
        });
        bare.collect()
    }

    /// Rows of a shipped file that somebody at home has.
    fn rows(&self, look: Look<'_>, path: &str, text: &str) -> Vec<Finding> {
        let mut found = Vec::new();
        for lines in readings(text) {
            let all = (ROW..=EVENTS).flat_map(|count| rows(&lines, count));
            for (row, line) in all {
                let places = self.rows.get(&row);
                if let Some(place) = places.and_then(|places| kept_from(look, path, places)) {
                    found.push(finding(path, line, "lines", place));
                }
            }
        }
        found
    }

    /// Sentences of shipped files that somebody at home has.
    fn sentences(&self, look: Look<'_>) -> Vec<Finding> {
        let needles: Vec<(&String, &Vec<Place>)> = self.sentences.iter().collect();
        let Ok(search) = AhoCorasick::new(needles.iter().map(|(needle, _)| needle)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (path, text) in look.parcel.texts() {
            let told = Told::of(text);
            for hit in search.find_overlapping_iter(&told.words) {
                let (_, places) = needles[hit.pattern().as_usize()];
                if let Some(place) = kept_from(look, path, places) {
                    found.push(finding(path, told.line(hit.start()), "a line", place));
                }
            }
        }
        found
    }

    /// Names of hidden traces, anywhere in names and bytes.
    fn names(&self, look: Look<'_>) -> Vec<Finding> {
        let names: Vec<(&str, &String)> = self.hidden().collect();
        let Ok(search) = AhoCorasick::new(names.iter().map(|(name, _)| name)) else {
            return Vec::new();
        };
        let told = |hit: aho_corasick::Match| {
            let (_, trace) = names[hit.pattern().as_usize()];
            format!("the name of a hidden trace, {trace}")
        };
        let mut found = Vec::new();
        for (path, bytes) in look.parcel.files() {
            let whole = |bytes: &[u8], hit: &aho_corasick::Match| {
                stands_alone(bytes, hit.start(), hit.end())
            };
            let hits = search.find_overlapping_iter(bytes);
            for hit in hits.filter(|hit| whole(bytes, hit)) {
                let line = line_of(bytes, hit.start());
                found.push(Finding::line(path, line, told(hit), REMEDY));
            }
            let hits = search.find_overlapping_iter(path);
            for hit in hits.filter(|hit| whole(path.as_bytes(), hit)) {
                found.push(Finding::file(path, told(hit), REMEDY));
            }
        }
        found
    }

    /// The names of hidden traces that are no ordinary words, and where they are.
    fn hidden(&self) -> impl Iterator<Item = (&str, &String)> {
        let traces = self.texts.keys().filter(|path| path.starts_with(HIDDEN));
        traces.filter_map(|path| {
            let name = path.rsplit('/').next()?.strip_suffix(".trace")?;
            let hyphens = name.matches('-').count();
            let rare =
                hyphens >= NAME_HYPHENS_MIN || (hyphens > 0 && name.len() >= NAME_LETTERS_MIN);
            rare.then_some((name, path))
        })
    }

    /// Planted canaries, known or not, anywhere in names and texts, however they are
    /// written: in another case, escaped, with something else between their parts, or no
    /// more of them than what makes them unique.
    fn canaries(&self, look: Look<'_>) -> Vec<Finding> {
        let mut words: Vec<(String, Option<&String>)> = vec![(PLANTED.to_lowercase(), None)];
        for (path, text) in &self.texts {
            for unique in planted(text).filter(|unique| unique.len() >= UNIQUE_MIN) {
                words.push((unique.to_lowercase(), Some(path)));
            }
        }
        let Ok(search) = AhoCorasick::new(words.iter().map(|(word, _)| word)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (path, text) in look.parcel.texts() {
            let text = plain(text);
            let met: Vec<(usize, String)> = search
                .find_overlapping_iter(&text)
                .map(|hit| {
                    let what = told(&words[hit.pattern().as_usize()], &text[hit.start()..]);
                    (line_of(text.as_bytes(), hit.start()), what)
                })
                .collect();
            let closed = match met.is_empty() {
                true => text.replace(|letter: char| !letter.is_alphanumeric(), ""),
                false => String::new(),
            };
            let lines = met.into_iter();
            found.extend(lines.map(|(line, what)| Finding::line(path, line, what, REMEDY)));
            for text in [closed, path.to_lowercase()] {
                found.extend(search.find_overlapping_iter(&text).map(|hit| {
                    let what = told(&words[hit.pattern().as_usize()], &text[hit.start()..]);
                    Finding::file(path, what, REMEDY)
                }));
            }
        }
        found
    }
}

/// What makes the canaries of a text unique: what stands behind [`PLANTED`].
fn planted(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(PLANTED).map(|(at, _)| {
        let behind = &text[at + PLANTED.len()..];
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric());
        &behind[..end.unwrap_or(behind.len())]
    })
}

/// Says what was met: a canary, and where it is planted if that is known.
fn told((word, home): &(String, Option<&String>), met: &str) -> String {
    match home {
        Some(path) => format!("the canary `{word}` of {path}"),
        None => {
            let is_of_word = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
            let canary: String = met.chars().take_while(is_of_word).collect();
            format!("a canary, `{canary}`")
        }
    }
}

/// One of these places, unless the shipped file may have its text in common with all of
/// them.
fn kept_from<'a>(look: Look<'_>, path: &str, places: &'a [Place]) -> Option<&'a Place> {
    places.iter().find(|place| {
        let mut shared = look.allow.shared.iter();
        !shared.any(|shared| shared.allows(path, &place.path))
    })
}

fn finding(path: &str, line: usize, what: &str, place: &Place) -> Finding {
    let what = format!(
        "{what} of an instructor's file, {}:{}",
        place.path, place.line
    );
    Finding::line(path, line, what, REMEDY)
}

/// Lines with something in them, and their numbers.
type Lines = Vec<(usize, String)>;

/// The ways to read a file: as it is; without what is behind a `#`, as a trace may be
/// commented otherwise; as the events that a film tells.
fn readings(text: &str) -> Vec<Lines> {
    let plain = lines(text, |line| Some(line));
    let bare = lines(text, |line| line.split('#').next());
    let told = lines(text, |line| {
        let (_, rest) = line.split_once(r#""text":""#)?;
        rest.split('"').next()
    });
    let mut readings = vec![plain];
    for reading in [bare, told] {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

fn lines(text: &str, read: impl Fn(&str) -> Option<&str>) -> Lines {
    let numbered = text.lines().enumerate();
    let read = numbered.filter_map(|(index, line)| {
        let line = bare(read(line)?);
        line.contains(char::is_alphanumeric)
            .then_some((index + 1, line))
    });
    read.collect()
}

/// A line with its words alone, one space apart.
fn bare(line: &str) -> String {
    let words = line
        .split_whitespace()
        .map(|word| word.trim_matches(['/', '#', '*', '>', '"', ',']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Rows of lines that could be told from others: their fingerprints, and where each
/// begins.
fn rows(lines: &Lines, count: usize) -> impl Iterator<Item = (u64, usize)> {
    lines.windows(count).filter_map(|row| {
        let text: Vec<&str> = row.iter().map(|(_, text)| text.as_str()).collect();
        let text = text.join("\n");
        (letters(&text) >= ROW_LETTERS_MIN).then(|| (fingerprint(&text), row[0].0))
    })
}

/// Whether a line of a secret file tells something by itself: of a registry or a text
/// each, of a trace the first one, which says what it is for. A student's answers are
/// single words between questions that everybody has.
fn tells(path: &str, line: usize) -> bool {
    let is_sheet = path.ends_with("/predict.toml") && !path.starts_with(HIDDEN);
    let is_text = path.ends_with(".toml") || path.ends_with(".md");
    (is_text && !is_sheet) || (path.ends_with(".trace") && line == 1)
}

/// What a line of a secret file tells: all of it, or so many words in a row.
fn sentences(path: &str, number: usize, line: &str) -> Vec<String> {
    if !tells(path, number) || !is_prose(line) {
        return Vec::new();
    }
    // Of a registry's entry, what is between the quotes.
    let line = line
        .split_once('"')
        .and_then(|(_, behind)| behind.rsplit_once('"'))
        .map_or(line, |(inside, _)| inside);
    let words = Told::of(line).words;
    let words: Vec<&str> = words.split_whitespace().collect();
    let rows = words.windows(SENTENCE_WORDS.min(words.len()).max(1));
    let rows = rows.map(|row| format!(" {} ", row.join(" ")));
    rows.filter(|row| letters(row) >= SENTENCE_LETTERS_MIN)
        .collect()
}

/// The words of a text, a space around each, and the lines that they come from.
struct Told {
    words: String,
    /// Where each line's words begin.
    lines: Vec<(usize, usize)>,
}

impl Told {
    fn of(text: &str) -> Told {
        let text = plain(text);
        let mut told = Told {
            words: " ".to_owned(),
            lines: Vec::new(),
        };
        for (index, line) in text.lines().enumerate() {
            told.lines.push((told.words.len(), index + 1));
            let is_between = |letter: char| !letter.is_alphanumeric() && !"-_'".contains(letter);
            for word in line.split(is_between).filter(|word| !word.is_empty()) {
                told.words.push_str(word);
                told.words.push(' ');
            }
        }
        told
    }

    /// The line of the word behind a place.
    fn line(&self, at: usize) -> usize {
        let before = self.lines.partition_point(|(start, _)| *start <= at + 1);
        before.checked_sub(1).map_or(1, |index| self.lines[index].1)
    }
}

/// Whether a line is prose and so long that nobody else writes it. A line of a log is
/// none, and has columns.
fn is_prose(line: &str) -> bool {
    let ends = [',', '.', ':', ';', '"', '(', ')'];
    let is_word = |word: &&str| {
        let word = word.trim_matches(ends);
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_lowercase() || letter == '-')
    };
    let words = line.split(' ').filter(is_word).count();
    words >= SENTENCE_WORDS_MIN && !line.contains(" | ") && letters(line) >= SENTENCE_LETTERS_MIN
}

fn letters(text: &str) -> usize {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
}

/// The line, from 1, that a byte is on.
fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

/// Always the same for the same text (FNV-1a).
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether no letter, digit or hyphen touches what stands there.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let joins = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    !joins(start.checked_sub(1).and_then(|at| bytes.get(at))) && !joins(bytes.get(end))
}
