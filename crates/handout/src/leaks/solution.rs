//! Lines of the solution.
//!
//! Two ways of looking. *Lines*: each line of the solution, and each pair of short ones,
//! without white space and without what comments, strings and quotations put around
//! text, is looked for in each file, squeezed in the same way. So it is found indented
//! otherwise, broken into several lines, in a comment, in a JSON string. *Words*: eight
//! words in a row, whatever stands between them, so that other punctuation hides
//! nothing.
//!
//! The markers are read here by a plain search for their words, not by the parser that
//! makes the skeleton.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::AhoCorasick;

use crate::allow::{self, LIST};
use crate::leaks::Look;
use crate::refusal::{Finding, Refusal};
use crate::skeleton::SOLUTION;

/// Letters below which a squeezed line says nothing: `letframe=k.alloc()?;` has 20.
const LETTERS_MIN: usize = 20;

/// Words in a row that nobody writes by chance.
const WORDS: usize = 8;

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
    let mut common = Commons::new(look)?;
    let mut found = lines(look, &regions, &mut common);
    found.extend(words(look, &regions, &mut common));
    found.extend(common.unused());
    Ok(found)
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
                    text: line.to_owned(),
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

fn lines(look: Look<'_>, regions: &[Vec<Secret>], common: &mut Commons) -> Vec<Finding> {
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
    needles.retain(|needle, _| needle.len() >= LETTERS_MIN);
    let needles: Vec<(String, &Secret)> = needles.into_iter().collect();
    let Ok(search) = AhoCorasick::new(needles.iter().map(|(needle, _)| needle)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (path, text) in look.parcel.texts() {
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

/// A word, and the line it is on.
type Word<'a> = (&'a str, usize);

fn words(look: Look<'_>, regions: &[Vec<Secret>], common: &mut Commons) -> Vec<Finding> {
    let mut needles: HashMap<Vec<&str>, &Secret> = HashMap::new();
    for region in regions {
        let all: Vec<(&str, &Secret)> = region
            .iter()
            .flat_map(|secret| split(&secret.text).map(move |word| (word, secret)))
            .collect();
        for row in all.windows(WORDS) {
            let words = row.iter().map(|(word, _)| *word).collect();
            needles.entry(words).or_insert(row[0].1);
        }
    }
    let mut found = Vec::new();
    for (path, text) in look.parcel.texts() {
        let all: Vec<Word<'_>> = text
            .lines()
            .enumerate()
            .flat_map(|(index, line)| split(line).map(move |word| (word, index + 1)))
            .collect();
        for row in all.windows(WORDS) {
            let words: Vec<&str> = row.iter().map(|(word, _)| *word).collect();
            if let Some(secret) = needles.get(&words)
                && !common.allows(path, &Squeezed::of(&secret.text).text)
            {
                found.push(finding(path, row[0].1, "words", secret));
            }
        }
    }
    found
}

/// The words of a line: names, keywords and numbers.
fn split(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
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
                squeezed: Squeezed::of(&common.line).text,
                here: look.parcel.files().any(|(path, _)| files.is_match(path)),
                files,
                met: false,
            })
        });
        Ok(Commons {
            entries: entries.collect::<Result<_, Refusal>>()?,
        })
    }

    /// Whether a file may have a line, or a pair of lines of which this is one.
    fn allows(&mut self, path: &str, squeezed: &str) -> bool {
        let mut entries = self.entries.iter_mut();
        let entry =
            entries.find(|entry| squeezed.contains(&entry.squeezed) && entry.files.is_match(path));
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
