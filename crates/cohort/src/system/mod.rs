//! How each course system exports a class.

mod autolab;
mod blackboard;
mod brightspace;
mod canvas;
mod classroom;
mod gradescope;
mod moodle;
mod plain;

use std::fmt;
use std::io;
use std::str::FromStr;

use crate::plan::{Form, HandIn, Member};
use crate::sink::Sink;

/// A course system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Canvas, "Download submissions".
    Canvas,
    /// Moodle, with a folder for each student.
    Moodle,
    /// Moodle, without folders.
    MoodleFlat,
    /// Gradescope, with groups.
    Gradescope,
    /// Blackboard, with all attempts.
    Blackboard,
    /// Autolab, with all versions.
    Autolab,
    /// Classroom 50.
    Classroom,
    /// Brightspace, with all attempts.
    Brightspace,
    /// A folder or archive for each student.
    Plain,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Canvas,
        Self::Moodle,
        Self::MoodleFlat,
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
            Self::MoodleFlat => "moodle-flat",
            Self::Gradescope => "gradescope",
            Self::Blackboard => "blackboard",
            Self::Autolab => "autolab",
            Self::Classroom => "classroom",
            Self::Brightspace => "brightspace",
            Self::Plain => "plain",
        }
    }

    /// Whether it exports all attempts of a student.
    pub fn has_attempts(self) -> bool {
        matches!(self, Self::Blackboard | Self::Autolab | Self::Brightspace)
    }

    /// Whether it says who hands in with whom.
    pub fn has_groups(self) -> bool {
        self == Self::Gradescope
    }

    /// Whether students can type instead of giving files.
    pub fn has_texts(self) -> bool {
        matches!(self, Self::Canvas | Self::Moodle | Self::MoodleFlat)
    }

    /// Whether it takes one file a student.
    pub fn wants_archives(self) -> bool {
        self == Self::Autolab
    }

    /// Whether it says when something was handed in.
    pub fn has_times(self) -> bool {
        !matches!(
            self,
            Self::Canvas | Self::Moodle | Self::MoodleFlat | Self::Autolab | Self::Plain
        )
    }

    /// Whether it marks what is late.
    pub fn has_marks(self) -> bool {
        matches!(self, Self::Canvas | Self::Classroom)
    }

    /// Writes what a student has handed in.
    pub(crate) fn write(
        self,
        member: &Member,
        hand_in: &HandIn,
        sink: &mut Sink,
    ) -> io::Result<()> {
        match self {
            Self::Canvas => canvas::write(member, hand_in, sink),
            Self::Moodle => moodle::write(member, hand_in, sink),
            Self::MoodleFlat => moodle::write_flat(member, hand_in, sink),
            Self::Gradescope => gradescope::write(member, hand_in, sink),
            Self::Blackboard => blackboard::write(member, hand_in, sink),
            Self::Autolab => autolab::write(member, hand_in, sink),
            Self::Classroom => classroom::write(member, hand_in, sink),
            Self::Brightspace => brightspace::write(member, hand_in, sink),
            Self::Plain => plain::write(member, hand_in, sink),
        }
    }

    /// What it tells of a student in a file for all.
    pub(crate) fn tell(self, member: &Member, told: &mut String) {
        match self {
            Self::Gradescope => gradescope::tell(member, told),
            Self::Classroom => classroom::tell(member, told),
            _ => {}
        }
    }

    /// Writes the file for all.
    pub(crate) fn write_told(self, told: &str, sink: &mut Sink) -> io::Result<()> {
        match self {
            Self::Gradescope => sink.file(gradescope::METADATA, told.as_bytes()),
            Self::Classroom => classroom::write_scores(told, sink),
            Self::Brightspace => sink.file("index.html", b"<html></html>\n"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for System {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| {
            format!(
                "no such layout: one of {}",
                Self::ALL.map(Self::name).join(", ")
            )
        })
    }
}

/// The files of a hand-in, however it was handed in; a text is a file called `notes.txt`
/// where there is no field for it.
fn files(hand_in: &HandIn) -> Vec<(String, &[u8])> {
    match &hand_in.form {
        Form::Files(files) => files
            .iter()
            .map(|(name, content)| (name.clone(), content.as_slice()))
            .collect(),
        Form::Archive(content) => vec![("page-faults.zip".to_owned(), content.as_slice())],
        Form::Text => vec![("notes.txt".to_owned(), b"see my repository".as_slice())],
    }
}
