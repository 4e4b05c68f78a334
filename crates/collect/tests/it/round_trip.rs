//! A class made up, in each layout: what comes out is what went in.

use std::collections::BTreeMap;
use std::path::Path;

use cohort::make::{Files, make};
use cohort::plan::Plan;
use cohort::samples;
use cohort::system::System;
use collect::collected::{Ask, Collected, collect};
use collect::export::store::Store;
use grader::intake::Submission;
use roster::class::Class;
use tempfile::TempDir;

/// Students, all awkward names among them.
const COUNT: usize = 64;

struct Made {
    folder: TempDir,
    plan: Plan,
    files: Files,
}

fn made(system: System, export: &str) -> Made {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grader/samples");
    let plan = Plan {
        count: COUNT,
        seed: 7,
        system,
        attempts: true,
        samples: samples::read(&samples).expect("samples"),
    };
    let folder = TempDir::new().expect("a folder");
    let files = Files::beside(&folder.path().join(export));
    make(&plan, &files).expect("a class");
    Made {
        folder,
        plan,
        files,
    }
}

impl Made {
    fn collect(&self) -> Collected {
        let ask = Ask {
            class: Class::read(&self.files.class()).expect("a class"),
            ..Ask::default()
        };
        let store = Store::new().expect("a store");
        collect(std::slice::from_ref(&self.files.export), &ask, store).expect("an export")
    }

    /// Holds what was collected against what was made up.
    fn agrees_with(&self, collected: &Collected) {
        let system = self.plan.system;
        let mut got = BTreeMap::new();
        for (attempt, finding) in collected.attempts.iter().zip(&collected.findings) {
            assert_eq!(finding.unmatched, None, "{}", attempt.label);
            let key = (attempt.student.0.clone(), u64::from(attempt.number));
            got.insert(key, (attempt, finding));
        }
        let mut absent = 0;
        for member in self.plan.members() {
            let id = member.person.id(system);
            absent += usize::from(member.hand_ins.is_empty() && member.with.is_none());
            for hand_in in &member.hand_ins {
                let found = got.remove(&(id.clone(), hand_in.number));
                let (attempt, finding) = found.unwrap_or_else(|| panic!("{id} is missing"));
                let at = system.has_times().then_some(hand_in.at);
                assert_eq!(attempt.at, at, "{id}");
                let marked = system.has_marks() && hand_in.late;
                assert_eq!(attempt.marked_late, marked, "{id}");
                let can_tell = system.has_times() || system.has_marks();
                assert_eq!(finding.late, can_tell && hand_in.late, "{id}");
                let partner = member.partner.iter().map(|person| person.id(system));
                let partners = attempt.partners.iter().map(|partner| partner.0.clone());
                assert!(partner.eq(partners), "{id}");
                self.has_the_sample(&hand_in.sample, &attempt.path);
            }
        }
        assert!(got.is_empty(), "{got:?}");
        assert_eq!(collected.absent.len(), absent);
        assert_eq!(collected.left_out, []);
    }

    /// The grader takes as many files of an attempt as the sample has.
    fn has_the_sample(&self, sample: &str, path: &Path) {
        let read = Submission::at(path).read();
        let of_sample = self.plan.samples.iter().find(|it| it.name == sample);
        let of_sample = of_sample.expect("a sample");
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grader/samples");
        let expected = Submission::at(&whole.join(&of_sample.name)).read();
        let names = |read: &grader::intake::Sources| {
            let code = read.files.iter().map(|(name, _)| (*name).to_owned());
            let attached = read.attachments.iter().map(|(name, _)| name.clone());
            (
                code.collect::<Vec<_>>(),
                attached.collect::<Vec<_>>(),
                read.policy.is_some(),
            )
        };
        match (read, expected) {
            (Ok(read), Ok(expected)) => assert_eq!(names(&read), names(&expected), "{sample}"),
            (Err(_), Err(_)) => {}
            (read, _) => panic!("{sample}: {read:?}"),
        }
    }
}

fn survives(system: System) {
    let packed = made(system, "class.zip");
    packed.agrees_with(&packed.collect());
    let unpacked = made(system, "class");
    unpacked.agrees_with(&unpacked.collect());
    assert!(packed.folder.path().exists() && unpacked.folder.path().exists());
}

#[test]
fn canvas_survives() {
    survives(System::Canvas);
}

#[test]
fn moodle_survives() {
    survives(System::Moodle);
}

#[test]
fn moodle_without_folders_survives() {
    survives(System::MoodleFlat);
}

#[test]
fn gradescope_survives() {
    survives(System::Gradescope);
}

#[test]
fn blackboard_survives() {
    survives(System::Blackboard);
}

#[test]
fn autolab_survives() {
    survives(System::Autolab);
}

#[test]
fn classroom_survives() {
    survives(System::Classroom);
}

#[test]
fn brightspace_survives() {
    survives(System::Brightspace);
}

#[test]
fn plain_folders_survive() {
    survives(System::Plain);
}
