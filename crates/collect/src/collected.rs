//! From paths to attempts: all stages.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use grader::intake::{self, IntakeError, Submission};
use grader::report::sink::terminal;
use jiff::tz::TimeZone;
use roster::class::Class;
use roster::list::Roster;
use roster::student::{Student, StudentId};

use crate::attempt::Attempt;
use crate::detect::{self, Read};
use crate::export::store::Store;
use crate::export::{self, LeftOut, Listing};
use crate::hand_in::HandIn;
use crate::layout::pattern::Pattern;
use crate::layout::plain::person;
use crate::layout::{Known, Layout, Reading, View};
use crate::place::{is_archive, may_count};
use crate::place_files::ready;
use crate::trouble::CollectError;
use crate::who::{Whose, unmatched, whose};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// How the export is laid out; recognised by its names unless said.
    pub layout: Option<Layout>,
    /// The user's own pattern.
    pub pattern: Option<Pattern>,
    /// The class: its roster, when it is due, and its time zone.
    pub class: Class,
}

/// What one of the paths is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path.
    pub path: PathBuf,
    /// How it is laid out.
    pub layout: Layout,
    /// Its files.
    pub files: usize,
    /// The hand-ins in it.
    pub hand_ins: usize,
    /// The time zone that its times are taken to be of, where they have none.
    pub zone: Option<String>,
}

/// What there is to say of an attempt before it is graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which of the sources it is from.
    pub source: usize,
    /// What its student is called, for people.
    pub name: Option<String>,
    /// Why nobody in the roster is known to have handed it in.
    pub unmatched: Option<String>,
    /// Whether it is late: the course system says so, or it came after it was due.
    pub late: bool,
    /// Why nothing in it can be worth anything, as far as names tell; archives are opened by
    /// [`Collected::look_inside`].
    pub empty: Option<String>,
    /// Why the grader will refuse it; known after [`Collected::look_inside`].
    pub refused: Option<String>,
}

/// All attempts of a class. What was unpacked for them is there as long as this is.
#[derive(Debug)]
pub struct Collected {
    /// The attempts, by student, and of each in the order of time.
    pub attempts: Vec<Attempt>,
    /// What there is to say of each of them.
    pub findings: Vec<Finding>,
    /// What the paths are.
    pub sources: Vec<Source>,
    /// What was left out of them, and of which.
    pub left_out: Vec<(usize, LeftOut)>,
    /// Students of the roster who have handed in nothing.
    pub absent: Vec<Student>,
    /// Whether there is a roster at all.
    pub has_roster: bool,
    store: Store,
}

impl Collected {
    /// Keeps these attempts, and what was found of each.
    pub fn retain(&mut self, is_kept: impl Fn(&Attempt) -> bool) {
        let (attempts, findings) = (
            std::mem::take(&mut self.attempts),
            std::mem::take(&mut self.findings),
        );
        let kept = attempts.into_iter().zip(findings);
        (self.attempts, self.findings) = kept.filter(|(attempt, _)| is_kept(attempt)).unzip();
    }

    /// The folder that has everything that was unpacked: to be removed by whoever ends this
    /// process early.
    pub fn scratch(&self) -> &Path {
        self.store.path()
    }

    /// Reads all attempts as the grader will, to find those that it will refuse, and those
    /// that have nothing in them but for their names.
    pub fn look_inside(&mut self) {
        for (attempt, finding) in self.attempts.iter().zip(&mut self.findings) {
            match Submission::at(&attempt.path).read() {
                Ok(sources) if sources.is_empty() => {
                    finding.empty.get_or_insert_with(|| NOTHING.to_owned());
                }
                Ok(_) => finding.empty = None,
                Err(refusal) => {
                    let why = refusal.to_string();
                    finding.refused = why.lines().next().map(str::to_owned);
                    finding.empty = None;
                }
            }
        }
    }
}

/// Said of a hand-in without any file that counts.
const NOTHING: &str = "nothing that counts";

/// Collects the attempts in some paths: exports of course systems, packed or unpacked,
/// submissions, and folders of them. What must be unpacked goes to `store`.
///
/// # Errors
///
/// With the path, what is wrong there, and what to do.
pub fn collect(paths: &[PathBuf], ask: &Ask, store: Store) -> Result<Collected, CollectError> {
    let mut gathering = Gathering {
        ask,
        drafts: Vec::new(),
        collected: Collected {
            attempts: Vec::new(),
            findings: Vec::new(),
            sources: Vec::new(),
            left_out: Vec::new(),
            absent: Vec::new(),
            has_roster: ask.class.roster.is_some(),
            store,
        },
    };
    for path in paths {
        gathering.add(path)?;
    }
    gathering.finish()
}

/// An attempt without its number.
#[derive(Debug)]
struct Draft {
    attempt: Attempt,
    order: Option<u64>,
    finding: Finding,
}

struct Gathering<'a> {
    ask: &'a Ask,
    drafts: Vec<Draft>,
    collected: Collected,
}

impl Gathering<'_> {
    /// Takes everything in a path.
    fn add(&mut self, path: &Path) -> Result<(), CollectError> {
        let (listing, read) = self.read(path)?;
        if read.reading.hand_ins.is_empty() {
            return Err(CollectError::Nothing(path.to_owned()));
        }
        let source = self.collected.sources.len();
        self.collected.sources.push(Source {
            path: path.to_owned(),
            layout: read.layout,
            files: listing.files.len(),
            hand_ins: read.reading.hand_ins.len(),
            zone: self.assumed_zone(read.layout),
        });
        let mut left_out = listing.left_out.clone();
        for hand_in in read.reading.hand_ins {
            let ready = ready(&listing, &hand_in, &mut self.collected.store, &mut left_out);
            let ready = ready.map_err(|error| CollectError::Scratch {
                path: self.collected.store.path().to_owned(),
                error,
            })?;
            let draft = self.draft(hand_in, ready, source);
            self.drafts.push(draft);
        }
        let left_out = left_out.into_iter().map(|entry| (source, entry));
        self.collected.left_out.extend(left_out);
        Ok(())
    }

    fn read(&mut self, path: &Path) -> Result<(Listing, Read), CollectError> {
        let asked = match self.ask.pattern {
            Some(_) => Some(Layout::Pattern),
            None => self.ask.layout,
        };
        let known = Known {
            roster: self.ask.class.roster.as_ref(),
            zone: self.zone(),
            pattern: self.ask.pattern.as_ref(),
        };
        let is_archive = export::is_archive(path);
        if !is_archive && !path.is_dir() {
            // It says what is the matter with such a path.
            intake::find(path)?;
        }
        if asked.is_none() && !is_archive && is_submission(path) {
            let listing = Listing::of_one(path);
            return Ok((listing, plain(intake::find(path)?, None)));
        }
        let listing = match export::open(path, &mut self.collected.store) {
            Ok(listing) => listing,
            // One student's archive that is damaged is theirs to repair.
            Err(CollectError::Damaged { .. } | CollectError::Encrypted { .. })
                if asked.is_none() && known.roster.is_none() =>
            {
                return Ok((Listing::of_one(path), plain(intake::find(path)?, None)));
            }
            Err(error) => return Err(error),
        };
        let read = match asked {
            Some(Layout::Plain) => None,
            Some(layout) => Some(detect::as_layout(layout, &listing, &known)?),
            None => detect::recognised(&listing, &known)?,
        };
        if let Some(read) = read {
            return Ok((listing, read));
        }
        let read = match is_archive {
            true => packed(&listing)?,
            false => plain(intake::find(path)?, Some(&listing)),
        };
        Ok((listing, read))
    }

    fn zone(&self) -> TimeZone {
        self.ask.class.zone.clone().unwrap_or_else(TimeZone::system)
    }

    fn assumed_zone(&self, layout: Layout) -> Option<String> {
        let zone = self.zone();
        let name = zone.iana_name().unwrap_or("this computer's");
        layout.has_local_times().then(|| name.to_owned())
    }

    fn draft(&self, hand_in: HandIn, path: PathBuf, source: usize) -> Draft {
        let roster = self.ask.class.roster.as_ref();
        let mut who: Vec<Whose> = match &hand_in.unclear {
            Some(why) => {
                let alone = |person| unmatched(person, Some(why.clone()), roster);
                hand_in.who.iter().map(alone).collect()
            }
            None => hand_in
                .who
                .iter()
                .map(|person| whose(person, roster))
                .collect(),
        };
        // Somebody whom the roster knows stands for the group.
        who.sort_by_key(|one| one.unmatched.is_some());
        let empty = empty(&hand_in);
        let partners: Vec<StudentId> = who[1..].iter().map(|one| one.id.clone()).collect();
        let first = who.swap_remove(0);
        let late = self.is_late(&first.id, &hand_in);
        Draft {
            order: hand_in.order,
            attempt: Attempt {
                student: first.id,
                partners,
                number: 0,
                at: hand_in.at,
                marked_late: hand_in.late,
                label: hand_in.label,
                path,
            },
            finding: Finding {
                source,
                name: first.name,
                unmatched: first.unmatched,
                late,
                empty,
                refused: None,
            },
        }
    }

    fn is_late(&self, student: &StudentId, hand_in: &HandIn) -> bool {
        let class = &self.ask.class;
        let policy = class.late(&[]).ok().flatten();
        let due = policy.map(|policy| policy.due_for(class.allowance(student, &[])));
        hand_in.late || due.zip(hand_in.at).is_some_and(|(due, at)| at > due)
    }

    fn finish(mut self) -> Result<Collected, CollectError> {
        self.refuse_two_of_one_key()?;
        let mut by_student: BTreeMap<StudentId, Vec<Draft>> = BTreeMap::new();
        for draft in self.drafts {
            let student = draft.attempt.student.clone();
            by_student.entry(student).or_default().push(draft);
        }
        if let Some(roster) = &self.ask.class.roster {
            self.collected.absent = absent(roster, &by_student);
        }
        for (_, mut drafts) in by_student {
            drafts.sort_by(|a, b| in_time(a).cmp(&in_time(b)));
            for (number, draft) in (1..).zip(drafts) {
                let attempt = Attempt {
                    number,
                    ..draft.attempt
                };
                self.collected.attempts.push(attempt);
                self.collected.findings.push(draft.finding);
            }
        }
        Ok(self.collected)
    }

    /// Two course systems may have a number 17 each. Only a roster says that both are one.
    fn refuse_two_of_one_key(&self) -> Result<(), CollectError> {
        let mut first: HashMap<&StudentId, &Draft> = HashMap::new();
        for draft in &self.drafts {
            let Some(other) = first.insert(&draft.attempt.student, draft) else {
                continue;
            };
            let of = |draft: &Draft| &self.collected.sources[draft.finding.source];
            let is_known = self.collected.has_roster
                && draft.finding.unmatched.is_none()
                && other.finding.unmatched.is_none();
            let key = &draft.attempt.student.0;
            let both_plain = [of(draft), of(other)]
                .iter()
                .all(|s| s.layout == Layout::Plain);
            if both_plain && !is_known {
                return Err(IntakeError::Twice(key.clone()).into());
            }
            if draft.finding.source != other.finding.source && !is_known {
                return Err(CollectError::Twice {
                    key: terminal::line(key),
                    first: of(other).path.clone(),
                    second: of(draft).path.clone(),
                });
            }
        }
        Ok(())
    }
}

/// What orders the attempts of a student. The times of files are no times of hand-ins, and
/// are not among it.
fn in_time(draft: &Draft) -> impl Ord + '_ {
    (draft.attempt.at, draft.order, &draft.attempt.label)
}

fn absent(roster: &Roster, present: &BTreeMap<StudentId, Vec<Draft>>) -> Vec<Student> {
    let partners = present
        .values()
        .flatten()
        .flat_map(|draft| &draft.attempt.partners);
    let partners: std::collections::HashSet<&StudentId> = partners.collect();
    let students = roster.students().iter();
    let absent =
        students.filter(|one| !present.contains_key(&one.id) && !partners.contains(&one.id));
    absent.cloned().collect()
}

/// Whether a folder is one hand-in, and no class of them.
fn is_submission(path: &Path) -> bool {
    let found = intake::find(path).unwrap_or_default();
    let whole = path.canonicalize().ok();
    found.len() == 1 && found[0].path.canonicalize().ok() == whole
}

/// Submissions in a folder of them, or one.
fn plain(found: Vec<intake::Submission>, listing: Option<&Listing>) -> Read {
    let around = 0;
    let mut files = listing
        .map(|listing| View { listing, around }.by_top_folder())
        .unwrap_or_default();
    let hand_ins = found.into_iter().map(|submission| {
        let label = submission.path.file_name().unwrap_or_default();
        let mut hand_in = HandIn::of(person(&submission.id), label.to_string_lossy());
        if let Some(files) = files.remove(submission.id.as_str()) {
            hand_in.files = files;
        }
        hand_in.ready = Some(submission.path);
        hand_in
    });
    let reading = Reading {
        hand_ins: hand_ins.collect(),
        explained: 0,
    };
    Read {
        layout: Layout::Plain,
        reading,
    }
}

/// An archive with the names of no course system: one hand-in, or one for each folder and
/// archive in it.
fn packed(listing: &Listing) -> Result<Read, CollectError> {
    let around = usize::from(detect::is_wrapped(listing));
    let view = View { listing, around };
    let folders = view.by_top_folder();
    let with_work = folders.iter().filter(|(name, files)| {
        let named =
            |file: &&crate::hand_in::Placed| file.parts.last().is_some_and(|n| may_count(n));
        !["src", "labs"].contains(name) && files.iter().any(|file| named(&file))
    });
    let with_work = with_work.count();
    let tops: Vec<&str> = view
        .files()
        .filter(|(_, parts)| parts.len() == 1)
        .map(|(_, parts)| parts[0].as_str())
        .collect();
    let archives = tops.iter().filter(|name| is_archive(name)).count();
    let has_files = tops.iter().any(|name| may_count(name) && !is_archive(name));
    if !has_files && with_work + archives > 1 {
        let layout = Layout::Plain;
        let reading = crate::layout::plain::read(view);
        return Ok(Read { layout, reading });
    }
    Ok(plain(intake::find(&listing.path)?, None))
}

/// Why nothing of a hand-in can be worth anything, as far as names tell.
fn empty(hand_in: &HandIn) -> Option<String> {
    if hand_in.files.is_empty() {
        // What lies ready is looked at by the grader.
        let unknown = hand_in
            .ready
            .as_ref()
            .is_some_and(|path| has_anything(path));
        return (!unknown).then(|| "no file".to_owned());
    }
    let names: Vec<&str> = hand_in
        .files
        .iter()
        .filter_map(|file| file.parts.last().map(String::as_str))
        .collect();
    let archives = names.iter().filter(|name| is_archive(name)).count();
    let others = names.iter().filter(|name| may_count(name)).count() - archives;
    match (others, archives, names.len()) {
        (0, 0, _) => Some(NOTHING.to_owned()),
        (0, 1, 1) => None,
        (0, _, _) => Some("an archive among other files is not opened".to_owned()),
        _ => None,
    }
}

fn has_anything(path: &Path) -> bool {
    match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => path.exists(),
    }
}
