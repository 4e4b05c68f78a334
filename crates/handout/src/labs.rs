//! Which labs a handout has, and what their registries promise.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::Deserialize;

use crate::refusal::Refusal;
use crate::sources::Sources;

/// Where the labs are, and the skeleton beside them.
const LABS: &str = "labs/";

/// Numbers of labs as a user writes them: `1-5`, `1,3,5-7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers(pub BTreeSet<u8>);

/// What is no list of labs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no list of labs\n  write numbers and ranges, as in `1-5` or `1,3,5-7`")]
pub struct NoNumbers(String);

impl FromStr for Numbers {
    type Err = NoNumbers;

    fn from_str(text: &str) -> Result<Self, NoNumbers> {
        let wrong = || NoNumbers(text.to_owned());
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong());
        let mut all = BTreeSet::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return Err(wrong());
            }
            all.extend(first..=last);
        }
        Ok(Numbers(all))
    }
}

/// A lab of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lab {
    /// Its number, from 1.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// Its folder, below the workspace's root: `labs/02-lazy`.
    pub folder: String,
    /// The student's file; none in a lab without code.
    pub file: Option<String>,
    /// The names of its holes.
    pub holes: Vec<String>,
    /// The names of its public traces.
    pub traces: Vec<String>,
}

#[derive(Deserialize)]
struct Registry {
    number: u8,
    title: String,
    file: Option<String>,
    #[serde(default)]
    hole: Vec<Named>,
    #[serde(default)]
    trace: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Reads the registries of all labs, in the order of their numbers.
pub fn all(sources: &Sources) -> Result<Vec<Lab>, Refusal> {
    let mut labs = Vec::new();
    for path in &sources.files {
        if let Some(folder) = path.strip_suffix("/lab.toml").filter(|path| is_lab(path)) {
            labs.push(read(folder, path, &sources.text(path)?)?);
        }
    }
    labs.sort_by_key(|lab| lab.number);
    Ok(labs)
}

fn read(folder: &str, path: &str, text: &str) -> Result<Lab, Refusal> {
    let registry: Registry =
        toml::from_str(text).map_err(|error| Refusal::malformed(path, error.to_string()))?;
    let names = |all: Vec<Named>| all.into_iter().map(|one| one.name).collect();
    // A name becomes a path, and `..` leads out of the lab.
    if let Some(trace) = registry.trace.iter().find(|trace| !is_plain(&trace.name)) {
        let message = format!(
            "`{}` is no trace's name\n  write letters, digits and hyphens",
            trace.name
        );
        return Err(Refusal::malformed(path, message));
    }
    Ok(Lab {
        number: registry.number,
        title: registry.title,
        folder: folder.to_owned(),
        file: registry.file,
        holes: names(registry.hole),
        traces: names(registry.trace),
    })
}

fn is_plain(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    !name.is_empty() && name.chars().all(is_plain)
}

/// Chooses the wanted ones; all if nobody asked.
pub fn choose<'a>(labs: &'a [Lab], wanted: Option<&Numbers>) -> Result<Vec<&'a Lab>, Refusal> {
    let Some(Numbers(wanted)) = wanted else {
        return Ok(labs.iter().collect());
    };
    let known: BTreeSet<u8> = labs.iter().map(|lab| lab.number).collect();
    match wanted.difference(&known).next() {
        None => Ok(labs
            .iter()
            .filter(|lab| wanted.contains(&lab.number))
            .collect()),
        Some(&wanted) => Err(Refusal::NoSuchLab {
            wanted,
            known: list(known.iter().copied()),
        }),
    }
}

/// Numbers as people write them: `1, 2, 3`.
pub fn list(numbers: impl Iterator<Item = u8>) -> String {
    let all: Vec<String> = numbers.map(|number| number.to_string()).collect();
    all.join(", ")
}

/// The lab's folder that a path lies in: `labs/02-lazy`.
pub fn folder_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(LABS)?;
    let name = rest.split('/').next()?;
    let folder = &path[..LABS.len() + name.len()];
    is_lab(folder).then_some(folder)
}

/// Whether this is a lab's folder: `labs/NN-name`.
fn is_lab(folder: &str) -> bool {
    let Some(name) = folder.strip_prefix(LABS) else {
        return false;
    };
    let mut letters = name.chars();
    let numbered = [letters.next(), letters.next()]
        .iter()
        .all(|letter| letter.is_some_and(|letter| letter.is_ascii_digit()));
    numbered && letters.next() == Some('-') && !name.contains('/')
}
