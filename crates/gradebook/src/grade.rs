//! A class, graded into a book: what is known already is not graded again.
//!
//! Every attempt that counts is read first, because its source says what is known. Then each
//! source that is not known is graded once, whoever handed it in, and is on the disk before
//! anybody is told: a grader that is killed loses what it had begun, and nothing else.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use collect::attempt::Attempt;
use grader::class::contained;
use grader::grade::{Grader, met_a_bug, not_graded};
use grader::intake::hash::SourceHash;
use grader::intake::{Sources, Submission};
use grader::result::SubmissionResult;
use roster::student::StudentId;

use crate::attempts::{Entered, Found, Role};
use crate::book::Book;
use crate::error::BookError;
use crate::parallel;
use crate::sittings::Sitting;
use crate::stored::is_complete;

/// How a class is graded.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// The folder with the handler files as they were handed out.
    pub handout: &'a Path,
    /// Submissions at a time.
    pub jobs: usize,
    /// Set by whoever wants it to end: nothing is begun then any more.
    pub stop: &'a AtomicBool,
}

/// What has become of a submission.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// All are read: so many submissions have so many sources that must be graded.
    Read {
        /// The submissions.
        submissions: usize,
        /// What is to be graded: two students with one source count once.
        to_grade: usize,
    },
    /// It was known.
    Known(&'a StudentId),
    /// It was refused, and why.
    Refused(&'a StudentId, &'a str),
    /// It was graded, and took as long.
    Graded(&'a StudentId, &'a SubmissionResult, Duration),
    /// It, or a part of it, could not be graded for a fault of ours, and is tried again.
    NotGraded(&'a StudentId, &'a SubmissionResult, Duration),
}

/// How many attempts came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Known already.
    pub known: usize,
    /// Refused.
    pub refused: usize,
    /// Graded now.
    pub graded: usize,
    /// Not graded, at least in part, for a fault of ours.
    pub not_graded: usize,
    /// Whether somebody wanted it to end before it was done.
    pub is_stopped: bool,
}

/// The sources of an attempt, or why it was refused.
type Taken = Result<SourceHash, String>;

/// A source that is not known, and who handed it in: the first one's is read.
struct Unknown<'a> {
    source: SourceHash,
    attempts: Vec<&'a Attempt>,
}

/// Grades what counts, or may count, of a class and is not known. The grader is made only if it is needed:
/// it takes seconds.
///
/// # Errors
///
/// If the book cannot be read or written, or there is no grader.
pub fn grade<E: From<BookError>>(
    book: &mut Book,
    sitting: &Sitting,
    class: &[Entered],
    how: How<'_>,
    grader: impl FnOnce() -> Result<Grader, E>,
    mut told: impl FnMut(Event<'_>),
) -> Result<Tally, E> {
    let asked = class.iter().filter(|entered| entered.role != Role::Stays);
    let asked: Vec<&Attempt> = asked.map(|entered| &entered.attempt).collect();
    let found = read(book, &asked, how)?;
    let mut tally = Tally {
        not_graded: asked.len() - found.len(),
        ..Tally::default()
    };
    let unknown = sort(&found, &book.known(sitting)?);
    told(Event::Read {
        submissions: asked.len(),
        to_grade: unknown.len(),
    });
    tell_known(&found, &unknown, &mut tally, &mut told);
    if !unknown.is_empty() && !is_set(how.stop) {
        let grader = grader()?;
        let work = |unknown: &Unknown<'_>| {
            let begin = Instant::now();
            (one(&grader, unknown, how.handout), begin.elapsed())
        };
        parallel::each(
            &unknown,
            how.jobs,
            how.stop,
            work,
            |unknown, (result, took)| {
                // Whoever wants an end may have taken the ground from under a grading.
                if is_complete(&result) || !is_set(how.stop) {
                    book.record(sitting, &unknown.source, &result)?;
                    tell(unknown, (&result, took), &mut tally, &mut told);
                }
                Ok::<(), E>(())
            },
        )?;
    }
    tally.is_stopped = is_set(how.stop);
    if !tally.is_stopped {
        book.finish(sitting)?;
    }
    Ok(tally)
}

fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed)
}

/// Attempts that are noted at once: one wait for the disk for all of them, and what they
/// have that is ignored is in memory no longer than that.
const NOTED_AT_ONCE: usize = 100;

/// What is in these attempts, in the order of students, when it is in the book. Whoever
/// meets a bug of ours is not among them, and stays unread.
fn read<'a>(
    book: &mut Book,
    attempts: &[&'a Attempt],
    how: How<'_>,
) -> Result<Vec<(&'a Attempt, Taken)>, BookError> {
    let (mut all, mut noted) = (Vec::new(), Vec::<Found>::new());
    let look = |attempt: &&Attempt| contained(|| Some(found(attempt, how.handout)), |_| None);
    let collect = |attempt: &&'a Attempt, found: Option<Found>| {
        all.extend(found.iter().map(|it| (*attempt, it.taken.clone())));
        noted.extend(found);
        if noted.len() == NOTED_AT_ONCE {
            book.note(&noted)?;
            noted.clear();
        }
        Ok::<(), BookError>(())
    };
    parallel::each(attempts, how.jobs, how.stop, look, collect)?;
    book.note(&noted)?;
    all.sort_by_key(|(attempt, _)| (&attempt.student, attempt.number));
    Ok(all)
}

fn found(attempt: &Attempt, handout: &Path) -> Found {
    let (taken, ignored) = match sources(attempt, handout) {
        Ok(sources) => (Ok(sources.hash()), sources.ignored),
        Err(why) => (Err(why), Vec::new()),
    };
    Found {
        student: attempt.student.clone(),
        number: attempt.number,
        taken,
        ignored,
    }
}

fn sources(attempt: &Attempt, handout: &Path) -> Result<Sources, String> {
    let submission = Submission {
        id: attempt.student.0.clone(),
        path: attempt.path.clone(),
    };
    let read = submission.read_beside(handout);
    read.map_err(|refusal| refusal.to_string())
}

/// The sources that are not known, each with all who handed it in.
fn sort<'a>(found: &[(&'a Attempt, Taken)], known: &HashSet<SourceHash>) -> Vec<Unknown<'a>> {
    let mut unknown: Vec<Unknown<'a>> = Vec::new();
    let mut places: HashMap<SourceHash, usize> = HashMap::new();
    for (attempt, taken) in found {
        let &Ok(source) = taken else { continue };
        if known.contains(&source) {
            continue;
        }
        let place = *places.entry(source).or_insert(unknown.len());
        if place == unknown.len() {
            let attempts = Vec::new();
            unknown.push(Unknown { source, attempts });
        }
        unknown[place].attempts.push(attempt);
    }
    unknown
}

fn tell_known(
    found: &[(&Attempt, Taken)],
    unknown: &[Unknown<'_>],
    tally: &mut Tally,
    told: &mut impl FnMut(Event<'_>),
) {
    let unknown: HashSet<SourceHash> = unknown.iter().map(|it| it.source).collect();
    for (Attempt { student, .. }, taken) in found {
        match taken {
            Ok(source) if unknown.contains(source) => {}
            Ok(_) => {
                tally.known += 1;
                told(Event::Known(student));
            }
            Err(why) => {
                tally.refused += 1;
                told(Event::Refused(student, why));
            }
        }
    }
}

/// What a source comes to. It is read again, because a class has more than the memory may
/// hold; whoever changes it meanwhile is told so.
fn one(grader: &Grader, unknown: &Unknown<'_>, handout: &Path) -> SubmissionResult {
    let Some(first) = unknown.attempts.first() else {
        return met_a_bug("a source of nobody's");
    };
    let graded = || match sources(first, handout) {
        Ok(sources) if sources.hash() == unknown.source => grader.grade_sources(&sources),
        _ => SubmissionResult {
            source: Some(unknown.source),
            ..not_graded(CHANGED.to_owned())
        },
    };
    contained(graded, met_a_bug)
}

/// Said of a submission that is another one now than when it was read first.
const CHANGED: &str = "it was changed while it was graded\nhelp: grade again, and change nothing \
                       meanwhile";

fn tell(
    unknown: &Unknown<'_>,
    (result, took): (&SubmissionResult, Duration),
    tally: &mut Tally,
    told: &mut impl FnMut(Event<'_>),
) {
    for attempt in &unknown.attempts {
        match is_complete(result) {
            true => {
                tally.graded += 1;
                told(Event::Graded(&attempt.student, result, took));
            }
            false => {
                tally.not_graded += 1;
                told(Event::NotGraded(&attempt.student, result, took));
            }
        }
    }
}
