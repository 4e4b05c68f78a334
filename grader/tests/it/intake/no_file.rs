//! What is no file: links, pipes, and second names.

use super::*;

#[test]
fn links_and_pipes_refuse_an_archive() {
    for (line, name, what) in [
        (
            "lab1.rs -> /etc/passwd",
            "lab1.rs",
            "not a regular file: a link",
        ),
        ("src -> /etc", "src", "a link"),
        ("notes -> ../other", "notes", "a link"),
        ("target/x -> ../other", "target/x", "a link"),
    ] {
        check_archives(line, &format!("refused: `{name}`: {what}\n{PLAIN_FILES}"));
    }
    let got = of_archive(&tarred("lab1.rs = one\nnotes => lab1.rs"), "a.tar");
    assert_eq!(
        got,
        format!("refused: `notes`: a hard link\n{PLAIN_FILES}\n")
    );
    let got = of_archive(&tarred("notes | pipe"), "a.tar");
    assert_eq!(got, format!("refused: `notes`: a pipe\n{PLAIN_FILES}\n"));
    let got = of_archive(&zipped("notes | pipe"), "a.zip");
    assert_eq!(
        got,
        format!("refused: `notes`: a pipe or device\n{PLAIN_FILES}\n")
    );
    for (kind, what) in [
        (b'3', "a device"),
        (b'4', "a device"),
        (b'S', "a file with holes"),
        (b'Z', "an entry of an unknown kind"),
    ] {
        let got = of_archive(&tar_entry(b"notes", kind, b"", b""), "a.tar");
        assert_eq!(got, format!("refused: `notes`: {what}\n{PLAIN_FILES}\n"));
    }
}

#[test]
fn a_handler_file_that_is_none_refuses_a_folder() {
    for (line, what) in [
        ("lab1.rs -> /etc/passwd", ": a link"),
        ("lab1.rs -> nowhere", ": a link"),
        ("lab1.rs | pipe", ": a pipe"),
        ("lab1.rs/x = y", ""),
    ] {
        assert_eq!(
            of_folder(line),
            format!("refused: `lab1.rs`: not a regular file{what}\n{PLAIN_FILES}\n")
        );
    }
}

#[test]
fn no_link_in_a_folder_is_followed() {
    let other = unpacked("src/lab1.rs = of another");
    let other = other.path().display();
    let got = of_folder(&format!(
        "src -> {other}/src\nlabs -> {other}\nx.trace -> {other}/src/lab1.rs"
    ));
    assert_eq!(
        got,
        "unreadable: x.trace: not a regular file: a link\n\
         ignored: labs (a link)\nignored: src (a link)\n"
    );
}

#[test]
fn a_link_that_is_put_there_while_we_read_is_not_followed() {
    let other = unpacked("lab1.rs = of another\nlab2.rs = of another");
    let own = unpacked("src/lab1.rs = own\nsrc/lab2.rs = own\nz.txt = z");
    let path = |name: &str| own.path().join(name);
    symlink(other.path(), path("link")).expect("a link");
    let submission = Submission::at(own.path());
    let done = AtomicBool::new(false);
    let (mut taken, mut ignored) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                fs::rename(path("src"), path("aside")).expect("a new name");
                fs::rename(path("link"), path("src")).expect("a new name");
                fs::rename(path("src"), path("link")).expect("a new name");
                fs::rename(path("aside"), path("src")).expect("a new name");
            }
        });
        for _ in 0..3_000 {
            let got = said(submission.read());
            assert!(!got.contains("of another"), "{got}");
            taken += usize::from(got.contains("lab1.rs = own"));
            ignored += usize::from(got.contains("ignored: src (a link)"));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(taken > 0 || ignored > 0, "nothing was ever read");
}

#[test]
fn a_submission_that_is_a_link_is_refused() {
    let class = unpacked("alice/lab1.rs = hers");
    let alice = class.path().join("alice");
    symlink(&alice, class.path().join("bob")).expect("a link");
    fs::write(class.path().join("eve.zip"), zipped("lab1.rs = of eve")).expect("an archive");
    symlink(class.path().join("eve.zip"), class.path().join("zoe.zip")).expect("a link");
    let found = intake::find(class.path()).expect("a class");
    let said: Vec<String> = found
        .iter()
        .map(|it| format!("{}: {}", it.id, said(it.read())))
        .collect();
    assert_eq!(said[0], "alice: lab1.rs = hers\n");
    assert!(
        said[1].starts_with("bob: refused: the submission cannot be read: "),
        "{}",
        said[1]
    );
    assert_eq!(said[2], "eve: lab1.rs = of eve\n");
    assert!(
        said[3].starts_with("zoe: refused: the submission cannot be read: "),
        "{}",
        said[3]
    );
    // Whoever types a link means what it leads to.
    let typed = intake::find(&class.path().join("bob")).expect("a submission");
    assert_eq!(typed[0].read().expect("taken").files.len(), 1);
}

#[test]
fn a_second_name_of_ones_own_file_is_taken() {
    let said = of_folder("notes = text\nlab1.rs => notes");
    assert_eq!(said, "lab1.rs = text\nignored: notes\n");
}

/// Only root can give a folder to somebody else.
#[test]
fn a_second_name_of_somebody_elses_file_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = unpacked("notes = secret\nlab1.rs => notes");
    std::os::unix::fs::chown(folder.path(), Some(65_534), None).expect("root may");
    let said = said(Submission::at(folder.path()).read());
    assert!(
        said.contains("`lab1.rs`: a hard link to somebody else's file"),
        "{said}"
    );
}
