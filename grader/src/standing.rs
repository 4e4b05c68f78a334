//! What a student gets, and how it comes about.

use jiff::Timestamp;
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
