//! `class.toml`, which says all of this for a course.
//!
//! ```toml
//! course = "Operating Systems, autumn 2026"
//! roster = "roster.csv"           # beside this file
//! timezone = "Europe/Berlin"      # of all times that have no offset
//! attempt = "latest"              # or "first", or "best"
//!
//! [late]
//! due = 2026-11-20T23:59:00
//! grace = "15m"
//! slip_days = 3
//! per_day = "10%"                 # of the maximum; or "10% of points", or "2.5 points"
//! closes = "7d"                   # no points after these; without it, always some
//! marked_late = "one-day"         # where the course system gives a mark and no time
//!
//! [late.lab.2]                    # graded by itself, with `--lab 2`
//! due = 2026-12-04T23:59:00
//!
//! [[extension]]
//! student = "u123"
//! until = 2026-11-24T12:00:00
//! because = "medical certificate" # for instructors only
//! ```

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};
use serde::Deserialize;
use toml::Spanned;
use toml::value::{Datetime, Offset as Written};

use crate::cost::HELP_PER_DAY;
use crate::form::{ClassForm, ExtensionForm, LateForm};
use crate::late::{Allowance, LatePolicy};
use crate::list::Roster;
use crate::moment::{self, NoMoment};
use crate::read;
use crate::student::StudentId;
use crate::trouble::Trouble;

/// Said of what serde or toml refuses.
const HELP: &str = "`cargo xtask grade --help` names the fields; times stand without quotes, \
     spans and costs with them";

/// What a course decides, apart from points.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// What the course is called.
    pub course: String,
    /// Who is in it; none if the names of submissions are all there is.
    pub roster: Option<Roster>,
    /// Which attempt counts.
    pub attempt: AttemptRule,
    /// Whose clocks are meant by a time without an offset.
    pub zone: Option<TimeZone>,
    late: Option<LateRules>,
    extensions: Vec<Extension>,
}

/// Which of a student's attempts counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptRule {
    /// The last one for which there are points.
    #[default]
    Latest,
    /// The first one.
    First,
    /// The one that gives most, after what being late costs.
    Best,
}

/// More time for a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Whose.
    pub student: StudentId,
    /// Until when.
    pub until: Timestamp,
    /// Why: no student reads it.
    pub because: String,
    /// For which lab; none for all.
    pub lab: Option<u8>,
}

/// The rules, and when each lab is due.
#[derive(Clone, Debug)]
struct LateRules {
    /// Without a due date that means anything.
    policy: LatePolicy,
    due: Option<Timestamp>,
    labs: BTreeMap<u8, Timestamp>,
}

impl LateRules {
    /// When a lab is due, or the first of all.
    fn first_due(&self, lab: Option<u8>) -> Option<Timestamp> {
        match lab {
            Some(lab) => self.labs.get(&lab).copied().or(self.due),
            None => self.labs.values().copied().chain(self.due).min(),
        }
    }
}

/// No late policy holds for labs that are graded together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPolicy {
    /// They are due at different times.
    #[error("labs {0:?} are due at different times\nhelp: grade the hand-ins of one lab at a time, with `--lab {first}` and an `--out` of its own", first = .0.first().copied().unwrap_or_default())]
    DifferentDates(Vec<u8>),
    /// A lab has no due date, and others have.
    #[error(
        "class.toml has no due date for lab {0}\nhelp: add `due` to `[late]`, or a section `[late.lab.{0}]`"
    )]
    NoDate(u8),
}

impl Class {
    /// Reads a class and its roster.
    ///
    /// # Errors
    ///
    /// With the line and a remedy, if either cannot be understood.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = Trouble::text_of(path)?;
        Reader { path, text: &text }.class()
    }

    /// What being late costs in a hand-in with these labs; none if nothing ever does.
    ///
    /// # Errors
    ///
    /// If they are not due at the same time.
    pub fn late(&self, labs: &[u8]) -> Result<Option<LatePolicy>, NoPolicy> {
        let Some(rules) = &self.late else {
            return Ok(None);
        };
        let due = |lab: &u8| {
            let due = rules.first_due(Some(*lab));
            due.ok_or(NoPolicy::NoDate(*lab))
        };
        let dates: Vec<Timestamp> = labs.iter().map(due).collect::<Result<_, _>>()?;
        if dates.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(NoPolicy::DifferentDates(labs.to_vec()));
        }
        let due = dates.first().copied().or(rules.due);
        Ok(due.map(|due| LatePolicy {
            due,
            ..rules.policy.clone()
        }))
    }

    /// What a student has that others have not, for a hand-in with these labs.
    pub fn allowance(&self, student: &StudentId, labs: &[u8]) -> Allowance {
        let row = self
            .roster
            .as_ref()
            .and_then(|roster| roster.by_id(&student.0));
        let extensions = self.extensions_of(student, labs).map(|one| one.until);
        Allowance {
            due: extensions.chain(row.and_then(|row| row.due)).max(),
            slip_used: row.map_or(0, |row| row.slip_used),
        }
    }

    /// The extensions of a student for a hand-in with these labs.
    pub fn extensions_of(
        &self,
        student: &StudentId,
        labs: &[u8],
    ) -> impl Iterator<Item = &Extension> {
        let for_labs = |lab: u8| labs.contains(&lab);
        self.extensions
            .iter()
            .filter(move |one| one.student == *student && one.lab.is_none_or(for_labs))
    }
}

/// What reads a file, and knows where in it things are.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn class(&self) -> Result<Class, Trouble> {
        let form: ClassForm = toml::from_str(self.text)
            .map_err(|error| self.wrong(error.span().unwrap_or_default(), error.message(), HELP))?;
        let zone = form.timezone.as_ref().map(|name| {
            moment::zone(name.get_ref()).map_err(|error| self.no_moment(name.span(), &error))
        });
        let zone = zone.transpose()?;
        let roster = form
            .roster
            .map(|file| read::read(&self.beside(file), zone.as_ref()));
        let roster = roster.transpose()?;
        let late = form
            .late
            .map(|late| self.late(late, zone.as_ref()))
            .transpose()?;
        let extensions = form.extension.into_iter();
        let extensions = extensions
            .map(|one| self.extension(one, zone.as_ref(), roster.as_ref(), late.as_ref()));
        Ok(Class {
            course: form.course,
            attempt: form.attempt,
            extensions: extensions.collect::<Result<_, _>>()?,
            roster,
            zone,
            late,
        })
    }

    fn beside(&self, file: PathBuf) -> PathBuf {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        folder.join(file)
    }

    fn late(&self, form: Spanned<LateForm>, zone: Option<&TimeZone>) -> Result<LateRules, Trouble> {
        let span = form.span();
        let form = form.into_inner();
        let due = form
            .due
            .as_ref()
            .map(|due| self.moment(due, zone))
            .transpose()?;
        let mut labs = BTreeMap::new();
        for (number, lab) in &form.lab {
            let wrong = || {
                let what = format!("`{}` is no lab's number", number.get_ref());
                self.wrong(number.span(), &what, "as in `[late.lab.2]`")
            };
            let number = number.get_ref().parse().map_err(|_| wrong())?;
            labs.insert(number, self.moment(&lab.due, zone)?);
        }
        if due.is_none() && labs.is_empty() {
            let help = "add `due = 2026-11-20T23:59:00+01:00` to `[late]`";
            return Err(self.wrong(span, "nothing is ever due", help));
        }
        let per_day = form.per_day.get_ref().parse();
        let per_day = per_day.map_err(|error: crate::cost::NoCost| {
            self.wrong(form.per_day.span(), &error.to_string(), HELP_PER_DAY)
        })?;
        let written = form
            .due
            .as_ref()
            .or(form.lab.values().map(|lab| &lab.due).next());
        let own = zone
            .cloned()
            .or(written.and_then(|it| offset_of(it.get_ref())));
        let policy = LatePolicy {
            due: Timestamp::default(),
            zone: own.unwrap_or(TimeZone::UTC),
            grace: self.span(form.grace.as_ref())?.unwrap_or_default(),
            slip_days: form.slip_days,
            per_day,
            closes: self.span(form.closes.as_ref())?,
            marked_late: form.marked_late,
        };
        Ok(LateRules { policy, due, labs })
    }

    fn extension(
        &self,
        form: ExtensionForm,
        zone: Option<&TimeZone>,
        roster: Option<&Roster>,
        late: Option<&LateRules>,
    ) -> Result<Extension, Trouble> {
        let student = form.student.get_ref();
        if let Some(roster) = roster.filter(|roster| roster.by_id(student).is_none()) {
            let what = format!("no student has the id `{student}`");
            return Err(self.wrong(form.student.span(), &what, &roster.help_for(student)));
        }
        let until = self.moment(&form.until, zone)?;
        let due = late.and_then(|late| late.first_due(form.lab));
        if due.is_some_and(|due| until <= due) {
            let what = format!("the extension of `{student}` ends before everybody's due date");
            let help = "no extension makes anything due earlier; is the date right?";
            return Err(self.wrong(form.until.span(), &what, help));
        }
        Ok(Extension {
            student: StudentId(student.clone()),
            until,
            because: form.because,
            lab: form.lab,
        })
    }

    fn moment(
        &self,
        written: &Spanned<Datetime>,
        zone: Option<&TimeZone>,
    ) -> Result<Timestamp, Trouble> {
        let text = written.get_ref().to_string();
        moment::read(&text, zone).map_err(|error| self.no_moment(written.span(), &error))
    }

    fn span(&self, written: Option<&Spanned<String>>) -> Result<Option<Span>, Trouble> {
        let span = written.map(|written| {
            let span = moment::span(written.get_ref());
            span.map_err(|error| self.no_moment(written.span(), &error))
        });
        span.transpose()
    }

    fn no_moment(&self, at: Range<usize>, error: &NoMoment) -> Trouble {
        self.wrong(at, &error.what, &error.help)
    }

    fn wrong(&self, at: Range<usize>, what: &str, help: &str) -> Trouble {
        let before = self.text.bytes().take(at.start);
        let line = 1 + before.filter(|byte| *byte == b'\n').count() as u64;
        Trouble::wrong(self.path, line, what, help)
    }
}

/// The zone of a time that has an offset.
fn offset_of(written: &Datetime) -> Option<TimeZone> {
    match written.offset? {
        Written::Z => Some(TimeZone::UTC),
        Written::Custom { minutes } => {
            let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
            Some(TimeZone::fixed(offset))
        }
    }
}
