//! A swap device for the time of a run: made on request, and removed.

use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Where swap-in reads more than one page, unless it is 0 (`vm.page-cluster`).
const PAGE_CLUSTER: &str = "/proc/sys/vm/page-cluster";

/// Bytes of the device: far more than a trace pages out.
const SIZE: u64 = 256 << 20;

/// What a run notes here while it has a swap device: one at a time, and if it is killed,
/// the next one cleans up.
const NOTE: &str = "/run/faultline-swap";

/// A swap device that is taken away when it is dropped.
#[derive(Debug)]
pub struct SwapDevice {
    backing: Backing,
    page_cluster: String,
    /// [`NOTE`], locked.
    note: File,
}

/// What holds the pages.
#[derive(Debug)]
enum Backing {
    /// Compressed memory (Documentation/admin-guide/blockdev/zram.rst): written at
    /// once, so that the next access is a major fault.
    Zram { number: u32 },
    /// A file: its pages stay in the swap cache until they are paged out again.
    File { path: PathBuf },
}

impl SwapDevice {
    /// Makes a zram device, or else a swap file in `folder`, and switches it on;
    /// swap-in reads page by page.
    ///
    /// # Errors
    ///
    /// Where the user may not, neither can be had, or another run has a device.
    pub fn make(folder: &Path) -> Result<Self, Error> {
        Self::with(|| zram().or_else(|_| file(folder)))
    }

    /// Makes a swap file in `folder`, and switches it on.
    ///
    /// # Errors
    ///
    /// Where the user may not, the file system cannot hold one, or another run has a
    /// device.
    pub fn make_file(folder: &Path) -> Result<Self, Error> {
        Self::with(|| file(folder))
    }

    fn with(make: impl FnOnce() -> Result<Backing, Error>) -> Result<Self, Error> {
        let mut note = lock_note()?;
        clean_up_after(&mut note)?;
        let page_cluster = fs::read_to_string(PAGE_CLUSTER)
            .map_err(|error| Error::io(format!("read {PAGE_CLUSTER}"), error))?;
        let page_cluster = page_cluster.trim().to_owned();
        write(PAGE_CLUSTER, "0")?;
        match make() {
            Ok(backing) => {
                let device = Self {
                    backing,
                    page_cluster,
                    note,
                };
                device.write_down()?;
                Ok(device)
            }
            Err(error) => {
                write(PAGE_CLUSTER, &page_cluster)?;
                Err(error)
            }
        }
    }

    /// Notes what there is to clean up.
    fn write_down(&self) -> Result<(), Error> {
        let backing = match &self.backing {
            Backing::Zram { number } => format!("zram {number}"),
            Backing::File { path } => format!("file {}", path.display()),
        };
        let text = format!("{}\n{backing}\n", self.page_cluster);
        let written = self
            .note
            .set_len(0)
            .and_then(|()| (&self.note).write_all(text.as_bytes()));
        written.map_err(|error| Error::io(format!("write {NOTE}"), error))
    }

    /// What it is, for people.
    pub fn describe(&self) -> String {
        match &self.backing {
            Backing::Zram { number } => format!("/dev/zram{number}, page-cluster 0"),
            Backing::File { path } => format!("{}, page-cluster 0", path.display()),
        }
    }
}

impl Drop for SwapDevice {
    fn drop(&mut self) {
        // Whatever fails here has no remedy but these words, and the next run's.
        let removed = self.backing.remove();
        let restored = write(PAGE_CLUSTER, &self.page_cluster);
        let forgotten = self.note.set_len(0);
        let forgotten = forgotten.map_err(|error| Error::io(format!("write {NOTE}"), error));
        for error in [removed, restored, forgotten]
            .into_iter()
            .filter_map(Result::err)
        {
            eprintln!("warning: the swap device is left behind: {error}");
        }
    }
}

impl Backing {
    fn remove(&self) -> Result<(), Error> {
        match self {
            Backing::Zram { number } => {
                let device = PathBuf::from(format!("/dev/zram{number}"));
                run("swapoff", &device)?;
                write(&format!("/sys/block/zram{number}/reset"), "1")
            }
            Backing::File { path } => {
                run("swapoff", path)?;
                let removed = fs::remove_file(path);
                removed.map_err(|error| Error::io(format!("remove {}", path.display()), error))
            }
        }
    }
}

/// The note, if no other run holds it.
fn lock_note() -> Result<File, Error> {
    let opened = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(NOTE);
    let note = opened.map_err(|error| Error::io(format!("write {NOTE}"), error))?;
    match note.try_lock() {
        Ok(()) => Ok(note),
        Err(_) => Err(Error::Lacking(
            "another run has made a swap device, and must end first".to_owned(),
        )),
    }
}

/// Removes what a run has left behind that was killed.
fn clean_up_after(note: &mut File) -> Result<(), Error> {
    let mut text = String::new();
    note.read_to_string(&mut text)
        .and_then(|_| note.rewind())
        .map_err(|error| Error::io(format!("read {NOTE}"), error))?;
    let mut lines = text.lines();
    let (Some(page_cluster), Some(backing)) = (lines.next(), lines.next()) else {
        return Ok(());
    };
    let backing = match backing.split_once(' ') {
        Some(("zram", number)) => number.parse().ok().map(|number| Backing::Zram { number }),
        Some(("file", path)) => Some(Backing::File { path: path.into() }),
        _ => None,
    };
    // It may be gone by itself: the system was started anew.
    let _gone = backing.map(|backing| backing.remove());
    write(PAGE_CLUSTER, page_cluster)
}

fn zram() -> Result<Backing, Error> {
    let number = unused_zram()?;
    write(
        &format!("/sys/block/zram{number}/disksize"),
        &SIZE.to_string(),
    )?;
    let device = PathBuf::from(format!("/dev/zram{number}"));
    match switch_on(&device) {
        Ok(()) => Ok(Backing::Zram { number }),
        Err(error) => {
            write(&format!("/sys/block/zram{number}/reset"), "1")?;
            Err(error)
        }
    }
}

/// The first device that has no size yet, or a new one.
fn unused_zram() -> Result<u32, Error> {
    let is_unused = |number: &u32| {
        let size = fs::read_to_string(format!("/sys/block/zram{number}/disksize"));
        size.is_ok_and(|size| size.trim() == "0")
    };
    if let Some(number) = (0..16).find(is_unused) {
        return Ok(number);
    }
    let hot_add = "/sys/class/zram-control/hot_add";
    let number =
        fs::read_to_string(hot_add).map_err(|error| Error::io(format!("read {hot_add}"), error))?;
    let number = number.trim().parse();
    number.map_err(|_| Error::Unexpected(format!("{hot_add} tells no number")))
}

fn file(folder: &Path) -> Result<Backing, Error> {
    use std::os::unix::fs::OpenOptionsExt;

    let path = folder.join(format!("faultline-swap-{}", std::process::id()));
    let failed = |error| Error::io(format!("make {}", path.display()), error);
    let mut options = fs::OpenOptions::new();
    let made = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .and_then(|file| {
            // A swap file must have no holes.
            let zeroes = vec![0; 1 << 20];
            (0..SIZE >> 20).try_for_each(|_| (&file).write_all(&zeroes))?;
            file.sync_all()
        });
    made.map_err(failed)?;
    match switch_on(&path) {
        Ok(()) => Ok(Backing::File { path }),
        Err(error) => {
            fs::remove_file(&path).map_err(failed)?;
            Err(error)
        }
    }
}

fn switch_on(device: &Path) -> Result<(), Error> {
    run("mkswap", device)?;
    run("swapon", device)
}

/// Runs a program of util-linux, which may stand where only root looks for it.
fn run(program: &str, device: &Path) -> Result<(), Error> {
    let places = ["/usr/sbin", "/sbin"].map(|folder| Path::new(folder).join(program));
    let found = places.into_iter().find(|place| place.exists());
    let status = Command::new(found.unwrap_or_else(|| program.into()))
        .arg(device)
        // A signal from the terminal is for us; this has to come to its end.
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| Error::io(format!("run {program}"), error))?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::Lacking(format!(
            "{program} {} failed",
            device.display()
        ))),
    }
}

fn write(path: &str, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| Error::io(format!("write {path}"), error))
}
