//! The samples are written by hand, each after a mistake: they are graded as submissions are,
//! and what is found is what their names say.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use audit::exam;
use course::catalogue::Catalogue;
use diagnosis::diagnose::{Likeness, diagnose, holes_in_question};
use diagnosis::suspects::Suspects;
use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;

/// What each sample shows: `=` for exactly that, `~` for something like it.
const SHOWN: &str = "\
failed-forgets-to-zero demand_zero = L03
failed-maperr-for-accerr classify ~ K+8
failed-munmap-loses-writes unmap_page = F14 A+2 A+5
failed-presence-before-permission classify ~ K07
failed-unmaps-without-flush unmap_page = T08
";

/// Samples that do something else: everything right, nothing, or no mistake of the catalogue.
const OTHERS: [&str; 4] = [
    "perfect-ada",
    "skeleton-untouched",
    "failed-exits-early",
    "time-limit-infinite-loop",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_samples_are_known_by_what_they_do() {
    let mut names: Vec<&str> = SHOWN
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.extend(OTHERS);
    let paths: Vec<PathBuf> = names
        .iter()
        .map(|name| root().join("grader/samples").join(name))
        .collect();
    let submissions = intake::find_all(&paths).unwrap_or_else(|error| panic!("{error}"));
    let mut catalogue = Catalogue::read(&root()).unwrap_or_else(|error| panic!("{error}"));
    catalogue.labs.retain(|lab| lab.number <= 2);
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let class = grader::class::grade(
        &Grader::new(kit, catalogue.clone()),
        &submissions,
        2,
        |_| {},
    );
    let papers = exam::read(&catalogue).unwrap_or_else(|error| panic!("{error}"));
    let suspects = Suspects::try_all(&holes_in_question(&class), &papers, 2, |_| {
        ControlFlow::Continue(())
    });
    let suspects = suspects.unwrap_or_else(|error| panic!("{error}"));
    let mut found: Vec<String> = diagnose(&catalogue, &class, &suspects)
        .into_iter()
        .map(|found| {
            let how = match found.likeness {
                Likeness::Same => '=',
                Likeness::Alike(_) => '~',
            };
            let ids: Vec<&str> = found.mistakes.iter().map(|it| it.id).collect();
            format!("{} {} {how} {}\n", found.id, found.hole, ids.join(" "))
        })
        .collect();
    found.sort();
    assert_eq!(found.concat(), SHOWN);
}
