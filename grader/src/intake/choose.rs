//! What of a submission counts, wherever in it the files stand.
//!
//! Handler files may stand anywhere: alone, in `src/`, in the whole workspace of the
//! handout, in folders that wrap one of these. Where one file is found in two places,
//!
//! 1. what the handout's workspace has beside `labs/skeleton/src/` is the handout's, and
//!    not the student's: its `crates/` know files of the same names;
//! 2. a file that is still the handout's, letter for letter, yields to one that is not;
//! 3. of equal files one counts, the one with fewer folders around it;
//! 4. anything else is refused, with both names: we do not guess which one is meant.
//!
//! What belongs to an exercise, and `policy.rs`, counts in the folders of handler files;
//! where there are none, in the outermost folder that has any of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use course::handed_in::{ATTACHMENTS_MAX, text_of, too_large};

use super::Sources;
use super::harvest::{Harvest, Ignored, Taken};
use super::limits::{Content, IGNORED_LISTED_MAX};
use super::names::{Counts, Name};
use super::refusal::{Refusal, shown};

/// The handlers' folder in the handout's workspace, and what stands beside it there.
const SKELETON: [&str; 3] = ["labs", "skeleton", "src"];
const HANDOUT: [&str; 5] = ["crates", "docs", "grader", "labs", "xtask"];

const KEEP_ONE: &str = "hand in one of the two";
const MEND: &str = "hand in the text that the compiler takes at home";

/// Decides what counts. `handout` is the folder with the files as they were handed out.
pub(super) fn choose(harvest: Harvest, handout: Option<&Path>) -> Result<Sources, Refusal> {
    let Harvest { taken, ignored, .. } = harvest;
    let mut choice = Choice {
        handout,
        ignored,
        sources: Sources::default(),
    };
    let own = choice.without_the_handouts(taken);
    let (handlers, others) = split(own, |file| matches!(file.counts, Counts::Handlers(_)));
    let handlers = choice.one_of_each(handlers)?;
    let places = places(&handlers, &others);
    let (others, elsewhere) = split(others, |file| places.contains(file.name.folder()));
    elsewhere.into_iter().for_each(|file| choice.ignore(file));
    let others = choice.one_of_each(others)?;
    let (traces, others) = split(others, |file| file.counts == Counts::Trace);
    for file in handlers.into_iter().chain(others).chain(traces) {
        choice.take(file)?;
    }
    let mut sources = choice.sources;
    sources.ignored = summary(choice.ignored, &places);
    Ok(sources)
}

struct Choice<'a> {
    handout: Option<&'a Path>,
    ignored: Vec<Ignored>,
    sources: Sources,
}

impl Choice<'_> {
    fn ignore(&mut self, file: Taken) {
        self.ignored.push(Ignored {
            name: file.name,
            junk: None,
            note: None,
            closed: false,
        });
    }

    /// Rule 1.
    fn without_the_handouts(&mut self, taken: Vec<Taken>) -> Vec<Taken> {
        let is_handlers = |file: &&Taken| matches!(file.counts, Counts::Handlers(_));
        let workspaces: BTreeSet<Vec<String>> = taken
            .iter()
            .filter(is_handlers)
            .filter_map(|file| Some(workspace_of(file.name.folder())?.to_vec()))
            .collect();
        let is_handouts = |file: &Taken| {
            let folder = file.name.folder();
            let mut around = workspaces.iter();
            workspace_of(folder).is_none()
                && around.any(|workspace| {
                    let within = folder.strip_prefix(&workspace[..]);
                    let first = within.and_then(<[String]>::first);
                    first.is_some_and(|first| HANDOUT.contains(&first.as_str()))
                })
        };
        let (handouts, own) = split(taken, is_handouts);
        handouts.into_iter().for_each(|file| self.ignore(file));
        own
    }

    /// Rules 2 to 4, for each name.
    fn one_of_each(&mut self, files: Vec<Taken>) -> Result<Vec<Taken>, Refusal> {
        let mut by_name: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
        for file in files {
            let of_name = by_name.entry(file.name.last().to_owned());
            of_name.or_default().push(file);
        }
        let each = by_name.into_values();
        each.map(|same| self.one(same)).collect()
    }

    fn one(&mut self, mut same: Vec<Taken>) -> Result<Taken, Refusal> {
        same.sort_by_key(|file| (file.name.parts.len(), file.name.text()));
        if same.len() > 1 && !same.iter().all(|file| self.is_handed_out(file)) {
            let (handouts, own) = split(same, |file| self.is_handed_out(file));
            handouts.into_iter().for_each(|file| self.ignore(file));
            same = own;
        }
        let mut same = same.into_iter();
        let first = same.next().ok_or_else(nothing)?;
        for other in same {
            if other.content != first.content || other.content.is_err() {
                let why = format!(
                    "there is another one, `{}`, and they differ",
                    shown(other.name.text().as_bytes())
                );
                return Err(Refusal::of(first.name.text().as_bytes(), why, KEEP_ONE));
            }
            self.ignore(other);
        }
        Ok(first)
    }

    fn is_handed_out(&self, file: &Taken) -> bool {
        let Some(handout) = self.handout else {
            return false;
        };
        let original = fs::read(handout.join(file.name.last()));
        original.is_ok_and(|original| file.content == Ok(Content::Whole(original)))
    }

    fn take(&mut self, file: Taken) -> Result<(), Refusal> {
        let last = file.name.last().to_owned();
        let text = text(&file);
        let refused = |why| Refusal::of(file.name.text().as_bytes(), why, MEND);
        match file.counts {
            Counts::Handlers(name) => {
                self.sources.files.push((name, text.map_err(refused)?));
            }
            Counts::Policy => self.sources.policy = Some(text.map_err(refused)?),
            _ if !self.sources.has_room() => self.ignored.push(Ignored {
                name: file.name,
                junk: None,
                note: Some(format!("more than {ATTACHMENTS_MAX} files")),
                closed: false,
            }),
            _ => match text {
                Ok(text) => self.sources.attachments.push((last, text)),
                Err(why) => self.sources.unreadable.push((last, why)),
            },
        }
        Ok(())
    }
}

fn nothing() -> Refusal {
    Refusal::whole("no file of that name", KEEP_ONE)
}

fn split<T>(all: Vec<T>, is_first: impl Fn(&T) -> bool) -> (Vec<T>, Vec<T>) {
    all.into_iter().partition(is_first)
}

/// The workspace whose handlers' folder this is.
fn workspace_of(folder: &[String]) -> Option<&[String]> {
    let (around, end) = folder.split_at_checked(folder.len().checked_sub(SKELETON.len())?)?;
    end.iter().eq(SKELETON.iter()).then_some(around)
}

/// The folders in which files count that are no handlers.
fn places(handlers: &[Taken], others: &[Taken]) -> BTreeSet<Vec<String>> {
    if !handlers.is_empty() {
        let folders = handlers.iter().map(|file| file.name.folder().to_vec());
        return folders.collect();
    }
    let folders: BTreeSet<&[String]> = others.iter().map(|file| file.name.folder()).collect();
    let outermost = folders.iter().map(|folder| folder.len()).min();
    let mut outermost = folders
        .into_iter()
        .filter(|folder| Some(folder.len()) == outermost);
    match (outermost.next(), outermost.next()) {
        (Some(one), None) => BTreeSet::from([one.to_vec()]),
        _ => BTreeSet::new(),
    }
}

/// The text of a file, or why it has none.
fn text(file: &Taken) -> Result<String, String> {
    let bytes = match &file.content {
        Ok(Content::Whole(bytes)) => bytes,
        Ok(Content::TooLarge) => return Err(too_large()),
        Err(why) => return Err(why.clone()),
    };
    text_of(file.name.last(), bytes).map(str::to_owned)
}

/// What is ignored, in few lines: what lies beside the files that count is named, and
/// of other folders how much is in them.
fn summary(ignored: Vec<Ignored>, places: &BTreeSet<Vec<String>>) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<Ignored>> = BTreeMap::new();
    for one in ignored {
        let group = group(&one, places);
        groups.entry(group).or_default().push(one);
    }
    let count = groups.len();
    let lines = groups
        .into_iter()
        .map(|(group, files)| line(&group, &files));
    let mut lines: Vec<String> = lines.take(IGNORED_LISTED_MAX).collect();
    if count > IGNORED_LISTED_MAX {
        lines.push(format!("and {} more", count - IGNORED_LISTED_MAX));
    }
    lines
}

/// The name under which it is listed: its own, or that of a folder around it.
fn group(one: &Ignored, places: &BTreeSet<Vec<String>>) -> String {
    let Name { parts } = &one.name;
    let is_around_a_place =
        |folder: &[String]| folder.is_empty() || places.iter().any(|p| p.starts_with(folder));
    let apart = (0..parts.len()).find(|depth| !is_around_a_place(&parts[..*depth]));
    let depth = match (one.junk, apart) {
        (Some(junk), _) => junk,
        (None, Some(folder)) => folder,
        (None, None) => parts.len(),
    };
    let group = parts[..depth].join("/");
    // What a Mac puts beside each file is one thing, and so is a folder.
    match parts[..depth].last() {
        Some(last) if one.junk.is_some() && last.starts_with("._") => {
            [&parts[..depth - 1], &["._*".to_owned()]]
                .concat()
                .join("/")
        }
        _ if depth < parts.len() || one.closed => group + "/",
        _ => group,
    }
}

fn line(group: &str, files: &[Ignored]) -> String {
    match files {
        [one] if one.closed => group.to_owned(),
        [one] => match &one.note {
            Some(note) => format!("{} ({note})", one.name.text()),
            None => one.name.text(),
        },
        _ => format!("{group} ({} files)", files.len()),
    }
}
