//! What a student gets: a pure function of what may be shown of the attempt that counts,
//! of when all attempts were handed in, of the late policy, and of what people said.
//!
//! What being late costs is taken first, and never more than there is; what people say
//! comes after it. In the end there are never less than no points, and there may be more
//! than the maximum.

use grader::result::SubmissionResult;
use grader::standing::{Lateness, Standing};
use roster::cost::Cents;
use roster::late::{Late, Worth};
use roster::student::StudentId;
use verdict::end::End;

use crate::overlay::{self, Before, Said};
use crate::rules::{Rules, Tried};

/// What a student has handed in, and what people said of it.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Who.
    pub student: &'a StudentId,
    /// All attempts.
    pub tried: &'a [Tried],
    /// The one that counts; none if nothing was handed in.
    pub counts: Option<u32>,
    /// What people said, in the order of time.
    pub said: &'a [Said],
}

/// What a student gets for an attempt of which this may be shown.
pub fn standing(record: Record<'_>, shown: Option<&SubmissionResult>, rules: &Rules) -> Standing {
    let Record {
        student,
        tried,
        counts,
        said,
    } = record;
    let counting = tried.iter().find(|one| Some(one.number) == counts);
    let worth = worth(shown);
    let late = match (counting, &rules.late) {
        (Some(tried), Some(late)) => late.judge(
            tried.handed_in(),
            rules.allowance(student),
            worth.unwrap_or(NOTHING),
        ),
        (None, _) => not_late("nothing was handed in"),
        (_, None) => not_late("nothing has a due date"),
    };
    let before = Before {
        points: worth.map(|worth| worth.raw - late.penalty),
        labs: labs(shown),
    };
    let (points, adjustments) = overlay::apply(&before, said);
    let Worth { raw, max } = worth.unwrap_or(NOTHING);
    Standing {
        student: student.clone(),
        attempt: counting.map(|one| one.number),
        attempts: u32::try_from(tried.len()).unwrap_or(u32::MAX),
        at: counting.and_then(|one| one.at),
        raw: raw.points(),
        max: max.points(),
        penalty: late.penalty.points(),
        late: Lateness {
            seconds: late.seconds,
            days: late.days,
            slip_days: late.slip_days,
            because: late.because,
        },
        adjustments,
        points: points.map(|points| points.max(Cents(0)).points()),
    }
}

/// What an attempt is worth, of which this may be shown; none if it could not be graded,
/// and nothing if there is none.
pub fn worth(shown: Option<&SubmissionResult>) -> Option<Worth> {
    let Some(shown) = shown else {
        return Some(NOTHING);
    };
    let was_graded = shown.end != End::NotGraded || shown.max > 0.0;
    was_graded.then(|| Worth {
        raw: Cents::of(shown.score),
        max: Cents::of(shown.max),
    })
}

const NOTHING: Worth = Worth {
    raw: Cents(0),
    max: Cents(0),
};

fn labs(shown: Option<&SubmissionResult>) -> std::collections::BTreeMap<u8, Cents> {
    let labs = shown.into_iter().flat_map(|shown| &shown.labs);
    labs.map(|lab| (lab.number, Cents::of(lab.score))).collect()
}

fn not_late(because: &str) -> Late {
    Late {
        seconds: 0,
        days: 0,
        slip_days: 0,
        penalty: Cents(0),
        closed: false,
        because: because.to_owned(),
    }
}
