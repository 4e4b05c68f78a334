//! Classes that are made up, so that a test knows what stands in them.

use course::feedback::Feedback;
use diagnosis::diagnose::{Diagnosis, Likeness, Mistake};
use grader::feedback::ShownClass;
use grader::result::{
    ClassResult, DifferenceResult, LabResult, PartResult, SCHEMA, SubmissionResult, TraceResult,
};
use grader::standing::{Adjustment, Lateness, Standing};
use report::options::Options;
use report::student::{self, About};
use roster::student::{Student, StudentId};
use tempfile::TempDir;
use verdict::end::End;
use verdict::explanation::Explanation;

/// A submission with two labs, which has got everything.
pub fn perfect(id: &str) -> SubmissionResult {
    let part = |name: &str, concept: &str, max| PartResult {
        name: name.to_owned(),
        concept: concept.to_owned(),
        end: End::Passed,
        score: max,
        max,
        sealed: grader::result::Points::default(),
        shares: Vec::new(),
    };
    let lab = |number, title: &str, parts: Vec<PartResult>| LabResult {
        number,
        title: title.to_owned(),
        score: parts.iter().map(|part| part.score).sum(),
        max: parts.iter().map(|part| part.max).sum(),
        parts,
    };
    let labs = vec![
        lab(
            1,
            "Classify",
            vec![part("classify", "classification", 12.0)],
        ),
        lab(
            5,
            "Fork",
            vec![
                part("copy_on_write", "copy-on-write", 5.0),
                part("integration", "all together", 3.0),
            ],
        ),
    ];
    let traces = vec![
        run(1, "classify", "one-page"),
        run(5, "copy_on_write", "fork-write"),
        hidden(run(5, "copy_on_write", "who-counts-wrong")),
        run(5, "integration", "fork-write"),
    ];
    SubmissionResult {
        id: id.to_owned(),
        end: End::Passed,
        score: 20.0,
        max: 20.0,
        standing: None,
        message: String::new(),
        source: None,
        ignored: Vec::new(),
        flags: Vec::new(),
        sealed: 0,
        labs,
        traces,
        sandbox: None,
        compiler_sandbox: None,
    }
}

/// A run of a public trace that passed.
pub fn run(lab: u8, part: &str, name: &str) -> TraceResult {
    TraceResult {
        lab,
        name: name.to_owned(),
        public: true,
        feedback: Feedback::Full,
        category: String::new(),
        part: part.to_owned(),
        end: End::Passed,
        message: String::new(),
        at: None,
        difference: None,
        told: None,
        hint: None,
    }
}

/// The same for a trace that students do not have.
pub fn hidden(run: TraceResult) -> TraceResult {
    TraceResult {
        public: false,
        feedback: Feedback::Category,
        category: "counting owners".to_owned(),
        ..run
    }
}

/// A submission that leaves a shared page writable: it has 2 of 5 points for copy-on-write.
pub fn careless(id: &str) -> SubmissionResult {
    let mut submission = perfect(id);
    submission.end = End::Failed;
    submission.score = 17.0;
    submission.labs[1].score = 5.0;
    submission.labs[1].parts[0].score = 2.0;
    submission.labs[1].parts[0].end = End::Failed;
    for trace in &mut submission.traces[1..3] {
        trace.end = End::Failed;
        trace.difference = Some(difference());
        trace.hint = Some("Who else uses the `frame`?".to_owned());
    }
    submission
}

/// Where it differs first.
pub fn difference() -> DifferenceResult {
    DifferenceResult {
        line: 7,
        event: "write 1 0x10000000 =3".to_owned(),
        what: "the page-table entry and its frame".to_owned(),
        oracle: 'S',
        expected: "f1 rw-d maps=1 frames=2 slots=0".to_owned(),
        got: "f0 rw-d maps=2 frames=1 slots=0".to_owned(),
        explanation: Explanation {
            mmu: vec![
                "process 1 writes 0x10000000".to_owned(),
                "TLB hit, and it forbids it: f0, read-only (P U A NX)".to_owned(),
            ],
            vma: Some("[0x10000000, 0x10001000) rw private anon".to_owned()),
            before: Some("f0, read-only (P U A NX)".to_owned()),
            after: Some("f1, writable (P W U NX)".to_owned()),
            rule: Some("R5: a write to a private page: copied if others use it".to_owned()),
            signal: None,
        },
    }
}

/// A submission of which nothing could be graded, through a fault of ours.
pub fn not_graded(id: &str) -> SubmissionResult {
    SubmissionResult {
        end: End::NotGraded,
        score: 0.0,
        max: 0.0,
        labs: Vec::new(),
        traces: Vec::new(),
        message: "no disk".to_owned(),
        ..perfect(id)
    }
}

/// A class of these.
pub fn class(submissions: Vec<SubmissionResult>) -> ClassResult {
    ClassResult {
        schema: SCHEMA.to_owned(),
        submissions,
        sandbox: None,
        compiler_sandbox: None,
    }
}

/// What may be shown of these at the usual level.
pub fn shown(submissions: Vec<SubmissionResult>) -> ShownClass {
    ShownClass::new(&class(submissions), Feedback::Category)
}

/// What a student gets who is so many days late, at two points each, and has one more by hand.
pub fn standing(submission: &SubmissionResult, days: u32, remark: &str) -> Standing {
    let penalty = 2.0 * f64::from(days);
    Standing {
        student: StudentId(submission.id.clone()),
        attempt: Some(2),
        attempts: 3,
        at: Some("2026-11-20T17:00:00Z".parse().expect("a time")),
        raw: submission.score,
        max: submission.max,
        late: Lateness {
            seconds: u64::from(days) * 86_400,
            days,
            slip_days: 0,
            because: format!("{days} days behind the due date"),
        },
        penalty,
        adjustments: vec![Adjustment {
            lab: Some(5),
            points: 1.0,
            remark: remark.to_owned(),
            author: "K. Tutor".to_owned(),
            at: "2026-11-23T09:30:00Z".parse().expect("a time"),
        }],
        points: Some(submission.score - penalty + 1.0),
    }
}

/// Somebody on a roster.
pub fn student(id: &str, name: &str, section: &str) -> Student {
    Student {
        id: StudentId(id.to_owned()),
        email: None,
        login: None,
        name: Some(name.to_owned()),
        section: Some(section.to_owned()),
        due: None,
        slip_used: 0,
    }
}

/// A submission that behaves like a mistake.
pub fn diagnosis(id: &str, likeness: Likeness) -> Diagnosis {
    Diagnosis {
        id: id.to_owned(),
        lab: 5,
        hole: "copy_on_write",
        mistakes: vec![Mistake {
            id: "C01",
            name: "write-only-sets-the-right",
            mistake: "a write gets the right to write, and no copy",
        }],
        likeness,
    }
}

/// The page of the only student in a class.
pub fn page(submission: SubmissionResult) -> String {
    let shown = shown(vec![submission]);
    let first = shown.submissions().next().expect("one");
    student::render(first, &About::default())
}

/// All reports of a class, in a folder.
pub fn written(shown: &ShownClass, options: &Options<'_>) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    report::write::write(shown, options, folder.path()).expect("written reports");
    folder
}
