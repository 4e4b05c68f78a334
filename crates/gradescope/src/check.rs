//! Whether this container can grade, asked while it is built.
//!
//! A container that is built may be offered less than one that runs, or more. So what the
//! sandbox lacks is told here, and `gradescope grade` decides; what fails here is what will
//! fail there, too.

use std::error::Error;

use course::catalogue::Catalogue;
use doctor::examination::Examination;
use grader::grade::Grader;
use grader::intake::Submission;
use grader::kit::Kit;
use grader::launch::Confinement;
use verdict::end::End;

use crate::place::Place;

/// Examines the machine, builds the kit, and grades an empty submission.
pub fn run(place: &Place) -> Result<(), Box<dyn Error>> {
    let root = place.workspace();
    println!("{}", Examination::of_this_machine(&root));
    let kit = Kit::build(&root)?;
    let labs = Catalogue::read(&root)?;
    let count = labs.labs.len();
    let grader = Grader::new(kit, labs).confined_to(Confinement::BEST_EFFORT);
    let nothing = tempfile::tempdir()?;
    let submission = Submission {
        id: "nothing".to_owned(),
        path: nothing.path().to_owned(),
    };
    let result = grader.grade(&submission);
    match result.end {
        End::NotGraded => Err(format!("nothing can be graded here: {}", result.message).into()),
        end => {
            println!("an empty submission was graded in {count} labs: {end}");
            Ok(())
        }
    }
}
