//! Work B: all accesses of a real program.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use recorder::compact::Compaction;
use recorder::error::{Error, RunError};
use recorder::import::{Request, import};
use recorder::lackey::Valgrind;
use recorder::program::{Program, Surroundings};
use recorder::sink::Sink;
use vmsim::addr::{PAGE_SHIFT, VirtAddr};
use vmsim::event::{Config, Event, Op};

use crate::work::{Access, Reference, Work};

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The program did not run under valgrind.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Its log cannot be read.
    #[error(transparent)]
    Log(#[from] Error),
    /// There is no folder for the program to run in.
    #[error("no folder for the program to run in: {0}")]
    Folder(#[from] io::Error),
}

/// Records `ls` in a folder with some files, under valgrind, with all accesses.
///
/// # Errors
///
/// If there is no valgrind, or no `ls`.
pub fn ls(frames: u32, rounds: u32) -> Result<Work, RecordError> {
    let folder = tempfile::tempdir()?;
    for number in 0..FILES {
        fs::write(folder.path().join(format!("file-{number:02}")), [])?;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = Program {
        surroundings: Some(Surroundings {
            variables: vec![("PATH".into(), path)],
            folder: folder.path().to_owned(),
        }),
        ..Program::find(OsStr::new("ls"), &[])?
    };
    let valgrind = Valgrind::find()?;
    let recording = valgrind.record(&program, Compaction::None, |_| ControlFlow::Continue(()))?;
    read(recording.first.clone(), frames, rounds)
}

/// Files in the folder that `ls` lists: so many that it makes about 800,000 accesses.
const FILES: u32 = 126;

/// Reads a log of valgrind's lackey. Pages are numbered anew, by their addresses and
/// without gaps; an access to two pages is two references.
///
/// # Errors
///
/// If the log cannot be read.
pub fn read(log: PathBuf, frames: u32, rounds: u32) -> Result<Work, RecordError> {
    let mut seen = Seen::default();
    let request = Request {
        log,
        ..Request::default()
    };
    import(&request, &mut seen)?;
    Ok(seen.numbered(frames, rounds))
}

/// The accesses of a log, with the numbers that its pages had.
#[derive(Default)]
struct Seen(Vec<(u64, Access)>);

impl Seen {
    fn numbered(self, frames: u32, rounds: u32) -> Work {
        let pages: BTreeSet<u64> = self.0.iter().map(|&(page, _)| page).collect();
        let pages: Vec<u64> = pages.into_iter().collect();
        let number = |page| pages.binary_search(&page).expect("it is one of them") as u32;
        let references = self.0.iter().map(|&(page, access)| Reference {
            page: number(page),
            access,
        });
        Work {
            pages: pages.len() as u32,
            frames,
            round: references.collect(),
            rounds,
        }
    }
}

impl Sink for Seen {
    fn machine(&mut self, _: &Config) -> io::Result<()> {
        Ok(())
    }

    fn comment(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        let (addr, size, access) = match event.op {
            Op::Read { addr, size, .. } => (addr, size, Access::Read),
            Op::Write { addr, size, .. } => (addr, size, Access::Write),
            Op::Exec { addr, .. } => (addr, 1, Access::Exec),
            _ => return Ok(()),
        };
        let last = VirtAddr(addr.0 + u64::from(size) - 1);
        let pages = addr.0 >> PAGE_SHIFT..=last.0 >> PAGE_SHIFT;
        self.0.extend(pages.map(|page| (page, access)));
        Ok(())
    }
}
