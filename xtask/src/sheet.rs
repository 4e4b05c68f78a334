//! `cargo xtask sheet`: fills in the sheet that a course system exported.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use roster::class::Class;
use roster::list::Roster;
use sheets::canvas::{self, Excused, Missing};
use sheets::cells::Sheet;
use sheets::graded;
use sheets::grades::Grade;
use sheets::moodle::{self, Comments, Headers};
use sheets::number::Scale;
use sheets::report::Report;

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Fills in the sheet that a course system exported, with the results of `grade`.
///
/// Everything that is not filled in stays as it was, byte for byte. Each row that the
/// course system would leave out in silence is told, with the reason and what to do.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    system: System,
}

#[derive(Subcommand)]
enum System {
    /// The gradebook of Canvas (Grades, Export)
    Canvas(CanvasArgs),
    /// The grading worksheet of Moodle (Download grading worksheet)
    Moodle(MoodleArgs),
}

/// What both have in common.
#[derive(clap::Args)]
struct Common {
    /// The sheet, as it was exported
    sheet: PathBuf,
    /// The folder with the results of `grade`; `target/grades` unless said
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Where the sheet goes; `canvas.csv` or `moodle.csv` in that folder unless said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The course (class.toml), whose roster says what else students are called
    #[arg(long, value_name = "FILE")]
    class: Option<PathBuf>,
    /// The roster (CSV), if class.toml names none
    #[arg(long, value_name = "FILE", conflicts_with = "class")]
    roster: Option<PathBuf>,
    /// Makes all points here all points there, where the maximum is another one
    #[arg(long)]
    scale: bool,
    /// What those get who handed in nothing: `0`; they stay as they are unless said
    #[arg(long, value_name = "POINTS", value_parser = ["0"])]
    missing: Option<String>,
}

#[derive(clap::Args)]
struct CanvasArgs {
    #[command(flatten)]
    common: Common,
    /// The assignment: its header, title or number; the only one unless said
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Enters points for those who are excused (`EX`), too
    #[arg(long)]
    grade_excused: bool,
}

#[derive(clap::Args)]
struct MoodleArgs {
    #[command(flatten)]
    common: Common,
    /// What becomes of "Feedback comments"
    #[arg(long, value_enum, default_value = "add")]
    comments: Feedback,
    /// The header of "Identifier", if the sheet has words that we do not know
    #[arg(long, value_name = "HEADER")]
    identifier_column: Option<String>,
    /// The header of "Grade"
    #[arg(long, value_name = "HEADER")]
    grade_column: Option<String>,
    /// The header of "Last modified (grade)"
    #[arg(long, value_name = "HEADER")]
    modified_column: Option<String>,
    /// The header of "Feedback comments"
    #[arg(long, value_name = "HEADER")]
    comments_column: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Feedback {
    /// Ours where there is none
    Add,
    /// Ours in the place of all
    Replace,
    /// None
    Keep,
}

impl Common {
    fn scale(&self) -> Scale {
        match self.scale {
            true => Scale::ToMaximum,
            false => Scale::AsTheyAre,
        }
    }

    fn missing(&self) -> Missing {
        match self.missing {
            Some(_) => Missing::Zero,
            None => Missing::AsTheyAre,
        }
    }

    fn from(&self) -> PathBuf {
        let usual = || workspace::root().join("target/grades");
        self.from.clone().unwrap_or_else(usual)
    }

    fn grades(&self) -> Result<Vec<Grade>, Trouble> {
        let file = self.from().join("grades.json");
        let json = File::open(&file).map_err(|error| {
            let file = file.display();
            bad_input(format!(
                "{file}: {error}\nhelp: `cargo xtask grade` writes it, into --out"
            ))
        })?;
        let roster = self.roster()?;
        graded::read(BufReader::new(json), roster.as_ref()).map_err(|error| {
            let (file, line) = (file.display(), error.line());
            bad_input(format!(
                "{file}:{line}: {error}\nhelp: `cargo xtask grade` writes it anew"
            ))
        })
    }

    fn roster(&self) -> Result<Option<Roster>, Trouble> {
        let class = self.class.as_deref().map(Class::read).transpose();
        let of_class = class.map_err(bad_input)?.and_then(|class| class.roster);
        let named = self.roster.as_deref();
        let named = named.map(|file| roster::read::read(file, None)).transpose();
        Ok(named.map_err(bad_input)?.or(of_class))
    }
}

/// Sheets that `grade` fills in besides.
#[derive(clap::Args)]
pub struct Beside {
    /// Fill in the gradebook that Canvas exported, as `canvas.csv` beside the results
    /// (`cargo xtask sheet canvas` has options).
    #[arg(long, value_name = "SHEET")]
    canvas: Option<PathBuf>,
    /// Fill in the grading worksheet that Moodle exported, as `moodle.csv`.
    #[arg(long, value_name = "SHEET")]
    moodle: Option<PathBuf>,
}

impl Beside {
    /// Whether there is any.
    pub fn is_asked_for(&self) -> bool {
        self.canvas.is_some() || self.moodle.is_some()
    }

    /// Fills in the sheets, into a folder, with what a class gets.
    pub fn fill(&self, grades: &[Grade], out: &Path) -> Result<(), Trouble> {
        if let Some(sheet) = &self.canvas {
            let fill = |sheet: &mut Sheet| canvas::fill(sheet, grades, &canvas::Wish::default());
            tell(sheet, &filled(sheet, &out.join("canvas.csv"), fill)?);
        }
        if let Some(sheet) = &self.moodle {
            let fill = |sheet: &mut Sheet| moodle::fill(sheet, grades, &moodle::Wish::default());
            tell(sheet, &filled(sheet, &out.join("moodle.csv"), fill)?);
        }
        Ok(())
    }
}

fn tell(sheet: &Path, report: &Report) {
    eprint!("{}: {}", sheet.display(), report.render());
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let (common, name) = match &args.system {
        System::Canvas(own) => (&own.common, "canvas.csv"),
        System::Moodle(own) => (&own.common, "moodle.csv"),
    };
    let out = common
        .out
        .clone()
        .unwrap_or_else(|| common.from().join(name));
    let grades = common.grades()?;
    let fill = |sheet: &mut Sheet| match &args.system {
        System::Canvas(own) => canvas::fill(sheet, &grades, &canvas_wish(own)),
        System::Moodle(own) => moodle::fill(sheet, &grades, &moodle_wish(own)),
    };
    let report = filled(&common.sheet, &out, fill)?;
    eprint!("{}", report.render());
    println!("{}", out.display());
    Ok(Exit::Done)
}

fn canvas_wish(args: &CanvasArgs) -> canvas::Wish {
    canvas::Wish {
        column: args.column.clone(),
        scale: args.common.scale(),
        missing: args.common.missing(),
        excused: match args.grade_excused {
            true => Excused::Graded,
            false => Excused::Kept,
        },
    }
}

fn moodle_wish(args: &MoodleArgs) -> moodle::Wish {
    moodle::Wish {
        headers: Headers {
            identifier: args.identifier_column.clone(),
            grade: args.grade_column.clone(),
            modified: args.modified_column.clone(),
            comments: args.comments_column.clone(),
        },
        scale: args.common.scale(),
        missing: args.common.missing(),
        comments: match args.comments {
            Feedback::Add => Comments::Added,
            Feedback::Replace => Comments::Replaced,
            Feedback::Keep => Comments::AsTheyAre,
        },
    }
}

/// Fills in a sheet and writes it to another file: the one that was exported is never
/// written to.
fn filled(
    sheet: &Path,
    out: &Path,
    fill: impl FnOnce(&mut Sheet) -> Result<Report, sheets::trouble::Trouble>,
) -> Result<Report, Trouble> {
    let at = |error: &dyn std::fmt::Display| bad_input(format!("{}: {error}", sheet.display()));
    if out
        .canonicalize()
        .is_ok_and(|out| sheet.canonicalize().is_ok_and(|sheet| sheet == out))
    {
        let what = "the filled-in sheet would take the place of the exported one";
        return Err(at(&format!("{what}\nhelp: name another file with --out")));
    }
    let bytes = fs::read(sheet).map_err(|error| at(&error))?;
    let mut cells = Sheet::read(bytes).map_err(|error| at(&error))?;
    let report = fill(&mut cells).map_err(|error| at(&error))?;
    let written = fs::write(out, cells.bytes());
    written.map_err(|error| bad_input(format!("{}: {error}", out.display())))?;
    Ok(report)
}

fn bad_input(error: impl Into<Box<dyn std::error::Error>>) -> Trouble {
    Trouble::BadInput(error.into())
}
