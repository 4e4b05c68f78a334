//! What a student gets, and how it comes about.

use jiff::Timestamp;
use roster::cost::Cents;
use roster::student::StudentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a student gets: the points of one attempt, less what being late costs, and what
/// people have added. Computed anew from the gradebook whenever it is asked for; it follows
/// from what is written there and from what may be shown, so that nobody reads sealed points
/// out of it, and never from the time of asking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// Whose.
    #[schemars(with = "String")]
    pub student: StudentId,
    /// The attempt that counts; none if nothing was handed in.
    pub attempt: Option<u32>,
    /// How many attempts there are.
    pub attempts: u32,
    /// When the attempt was handed in, where that is known.
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// The points of the attempt.
    pub raw: f64,
    /// The most that it could get.
    pub max: f64,
    /// How late it is.
    pub late: Lateness,
    /// What that costs, in points: never more than `raw`.
    pub penalty: f64,
    /// What people have added or taken.
    pub adjustments: Vec<Adjustment>,
    /// What the student gets: `raw`, less `penalty`, and all adjustments. None if it could
    /// not be graded for a fault of ours, which is no zero.
    pub points: Option<f64>,
}

/// How late an attempt is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lateness {
    /// Seconds behind the due date that holds for this student; 0 if in time.
    pub seconds: u64,
    /// Whole days, begun ones included, after grace and slip days.
    pub days: u32,
    /// Slip days that it uses.
    pub slip_days: u32,
    /// How all of this was found, in a sentence for the student.
    pub because: String,
}

/// Points and a remark of a human's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Adjustment {
    /// The lab that it is about; none for the whole.
    pub lab: Option<u8>,
    /// Points more, or less.
    pub points: f64,
    /// Why: students read it.
    pub remark: String,
    /// Who.
    pub author: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

impl Standing {
    /// Whether a student gets something else than the points of the attempt.
    pub fn differs(&self) -> bool {
        self.points != Some(self.raw) || self.penalty != 0.0 || !self.adjustments.is_empty()
    }

    /// How the points come about, a line for each step, with every number: for whom the
    /// reader is, and not without the sink of where it is read, for there are texts of
    /// people in it.
    pub fn told(&self) -> Vec<String> {
        let mut lines = vec![self.attempt_told()];
        if !self.late.because.is_empty() {
            let penalty = Cents::of(self.penalty);
            let costs = match penalty {
                Cents(0) => "late".to_owned(),
                penalty => format!("-{penalty} late"),
            };
            lines.push(format!("{costs}: {}", self.late.because));
        }
        lines.extend(self.adjustments.iter().map(Adjustment::told));
        lines.push(self.points_told());
        lines
    }

    fn attempt_told(&self) -> String {
        let Self {
            raw,
            max,
            attempt,
            attempts,
            ..
        } = self;
        let (raw, max) = (Cents::of(*raw), Cents::of(*max));
        match attempt {
            None => format!("{raw} of {max}: no attempt"),
            Some(attempt) => format!("{raw} of {max}: attempt {attempt} of {attempts}"),
        }
    }

    fn points_told(&self) -> String {
        let Some(points) = self.points.map(Cents::of) else {
            return "no points yet: it was not graded, for a fault of ours, and that is no zero"
                .to_owned();
        };
        let taken = self.adjustments.iter().map(|one| Cents::of(one.points));
        let sum = Cents::of(self.raw) - Cents::of(self.penalty) + taken.sum();
        let max = Cents::of(self.max);
        match points {
            points if sum < points => format!("{points} points: never less"),
            points if points > max => {
                format!("{points} points, {} above the maximum", points - max)
            }
            points => format!("{points} points"),
        }
    }
}

impl Adjustment {
    /// What was said, by whom and when; with texts of people.
    pub fn told(&self) -> String {
        let Self {
            lab,
            points,
            remark,
            author,
            at,
        } = self;
        let points = Cents::of(*points);
        let sign = if points < Cents(0) { "" } else { "+" };
        let lab = lab.map_or(String::new(), |lab| format!(" in lab {lab}"));
        format!(
            "{sign}{points}{lab}: {remark} ({author}, {})",
            at.strftime("%Y-%m-%d %H:%M UTC")
        )
    }
}
