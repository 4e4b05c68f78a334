//! `cargo run -p diagnosis --example samples GRADES`: which known mistakes the submissions of
//! a `grades.json` of `grade --feedback full` show, and how long it takes to find out.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use audit::exam;
use course::catalogue::Catalogue;
use diagnosis::diagnose::{Likeness, diagnose, holes_in_question};
use diagnosis::suspects::Suspects;
use grader::result::ClassResult;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("GRADES")?;
    let class: ClassResult = serde_json::from_slice(&std::fs::read(file)?)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let catalogue = Catalogue::read(&root)?;
    let papers = exam::read(&catalogue)?;
    let started = Instant::now();
    let holes = holes_in_question(&class);
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let suspects = Suspects::try_all(&holes, &papers, jobs, |_| ControlFlow::Continue(()))?;
    eprintln!("{} holes tried in {:?}", holes.len(), started.elapsed());
    let started = Instant::now();
    for found in diagnose(&catalogue, &class, &suspects) {
        let how = match found.likeness {
            Likeness::Same => "is".to_owned(),
            Likeness::Alike(share) => format!("is like ({:.0} %)", share * 100.0),
        };
        let mistakes = found.mistakes.iter();
        let mistakes: Vec<_> = mistakes
            .map(|it| format!("{} {}", it.id, it.name))
            .collect();
        println!(
            "{:<36} {:<14} {how} {}",
            found.id,
            found.hole,
            mistakes.join(", or ")
        );
    }
    eprintln!("diagnosed in {:?}", started.elapsed());
    Ok(())
}
