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
    pub secret: Vec<Folder>,
    /// Folders and files that are of no use to a student, and no secret.
    pub home: Vec<Folder>,
    /// Text that instructor-only files and shipped files have in common, rightly.
    pub shared: Vec<Shared>,
    /// Lines that the solution has and shipped files have too, rightly.
    pub common: Vec<Common>,
}

/// A group of files that are shipped.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// Its patterns.
    pub patterns: Patterns,
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

/// Folders that are decided about at once, or files.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The pattern, as it is written.
    pub pattern: String,
    /// What it matches: these, and all in them.
    matched: GlobSet,
}

impl Folder {
    /// Whether a file is in the folder, or is it.
    pub fn holds(&self, file: &str) -> bool {
        self.matched.is_match(file)
    }
}

/// Text in common.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The shipped files.
    shipped: Patterns,
    /// The instructor's files.
    with: Patterns,
}

impl Shared {
    /// Whether a shipped file may have text in common with one of the instructor's.
    pub fn allows(&self, shipped: &str, with: &str) -> bool {
        matches(&self.shipped, shipped) && matches(&self.with, with)
    }
}

/// Patterns as they are written, and what each matches.
type Patterns = Vec<(String, GlobMatcher)>;

fn matches(patterns: &Patterns, path: &str) -> bool {
    patterns.iter().any(|(_, glob)| glob.is_match(path))
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
    secret: FolderEntry,
    #[serde(default)]
    home: FolderEntry,
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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderEntry {
    folders: Vec<String>,
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
            ship.push(Shipped {
                patterns: patterns(&entry.files)?,
            });
        }
        let shared = file.shared.iter().map(|entry| {
            Ok(Shared {
                shipped: patterns(&entry.shipped)?,
                with: patterns(&entry.with)?,
            })
        });
        Ok(Allow {
            ship,
            instead: file.instead,
            secret: folders(file.secret)?,
            home: folders(file.home)?,
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
        let decided = self.secret.iter().chain(&self.home);
        let gone = decided.filter(|folder| {
            let mut files = sources.files.iter();
            !files.any(|file| folder.holds(file))
        });
        let gone = gone.map(|folder| folder.pattern.as_str());
        let alike = self.alike(sources);
        let all = unmatched.chain(absent).chain(gone);
        let stale = all.chain(alike.iter().map(String::as_str)).map(|entry| {
            let what = format!("`{entry}` matches no file");
            Finding::file(LIST, what, "remove it, or bring the file back")
        });
        stale.chain(self.undecided(sources)).collect()
    }

    /// Patterns of files that may be alike, and match none. A film is where a trace is.
    fn alike(&self, sources: &Sources) -> Vec<String> {
        let films = sources.files.iter().filter_map(|file| {
            let film = file.strip_suffix(".trace")?.replace("/traces/", "/films/");
            Some(format!("{film}.film"))
        });
        let films: Vec<String> = films.collect();
        let shared = self.shared.iter();
        let shared = shared.flat_map(|shared| shared.shipped.iter().chain(&shared.with));
        let common = self.common.iter().flat_map(|common| &common.files);
        let is_idle = |glob: &GlobMatcher| {
            let mut files = sources.files.iter().chain(&films);
            !files.any(|file| glob.is_match(file))
        };
        let shared = shared.filter(|(_, glob)| is_idle(glob));
        let common = common.filter(|pattern| glob(pattern).is_ok_and(|glob| is_idle(&glob)));
        shared
            .map(|(pattern, _)| pattern)
            .chain(common)
            .cloned()
            .collect()
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
            .map(|file| match self.decides_within(group(file), sources) {
                true => file,
                false => group(file),
            })
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

    /// Whether some of a folder's files are shipped, so that others must be named.
    fn decides_within(&self, folder: &str, sources: &Sources) -> bool {
        let inside = sources.files.iter().filter(|file| {
            let rest = file.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        inside.into_iter().any(|file| self.ships(file))
    }

    /// Whether a file is in a folder that stays at home, secret or not.
    fn stays(&self, file: &str) -> bool {
        let mut folders = self.secret.iter().chain(&self.home);
        folders.any(|folder| folder.holds(file))
    }

    fn patterns(&self) -> impl Iterator<Item = &(String, GlobMatcher)> {
        self.ship.iter().flat_map(|shipped| &shipped.patterns)
    }
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

fn folders(entry: FolderEntry) -> Result<Vec<Folder>, Refusal> {
    let folders = entry.folders.into_iter().map(|pattern| {
        Ok(Folder {
            matched: set(&[pattern.clone(), format!("{pattern}/**")])?,
            pattern,
        })
    });
    folders.collect()
}

fn patterns(written: &[String]) -> Result<Patterns, Refusal> {
    let patterns = written.iter();
    let patterns = patterns.map(|pattern| Ok((pattern.clone(), glob(pattern)?)));
    patterns.collect()
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
