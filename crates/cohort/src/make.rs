//! A class, written to a disk one student at a time.

use std::io;
use std::path::{Path, PathBuf};

use crate::beside::{self, Table};
use crate::plan::Plan;
use crate::sheet;
use crate::sink::Sink;

/// Where everything goes.
#[derive(Clone, Debug)]
pub struct Files {
    /// The export: a zip if its name says so, a folder otherwise.
    pub export: PathBuf,
    /// The roster; class.toml and truth.csv lie beside it.
    pub roster: PathBuf,
    /// The empty grade sheet, for systems that have one.
    pub sheet: PathBuf,
}

/// A file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}\nhelp: nothing is written over: give another folder, or remove what is there", .path.display())]
pub struct Unwritten {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl Files {
    /// Beside an export.
    pub fn beside(export: &Path) -> Self {
        Self {
            export: export.to_owned(),
            roster: export.with_file_name("roster.csv"),
            sheet: export.with_file_name("sheet.csv"),
        }
    }

    /// The course.
    pub fn class(&self) -> PathBuf {
        self.roster.with_file_name("class.toml")
    }

    /// What is known beforehand.
    pub fn truth(&self) -> PathBuf {
        self.roster.with_file_name("truth.csv")
    }
}

/// Makes a class.
///
/// # Errors
///
/// If something is there already, or cannot be written.
pub fn make(plan: &Plan, files: &Files) -> Result<(), Unwritten> {
    let system = plan.system;
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| Unwritten { path, error }
    };
    let (class, truth) = (files.class(), files.truth());
    let mut sink = Sink::new(&files.export).map_err(at(&files.export))?;
    let mut roster = Table::new(&files.roster, &beside::ROSTER).map_err(at(&files.roster))?;
    beside::class(&class, &files.roster).map_err(at(&class))?;
    let mut known = Table::new(&truth, &beside::TRUTH).map_err(at(&truth))?;
    let sheet = sheet::head(system).map(|head| Table::new(&files.sheet, head));
    let mut sheet = sheet.transpose().map_err(at(&files.sheet))?;
    if let Some(sheet) = &mut sheet {
        sheet::first(system, sheet).map_err(at(&files.sheet))?;
    }
    let mut told = String::new();
    for member in plan.members() {
        for hand_in in &member.hand_ins {
            let written = system.write(&member, hand_in, &mut sink);
            written.map_err(at(&files.export))?;
        }
        system.tell(&member, &mut told);
        beside::roster(&member, system, &mut roster).map_err(at(&files.roster))?;
        beside::truth(&member, system, &mut known).map_err(at(&truth))?;
        if let Some(sheet) = &mut sheet {
            sheet::row(&member, system, sheet).map_err(at(&files.sheet))?;
        }
    }
    let told = system.write_told(&told, &mut sink);
    told.and_then(|()| sink.finish())
        .map_err(at(&files.export))?;
    roster.finish().map_err(at(&files.roster))?;
    known.finish().map_err(at(&truth))?;
    match sheet {
        Some(mut sheet) => {
            let last = sheet::last(system, &mut sheet);
            last.and_then(|()| sheet.finish()).map_err(at(&files.sheet))
        }
        None => Ok(()),
    }
}
