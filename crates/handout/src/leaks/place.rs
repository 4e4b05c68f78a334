//! Where the instructor works: the workspace's folder and home folders, which name a
//! person and are nowhere else.

use crate::leaks::Look;
use crate::refusal::{Finding, Refusal, io_error};

/// Below these, people have their folders.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

/// Paths shorter than this are no place of anybody's, such as `/` and `/kit`.
const LETTERS_MIN: usize = 5;

/// Looks for places in the parcel.
pub fn check(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let root = &look.sources.root;
    let root = root.canonicalize().map_err(io_error(root))?;
    let root = root.display().to_string();
    // A home folder as such is nobody's place: `/root` is everywhere.
    let home = std::env::home_dir().map(|home| format!("{}/", home.display()));
    let own = [Some(root), home].into_iter().flatten();
    let own: Vec<String> = own.filter(|path| path.len() >= LETTERS_MIN).collect();
    let mut found = Vec::new();
    for (path, text) in look.parcel.texts() {
        for (index, line) in text.lines().enumerate() {
            if let Some(place) = place(line, &own) {
                let what = format!("a place on the instructor's computer, `{place}`");
                found.push(Finding::line(path, index + 1, what, "take it out"));
            }
        }
    }
    Ok(found)
}

/// A place in a line, if there is one.
fn place<'a>(line: &'a str, own: &'a [String]) -> Option<&'a str> {
    let own = own.iter().find(|own| {
        let mut places = line.match_indices(own.as_str());
        places.any(|(at, _)| own.ends_with('/') || ends(&line[at + own.len()..]))
    });
    let homes = HOMES.iter().find(|home| {
        let mut places = line.match_indices(**home);
        places.any(|(at, _)| line[at + home.len()..].starts_with(char::is_alphanumeric))
    });
    own.map(String::as_str).or(homes.copied())
}

/// Whether a path that stands before this is not only the beginning of a name.
fn ends(behind: &str) -> bool {
    !behind.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-')
}
