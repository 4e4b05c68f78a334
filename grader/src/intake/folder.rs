//! Submissions that are folders, which may be git checkouts.
//!
//! The folder is walked one name at a time, each opened in the folder that is open
//! already and never through a link. So no link in a submission leads anywhere, even
//! if it is put there while we read. Nothing of git is run: a checkout's `.git` is not
//! looked into.
//!
//! A file with a second name somewhere (a hard link) is taken if it belongs to whoever
//! has the folder: backups make such files. One that belongs to somebody else is not,
//! because a student of the machine may have given a key that name, where
//! `fs.protected_hardlinks` is off.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use course::handed_in::SOURCE_BYTES_MAX;
use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::harvest::{Harvest, NOT_REGULAR, Source, What, too_large, unreadable};
use super::limits::ENTRIES_MAX;
use super::names::Name;
use super::refusal::Refusal;

/// Opened for reading: no link is followed, no pipe waited for, no terminal taken.
const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// Opens a regular file, and nothing else.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let file = fs::open(path, READ, Mode::empty())?;
    regular(file)
}

/// Opens a folder that is none by way of a link.
pub(super) fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    Ok(fs::open(path, READ | OFlags::DIRECTORY, Mode::empty())?)
}

/// Reads what counts of an open folder.
pub(super) fn read(folder: &OwnedFd) -> Result<Harvest, Refusal> {
    let mut harvest = Harvest::of(Source::Folder);
    walk(&mut harvest, folder.as_fd(), "")?;
    Ok(harvest)
}

fn walk(harvest: &mut Harvest, folder: BorrowedFd<'_>, above: &str) -> Result<(), Refusal> {
    let names = names(folder, harvest.entries_left());
    let names = names.map_err(|error| unreadable(above.as_bytes(), &error))?;
    if names.len() > harvest.entries_left() {
        return Err(too_large(format!(
            "more than {ENTRIES_MAX} entries in the folder"
        )));
    }
    for name in names {
        let path = [above.as_bytes(), name.as_bytes()].concat();
        let what = match fs::statat(folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(about) => what(FileType::from_raw_mode(about.st_mode)),
            // Gone since, or no longer to be seen.
            Err(_) => continue,
        };
        let admitted = harvest.admit(&path, what)?;
        match what {
            What::Folder => enter(harvest, folder, &name, admitted)?,
            What::File if harvest.wants(&admitted) => take(harvest, folder, &name, admitted)?,
            What::File => harvest.ignore(admitted),
            What::Other(what) if harvest.wants(&admitted) => {
                harvest.keep(admitted, Err(format!("{NOT_REGULAR}: {what}")));
            }
            What::Other(what) => harvest.ignore_because(admitted, Some(what.to_owned())),
        }
    }
    Ok(())
}

/// The names in a folder, sorted; one more than `most` if there are too many.
fn names(folder: BorrowedFd<'_>, most: usize) -> io::Result<Vec<CString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let name = entry?.file_name().to_owned();
        if [&b"."[..], b".."].contains(&name.as_bytes()) {
            continue;
        }
        names.push(name);
        if names.len() > most {
            break;
        }
    }
    names.sort();
    Ok(names)
}

fn enter(
    harvest: &mut Harvest,
    folder: BorrowedFd<'_>,
    name: &CString,
    admitted: Name,
) -> Result<(), Refusal> {
    if admitted.junk().is_some() {
        harvest.ignore_folder(admitted);
        return Ok(());
    }
    match fs::openat(folder, name, READ | OFlags::DIRECTORY, Mode::empty()) {
        Ok(inner) => walk(harvest, inner.as_fd(), &format!("{}/", admitted.text())),
        Err(error) => {
            harvest.ignore_because(admitted, Some(reason(error)));
            Ok(())
        }
    }
}

/// Reads a file that may count: once, as far as files may reach, whatever its length is
/// said to be.
fn take(
    harvest: &mut Harvest,
    folder: BorrowedFd<'_>,
    name: &CString,
    admitted: Name,
) -> Result<(), Refusal> {
    let opened = fs::openat(folder, name, READ, Mode::empty());
    let opened = opened
        .map_err(reason)
        .and_then(|file| regular(file).map_err(|error| error.to_string()))
        .and_then(|file| own(file, folder));
    match opened {
        Ok(file) => {
            let capped = io::Read::take(file, SOURCE_BYTES_MAX + 1);
            harvest.read(admitted, capped, None)
        }
        Err(why) => {
            harvest.keep(admitted, Err(why));
            Ok(())
        }
    }
}

/// What is open may be another thing than what was there before.
fn regular(file: OwnedFd) -> io::Result<File> {
    let about = fs::fstat(&file)?;
    match FileType::from_raw_mode(about.st_mode) {
        FileType::RegularFile => Ok(File::from(file)),
        _ => Err(io::Error::other(NOT_REGULAR)),
    }
}

/// A second name for somebody else's file is as good as a link to it. Whoever owns the
/// folder made the name; backups, which give files second names too, keep the owner.
fn own(file: File, folder: BorrowedFd<'_>) -> Result<File, String> {
    let about = |error: Errno| io::Error::from(error).to_string();
    let (file_is, folder_is) = (
        fs::fstat(&file).map_err(about)?,
        fs::fstat(folder).map_err(about)?,
    );
    match file_is.st_nlink > 1 && file_is.st_uid != folder_is.st_uid {
        true => Err("a hard link to somebody else's file".to_owned()),
        false => Ok(file),
    }
}

/// A link that was put there since is named as one.
fn reason(error: Errno) -> String {
    match error {
        Errno::LOOP => format!("{NOT_REGULAR}: a link"),
        error => io::Error::from(error).to_string(),
    }
}

fn what(found: FileType) -> What {
    match found {
        FileType::RegularFile => What::File,
        FileType::Directory => What::Folder,
        FileType::Symlink => What::Other("a link"),
        FileType::Fifo => What::Other("a pipe"),
        FileType::Socket => What::Other("a socket"),
        FileType::CharacterDevice | FileType::BlockDevice => What::Other("a device"),
        FileType::Unknown => What::Other("neither file nor folder"),
    }
}

/// The content of a file that is open, if it is bearable.
pub(super) fn read_all(file: File, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, most + 1), &mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}
