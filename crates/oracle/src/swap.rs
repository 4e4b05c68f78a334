//! A swap device for the time of a run: made on request, and removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Where swap-in reads more than one page, unless it is 0 (`vm.page-cluster`).
const PAGE_CLUSTER: &str = "/proc/sys/vm/page-cluster";

/// Bytes of the device: far more than a trace pages out.
const SIZE: u64 = 256 << 20;

/// A swap device that is taken away when it is dropped.
#[derive(Debug)]
pub struct SwapDevice {
    backing: Backing,
    page_cluster: String,
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
    /// Where the user may not, or neither can be had.
    pub fn make(folder: &Path) -> Result<Self, Error> {
        Self::with(|| zram().or_else(|_| file(folder)))
    }

    /// Makes a swap file in `folder`, and switches it on.
    ///
    /// # Errors
    ///
    /// Where the user may not, or the file system cannot hold one.
    pub fn make_file(folder: &Path) -> Result<Self, Error> {
        Self::with(|| file(folder))
    }

    fn with(make: impl FnOnce() -> Result<Backing, Error>) -> Result<Self, Error> {
        let page_cluster = fs::read_to_string(PAGE_CLUSTER)
            .map_err(|error| Error::io(format!("read {PAGE_CLUSTER}"), error))?;
        // Asked first: it takes root, and so does the rest.
        write(PAGE_CLUSTER, "0")?;
        match make() {
            Ok(backing) => Ok(Self {
                backing,
                page_cluster,
            }),
            Err(error) => {
                write(PAGE_CLUSTER, page_cluster.trim())?;
                Err(error)
            }
        }
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
        // Whatever fails here has no remedy but these words.
        let removed = match &self.backing {
            Backing::Zram { number } => {
                let device = PathBuf::from(format!("/dev/zram{number}"));
                run("swapoff", &device)
                    .and_then(|()| write(&format!("/sys/block/zram{number}/reset"), "1"))
            }
            Backing::File { path } => run("swapoff", path).and_then(|()| {
                fs::remove_file(path)
                    .map_err(|error| Error::io(format!("remove {}", path.display()), error))
            }),
        };
        let restored = write(PAGE_CLUSTER, self.page_cluster.trim());
        for error in [removed, restored].into_iter().filter_map(Result::err) {
            eprintln!("warning: the swap device is left behind: {error}");
        }
    }
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
            (0..SIZE >> 20).try_for_each(|_| std::io::Write::write_all(&mut &file, &zeroes))?;
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
