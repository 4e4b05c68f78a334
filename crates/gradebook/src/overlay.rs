//! What people say of a grade: points more or less, or so many points, each with a remark,
//! an author and a time. Nothing of it is ever changed; who was wrong says so, and what was
//! said last holds.

use std::collections::BTreeMap;

use grader::standing::Adjustment;
use jiff::Timestamp;
use roster::cost::Cents;
use roster::student::StudentId;

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of whom.
    pub student: StudentId,
    /// Of which lab; none for the whole.
    pub lab: Option<u8>,
    /// What.
    pub saying: Saying,
    /// Why: students read it.
    pub remark: String,
    /// By whom.
    pub author: String,
    /// When. Of a student, no two things are said at the same time.
    pub at: Timestamp,
}

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// So many points more, or less.
    Add(Cents),
    /// So many points, whatever they were.
    Set(Cents),
    /// What was said at this time does not hold.
    Undo(Timestamp),
}

/// Points before anybody said anything.
#[derive(Clone, Debug)]
pub struct Before {
    /// Of the whole; none if it was not graded.
    pub points: Option<Cents>,
    /// Of each lab.
    pub labs: BTreeMap<u8, Cents>,
}

/// Points after all that was said, in the order of time, and what each came to: together
/// exactly the difference.
pub fn apply(before: &Before, said: &[Said]) -> (Option<Cents>, Vec<Adjustment>) {
    let mut points = before.points;
    let mut shown = points.unwrap_or_default();
    let mut adjustments = Vec::with_capacity(said.len());
    for (index, one) in said.iter().enumerate() {
        let after = Sum::of(before, &in_force(&said[..=index]));
        adjustments.push(Adjustment {
            lab: one.lab,
            points: (after.shown - shown).points(),
            remark: one.remark.clone(),
            author: one.author.clone(),
            at: one.at,
        });
        (points, shown) = (after.points(), after.shown);
    }
    (points, adjustments)
}

/// Of what was said, what holds: what was taken back does not, unless that was.
pub fn in_force(said: &[Said]) -> Vec<&Said> {
    let mut undone: Vec<Timestamp> = Vec::new();
    let mut force = Vec::new();
    for one in said.iter().rev() {
        match one.saying {
            _ if undone.contains(&one.at) => {}
            Saying::Undo(at) => undone.push(at),
            Saying::Add(_) | Saying::Set(_) => force.push(one),
        }
    }
    force.reverse();
    force
}

/// Points while people speak.
struct Sum {
    shown: Cents,
    is_graded: bool,
    labs: BTreeMap<u8, Cents>,
}

impl Sum {
    fn of(before: &Before, force: &[&Said]) -> Self {
        let mut sum = Self {
            shown: before.points.unwrap_or_default(),
            is_graded: before.points.is_some(),
            labs: before.labs.clone(),
        };
        force.iter().for_each(|one| sum.hear(one));
        sum
    }

    fn hear(&mut self, said: &Said) {
        let more = match (said.saying, said.lab) {
            (Saying::Add(points), _) => points,
            (Saying::Set(points), None) => points - self.shown,
            (Saying::Set(points), Some(lab)) => {
                points - self.labs.get(&lab).copied().unwrap_or_default()
            }
            (Saying::Undo(_), _) => Cents(0),
        };
        self.shown = self.shown + more;
        self.is_graded |= matches!((said.saying, said.lab), (Saying::Set(_), None));
        if let Some(lab) = said.lab {
            let points = self.labs.entry(lab).or_default();
            *points = *points + more;
        }
    }

    /// What was not graded has no points, unless somebody says how many.
    fn points(&self) -> Option<Cents> {
        self.is_graded.then_some(self.shown)
    }
}
