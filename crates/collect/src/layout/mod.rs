//! How course systems name what they export: a module each.
//!
//! A layout looks at names, and at what the course system tells in files of its own. It
//! says whose each file is, as far as the system says so, and how many of the files it can
//! explain; which layout it is, is decided by others.

pub mod autolab;
pub mod blackboard;
pub mod brightspace;
pub mod canvas;
pub mod classroom;
pub mod gradescope;
pub mod moodle;
pub mod pattern;
pub mod plain;

mod times;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use roster::list::Roster;

use self::pattern::Pattern;
use crate::export::Listing;
use crate::hand_in::{HandIn, Placed};
use crate::trouble::CollectError;

/// A way to name what was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// "Download submissions" of Canvas.
    Canvas,
    /// "Download all submissions" of Moodle.
    Moodle,
    /// "Download submissions" of Gradescope.
    Gradescope,
    /// "Assignment file download" of Blackboard.
    Blackboard,
    /// "Download all submissions" of Autolab, or its handin folder.
    Autolab,
    /// Clones of Classroom 50 or GitHub Classroom.
    Classroom,
    /// "Download" of a Brightspace (D2L) assignment.
    Brightspace,
    /// A folder or archive for each student.
    Plain,
    /// The user's own pattern.
    Pattern,
}

/// What a layout makes of an export.
#[derive(Debug, Default)]
pub struct Reading {
    /// What was handed in.
    pub hand_ins: Vec<HandIn>,
    /// How many files have the form of this layout.
    pub explained: usize,
}

/// What is known besides the export.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// The class, if there is a roster.
    pub roster: Option<&'a Roster>,
    /// The time zone of course systems that tell times without one.
    pub zone: TimeZone,
    /// The user's pattern, if that is the layout.
    pub pattern: Option<&'a Pattern>,
}

/// An export as it is seen from a folder in it: some pack everything in one more folder.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The export.
    pub listing: &'a Listing,
    /// How many folders are around everything.
    pub around: usize,
}

impl Layout {
    /// Those that are recognised by their names, without a word.
    pub const RECOGNISED: [Self; 7] = [
        Self::Canvas,
        Self::Moodle,
        Self::Gradescope,
        Self::Blackboard,
        Self::Autolab,
        Self::Classroom,
        Self::Brightspace,
    ];

    /// All that can be asked for by name.
    pub const NAMED: [Self; 8] = [
        Self::Canvas,
        Self::Moodle,
        Self::Gradescope,
        Self::Blackboard,
        Self::Autolab,
        Self::Classroom,
        Self::Brightspace,
        Self::Plain,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Gradescope => "gradescope",
            Self::Blackboard => "blackboard",
            Self::Autolab => "autolab",
            Self::Classroom => "classroom",
            Self::Brightspace => "brightspace",
            Self::Plain => "plain",
            Self::Pattern => "pattern",
        }
    }

    /// What its names look like.
    pub fn form(self) -> &'static str {
        match self {
            Self::Canvas => "`lovelaceada_501_9001_lab1.rs`",
            Self::Moodle => "`Ada Lovelace_1234_assignsubmission_file_/lab1.rs`",
            Self::Gradescope => "`submission_metadata.yml`, and `submission_123/lab1.rs`",
            Self::Blackboard => "`Lab 1_ada_attempt_2026-11-20-21-03-11_lab1.rs`",
            Self::Autolab => "`ada@example.edu_3_lab1.zip`",
            Self::Classroom => "`course-lab1-ada/`, each with a `.git`, or with a `scores.csv`",
            Self::Brightspace => "`501-77 - Ada Lovelace - Nov 20, 2026 903 PM/lab1.rs`",
            Self::Plain => "a folder or an archive for each student",
            Self::Pattern => "what `--pattern` describes",
        }
    }

    /// Whether its times are those of a clock on a wall, and nobody says where that is.
    pub fn has_local_times(self) -> bool {
        matches!(self, Self::Blackboard | Self::Brightspace | Self::Pattern)
    }

    /// All names, for messages.
    pub fn names() -> String {
        Self::NAMED.map(Self::name).join(", ")
    }

    /// What it makes of an export.
    ///
    /// # Errors
    ///
    /// If what the course system tells in a file of its own cannot be understood.
    pub fn read(self, view: View<'_>, known: &Known<'_>) -> Result<Reading, CollectError> {
        match self {
            Self::Canvas => Ok(canvas::read(view, known)),
            Self::Moodle => Ok(moodle::read(view)),
            Self::Gradescope => gradescope::read(view),
            Self::Blackboard => blackboard::read(view, known),
            Self::Autolab => Ok(autolab::read(view)),
            Self::Classroom => classroom::read(view),
            Self::Brightspace => Ok(brightspace::read(view, known)),
            Self::Plain => Ok(plain::read(view)),
            Self::Pattern => Ok(pattern::read(view, known)),
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::NAMED.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| format!("no such layout: one of {}", Self::names()))
    }
}

impl<'a> View<'a> {
    /// The files below the folder that it is seen from, by number.
    pub fn files(self) -> impl Iterator<Item = (usize, &'a [String])> {
        let files = self.listing.files.iter().enumerate();
        files.filter_map(move |(at, file)| Some((at, file.place.parts().get(self.around..)?)))
    }

    /// The folders in it.
    pub fn folders(self) -> impl Iterator<Item = &'a [String]> {
        let folders = self.listing.folders.iter();
        let inner = folders.filter_map(move |folder| folder.parts().get(self.around..));
        inner.filter(|parts| !parts.is_empty())
    }

    /// The names of the folders that are not in any other: of all of them, also empty ones.
    pub fn top_folders(self) -> Vec<&'a str> {
        let of_files = self.files().filter(|(_, parts)| parts.len() > 1);
        let firsts = of_files.map(|(_, parts)| parts[0].as_str());
        let mut all: Vec<&str> = firsts
            .chain(self.folders().map(|parts| parts[0].as_str()))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A file that is in no folder.
    pub fn top_file(self, name: &str) -> Option<usize> {
        let mut files = self.files();
        files
            .find(|(_, parts)| *parts == [name])
            .map(|(entry, _)| entry)
    }

    /// The folders around everything, and these.
    pub fn whole(self, parts: &[String]) -> Vec<String> {
        let files = self.listing.files.iter().map(|file| file.place.parts());
        let folders = self.listing.folders.iter().map(|folder| folder.parts());
        let mut around = files
            .chain(folders)
            .filter_map(|all| all.get(..self.around));
        let around = around.next().unwrap_or_default();
        [around, parts].concat()
    }

    /// The files of each folder at the top, under the names that they have in it.
    pub fn by_top_folder(self) -> BTreeMap<&'a str, Vec<Placed>> {
        let mut all: BTreeMap<&str, Vec<Placed>> = BTreeMap::new();
        for folder in self.top_folders() {
            all.entry(folder).or_default();
        }
        for (entry, parts) in self.files() {
            if let [folder, inner @ ..] = parts
                && !inner.is_empty()
            {
                let parts = inner.to_vec();
                all.entry(folder).or_default().push(Placed { entry, parts });
            }
        }
        all
    }

    /// A file that a course system writes about the export cannot be understood.
    pub(crate) fn misunderstood(self, file: &str, why: impl fmt::Display) -> CollectError {
        use grader::report::sink::terminal;
        CollectError::Metadata {
            path: self.listing.path.clone(),
            file: terminal::line(file),
            why: terminal::line(&why.to_string()),
        }
    }
}
