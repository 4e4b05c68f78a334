//! An exam is ordered, made, audited, and only then put where it was asked for.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use audit::course::{Course, submissions};
use audit::exam::Paper;
use audit::finding::Finding;
use audit::matrix::{Matrix, Scope};
use course::catalogue::{Catalogue, Visibility};
use grader::grade::Grader;
use grader::kit::Kit;
use mutants::Mutant;

use crate::Refusal;
use crate::choose::KILLS;
use crate::exam::{carry_over, files, rest_of_registry};
use crate::make::{Effort, LabTraces, SHARE_PERCENT, is_enough, make};
use crate::syllabus::Syllabus;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The workspace.
    pub root: PathBuf,
    /// The same seed gives the same exam.
    pub seed: u64,
    /// Which labs; all with code if none is named.
    pub labs: Vec<u8>,
    /// Where the exam goes.
    pub out: PathBuf,
    /// How many hands help; the exam is the same for any number.
    pub jobs: usize,
    /// How hard it is tried.
    pub effort: Effort,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Lab by lab.
    pub labs: Vec<LabMade>,
}

/// What was made for a lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabMade {
    /// The lab.
    pub lab: u8,
    /// Its traces, and all their events.
    pub traces: usize,
    /// All their events.
    pub events: usize,
    /// Mistakes in the lab's holes that show somehow.
    pub mutants: usize,
    /// How many of them one trace exposes at least.
    pub exposed: usize,
    /// Mistakes that fewer than [`KILLS`] traces expose.
    pub survivors: Vec<String>,
}

impl Order {
    /// Makes the exam and puts it where it was asked for. `progress` is told which lab
    /// is being made.
    ///
    /// # Errors
    ///
    /// If this year's traces cannot be read, if too few mistakes are exposed, if the
    /// audit finds fault with it (with what a correct solution gets on it, above all),
    /// or if it cannot be written. Then nothing is left.
    pub fn make(&self, mutants: &[Mutant], progress: &dyn Fn(u8)) -> Result<Made, Refusal> {
        let course = Course::read(&self.root)?;
        let syllabi = Syllabus::of(&course.catalogue, &course.papers, mutants, &self.labs)?;
        let mut labs = Vec::new();
        for syllabus in &syllabi {
            progress(syllabus.lab);
            labs.push(make(syllabus, self.seed, self.effort, self.jobs));
        }
        let parent = self.out.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| unwritten(parent, error))?;
        let draft = tempfile::Builder::new()
            .prefix(".new-exam-")
            .tempdir_in(parent)
            .map_err(|error| unwritten(parent, error))?;
        self.write(&course, &syllabi, &labs, draft.path())?;
        let made = self.audit(&syllabi, &labs, draft.path())?;
        self.put(draft)?;
        Ok(made)
    }

    fn write(
        &self,
        course: &Course,
        syllabi: &[Syllabus],
        labs: &[LabTraces],
        draft: &Path,
    ) -> Result<(), Refusal> {
        let hidden = self.root.join("grader/hidden");
        let old = old_files(&course.catalogue, syllabi, &hidden);
        carry_over(&hidden, draft, &old).map_err(|error| unwritten(draft, error))?;
        for (syllabus, traces) in syllabi.iter().zip(labs) {
            let rest = rest_of_registry(&hidden, &syllabus.folder).map_err(Refusal::Registry)?;
            for file in files(syllabus, traces, self.seed, &rest) {
                let path = draft.join(&file.path);
                let folder = path.parent().expect("it is in a folder");
                fs::create_dir_all(folder)
                    .and_then(|()| fs::write(&path, &file.text))
                    .map_err(|error| unwritten(&path, error))?;
            }
        }
        Ok(())
    }

    /// Reads what was written as the grader would, and tries all mistakes on it, then
    /// whoever is right, the skeleton and the shortcuts.
    fn audit(
        &self,
        syllabi: &[Syllabus],
        labs: &[LabTraces],
        draft: &Path,
    ) -> Result<Made, Refusal> {
        let course = Course::read_with(&self.root, draft)?;
        let made = syllabi.iter().zip(labs);
        let made = made.map(|(syllabus, traces)| self.tried(syllabus, traces, &course.papers));
        let made = made.collect::<Result<Vec<LabMade>, Refusal>>()?;
        let weak = |lab: &&LabMade| !is_enough(lab.mutants, lab.survivors.len());
        if made.iter().any(|lab| weak(&lab)) {
            return Err(Refusal::TooWeak(
                made.iter().filter(weak).cloned().collect(),
            ));
        }
        let mut findings = about(&course.check(), draft, &self.root, syllabi);
        findings.extend(self.graded(&course, syllabi)?);
        match findings.is_empty() {
            true => Ok(Made { labs: made }),
            false => Err(Refusal::Findings(findings)),
        }
    }

    /// What is wrong with the points that our own submissions get.
    fn graded(&self, course: &Course, syllabi: &[Syllabus]) -> Result<Vec<Finding>, Refusal> {
        let made = |lab: u8| syllabi.iter().any(|syllabus| syllabus.lab == lab);
        let mut catalogue = course.catalogue.clone();
        catalogue.labs.retain(|lab| made(lab.number));
        let grader = Grader::new(Kit::build(&self.root)?, catalogue);
        let candidates = submissions::candidates(&self.root);
        let go_on = |_: &_| ControlFlow::Continue(());
        Ok(submissions::check(
            course,
            &grader,
            &candidates,
            self.jobs,
            go_on,
        ))
    }

    fn tried(
        &self,
        syllabus: &Syllabus,
        traces: &LabTraces,
        papers: &[Paper],
    ) -> Result<LabMade, Refusal> {
        let hidden =
            |paper: &&Paper| paper.lab == syllabus.lab && paper.visibility == Visibility::Hidden;
        let papers: Vec<Paper> = papers.iter().filter(hidden).cloned().collect();
        let go_on = |_: &Mutant| ControlFlow::Continue(());
        let matrix = Matrix::fill(
            &syllabus.mutants,
            &papers,
            Scope::OwnHoles,
            self.jobs,
            go_on,
        )?;
        let kills = matrix.kills(&syllabus.mutants);
        let times = |mutant: usize| kills.iter().filter(|kills| kills.contains(&mutant)).count();
        let all = || syllabus.mutants.iter().enumerate();
        let survivors = all().filter(|(at, _)| times(*at) < KILLS);
        Ok(LabMade {
            lab: syllabus.lab,
            traces: papers.len(),
            events: traces.traces.iter().map(|t| t.script.events.len()).sum(),
            mutants: syllabus.mutants.len(),
            exposed: all().filter(|(at, _)| times(*at) > 0).count(),
            survivors: survivors.map(|(_, mutant)| format!("{mutant:?}")).collect(),
        })
    }

    /// Puts the exam in its place; one that was made there before goes.
    fn put(&self, draft: tempfile::TempDir) -> Result<(), Refusal> {
        let failed = |error| unwritten(&self.out, error);
        if self.out.exists() {
            fs::remove_dir_all(&self.out).map_err(failed)?;
        }
        fs::rename(draft.path(), &self.out).map_err(failed)?;
        // What is not there any more need not be removed.
        let _moved = draft.keep();
        Ok(())
    }
}

/// The files of this year's exam that are made anew, below its folder.
fn old_files(catalogue: &Catalogue, syllabi: &[Syllabus], hidden: &Path) -> Vec<PathBuf> {
    let labs = catalogue.labs.iter();
    let made = labs.filter(|lab| syllabi.iter().any(|syllabus| syllabus.lab == lab.number));
    let traces = made.clone().flat_map(|lab| &lab.traces);
    let files = traces.flat_map(|trace| [&trace.path, &trace.key]);
    let below = files.filter_map(|file| file.strip_prefix(hidden).ok());
    let registries = syllabi
        .iter()
        .map(|syllabus| Path::new(&syllabus.folder).join("hidden.toml"));
    below.map(Path::to_owned).chain(registries).collect()
}

/// The findings about what was made.
fn about(findings: &[Finding], draft: &Path, root: &Path, syllabi: &[Syllabus]) -> Vec<Finding> {
    let draft = draft
        .strip_prefix(root)
        .unwrap_or(draft)
        .display()
        .to_string();
    let is_made = |finding: &&Finding| {
        finding.file.starts_with(&draft) && syllabi.iter().any(|made| made.lab == finding.lab)
    };
    findings.iter().filter(is_made).cloned().collect()
}

fn unwritten(path: &Path, error: io::Error) -> Refusal {
    Refusal::Unwritten(path.to_owned(), error)
}

/// What is too weak about some labs, for people.
pub(crate) fn weaknesses(labs: &[LabMade]) -> String {
    let mut text = format!(
        "too weak: {SHARE_PERCENT} % of a lab's mistakes must be exposed by {KILLS} traces each"
    );
    for lab in labs {
        let (good, all) = (lab.mutants - lab.survivors.len(), lab.mutants);
        let _infallible = write!(text, "\n  lab {}: {good} of {all}; left are", lab.lab);
        for survivor in &lab.survivors {
            let _infallible = write!(text, "\n    {survivor}");
        }
    }
    text
}
