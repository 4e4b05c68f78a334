//! What the worst of the class take when they are graded all at once: a bounded amount
//! of memory and of disk, and nothing of it is left behind.

use crate::class;
use crate::corpus;
use crate::course::Course;
use crate::grading::{Who, Without, grade_at_once};
use crate::remains;

/// Bombs for each stage. None may have a name that nobody knows.
const WORST: [&str; 20] = [
    "asks-for-the-largest-machine",
    "compile-chains-operators",
    "compile-complains-without-end",
    "compile-computes-without-end",
    "compile-expands-without-end",
    "compile-fills-memory-with-a-constant",
    "compile-makes-a-giant",
    "compile-nests-a-type",
    "compile-nests-brackets",
    "compile-says-much",
    "floods-predictions",
    "intake-gz-bomb",
    "intake-huge-file",
    "intake-zip-bomb",
    "run-fills-memory",
    "run-forks-a-bomb",
    "run-panics-at-length",
    "run-prints-without-end",
    "run-spins",
    "run-starts-threads",
];

/// Memory of the grader itself, in KiB: it keeps what a submission may hand in and say,
/// and there are twenty of them.
const GRADER_KIB_MAX: u64 = 512 << 10;

/// Temporary files, in bytes: for each submission, the compiler may write one of 64 MiB
/// for the library and one for the program, and has others, which are small.
const TEMPORARY_BYTES_MAX: u64 = WORST.len() as u64 * 3 * (64 << 20);

/// The results at all levels, in bytes.
const RESULTS_BYTES_MAX: u64 = 16 << 20;

#[test]
fn twenty_of_the_worst_at_once_take_a_bounded_amount_and_leave_nothing() {
    let course = Course::new().expect("a scratch course");
    let mut attacks = corpus::attacks();
    attacks.retain(|attack| WORST.contains(&attack.id.as_str()));
    assert_eq!(attacks.len(), WORST.len(), "a name is not in the corpus");
    class::hostile(&attacks, &course, &course.at("class"));
    let before = remains::state(&[course.at("tmp")]);
    let jobs = WORST.len();
    let graded = grade_at_once(
        &course,
        "class",
        "out",
        Who::Ourselves,
        &Without::default(),
        jobs,
    );
    eprintln!("{:?}", graded.peak);
    assert_eq!(graded.results.len(), WORST.len());
    let results = remains::bytes(&course.at("out"));
    assert!(graded.peak.grader_kib > 0, "nobody looked");
    assert!(graded.peak.grader_kib < GRADER_KIB_MAX, "{:?}", graded.peak);
    assert!(
        graded.peak.temporary_bytes < TEMPORARY_BYTES_MAX,
        "{:?}",
        graded.peak
    );
    assert!(results < RESULTS_BYTES_MAX, "{results} bytes of results");
    assert_eq!(remains::state(&[course.at("tmp")]), before);
    assert_eq!(remains::processes(course.scratch.path()), [""; 0]);
}
