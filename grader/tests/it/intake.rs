//! What is taken of a submission, what is ignored, and what refuses it.
//!
//! One line an entry goes in; what was taken, or the refusal, comes out.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use grader::intake::archive::{self, Kind};
use grader::intake::{self, Sources, Submission};
use proptest::prelude::*;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a description makes of each line, in each kind of submission:
///
/// ```text
/// src/lab1.rs = text           a file; `\0`, `\xNN`, `\u{…}` are escapes in both halves
/// src/lab1.rs * 300000         a file of so many zeros … of the letter `0`
/// src/                         a folder
/// src/lab1.rs -> /etc/passwd   a link
/// src/lab1.rs | pipe           a pipe
/// ```
#[derive(Clone, Debug)]
struct Line {
    name: Vec<u8>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    File(Vec<u8>),
    Folder,
    Link(Vec<u8>),
    Hard(Vec<u8>),
    Pipe,
}

fn lines(description: &str) -> Vec<Line> {
    let lines = description.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(line).collect()
}

fn line(line: &str) -> Line {
    let of = |name: &str, what| Line {
        name: unescaped(name),
        what,
    };
    if let Some((name, content)) = line.split_once(" = ") {
        return of(name, What::File(unescaped(content)));
    }
    if let Some((name, count)) = line.split_once(" * ") {
        let count = count.parse().expect("a number of bytes");
        return of(name, What::File(vec![b'0'; count]));
    }
    if let Some((name, to)) = line.split_once(" -> ") {
        return of(name, What::Link(unescaped(to)));
    }
    if let Some((name, to)) = line.split_once(" => ") {
        return of(name, What::Hard(unescaped(to)));
    }
    match line.strip_suffix(" | pipe") {
        Some(name) => of(name, What::Pipe),
        None => of(line, What::Folder),
    }
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        if let Some(hex) = rest.strip_prefix('x') {
            bytes.push(u8::from_str_radix(&hex[..2], 16).expect("a byte"));
            rest = &hex[2..];
        } else if let Some(hex) = rest.strip_prefix("u{") {
            let (hex, after) = hex.split_once('}').expect("an end");
            let code = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
            let mut buffer = [0; 4];
            bytes.extend_from_slice(
                code.expect("a character")
                    .encode_utf8(&mut buffer)
                    .as_bytes(),
            );
            rest = after;
        } else {
            bytes.push(match rest.as_bytes()[0] {
                b'0' => 0,
                b'n' => b'\n',
                other => other,
            });
            rest = &rest[1..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// The bytes of a name that zip's writer would make prettier.
fn zipped(description: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut renamed = Vec::new();
    for (at, line) in lines(description).into_iter().enumerate() {
        // The writer corrects names, so that the real ones are put in afterwards.
        let stand_in = format!("{at:0width$}", width = line.name.len());
        assert_eq!(stand_in.len(), line.name.len(), "a longer name: {line:?}");
        let options = SimpleFileOptions::default();
        let (mode, content) = match line.what {
            What::File(content) => (0o100_644, content),
            What::Folder => (0o040_755, Vec::new()),
            What::Link(to) | What::Hard(to) => (0o120_777, to),
            What::Pipe => (0o010_644, Vec::new()),
        };
        archive
            .start_file(&stand_in, options)
            .and_then(|()| Ok(archive.write_all(&content)?))
            .expect("a vector takes it");
        renamed.push((stand_in, line.name, mode));
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    with_names(bytes, &renamed)
}

/// Puts names and modes into the headers of entries.
fn with_names(mut bytes: Vec<u8>, entries: &[(String, Vec<u8>, u32)]) -> Vec<u8> {
    for (stand_in, name, mode) in entries {
        let headers = [(&b"PK\x03\x04"[..], 30), (b"PK\x01\x02", 46)];
        for (magic, name_at) in headers {
            let whole = [stand_in.as_bytes()].concat();
            let at = (0..bytes.len())
                .find(|at| {
                    bytes[*at..].starts_with(magic)
                        && bytes[at + name_at..].starts_with(&whole)
                        && usize::from(bytes[at + name_at - if name_at == 30 { 4 } else { 18 }])
                            == name.len() % 256
                })
                .expect("each entry has two headers");
            bytes[at + name_at..at + name_at + name.len()].copy_from_slice(name);
            if name_at == 46 {
                bytes[at + 5] = 3;
                bytes[at + 38..at + 42].copy_from_slice(&(mode << 16).to_le_bytes());
            }
        }
    }
    bytes
}

fn tarred(description: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines(description) {
        let (kind, content, link): (u8, Vec<u8>, Vec<u8>) = match line.what {
            What::File(content) => (b'0', content, Vec::new()),
            What::Folder => (b'5', Vec::new(), Vec::new()),
            What::Link(to) => (b'2', Vec::new(), to),
            What::Hard(to) => (b'1', Vec::new(), to),
            What::Pipe => (b'6', Vec::new(), Vec::new()),
        };
        if line.name.len() > 100 {
            bytes.extend(tar_entry(b"././@LongLink", b'L', &line.name, b""));
        }
        let name = &line.name[..line.name.len().min(100)];
        bytes.extend(tar_entry(name, kind, &content, &link));
    }
    bytes.extend([0; 1024]);
    bytes
}

/// An entry of a tar archive, with the name as it is.
fn tar_entry(name: &[u8], kind: u8, content: &[u8], link: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[108..124].copy_from_slice(b"0000000\x000000000\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = kind;
    header[157..157 + link.len()].copy_from_slice(link);
    header[257..265].copy_from_slice(b"ustar\x0000");
    let mut entry = with_checksum(header).to_vec();
    entry.extend_from_slice(content);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

fn with_checksum(mut header: [u8; 512]) -> [u8; 512] {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    packed(bytes, Compression::best())
}

fn packed(bytes: &[u8], how_well: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), how_well);
    encoder.write_all(bytes).expect("a vector takes it");
    encoder.finish().expect("a vector takes it")
}

/// A folder, as far as a file system has the names.
fn unpacked(description: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for line in lines(description) {
        let name = String::from_utf8(line.name).expect("names of files are text here");
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder around it")).expect("a folder");
        match line.what {
            What::File(content) => fs::write(&path, content).expect("a file"),
            What::Folder => fs::create_dir_all(&path).expect("a folder"),
            What::Link(to) => {
                symlink(String::from_utf8(to).expect("text"), &path).expect("a link");
            }
            What::Hard(to) => {
                let to = folder.path().join(String::from_utf8(to).expect("text"));
                fs::hard_link(to, &path).expect("a link");
            }
            What::Pipe => {
                let made = std::process::Command::new("mkfifo").arg(&path).status();
                assert!(made.expect("mkfifo is there").success());
            }
        }
    }
    folder
}

/// What was taken, or the refusal.
fn said(read: Result<Sources, intake::refusal::Refusal>) -> String {
    let sources = match read {
        Ok(sources) => sources,
        Err(refusal) => return format!("refused: {refusal}\n"),
    };
    let mut text = String::new();
    let files = sources.files.iter();
    let files = files.map(|(name, content)| ((*name).to_owned(), content.clone()));
    let policy = sources.policy.iter();
    let policy = policy.map(|content| ("policy.rs".to_owned(), content.clone()));
    for (name, content) in files.chain(policy).chain(sources.attachments.clone()) {
        text += &format!("{name} = {}\n", content.escape_debug());
    }
    for (name, why) in &sources.unreadable {
        text += &format!("unreadable: {name}: {why}\n");
    }
    for name in &sources.ignored {
        text += &format!("ignored: {}\n", name.escape_debug());
    }
    text
}

fn of_archive(bytes: &[u8], name: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("an archive");
    let found = intake::find(&path).unwrap_or_else(|error| panic!("{error}"));
    said(found[0].read())
}

fn of_folder(description: &str) -> String {
    let folder = unpacked(description);
    said(Submission::at(folder.path()).read())
}

/// All kinds of archives make the same of it.
fn check_archives(description: &str, expected: &str) {
    let expected = trimmed(expected);
    let tar = tarred(description);
    let kinds = [
        ("a.zip", zipped(description)),
        ("a.tar.gz", gzipped(&tar)),
        ("a.tar", tar),
    ];
    for (name, bytes) in kinds {
        let got = of_archive(&bytes, name);
        assert_eq!(got, expected, "{name} of\n{description}");
    }
}

/// Archives and folders make the same of it.
fn check(description: &str, expected: &str) {
    check_archives(description, expected);
    assert_eq!(
        of_folder(description),
        trimmed(expected),
        "folder of\n{description}"
    );
}

fn trimmed(text: &str) -> String {
    let lines = text.trim().lines().map(str::trim);
    lines.map(|line| format!("{line}\n")).collect()
}

const REPACK: &str = "help: hand in the files under plain names, as in the handout";
const PLAIN_FILES: &str = "help: hand in plain files: no links, pipes or devices";
const SMALLER: &str = "help: hand in the handler files alone: leave out target/, .git/ and \
                       everything that a build makes";
const SHORTEN: &str = "help: hand in the handler files alone";
const WHOLE: &str = "help: make the archive again, and look whether it opens";

// Where the files stand.

#[test]
fn a_flat_submission_is_taken() {
    check(
        "lab1.rs = one
         lab2.rs = two
         policy.rs = mine
         predict.toml = p
         belady.trace = b
         notes.txt = n",
        "lab1.rs = one
         lab2.rs = two
         policy.rs = mine
         predict.toml = p
         belady.trace = b
         ignored: notes.txt",
    );
}

#[test]
fn wrapping_folders_are_seen_through() {
    for place in [
        "src",
        "submission/src",
        "alice-main/labs/skeleton/src",
        "./alice",
        "Übung 3/Müller, Anna (42)/abgabe",
    ] {
        check(
            &format!("{place}/lab1.rs = one\n{place}/lab9.rs = nine"),
            &format!(
                "lab1.rs = one\nignored: {}/lab9.rs",
                place.trim_start_matches("./")
            ),
        );
    }
}

#[test]
fn a_folder_for_each_lab_is_one_submission() {
    check(
        "lab1/lab1.rs = one
         lab2/lab2.rs = two
         lab9/a.trace = elsewhere",
        "lab1.rs = one
         lab2.rs = two
         ignored: lab9/a.trace",
    );
}

#[test]
fn two_different_files_of_one_name_are_refused_with_both_names() {
    check(
        "a/lab2.rs = one
         b/lab2.rs = two",
        "refused: `a/lab2.rs`: there is another one, `b/lab2.rs`, and they differ
         help: hand in one of the two",
    );
    check(
        "lab2.rs = one
         src/lab2.rs = two",
        "refused: `lab2.rs`: there is another one, `src/lab2.rs`, and they differ
         help: hand in one of the two",
    );
}

#[test]
fn of_two_equal_files_the_outer_one_counts() {
    check(
        "src/lab2.rs = same
         lab2.rs = same",
        "lab2.rs = same
         ignored: src/lab2.rs",
    );
}

#[test]
fn what_the_handouts_workspace_has_beside_the_skeleton_is_not_the_students() {
    check(
        "w/crates/mutants/src/lab1.rs = ours
         w/crates/mutants/src/lab2.rs = ours
         w/labs/skeleton/src/lab1.rs = theirs
         w/labs/01/traces/a.trace = ours
         w/Cargo.toml = t
         w/build.rs = b",
        "lab1.rs = theirs
         ignored: w/Cargo.toml
         ignored: w/build.rs
         ignored: w/crates/ (2 files)
         ignored: w/labs/01/traces/a.trace",
    );
}

#[test]
fn a_file_that_is_still_the_handouts_yields_to_one_that_is_not() {
    let handout = unpacked("lab1.rs = todo\nlab2.rs = todo");
    let of = |description: &str| {
        let folder = unpacked(description);
        said(Submission::at(folder.path()).read_beside(handout.path()))
    };
    let got = of("lab1.rs = done\nw/labs/skeleton/src/lab1.rs = todo\n\
                  w/labs/skeleton/src/lab2.rs = todo");
    let expected = "lab1.rs = done
                    lab2.rs = todo
                    ignored: w/labs/skeleton/src/lab1.rs";
    assert_eq!(got, trimmed(expected));
    let got = of("a/lab1.rs = done\nb/lab1.rs = other\nc/lab1.rs = todo");
    assert!(got.starts_with("refused: `a/lab1.rs`: there is another one, `b/lab1.rs`"));
}

#[test]
fn exercises_without_code_count_in_the_outermost_folder() {
    check(
        "w/predict.toml = p
         w/old/predict.toml = q",
        "predict.toml = p
         ignored: w/old/predict.toml",
    );
    check(
        "a/x.trace = x\nb/y.trace = y",
        "ignored: a/x.trace\nignored: b/y.trace",
    );
}

#[test]
fn a_name_in_another_case_is_ignored_and_its_student_told() {
    check("Lab1.rs = one", "ignored: Lab1.rs (write it lab1.rs)");
}

// What is ignored.

#[test]
fn builds_histories_and_what_macs_add_are_listed_in_few_lines() {
    check_archives(
        "__MACOSX/._lab1.rs = x
         __MACOSX/src/._lab2.rs = x
         src/.DS_Store = x
         src/._lab1.rs = x
         src/._lab2.rs = x
         src/lab1.rs = one
         target/debug/a = x
         target/debug/lab1.rs = x
         .git/HEAD = x
         .git/hooks/post-checkout = rm -rf /",
        "lab1.rs = one
         ignored: .git/ (2 files)
         ignored: __MACOSX/ (2 files)
         ignored: src/.DS_Store
         ignored: src/._* (2 files)
         ignored: target/ (2 files)",
    );
}

#[test]
fn nobody_looks_into_a_target_folder_or_a_git_folder() {
    let folder = unpacked(".git/config = [core] fsmonitor = touch /tmp/x\nsrc/lab1.rs = one");
    fs::create_dir(folder.path().join("target")).expect("a folder");
    for at in 0..10_000 {
        fs::write(folder.path().join(format!("target/{at}")), "").expect("a file");
    }
    let got = said(Submission::at(folder.path()).read());
    assert_eq!(got, "lab1.rs = one\nignored: .git/\nignored: target/\n");
}

#[test]
fn an_archive_in_a_submission_is_not_opened() {
    check(
        "lab1.rs = one\nold.zip = PK",
        "lab1.rs = one\nignored: old.zip (an archive in the submission is not opened)",
    );
}

#[test]
fn the_list_of_what_is_ignored_has_an_end() {
    let many: String = (100..200).map(|at| format!("{at}.txt = x\n")).collect();
    let got = of_folder(&many);
    assert_eq!(got.lines().count(), 51);
    assert_eq!(got.lines().last(), Some("ignored: and 50 more"));
}

#[test]
fn manifests_and_build_scripts_are_ignored() {
    check(
        "Cargo.toml = t
         build.rs = fn main() {}
         .cargo/config.toml = c
         rust-toolchain.toml = r
         src/lab1.rs = one
         src/main.rs = m",
        "lab1.rs = one
         ignored: .cargo/config.toml
         ignored: Cargo.toml
         ignored: build.rs
         ignored: rust-toolchain.toml
         ignored: src/main.rs",
    );
}

// Names.

#[test]
fn names_that_lead_out_refuse_an_archive() {
    for (name, why) in [
        ("../lab1.rs", "a name that leads out of the submission"),
        (
            "src/../../lab1.rs",
            "a name that leads out of the submission",
        ),
        ("a/../lab1.rs", "a name that leads out of the submission"),
        ("notes/..", "a name that leads out of the submission"),
        ("/etc/passwd", "an absolute name"),
        ("//server/lab1.rs", "an absolute name"),
        ("C:/lab1.rs", "a name that leads out of the submission"),
        ("C:lab1.rs", "a name that leads out of the submission"),
        (
            "\\u{ff0e}\\u{ff0e}/lab1.rs",
            "a name that leads out of the submission",
        ),
        (
            "a\\u{ff0f}lab1.rs",
            "a name that leads out of the submission",
        ),
        ("\\u{2025}/x", "a name that leads out of the submission"),
        (".. /lab1.rs", "a name that leads out of the submission"),
    ] {
        let shown = String::from_utf8(unescaped(name)).expect("text");
        check_archives(
            &format!("lab2.rs = two\n{name} = one"),
            &format!("refused: `{shown}`: {why}\n{REPACK}"),
        );
    }
}

#[test]
fn backslashes_and_nul_bytes_refuse_an_archive() {
    check_archives(
        "src\\\\lab1.rs = one",
        &format!("refused: `src\\\\lab1.rs`: a backslash in the name\n{REPACK}"),
    );
    check_archives(
        "..\\\\..\\\\evil = one",
        &format!("refused: `..\\\\..\\\\evil`: a backslash in the name\n{REPACK}"),
    );
    // In a tar header a name ends at its first NUL byte.
    let got = of_archive(&zipped("lab1.rs\\0.txt = one"), "a.zip");
    let expected = format!("refused: `lab1.rs\\u{{0}}.txt`: a NUL byte in the name\n{REPACK}\n");
    assert_eq!(got, expected);
}

#[test]
fn a_source_that_is_not_what_it_looks_like_is_refused() {
    let why = "characters in the name that cannot be seen, or are none";
    for (name, shown) in [
        ("lab1\\x1b[31m.rs", "lab1\\u{1b}[31m.rs"),
        ("\\u{202e}lab1.rs", "\\u{202e}lab1.rs"),
        ("lab1\\u{200b}.rs", "lab1\\u{200b}.rs"),
        ("a\\n::error::/lab1.rs", "a\\n::error::/lab1.rs"),
        ("lab\\u{ad}1.rs", "lab\\u{ad}1.rs"),
    ] {
        check_archives(
            &format!("{name} = one"),
            &format!("refused: `{shown}`: {why}\n{REPACK}"),
        );
    }
}

#[test]
fn a_name_that_is_no_text_is_shown_by_its_bytes() {
    let got = of_archive(&tarred("notes\\xff.txt = x\nlab1.rs = one"), "a.tar");
    assert_eq!(got, "lab1.rs = one\nignored: notes\\\\xff.txt\n");
    let got = of_archive(&tarred("lab1\\xff.rs = one"), "a.tar");
    assert!(
        got.starts_with("refused: `lab1\\xff.rs`: characters"),
        "{got}"
    );
}

#[test]
fn other_names_are_ignored_however_they_look() {
    let got = of_archive(&zipped("n\\x1b[2J\\u{202e}.txt = x\ncon = y"), "a.zip");
    assert_eq!(got, "ignored: con\nignored: n\\u{1b}[2J\\u{202e}.txt\n");
}

#[test]
fn names_that_some_systems_take_for_one_are_refused() {
    for (first, second) in [
        ("lab1.rs", "LAB1.rs"),
        ("lab1.rs", "lab1.rs "),
        ("lab1.rs", "lab1.rs."),
        ("lab1.rs", "lab\\u{ff11}.rs"),
        ("\\u{e9}.txt", "e\\u{301}.txt"),
        ("stra\\u{df}e.txt", "STRASSE.txt"),
        ("src/lab1.rs", "SRC/lab2.rs"),
        ("a/lab1.rs", "A"),
    ] {
        let got = of_archive(&zipped(&format!("{first} = x\n{second} = y")), "a.zip");
        assert!(got.contains(": on some systems the same as `"), "{got}");
        let got = of_archive(&tarred(&format!("{second} = x\n{first} = y")), "a.tar");
        assert!(got.contains(": on some systems the same as `"), "{got}");
    }
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let twice = "lab1.rs = one\nlab1.rs = two";
    let got = of_archive(&tarred(twice), "a.tar");
    assert_eq!(
        got,
        "refused: `lab1.rs`: there twice\nhelp: keep one of the two\n"
    );
    let got = of_archive(&zipped(twice), "a.zip");
    assert!(got.contains("duplicate file names"), "{got}");
    let got = of_archive(&tarred("src/a = x\nsrc = y"), "a.tar");
    assert!(got.contains("`src`: there twice"), "{got}");
}

#[test]
fn long_names_and_deep_folders_are_refused() {
    let long = "n".repeat(256);
    let deep = "d/".repeat(9);
    let path = format!("{}/x", vec!["n".repeat(250); 5].join("/"));
    let source = format!("{}.rs", "n".repeat(98));
    let shown = |name: &str| match name.len() > 120 {
        true => format!("{}…", &name[..120]),
        false => name.to_owned(),
    };
    for (name, why, help) in [
        (long.as_str(), "a name of more than 255 bytes", SHORTEN),
        (&path, "a name of more than 1024 bytes", SHORTEN),
        (&(deep + "lab1.rs"), "more than 8 folders deep", SHORTEN),
        (&source, "a name of more than 100 bytes", REPACK),
        ("con.rs", "the name of a device on some systems", REPACK),
        (
            "src/LPT1.x.trace",
            "the name of a device on some systems",
            REPACK,
        ),
    ] {
        let shown = shown(name);
        check_archives(
            &format!("{name} = x"),
            &format!("refused: `{shown}`: {why}\n{help}"),
        );
    }
    check(&format!("{}lab1.rs = one", "d/".repeat(8)), "lab1.rs = one");
}

// What is no file.

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

// Texts.

#[test]
fn a_source_that_is_no_text_is_refused_with_the_place() {
    let help = "help: hand in the text that the compiler takes at home";
    check(
        "lab1.rs = ab\\xff",
        &format!("refused: `lab1.rs`: not UTF-8 at byte 2\n{help}"),
    );
    check(
        "src/lab1.rs = abc\\0",
        &format!("refused: `src/lab1.rs`: a NUL byte at byte 3\n{help}"),
    );
    check(
        "lab1.rs = one\nx.trace = \\xff",
        "lab1.rs = one\nunreadable: x.trace: not UTF-8 at byte 0",
    );
}

#[test]
fn long_sources_are_refused() {
    let help = "help: hand in the text that the compiler takes at home";
    let largest = "0".repeat(256 << 10);
    let is_whole = |got: String| assert!(got == format!("lab1.rs = {largest}\n"));
    is_whole(of_archive(&zipped("lab1.rs * 262144"), "a.zip"));
    is_whole(of_archive(&gzipped(&tarred("lab1.rs * 262144")), "a.tgz"));
    is_whole(of_folder("lab1.rs * 262144"));
    check(
        "lab1.rs * 262145",
        &format!("refused: `lab1.rs`: more than 262144 bytes\n{help}"),
    );
    check(
        &format!("lab1.rs = {}", "\\n".repeat(5_001)),
        &format!("refused: `lab1.rs`: more than 5000 lines\n{help}"),
    );
    check(
        "lab1.rs = one\nx.trace * 262145",
        "lab1.rs = one\nunreadable: x.trace: more than 262144 bytes",
    );
}

// Bombs.

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let got = of_archive(&zipped("notes.txt * 10000000"), "a.zip");
    let bomb = format!("unpacks to more than 200 times its size\n{SMALLER}\n");
    assert_eq!(got, format!("refused: `notes.txt`: {bomb}"));
    let got = of_archive(&gzipped(&tarred("notes.txt * 10000000")), "a.tgz");
    assert_eq!(got, format!("refused: {bomb}"));
}

#[test]
fn what_is_too_much_altogether_is_refused() {
    // Bytes that cannot be packed.
    let mut seed = 1u64;
    let mut noise = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as u8
    };
    let content: Vec<u8> = (0..5 << 20).map(|_| noise()).collect();
    let entries = (0..7).map(|at| tar_entry(format!("{at}").as_bytes(), b'0', &content, b""));
    let tar: Vec<u8> = entries.flatten().chain([0; 1024]).collect();
    let got = archive::read(&tar[..], Kind::Tar).expect_err("too much");
    assert_eq!(got.why, "an archive of more than 32 MiB");
    let half: Vec<u8> = content.iter().map(|byte| byte & 15).collect();
    let entries = (0..7).map(|at| tar_entry(format!("{at}").as_bytes(), b'0', &half, b""));
    let tar: Vec<u8> = entries.flatten().chain([0; 1024]).collect();
    let got = archive::read(&packed(&tar, Compression::fast()), Kind::TarGz).expect_err("too much");
    assert_eq!(
        (got.entry.as_deref(), got.why.as_str()),
        (Some("6"), "more than 32 MiB altogether")
    );
}

#[test]
fn too_many_entries_are_refused() {
    let many = |count| {
        (0..count)
            .map(|at| format!("{at:04} = x\n"))
            .collect::<String>()
    };
    let got = of_archive(&zipped(&many(2_001)), "a.zip");
    assert_eq!(got, format!("refused: more than 2000 entries\n{SMALLER}\n"));
    let got = of_archive(&gzipped(&tarred(&many(2_001))), "a.tgz");
    assert_eq!(
        got,
        format!("refused: `2000`: more than 2000 entries\n{SMALLER}\n")
    );
    let got = of_folder(&many(2_001));
    assert_eq!(
        got,
        format!("refused: more than 2000 entries in the folder\n{SMALLER}\n")
    );
    assert!(of_folder(&many(2_000)).starts_with("ignored: "));
}

#[test]
fn compressed_parts_in_a_row_are_one_archive() {
    let tar = tarred("lab1.rs = one\nlab2.rs = two");
    let (first, second) = tar.split_at(700);
    let parts = [gzipped(first), gzipped(second)].concat();
    assert_eq!(
        of_archive(&parts, "a.tgz"),
        "lab1.rs = one\nlab2.rs = two\n"
    );
}

// Archives that are no archives, or two.

#[test]
fn what_follows_the_end_is_refused() {
    let mut tar = tarred("lab1.rs = one");
    tar.extend(tarred("lab2.rs = two"));
    let got = of_archive(&tar, "a.tar");
    assert_eq!(
        got,
        format!("refused: something follows the end of the archive\n{WHOLE}\n")
    );
    let mut packed = gzipped(&tarred("lab1.rs = one"));
    packed.extend(b"more");
    assert!(of_archive(&packed, "a.tgz").starts_with("refused: the archive cannot be read: "));
}

#[test]
fn words_that_quote_the_archive_are_escaped() {
    let mut entry = tar_entry(b"\x1b[2J", b'0', b"", b"");
    entry[148..156].copy_from_slice(b"\x1b]0;xy\x07 ");
    let got = of_archive(&entry, "a.tar");
    assert!(
        got.starts_with("refused: the archive cannot be read: "),
        "{got}"
    );
    assert!(got.contains("\\u{1b}") && !got.contains('\x1b'), "{got}");
}

#[test]
fn headers_that_say_two_things_are_refused() {
    let end = [0; 1024];
    let pax = |records: &str| tar_entry(b"pax", b'x', records.as_bytes(), b"");
    let file = tar_entry(b"lab1.rs", b'0', b"one", b"");
    for (entries, why) in [
        ([pax("16 path=lab2.rs\n"), file.clone()].concat(), None),
        (
            [pax("16 path=lab2.rs\n16 path=lab3.rs\n"), file.clone()].concat(),
            Some("two names"),
        ),
        (
            [
                tar_entry(b"l", b'L', b"lab3.rs\0", b""),
                pax("16 path=lab2.rs\n"),
                file.clone(),
            ]
            .concat(),
            Some("two names"),
        ),
        (
            [pax("11 size=99\n"), file.clone()].concat(),
            Some("two sizes"),
        ),
        ([pax("10 size=3\n"), file.clone()].concat(), None),
        (
            [pax("22 GNU.sparse.major=1\n"), file.clone()].concat(),
            Some("holes"),
        ),
        (
            [
                tar_entry(b"g", b'g', b"16 path=lab2.rs\n", b""),
                file.clone(),
            ]
            .concat(),
            Some("all entries"),
        ),
        (
            [
                tar_entry(b"g", b'g', b"16 comment=abcd\n", b""),
                file.clone(),
            ]
            .concat(),
            None,
        ),
        (pax("16 path=lab2.rs\n"), Some("does not come")),
        (
            [pax("99 path=lab2.rs\n"), file.clone()].concat(),
            Some("malformed"),
        ),
        (
            [tar_entry(b"l", b'L', &[b'a'; 70_000], b""), file.clone()].concat(),
            Some("64 KiB"),
        ),
    ] {
        let got = of_archive(&[&entries[..], &end].concat(), "a.tar");
        match why {
            None => assert!(got.ends_with(".rs = one\n"), "{got}"),
            Some(why) => assert!(got.starts_with("refused: ") && got.contains(why), "{got}"),
        }
    }
}

#[test]
fn a_zip_whose_two_directories_differ_is_refused() {
    let at_local = 30;
    let mut other_name = zipped("lab1.rs = one");
    other_name[at_local..at_local + 7].copy_from_slice(b"lab2.rs");
    let got = of_archive(&other_name, "a.zip");
    assert!(
        got.starts_with("refused: the archive cannot be read: "),
        "{got}"
    );
    assert!(got.contains("inconsisten"), "{got}");
}

#[test]
fn a_zip_with_wrong_sizes_is_refused() {
    let honest = zipped("lab1.rs * 3000");
    let directory = honest
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("a directory");
    for (local, central) in [(22, 24), (18, 20), (14, 16)] {
        let mut lying = honest.clone();
        for at in [local, directory + central] {
            lying[at] ^= 1;
        }
        let got = of_archive(&lying, "a.zip");
        assert!(got.starts_with("refused: "), "{got}");
    }
}

#[test]
fn an_encrypted_entry_and_an_unknown_compression_are_refused() {
    let honest = zipped("lab1.rs * 3000");
    let directory = honest
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("a directory");
    let mut encrypted = honest.clone();
    encrypted[6] |= 1;
    encrypted[directory + 8] |= 1;
    let got = of_archive(&encrypted, "a.zip");
    assert!(got.starts_with("refused: `lab1.rs`: encrypted\n"), "{got}");
    let mut unknown = honest;
    unknown[8] = 98;
    unknown[directory + 10] = 98;
    let got = of_archive(&unknown, "a.zip");
    assert!(
        got.starts_with("refused: `lab1.rs`: cannot be read: "),
        "{got}"
    );
}

#[test]
fn other_kinds_of_archives_are_refused_and_not_overlooked() {
    for name in ["a.rar", "a.7z", "a.tar.xz", "a.tar.bz2"] {
        assert_eq!(
            of_archive(b"Rar!", name),
            "refused: an archive of a kind that is not read\n\
             help: hand in a folder, a .zip, a .tar or a .tar.gz\n"
        );
    }
    assert!(of_archive(b"", "a.zip").starts_with("refused: "));
    assert!(of_archive(b"", "a.tar").starts_with("refused: "));
    assert!(of_archive(b"", "a.tgz").starts_with("refused: "));
    assert!(of_archive(&zipped("lab1.rs = one"), "a.tar").starts_with("refused: "));
}

const SMALL: &str = "src/lab1.rs = fn one() {}
                     src/lab2.rs = fn two() {}
                     notes.txt = n";

fn small() -> [(Kind, Vec<u8>); 3] {
    let tar = tarred(SMALL);
    [
        (Kind::Zip, zipped(SMALL)),
        (Kind::TarGz, gzipped(&tar)),
        (Kind::Tar, tar),
    ]
}

#[test]
fn a_part_of_an_archive_is_refused_or_all_there_is() {
    for (kind, whole) in small() {
        let all = archive::read(&whole, kind).expect("the whole is taken");
        assert_eq!(all.len(), 2);
        for length in 0..whole.len() {
            if let Ok(part) = archive::read(&whole[..length], kind) {
                assert_eq!(part, all, "{kind:?}, {length} bytes");
            }
        }
    }
}

#[test]
fn no_flipped_bit_is_more_than_a_refusal() {
    for (kind, whole) in small() {
        let mut taken = 0;
        for at in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            taken += usize::from(archive::read(&flipped, kind).is_ok());
        }
        assert!(taken < whole.len() * 8, "{kind:?}: nothing is ever refused");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_more_than_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for kind in [Kind::Zip, Kind::Tar, Kind::TarGz] {
            let _refused_or_not = archive::read(&bytes, kind);
        }
        let _refused_or_not = archive::read(&gzipped(&bytes), Kind::TarGz);
    }

    #[test]
    fn every_name_is_taken_ignored_or_refused(name in "[a-zA-Z./\\\\ \u{202e}\u{ff0e}\u{ff0f}:\u{300}]{1,20}") {
        let tar = [tar_entry(name.as_bytes(), b'0', b"one", b""), vec![0; 1024]].concat();
        if let Ok(taken) = archive::read(&tar, Kind::Tar) {
            for (name, _) in taken {
                let parts: Vec<&str> = name.split('/').collect();
                prop_assert!(!parts.contains(&"..") && !parts.contains(&""), "{}", name);
            }
        }
    }
}

// Whose they are.

#[test]
fn a_class_may_have_folders_and_archives() {
    let class = unpacked(
        "alice/lab1.rs = a
         Müller, Bo_12_file/.DS_Store = x
         notes.txt = n
         .git/lab1.rs = x
         __MACOSX/._x = x",
    );
    let write = |name: &str, bytes: Vec<u8>| {
        fs::write(class.path().join(name), bytes).expect("an archive");
    };
    write("Müller, Bo_12_file/lab.zip", zipped("lab1.rs = b"));
    write("carol.v2.tar.gz", gzipped(&tarred("w/src/lab1.rs = c")));
    write("dan.ZIP", zipped("lab1.rs -> /etc/passwd"));
    let found = intake::find(class.path()).expect("a class");
    let got: String = found
        .iter()
        .map(|it| format!("{}: {}", it.id, said(it.read())))
        .collect();
    assert_eq!(
        got,
        format!(
            "Müller, Bo_12_file: lab1.rs = b\nalice: lab1.rs = a\ncarol.v2: lab1.rs = c\n\
             dan: refused: `lab1.rs`: not a regular file: a link\n{PLAIN_FILES}\n"
        )
    );
}

#[test]
fn two_submissions_of_one_name_are_an_error_with_a_remedy() {
    let class = unpacked("al\\u{202e}ice/lab1.rs = a\nal\\u{202e}ice.zip = PK");
    let paths = [class.path().to_owned()];
    let error = intake::find_all(&paths).expect_err("twice").to_string();
    assert_eq!(
        error,
        "two submissions are called `al\\u{202e}ice`\n\
         help: grade them in two runs, or rename one of them"
    );
}

#[test]
fn an_id_becomes_a_file_name_that_stays_where_it_is_put() {
    let names = |ids: &[&str]| intake::ids::file_names(ids.iter().copied());
    let plain = ["alice", "Müller", "perfect-ada", "anna.k_2 (x)"];
    let got = names(&plain);
    assert_eq!((got[0].as_str(), got[2].as_str()), ("alice", "perfect-ada"));
    let long = "n".repeat(300);
    let odd = [
        "..",
        ".",
        "",
        "a/b",
        "/etc/passwd",
        "con",
        "NUL.txt",
        "a\n::error::",
        "-rf",
        "x.",
        "C:x",
        "é",
        &long,
        "\u{202e}x",
        "a-0123456789abcdef",
    ];
    for name in names(&odd) {
        let good = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(name.chars().all(good), "{name}");
        assert!(
            (17..=90).contains(&name.len()) && Path::new(&name).file_name().is_some(),
            "{name}"
        );
    }
}

#[test]
fn ids_that_some_systems_take_for_one_get_different_file_names() {
    let ids = [
        "Alice", "alice", "bob", "straße", "STRASSE", "a/b", "a_b", "a:b",
    ];
    let names = intake::ids::file_names(ids);
    let folded: std::collections::BTreeSet<String> =
        names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), ids.len(), "{names:?}");
    assert_eq!(names[2], "bob");
}

// What was graded.

#[test]
fn the_hash_is_of_names_and_contents_and_not_of_where_they_stood() {
    let hash = |description: &str| {
        let folder = unpacked(description);
        let read = Submission::at(folder.path()).read().expect("taken");
        read.hash().to_string()
    };
    let flat = hash("lab1.rs = one\nlab2.rs = two");
    assert_eq!(
        flat,
        hash("w/src/lab1.rs = one\nw/src/lab2.rs = two\nnotes = x")
    );
    assert_eq!(flat.len(), 64);
    for other in [
        "lab1.rs = one\nlab2.rs = twO",
        "lab1.rs = one\nlab3.rs = two",
        "lab1.rs = two\nlab2.rs = one",
        "lab1.rs = one\nlab2.rs = two\npredict.toml = p",
    ] {
        assert_ne!(flat, hash(other), "{other}");
    }
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
