//! Predictions of what becomes of each access of a trace.

use crate::exercise::Asked;
use crate::grade::Weighed;
use crate::intake::Sources;

pub(super) fn grade(asked: &Asked<'_>, _: &Sources) -> Vec<Weighed> {
    asked.nothing_handed_in("predict.toml")
}
