//! Whose symptoms are whose.

use std::collections::BTreeSet;

use course::catalogue::Catalogue;
use grader::result::{ClassResult, SubmissionResult};
use mutants::Mutant;
use vmsim::handlers::Hole;

use crate::suspects::Suspects;
use crate::symptom::{self, Symptoms};

/// From which part of equal runs on a mistake is called alike. Mistakes of the catalogue that
/// agree in more are cousins (no frame is zeroed, the first frame is not zeroed); those that
/// have nothing to do with each other agree in less.
pub const ALIKE_MIN: f64 = 0.6;

/// Runs that must go wrong before anything is called alike: one equal run of one is chance.
pub const RUNS_MIN: usize = 3;

/// What a submission shows in a hole.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// Whose submission.
    pub id: String,
    /// The lab.
    pub lab: u8,
    /// The hole.
    pub hole: &'static str,
    /// The mistakes that it may be: no trace tells them apart.
    pub mistakes: Vec<Mistake>,
    /// How sure that is.
    pub likeness: Likeness,
}

/// A mistake of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Its number.
    pub id: &'static str,
    /// What is wrong, in a few words with hyphens.
    pub name: &'static str,
    /// What is wrong, in a sentence without a full stop.
    pub mistake: &'static str,
}

/// How much a submission is like a known mistake.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// All runs of the hole come to the same.
    Same,
    /// This part of the runs that go wrong in either does.
    Alike(f64),
}

/// The holes that somebody got wrong, which are those to try mutants in.
pub fn holes_in_question(class: &ClassResult) -> BTreeSet<Hole> {
    class.submissions.iter().flat_map(wrong_holes).collect()
}

/// The holes that a submission got wrong.
pub fn wrong_holes(submission: &SubmissionResult) -> impl Iterator<Item = Hole> {
    let is_wrong = |hole: &Hole| symptom::of_submission(submission, *hole).is_some();
    Hole::ALL.iter().copied().filter(is_wrong)
}

/// What the submissions of a class show, by submission and hole. Says nothing of what is
/// like no known mistake.
///
/// `class` is what the grader knows, and not what may be shown.
pub fn diagnose(catalogue: &Catalogue, class: &ClassResult, suspects: &Suspects) -> Vec<Diagnosis> {
    let submissions = class.submissions.iter();
    let shown = submissions.flat_map(|one| diagnose_one(catalogue, one, suspects));
    shown.collect()
}

/// What one submission shows, by hole.
pub fn diagnose_one(
    catalogue: &Catalogue,
    submission: &SubmissionResult,
    suspects: &Suspects,
) -> Vec<Diagnosis> {
    let lab_of = |hole: Hole| {
        let mut labs = catalogue.labs.iter();
        labs.find(|lab| lab.holes.iter().any(|own| own.hole == hole))
    };
    let holes = Hole::ALL.iter();
    let of_labs = holes.filter_map(|&hole| Some((hole, lab_of(hole)?)));
    let shown = of_labs.filter_map(|(hole, lab)| in_hole(submission, lab.number, hole, suspects));
    shown.collect()
}

fn in_hole(
    submission: &SubmissionResult,
    lab: u8,
    hole: Hole,
    suspects: &Suspects,
) -> Option<Diagnosis> {
    let symptoms = symptom::of_submission(submission, hole)?;
    let compared = suspects.of(hole).iter();
    let compared = compared.map(|(mutant, own)| (mutant, share(&symptoms, own)));
    let compared: Vec<(&Mutant, f64)> = compared.collect();
    let most = compared.iter().map(|&(_, share)| share).fold(0.0, f64::max);
    let is_same = most >= 1.0;
    let is_alike = most >= ALIKE_MIN && symptoms.len() >= RUNS_MIN;
    (is_same || is_alike).then(|| Diagnosis {
        id: submission.id.clone(),
        lab,
        hole: hole.name(),
        mistakes: compared
            .iter()
            .filter(|&&(_, share)| share >= most)
            .map(|(mutant, _)| Mistake {
                id: mutant.id,
                name: mutant.name,
                mistake: mutant.mistake,
            })
            .collect(),
        likeness: match is_same {
            true => Likeness::Same,
            false => Likeness::Alike(most),
        },
    })
}

/// Which part of the runs that go wrong in one or the other goes wrong in the same way.
fn share(one: &Symptoms, other: &Symptoms) -> f64 {
    let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let same = |name: &&&_| one.get(**name) == other.get(**name);
    let equal = names.iter().filter(same).count();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a hole has some dozens of traces"
    )]
    let share = equal as f64 / names.len().max(1) as f64;
    share
}
