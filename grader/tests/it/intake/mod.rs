//! What is taken of a submission, what is ignored, and what refuses it.
//!
//! One line an entry goes in; what was taken, or the refusal, comes out.

mod bombs;
mod graded;
mod ignored;
mod names;
mod no_file;
mod owners;
mod places;
mod texts;
mod two_readings;

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
