//! Lines of the solution.
//!
//! Four ways of looking, all of them at text as [`reading`](super::reading) reads it. *Lines*: each line
//! of the solution, and each pair of short ones, without white space and without what
//! comments, strings and quotations put around text, is looked for in each file, squeezed
//! in the same way. So it is found indented otherwise, broken into several lines, in a
//! comment, in a JSON string. *Shapes*: each line that calls several things, whatever its
//! variables are called. *Words*: eight words in a row, whatever stands between them, so
//! that other punctuation hides nothing. *Calls*: four services called in the same order,
//! whatever happens between them.
//!
//! The markers are read here by a plain search for their words, not by the parser that
//! makes the skeleton.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::AhoCorasick;

use crate::allow::{self, LIST};
use crate::leaks::Look;
use crate::leaks::reading::{plain, unnumbered};
use crate::refusal::{Finding, Refusal};
use crate::skeleton::SOLUTION;

/// Letters below which a squeezed line says nothing: `letframe=k.alloc()?;` has 20.
const LETTERS_MIN: usize = 20;

/// The same of a statement that calls something: `k.zero(&frame);` has 15.
const STATEMENT_LETTERS_MIN: usize = 14;

/// What a line must call, and the letters that it must have besides its variables, to be
/// known by its shape.
const SHAPE_CALLS_MIN: usize = 2;
const SHAPE_LETTERS_MIN: usize = 16;

/// Words that are in every program, and no variables.
const KEYWORDS: [&str; 13] = [
    "as", "else", "false", "fn", "for", "if", "in", "let", "match", "mut", "return", "true",
    "while",
];

/// Words in a row that nobody writes by chance.
const WORDS: usize = 8;

/// Calls in a row.
const CALLS: usize = 4;

/// Characters that comments, strings, quotations and tables put around text.
const WRAPPING: [char; 8] = ['/', '\\', '"', '`', '*', '#', '>', '|'];

/// What to do about a leak.
const REMEDY: &str = "take it out; if it gives nothing away, say why in `common` of \
                      crates/handout/allow.toml";

/// A line that stays with the instructor.
struct Secret {
    path: String,
    line: usize,
    text: String,
}

/// A shipped file, as it is read here: in lower case, without numbers before its lines.
struct Page<'a> {
    path: &'a str,
    text: String,
}

/// Looks for the solution in the parcel.
pub fn check(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let regions = regions(look)?;
    if regions.is_empty() {
        let remedy = "without it nobody can tell what must not be shipped";
        return Ok(vec![Finding::file(
            SOLUTION,
            "no line between markers",
            remedy,
        )]);
    }
    let pages: Vec<Page<'_>> = look
        .parcel
        .texts()
        .map(|(path, text)| Page {
            path,
            text: read(text),
        })
        .collect();
    let mut common = Commons::new(look)?;
    let mut found = lines(&pages, &regions, &mut common);
    found.extend(shapes(&pages, &regions, &mut common));
    found.extend(sequences(
        &pages,
        &regions,
        &mut common,
        &Row {
            count: WORDS,
            what: "words",
            read: words,
        },
    ));
    found.extend(sequences(
        &pages,
        &regions,
        &mut common,
        &Row {
            count: CALLS,
            what: "calls",
            read: calls,
        },
    ));
    found.extend(common.unused());
    Ok(found)
}

fn read(text: &str) -> String {
    let text = plain(text);
    let lines: Vec<&str> = text.split('\n').map(unnumbered).collect();
    lines.join("\n")
}

/// What stands between markers, region by region.
fn regions(look: Look<'_>) -> Result<Vec<Vec<Secret>>, Refusal> {
    let mut regions = Vec::new();
    for path in look.sources.files.iter().filter(|path| is_solution(path)) {
        let mut open = None;
        for (index, line) in look.sources.text(path)?.lines().enumerate() {
            let begins = line.contains("FAULTLINE") && line.contains("-BEGIN");
            let ends = line.contains("FAULTLINE") && !begins;
            if begins {
                open = Some(Vec::new());
            } else if ends {
                regions.extend(open.take());
            } else if let Some(region) = &mut open {
                region.push(Secret {
                    path: path.clone(),
                    line: index + 1,
                    text: read(line),
                });
            }
        }
        regions.extend(open);
    }
    Ok(regions)
}

fn is_solution(path: &str) -> bool {
    let rest = path.strip_prefix(SOLUTION);
    rest.is_some_and(|rest| rest.starts_with('/')) && path.ends_with(".rs")
}

/// Text without white space and wrapping, and the line that each byte comes from.
#[derive(Default)]
struct Squeezed {
    text: String,
    lines: Vec<usize>,
}

impl Squeezed {
    fn of(text: &str) -> Squeezed {
        let mut squeezed = Squeezed::default();
        let mut line = 1;
        for letter in text.chars() {
            line += usize::from(letter == '\n');
            if !letter.is_whitespace() && !WRAPPING.contains(&letter) {
                squeezed.text.push(letter);
                squeezed.lines.resize(squeezed.text.len(), line);
            }
        }
        squeezed
    }
}

fn lines(pages: &[Page<'_>], regions: &[Vec<Secret>], common: &mut Commons) -> Vec<Finding> {
    let mut needles: BTreeMap<String, &Secret> = BTreeMap::new();
    for region in regions {
        let squeezed: Vec<_> = region
            .iter()
            .map(|secret| (Squeezed::of(&secret.text).text, secret))
            .filter(|(text, _)| text.chars().any(char::is_alphanumeric))
            .collect();
        for (text, secret) in &squeezed {
            needles.entry(text.clone()).or_insert(secret);
        }
        for pair in squeezed.windows(2) {
            if pair.iter().any(|(text, _)| text.len() < LETTERS_MIN) {
                let text = format!("{}{}", pair[0].0, pair[1].0);
                needles.entry(text).or_insert(pair[0].1);
            }
        }
    }
    needles.retain(|needle, _| tells(needle));
    let needles: Vec<(String, &Secret)> = needles.into_iter().collect();
    let Ok(search) = AhoCorasick::new(needles.iter().map(|(needle, _)| needle)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for Page { path, text } in pages {
        let squeezed = Squeezed::of(text);
        for hit in search.find_overlapping_iter(&squeezed.text) {
            let (needle, secret) = &needles[hit.pattern().as_usize()];
            if !common.allows(path, needle) {
                found.push(finding(path, squeezed.lines[hit.start()], "a line", secret));
            }
        }
    }
    found
}

/// Whether a squeezed line is nobody else's.
fn tells(squeezed: &str) -> bool {
    let is_statement = squeezed.ends_with(';') && squeezed.contains('(');
    squeezed.len()
        >= match is_statement {
            true => STATEMENT_LETTERS_MIN,
            false => LETTERS_MIN,
        }
}

fn shapes(pages: &[Page<'_>], regions: &[Vec<Secret>], common: &mut Commons) -> Vec<Finding> {
    let shaped = regions
        .iter()
        .flatten()
        .map(|secret| (Shape::of(&secret.text), secret));
    let needles: Vec<(Shape, &Secret)> = shaped.filter(|(shape, _)| shape.tells()).collect();
    let Ok(search) = AhoCorasick::new(needles.iter().map(|(needle, _)| &needle.text)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for Page { path, text } in pages {
        for (index, line) in text.lines().enumerate() {
            for hit in search.find_overlapping_iter(&Shape::of(line).text) {
                let (_, secret) = &needles[hit.pattern().as_usize()];
                if !common.allows(path, &Squeezed::of(&secret.text).text) {
                    found.push(finding(path, index + 1, "the shape of a line", secret));
                }
            }
        }
    }
    found
}

/// A line with a `_` for each variable.
#[derive(Default)]
struct Shape {
    text: String,
    /// Letters of all other names.
    letters: usize,
    calls: usize,
}

impl Shape {
    fn of(line: &str) -> Shape {
        let line: String = line
            .chars()
            .filter(|letter| !WRAPPING.contains(letter))
            .collect();
        let mut shape = Shape::default();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let end = match is_of_name(first) {
                true => rest.find(|letter| !is_of_name(letter)),
                false => Some(first.len_utf8()),
            };
            let (token, behind) = rest.split_at(end.unwrap_or(rest.len()));
            match is_of_name(first) {
                true => shape.name(token, behind),
                false => shape.text.push_str(token),
            }
            rest = behind.trim_start();
        }
        shape
    }

    /// Adds a name. What is called, a field, and a part of a path are no variables.
    fn name(&mut self, name: &str, behind: &str) {
        let is_called = behind.starts_with('(');
        let stays = is_called
            || behind.starts_with([':', '!'])
            || self.text.ends_with(['.', ':'])
            || KEYWORDS.contains(&name);
        self.calls += usize::from(is_called);
        match stays {
            true => {
                self.text.push_str(name);
                self.letters += name.len();
            }
            false => self.text.push('_'),
        }
    }

    /// Whether enough is left of a line.
    fn tells(&self) -> bool {
        self.calls >= SHAPE_CALLS_MIN && self.letters >= SHAPE_LETTERS_MIN
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Things in a row, such as words.
struct Row {
    count: usize,
    what: &'static str,
    read: fn(&str) -> Vec<&str>,
}

fn sequences(
    pages: &[Page<'_>],
    regions: &[Vec<Secret>],
    common: &mut Commons,
    row: &Row,
) -> Vec<Finding> {
    let mut needles: HashMap<Vec<&str>, &Secret> = HashMap::new();
    for region in regions {
        let all: Vec<(&str, &Secret)> = region
            .iter()
            .flat_map(|secret| {
                (row.read)(&secret.text)
                    .into_iter()
                    .map(move |one| (one, secret))
            })
            .collect();
        for of_region in all.windows(row.count) {
            let needle = of_region.iter().map(|(one, _)| *one).collect();
            needles.entry(needle).or_insert(of_region[0].1);
        }
    }
    let mut found = Vec::new();
    for Page { path, text } in pages {
        let numbered = text.lines().enumerate();
        let (all, lines): (Vec<&str>, Vec<usize>) = numbered
            .flat_map(|(index, line)| {
                (row.read)(line)
                    .into_iter()
                    .map(move |one| (one, index + 1))
            })
            .unzip();
        for (of_file, line) in all.windows(row.count).zip(lines) {
            if let Some(secret) = needles.get(of_file)
                && !common.allows(path, &Squeezed::of(&secret.text).text)
            {
                found.push(finding(path, line, row.what, secret));
            }
        }
    }
    found
}

/// The calls of a line: names with a dot before and a parenthesis behind.
fn calls(line: &str) -> Vec<&str> {
    let before = line.match_indices('(').filter_map(|(at, _)| {
        let name = line[..at].rsplit(|letter| !is_of_name(letter)).next()?;
        let dot = line[..at - name.len()].ends_with('.');
        (dot && !name.is_empty()).then_some(name)
    });
    before.collect()
}

/// The words of a line: names, keywords and numbers.
fn words(line: &str) -> Vec<&str> {
    line.split(|letter| !is_of_name(letter))
        .filter(|word| !word.is_empty())
        .collect()
}

fn finding(path: &str, line: usize, what: &str, secret: &Secret) -> Finding {
    let what = format!("{what} of the solution, {}:{}", secret.path, secret.line);
    Finding::line(path, line, what, REMEDY)
}

/// The lines that are allowed, and which of them have been met.
struct Commons {
    entries: Vec<Entry>,
}

struct Entry {
    line: String,
    squeezed: String,
    files: globset::GlobSet,
    here: bool,
    met: bool,
}

impl Commons {
    fn new(look: Look<'_>) -> Result<Commons, Refusal> {
        let entries = look.allow.common.iter().map(|common| {
            let files = allow::set(&common.files)?;
            Ok(Entry {
                line: common.line.clone(),
                squeezed: Squeezed::of(&read(&common.line)).text,
                here: look.parcel.files().any(|(path, _)| files.is_match(path)),
                files,
                met: false,
            })
        });
        Ok(Commons {
            entries: entries.collect::<Result<_, Refusal>>()?,
        })
    }

    /// Whether a file may have a line, or a pair of lines that is named as such.
    fn allows(&mut self, path: &str, squeezed: &str) -> bool {
        let mut entries = self.entries.iter_mut();
        let entry = entries.find(|entry| entry.squeezed == squeezed && entry.files.is_match(path));
        entry.map(|entry| entry.met = true).is_some()
    }

    /// Lines that no shipped file has any more. A handout without the file says nothing.
    fn unused(&self) -> Vec<Finding> {
        let unused = self.entries.iter().filter(|entry| entry.here && !entry.met);
        let unused = unused.map(|entry| {
            let what = format!("`{}` is allowed, and no shipped file has it", entry.line);
            Finding::file(LIST, what, "remove the entry from `common`")
        });
        unused.collect()
    }
}
