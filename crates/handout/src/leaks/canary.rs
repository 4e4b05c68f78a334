//! What instructor-only files are called, and what they say.
//!
//! Nothing has to be planted for this: each file of a secret folder tells what to look
//! for, whatever its format. That are *rows*, a few lines in a row with something in
//! them; *sentences*, lines of prose that are long enough to be nobody else's; *names*,
//! those of hidden traces. Planted canaries come on top, a word for each secret folder, for
//! whoever copies a folder or cuts a file into pieces.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::AhoCorasick;

use crate::allow::{Shared, lies_in};
use crate::leaks::Look;
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
    found.extend(home.words(look));
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
    sentences: HashMap<u64, Vec<Place>>,
}

impl Home {
    fn read(look: Look<'_>) -> Result<Home, Refusal> {
        let mut home = Home::default();
        let secret = |path: &&String| {
            let mut folders = look.allow.secret.folders.iter();
            folders.any(|folder| lies_in(path, folder))
                && !look.sources.root.join(path).is_symlink()
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
            for (line, sentence) in lines.iter().filter(|(line, _)| tells(path, *line)) {
                if let Some(sentence) = long(sentence) {
                    let places = self.sentences.entry(sentence).or_default();
                    places.push(place(*line));
                }
            }
        }
    }

    /// Secret folders that nobody has planted a canary in.
    fn without_canary(&self, look: Look<'_>) -> Vec<Finding> {
        let has = |folder: &String| {
            let mut texts = self.texts.iter();
            texts.any(|(path, text)| lies_in(path, folder) && text.contains(PLANTED))
        };
        let bare = look
            .allow
            .secret
            .folders
            .iter()
            .filter(|folder| !has(folder));
        let bare = bare.map(|folder| {
            let remedy = "write a comment `STAYS-HOME-` with a few random digits behind it \
                          into one of its files";
            Finding::file(folder, "no canary in this folder", remedy)
        });
        bare.collect()
    }

    /// Rows and sentences of a shipped file that somebody at home has.
    fn rows(&self, look: Look<'_>, path: &str, text: &str) -> Vec<Finding> {
        let shared: Vec<&Shared> = look
            .allow
            .shared
            .iter()
            .filter(|shared| shared.shipped.is_match(path))
            .collect();
        let secret = |places: &Vec<Place>| {
            let mine = |place: &&Place| {
                !shared
                    .iter()
                    .any(|shared| shared.with.is_match(&place.path))
            };
            places.iter().find(mine).cloned()
        };
        let mut found = Vec::new();
        for lines in readings(text) {
            let all = (ROW..=EVENTS).flat_map(|count| rows(&lines, count));
            for (row, line) in all {
                if let Some(place) = self.rows.get(&row).and_then(&secret) {
                    found.push(finding(path, line, "lines", &place));
                }
            }
            for (line, sentence) in &lines {
                let sentence = long(sentence).and_then(|long| self.sentences.get(&long));
                if let Some(place) = sentence.and_then(&secret) {
                    found.push(finding(path, *line, "a line", &place));
                }
            }
        }
        found
    }

    /// Names of hidden traces, and planted canaries, anywhere in names and bytes.
    fn words(&self, look: Look<'_>) -> Vec<Finding> {
        let mut words: Vec<(String, String)> = vec![(PLANTED.to_owned(), String::new())];
        words.extend(self.names());
        let Ok(search) = AhoCorasick::new(words.iter().map(|(word, _)| word)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (path, bytes) in look.parcel.files() {
            let hits = |bytes: &[u8]| -> Vec<(usize, usize)> {
                let hits = search.find_overlapping_iter(bytes);
                let whole = hits.filter(|hit| {
                    hit.pattern().as_usize() == 0 || stands_alone(bytes, hit.start(), hit.end())
                });
                whole
                    .map(|hit| (hit.pattern().as_usize(), hit.start()))
                    .collect()
            };
            for (word, at) in hits(bytes) {
                let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
                let what = self.told(&words[word], &bytes[at..]);
                found.push(Finding::line(path, line, what, REMEDY));
            }
            for (word, at) in hits(path.as_bytes()) {
                let what = self.told(&words[word], &path.as_bytes()[at..]);
                found.push(Finding::file(path, what, REMEDY));
            }
        }
        found
    }

    /// The names of hidden traces that are no ordinary words, and where they are.
    fn names(&self) -> impl Iterator<Item = (String, String)> {
        let traces = self.texts.keys().filter(|path| path.starts_with(HIDDEN));
        traces.filter_map(|path| {
            let name = path.rsplit('/').next()?.strip_suffix(".trace")?;
            let hyphens = name.matches('-').count();
            let rare =
                hyphens >= NAME_HYPHENS_MIN || (hyphens > 0 && name.len() >= NAME_LETTERS_MIN);
            rare.then(|| (name.to_owned(), path.clone()))
        })
    }

    /// Says what was met: the name of a trace, or a canary and where it is planted.
    fn told(&self, (word, path): &(String, String), met: &[u8]) -> String {
        if word != PLANTED {
            return format!("the name of a hidden trace, {path}");
        }
        let canary: Vec<u8> = met
            .iter()
            .copied()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            .collect();
        let canary = String::from_utf8_lossy(&canary);
        let planted = self.texts.iter().find(|(_, text)| text.contains(&*canary));
        match planted {
            Some((path, _)) => format!("the canary `{canary}` of {path}"),
            None => format!("a canary, `{canary}`"),
        }
    }
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
/// each, of a trace the first one, which says what it is for.
fn tells(path: &str, line: usize) -> bool {
    path.ends_with(".toml") || path.ends_with(".md") || (path.ends_with(".trace") && line == 1)
}

/// A line's fingerprint, if it is prose and so long that nobody else writes it. A line of
/// a log is none, and has columns.
fn long(line: &str) -> Option<u64> {
    let ends = [',', '.', ':', ';', '"', '(', ')'];
    let is_word = |word: &&str| {
        let word = word.trim_matches(ends);
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_lowercase() || letter == '-')
    };
    let words = line.split(' ').filter(is_word).count();
    let is_prose = words >= SENTENCE_WORDS_MIN && !line.contains(" | ");
    (is_prose && letters(line) >= SENTENCE_LETTERS_MIN).then(|| fingerprint(line))
}

fn letters(text: &str) -> usize {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
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
