//! What a confined thread may do with files. Landlock holds for a thread and its
//! children, so each test confines a thread of its own.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use sandbox::files::{Enforced, Extent, Files, FilesError, offered};
use tempfile::TempDir;

/// A folder with `open/file`, `shut/file`, and a place to write.
struct Folder(TempDir);

fn folder() -> Folder {
    let folder = TempDir::new().expect("a folder");
    for name in ["open", "shut", "work"] {
        fs::create_dir(folder.path().join(name)).expect("a folder in it");
        fs::write(folder.path().join(name).join("file"), "text").expect("a file");
    }
    Folder(folder)
}

impl Folder {
    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// What a thread that is confined to these files gets out of `attempt`; none where
/// this kernel enforces nothing, and there is nothing to test.
fn confined<T: Send>(files: Files, attempt: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let enforced = files
                .confine()
                .unwrap_or_else(|error| panic!("it is confined: {error}"));
            (enforced != Enforced::NOTHING).then(attempt)
        });
        thread.join().expect("the attempt does not panic")
    })
}

fn is_denied<T>(attempt: std::io::Result<T>) -> bool {
    attempt.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

#[test]
fn what_is_allowed_is_read_and_nothing_else() {
    let folder = folder();
    let files = Files::nothing().read(folder.at("open"));
    let read = confined(files, || {
        ["open/file", "shut/file"].map(|name| fs::read_to_string(folder.at(name)).ok())
    });
    assert!(matches!(read, None | Some([Some(_), None])), "{read:?}");
}

#[test]
fn nothing_means_nothing_of_the_whole_tree() {
    let folder = folder();
    let denied = confined(Files::nothing(), || {
        let paths = ["/", "/etc/passwd", "/proc/self/mem", "/dev/zero"].map(PathBuf::from);
        let paths = paths.into_iter().chain([folder.at("open/file")]);
        let read: Vec<PathBuf> = paths.filter(|path| !is_denied(File::open(path))).collect();
        assert!(read.is_empty(), "{read:?} can be opened");
        is_denied(fs::read_dir("/")) && is_denied(fs::write(folder.at("work/new"), "text"))
    });
    assert_ne!(denied, Some(false));
}

#[test]
fn a_single_file_may_be_allowed_and_its_neighbours_stay_shut() {
    let folder = folder();
    fs::write(folder.at("open/neighbour"), "text").expect("a file");
    let files = Files::nothing().read(folder.at("open/file"));
    let read = confined(files, || {
        (
            fs::read(folder.at("open/file")).is_ok(),
            is_denied(fs::read(folder.at("open/neighbour"))),
            is_denied(fs::read_dir(folder.at("open"))),
        )
    });
    assert!(matches!(read, None | Some((true, true, true))), "{read:?}");
}

#[test]
fn what_may_be_read_may_not_be_written_nor_what_may_be_written_executed() {
    let folder = folder();
    fs::copy("/bin/true", folder.at("work/program")).expect("a program");
    let files = Files::nothing()
        .read(folder.at("open"))
        .write(folder.at("work"));
    let denied = confined(files, || {
        (
            is_denied(fs::write(folder.at("open/file"), "other")),
            is_denied(fs::write(folder.at("open/new"), "other")),
            is_denied(fs::remove_file(folder.at("open/file"))),
            is_denied(Command::new(folder.at("work/program")).status()),
        )
    });
    assert!(
        matches!(denied, None | Some((true, true, true, true))),
        "{denied:?}"
    );
}

#[test]
fn a_folder_to_write_takes_files_and_folders_but_no_links() {
    let folder = folder();
    let files = Files::nothing().write(folder.at("work"));
    let made = confined(files, || {
        fs::create_dir(folder.at("work/sub")).expect("a folder");
        fs::write(folder.at("work/sub/new"), "text").expect("a file");
        fs::rename(folder.at("work/sub/new"), folder.at("work/moved")).expect("a move");
        fs::remove_dir(folder.at("work/sub")).expect("a folder less");
        let link = std::os::unix::fs::symlink("/etc/passwd", folder.at("work/link"));
        let socket = UnixListener::bind(folder.at("work/socket"));
        (is_denied(link), is_denied(socket))
    });
    assert!(matches!(made, None | Some((true, true))), "{made:?}");
}

#[test]
fn a_program_that_may_be_executed_is_confined_as_well() {
    let folder = folder();
    let cat = fs::canonicalize("/bin/cat").expect("there is a cat");
    let mut files = Files::nothing().execute(cat).read(folder.at("open"));
    for libraries in ["/lib", "/lib64", "/usr/lib", "/usr/lib64"] {
        if PathBuf::from(libraries).exists() {
            files = files.execute(libraries);
        }
    }
    let shown = confined(files, || {
        ["open/file", "shut/file"].map(|name| {
            let mut cat = Command::new("/bin/cat");
            // `/dev/null`, which would be its input otherwise, is shut as well.
            let output = cat.arg(folder.at(name)).stdin(Stdio::inherit()).output();
            output.expect("cat starts").status.success()
        })
    });
    assert!(matches!(shown, None | Some([true, false])), "{shown:?}");
}

#[test]
fn a_path_through_a_link_is_judged_by_where_it_leads() {
    let folder = folder();
    std::os::unix::fs::symlink(folder.at("shut/file"), folder.at("open/link")).expect("a link");
    let files = Files::nothing().read(folder.at("open"));
    let read = confined(files, || is_denied(fs::read(folder.at("open/link"))));
    assert_ne!(read, Some(false));
}

#[test]
fn tcp_is_gone_where_landlock_knows_of_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let denied = confined(Files::nothing(), || {
        is_denied(TcpStream::connect(address)) && is_denied(TcpListener::bind("127.0.0.1:0"))
    });
    assert!(denied != Some(false) || offered().abi < 4);
}

#[test]
fn a_path_that_is_missing_is_an_error_that_names_it() {
    let missing = folder().at("missing");
    let refused = thread::scope(|scope| {
        let thread = scope.spawn(|| Files::nothing().read(&missing).confine());
        thread.join().expect("no panic")
    });
    match refused {
        Err(FilesError::Open { path, .. }) => assert_eq!(path, missing),
        other => assert!(offered() == Enforced::NOTHING, "{other:?}"),
    }
}

#[test]
fn asking_what_is_offered_changes_nothing_and_agrees_with_what_is_enforced() {
    let asked = offered();
    assert!(File::open("/etc/passwd").is_ok());
    let enforced = thread::scope(|scope| {
        let thread = scope.spawn(|| Files::nothing().confine());
        thread.join().expect("no panic").expect("it is confined")
    });
    assert_eq!(asked, enforced);
}

#[test]
fn the_extent_follows_from_the_abi() {
    let extents = [0, 1, 5, 6, 10].map(|abi| Enforced { abi }.extent());
    use Extent::{Nothing, Part, Whole};
    assert_eq!(extents, [Nothing, Part, Part, Whole, Whole]);
}
