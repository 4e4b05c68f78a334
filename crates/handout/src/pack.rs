//! From the instructor's workspace to a parcel.
//!
//! A file that is listed goes in as it is, with four exceptions: the skeleton is
//! generated anew, manifests of crates lose what their tests need, the lock file loses
//! what students do not build, and a few files are others for students. Expected films
//! are made.

use std::path::Path;

use runner::log::Record;

use crate::allow::Allow;
use crate::labs::{self, Lab};
use crate::manifest::{self, Manifest};
use crate::manifests;
use crate::parcel::Parcel;
use crate::refusal::{Finding, Refusal, refuse};
use crate::skeleton::{self, PARTS, SKELETON, Skeleton};
use crate::sources::Sources;

/// Where the student's README names its labs.
const LABS_HERE: &str = "{{labs}}";

/// Plays a public trace with the reference's handlers and tells of it, as
/// [`films`](crate::films) does, but for tests.
pub type Play<'a> = &'a dyn Fn(&Path) -> Result<String, String>;

/// What is asked for.
pub struct Order<'a> {
    /// The instructor's workspace.
    pub sources: &'a Sources,
    /// What may be shipped.
    pub allow: &'a Allow,
    /// The labs.
    pub labs: &'a [&'a Lab],
    /// Who makes films.
    pub film: Play<'a>,
    /// Who makes logs, which answer keys are.
    pub log: Play<'a>,
    /// What if a file is in no commit as it is.
    pub changed: Changed,
}

/// What becomes of files that are shipped and are in no commit as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// They stop the handout, which could not be made again.
    Refused,
    /// They are shipped; the manifest says so.
    Shipped,
}

impl Order<'_> {
    /// Packs the parcel.
    pub fn pack(&self) -> Result<Parcel, Refusal> {
        self.is_fresh()?;
        refuse(self.allow.stale(self.sources))?;
        let paths = self.paths();
        refuse(self.missing(&paths))?;
        refuse(self.unregistered(&paths))?;
        refuse(self.uncommitted(&paths))?;
        let mut parcel = Parcel::default();
        for path in &paths {
            parcel.put(*path, self.file(path)?);
        }
        self.generated(&mut parcel)?;
        for instead in &self.allow.instead {
            let text = self.sources.text(&instead.from)?;
            parcel.put(&instead.name, text.replace(LABS_HERE, &self.table()));
        }
        refuse(manifests::closure(self.sources, &parcel)?)?;
        let config = self.sources.text(manifests::CONFIG)?;
        parcel.put(manifests::CONFIG, manifests::config(&config)?);
        let lock = manifests::lock(&parcel, &self.sources.read(manifests::LOCK)?)?;
        parcel.put(manifests::LOCK, lock);
        refuse(self.stale_keys(&parcel)?)?;
        self.films(&mut parcel)?;
        let numbers = self.labs.iter().map(|lab| lab.number).collect();
        let manifest = Manifest::of(&parcel, self.source(&paths), numbers);
        parcel.put(manifest::NAME, manifest.text()?);
        Ok(parcel)
    }

    /// The committed skeleton is what the solution says: everybody who looked at it has
    /// seen what is handed out.
    fn is_fresh(&self) -> Result<(), Refusal> {
        let stale = skeleton::check(&self.sources.root)?;
        let found = stale.into_iter().map(|stale| {
            let remedy = "run `cargo xtask skeleton`, look at what it changed, and commit";
            let found = Finding::file(&stale.path.to_string_lossy(), stale.how(), remedy);
            Finding {
                line: stale.line(),
                ..found
            }
        });
        refuse(found.collect())
    }

    /// What the list ships, of the labs that are asked for.
    fn paths(&self) -> Vec<&str> {
        let files = self.sources.files.iter().map(String::as_str);
        let wanted = files.filter(|path| match labs::folder_of(path) {
            Some(folder) => self.labs.iter().any(|lab| lab.folder == folder),
            None => true,
        });
        wanted.filter(|path| self.allow.ships(path)).collect()
    }

    /// What each lab has, and one has not: something to read, and for every public trace
    /// the trace and its key.
    fn missing(&self, paths: &[&str]) -> Vec<Finding> {
        let unregistered = self.sources.files.iter().filter_map(|path| {
            let registry = format!("{}/lab.toml", labs::folder_of(path)?);
            (!self.sources.files.contains(&registry)).then_some(registry)
        });
        let wanted = self.labs.iter().flat_map(|lab| {
            let Lab { folder, traces, .. } = lab;
            let of_traces = traces.iter().flat_map(move |name| {
                let trace = format!("{folder}/traces/{name}.trace");
                [trace, format!("{folder}/keys/{name}.snap")]
            });
            of_traces.chain([format!("{folder}/README.md")])
        });
        let missing = wanted.filter(|path| !paths.contains(&path.as_str()));
        let missing = missing.chain(unregistered).map(|path| {
            let remedy = "bring it back, or take the lab or the trace out altogether";
            Finding::file(&path, "missing", remedy)
        });
        missing.collect()
    }

    /// Traces and keys that the lab's registry does not name. A lab without named traces
    /// has examples, which nothing is compared with.
    fn unregistered(&self, paths: &[&str]) -> Vec<Finding> {
        let named = |path: &str| {
            let lab = self
                .labs
                .iter()
                .find(|lab| lab.folder == labs::folder_of(path).unwrap_or(""));
            let Some(lab) = lab.filter(|lab| !lab.traces.is_empty()) else {
                return true;
            };
            let inside = &path[lab.folder.len() + 1..];
            let name = inside
                .strip_prefix("traces/")
                .and_then(|name| name.strip_suffix(".trace"))
                .or_else(|| inside.strip_prefix("keys/")?.strip_suffix(".snap"));
            name.is_none_or(|name| lab.traces.iter().any(|trace| trace == name))
        };
        let strays = paths.iter().filter(|path| !named(path)).map(|path| {
            let remedy = "name it in `lab.toml`, or take it away: it may be a hidden one";
            Finding::file(path, "no trace of this lab has that name", remedy)
        });
        strays.collect()
    }

    fn uncommitted(&self, paths: &[&str]) -> Vec<Finding> {
        if self.changed == Changed::Shipped {
            return Vec::new();
        }
        let changed = self.changed(paths).into_iter().map(|path| {
            let remedy = "commit it or undo the change, or add `--allow-changed`";
            Finding::file(path, "in no commit as it is here", remedy)
        });
        changed.collect()
    }

    fn changed(&self, paths: &[&str]) -> Vec<&str> {
        let from = self
            .allow
            .instead
            .iter()
            .map(|instead| instead.from.as_str());
        let all: Vec<&str> = paths.iter().copied().chain(from).collect();
        let changed = self.sources.changed.iter().map(String::as_str);
        changed.filter(|path| all.contains(path)).collect()
    }

    /// Reads a file that is shipped. Everything is text, or nobody could look into it.
    fn file(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let on_disk = self.sources.root.join(path);
        if on_disk.is_symlink() {
            let remedy = "put a file there: what a link leads to may be anything";
            return Err(Refusal::Found(vec![Finding::file(path, "a link", remedy)]));
        }
        let bytes = self.sources.read(path)?;
        let Ok(text) = String::from_utf8(bytes) else {
            let remedy = "ship text only: nothing else can be looked into";
            return Err(Refusal::Found(vec![Finding::file(
                path, "not text", remedy,
            )]));
        };
        match path.ends_with("/Cargo.toml") {
            true => Ok(manifests::without_tests(path, &text)?.into()),
            false => Ok(text.into()),
        }
    }

    fn generated(&self, parcel: &mut Parcel) -> Result<(), Refusal> {
        let skeleton = Skeleton {
            root: &self.sources.root,
            parts: PARTS,
        };
        for file in skeleton.files()? {
            parcel.put(format!("{SKELETON}/{}", file.name), file.text);
        }
        Ok(())
    }

    /// Keys that are not what the reference does on their traces.
    fn stale_keys(&self, parcel: &Parcel) -> Result<Vec<Finding>, Refusal> {
        let mut stale = Vec::new();
        for lab in self.labs {
            for name in &lab.traces {
                let trace = format!("{}/traces/{name}.trace", lab.folder);
                let key = format!("{}/keys/{name}.snap", lab.folder);
                let log = (self.log)(&self.sources.root.join(&trace));
                let log = log.map_err(|why| Refusal::Unplayed { trace, why })?;
                let (header, lines) = logged(parcel.text(&key).unwrap_or_default());
                if let Some(line) = first_difference(&lines, &log.lines().collect::<Vec<_>>()) {
                    let remedy = "run `cargo insta test --review -p grader`, and commit";
                    let what = "not what the reference does";
                    stale.push(Finding::line(&key, header + line, what, remedy));
                }
            }
        }
        Ok(stale)
    }

    fn films(&self, parcel: &mut Parcel) -> Result<(), Refusal> {
        for lab in self.labs {
            for name in &lab.traces {
                let trace = format!("{}/traces/{name}.trace", lab.folder);
                let film = (self.film)(&self.sources.root.join(&trace));
                let film = film.map_err(|why| Refusal::Unplayed { trace, why })?;
                parcel.put(format!("{}/films/{name}.film", lab.folder), film);
            }
        }
        Ok(())
    }

    /// The labs, as the student's README lists them.
    fn table(&self) -> String {
        let rows = self.labs.iter().map(|lab| {
            let (number, title, folder) = (lab.number, &lab.title, &lab.folder);
            let file = lab.file.as_deref();
            let file = file.map_or("traces".to_owned(), |file| format!("`{SKELETON}/{file}`"));
            format!("| {number} | [{title}]({folder}/README.md) | {file} |\n")
        });
        let rows: String = rows.collect();
        format!(
            "| lab | handout | you write |\n|---|---|---|\n{}",
            rows.trim_end()
        )
    }

    /// Names what the handout is made from.
    fn source(&self, paths: &[&str]) -> String {
        let commit = self.sources.commit.as_deref().unwrap_or("unknown");
        match self.changed(paths).is_empty() {
            true => commit.to_owned(),
            false => format!("{commit}+changed"),
        }
    }
}

/// A key's lines, and how many lines insta has written before them.
fn logged(key: &str) -> (usize, Vec<&str>) {
    let lines: Vec<&str> = key.lines().collect();
    let dashes = lines.iter().enumerate().filter(|(_, line)| **line == "---");
    let header = dashes.map(|(index, _)| index + 1).nth(1).unwrap_or(0);
    (header, lines[header..].to_vec())
}

/// The first line, from 1, in which a key differs from a log.
fn first_difference(key: &[&str], log: &[&str]) -> Option<usize> {
    let told = key.iter().zip(log);
    let same = told.take_while(|(key, log)| agree(key, log)).count();
    (same < key.len().max(log.len())).then_some(same + 1)
}

/// A key speaks of needless flushes only where they are graded.
fn agree(key: &str, log: &str) -> bool {
    let silent = || Record::parse(log).map(|record| record.without_flushes().to_string());
    key.trim_end() == log.trim_end() || silent().is_some_and(|log| key.trim_end() == log.trim_end())
}
