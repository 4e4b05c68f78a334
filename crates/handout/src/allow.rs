//! The one list of what a student's workspace holds: `crates/handout/allow.toml`.
//!
//! What no pattern matches stays at home. A pattern that matches nothing is an error:
//! the list is stale, and whoever reads it believes something that is not so.

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::refusal::{Finding, Refusal};
use crate::sources::Sources;

/// Where the list is, below the workspace's root.
pub const LIST: &str = "crates/handout/allow.toml";

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Allow {
    /// What is shipped as it is.
    pub ship: Vec<Shipped>,
    /// What is shipped under another name than it has here.
    pub instead: Vec<Instead>,
    /// Folders that no student may see anything of. Each has a canary.
    pub secret: Folders,
    /// Folders and files that are of no use to a student, and no secret.
    pub home: Folders,
    /// Text that instructor-only files and shipped files have in common, rightly.
    pub shared: Vec<Shared>,
    /// Lines that the solution has and shipped files have too, rightly.
    pub common: Vec<Common>,
}

/// A group of files that are shipped.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// Each pattern as it is written, and what it matches.
    pub patterns: Vec<(String, GlobMatcher)>,
}

/// A file that is shipped in the place of another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// Its path in the student's workspace.
    pub name: String,
    /// Its path here.
    pub from: String,
}

/// Folders, or files, below the workspace's root.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folders {
    /// Their paths.
    #[serde(default)]
    pub folders: Vec<String>,
}

/// Text in common.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The shipped files.
    pub shipped: GlobSet,
    /// The instructor's files.
    pub with: GlobSet,
}

/// A line in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// The line, as the solution has it.
    pub line: String,
    /// The shipped files that have it.
    pub files: Vec<String>,
    /// Why that gives nothing away.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    #[serde(default)]
    ship: Vec<ShipEntry>,
    #[serde(default)]
    instead: Vec<Instead>,
    #[serde(default)]
    secret: Folders,
    #[serde(default)]
    home: Folders,
    #[serde(default)]
    shared: Vec<SharedEntry>,
    #[serde(default)]
    common: Vec<Common>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShipEntry {
    why: String,
    files: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedEntry {
    why: String,
    shipped: Vec<String>,
    with: Vec<String>,
}

impl Allow {
    /// Reads the list of a workspace.
    pub fn read(sources: &Sources) -> Result<Allow, Refusal> {
        Allow::parse(&sources.text(LIST)?)
    }

    /// Reads the list.
    pub fn parse(text: &str) -> Result<Allow, Refusal> {
        let file: ListFile = toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
        for why in whys(&file) {
            if why.trim().is_empty() {
                return Err(malformed("an entry without a reason\n  say why in `why`"));
            }
        }
        let mut ship = Vec::new();
        for entry in file.ship {
            let patterns = entry.files.into_iter();
            let patterns = patterns.map(|pattern| Ok((pattern.clone(), glob(&pattern)?)));
            ship.push(Shipped {
                patterns: patterns.collect::<Result<_, Refusal>>()?,
            });
        }
        let shared = file.shared.iter().map(|entry| {
            Ok(Shared {
                shipped: set(&entry.shipped)?,
                with: set(&entry.with)?,
            })
        });
        Ok(Allow {
            ship,
            instead: file.instead,
            secret: file.secret,
            home: file.home,
            shared: shared.collect::<Result<_, Refusal>>()?,
            common: file.common,
        })
    }

    /// Returns whether a file is shipped.
    pub fn ships(&self, path: &str) -> bool {
        self.patterns().any(|(_, glob)| glob.is_match(path))
    }

    /// Finds patterns that match no file, files that are shipped instead of others and are
    /// not there, and folders that nobody has decided about.
    pub fn stale(&self, sources: &Sources) -> Vec<Finding> {
        let unmatched = self.patterns().filter(|(_, glob)| {
            let mut files = sources.files.iter();
            !files.any(|file| glob.is_match(file))
        });
        let unmatched = unmatched.map(|(pattern, _)| pattern.as_str());
        let absent = self.instead.iter().map(|instead| instead.from.as_str());
        let absent = absent.filter(|from| !sources.files.contains(*from));
        let decided = self.secret.folders.iter().chain(&self.home.folders);
        let gone = decided.map(String::as_str).filter(|folder| {
            let mut files = sources.files.iter();
            !files.any(|file| lies_in(file, folder))
        });
        let stale = unmatched.chain(absent).chain(gone).map(|entry| {
            let what = format!("`{entry}` matches no file");
            Finding::file(LIST, what, "remove it, or bring the file back")
        });
        stale.chain(self.undecided(sources)).collect()
    }

    /// Files that are neither shipped nor said to stay at home.
    fn undecided(&self, sources: &Sources) -> Vec<Finding> {
        let decided = |file: &str| {
            self.ships(file)
                || self.stays(file)
                || self.instead.iter().any(|instead| instead.name == file)
        };
        let mut folders: Vec<&str> = sources
            .files
            .iter()
            .filter(|file| !decided(file))
            .map(|file| group(file))
            .collect();
        folders.dedup();
        let undecided = folders.into_iter().map(|folder| {
            Finding::file(
                folder,
                "neither shipped nor said to stay at home",
                "add it to `ship`, `secret` or `home` in crates/handout/allow.toml, or remove it",
            )
        });
        undecided.collect()
    }

    /// Whether a file is in a folder that stays at home, secret or not.
    fn stays(&self, file: &str) -> bool {
        let mut folders = self.secret.folders.iter().chain(&self.home.folders);
        folders.any(|folder| lies_in(file, folder))
    }

    fn patterns(&self) -> impl Iterator<Item = &(String, GlobMatcher)> {
        self.ship.iter().flat_map(|shipped| &shipped.patterns)
    }
}

/// Whether a file is in a folder, or is it.
pub fn lies_in(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What one decides about at once: the file itself in a lab, else a folder of the second
/// level.
fn group(file: &str) -> &str {
    if file.starts_with("labs/") {
        return file;
    }
    match file.match_indices('/').nth(1) {
        Some((end, _)) => &file[..end],
        None => file,
    }
}

fn whys(file: &ListFile) -> impl Iterator<Item = &String> {
    let ship = file.ship.iter().map(|entry| &entry.why);
    let shared = file.shared.iter().map(|entry| &entry.why);
    ship.chain(shared)
        .chain(file.common.iter().map(|entry| &entry.why))
}

fn glob(pattern: &str) -> Result<GlobMatcher, Refusal> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| malformed(error.to_string()))
}

/// A set of patterns.
pub(crate) fn set(patterns: &[String]) -> Result<GlobSet, Refusal> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let built = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(built.map_err(|error| malformed(error.to_string()))?);
    }
    set.build().map_err(|error| malformed(error.to_string()))
}

fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::malformed(LIST, message)
}
