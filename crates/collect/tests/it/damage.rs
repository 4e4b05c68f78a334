//! Archives that are damaged, encrypted, or larger than they look.

use std::io::{Cursor, Write};

use collect::layout::Layout;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{empty, zipped};

#[test]
fn every_prefix_of_an_export_is_refused_or_read() {
    let whole = zipped(&[
        ("doejane_501_9001_lab1.rs", "fn main() {}"),
        ("lovelaceada_502_9002_lab1.rs", "fn main() {}"),
    ]);
    for length in 0..whole.len() {
        let export = empty()
            .and_file("class.zip", &whole[..length])
            .laid_out(Layout::Canvas);
        let refusal = export.refusal();
        assert!(
            refusal.starts_with("class.zip: the archive cannot be read"),
            "{refusal}"
        );
    }
}

#[test]
fn an_export_with_any_byte_changed_is_refused_or_read() {
    let whole = zipped(&[("doejane_501_9001_lab1.rs", "fn main() {}")]);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        let export = empty()
            .and_file("class.zip", &damaged)
            .laid_out(Layout::Canvas);
        // It may be read, and then it is one attempt; nothing else may come of it.
        if let Ok(collected) = export.try_collect() {
            assert_eq!(collected.attempts.len(), 1);
        }
    }
}

#[test]
fn of_a_bomb_no_more_is_unpacked_than_is_taken_of_any_file() {
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["doejane_501_9001_lab1.rs", "doejane_501_9002_work.zip"] {
        bomb.start_file(name, SimpleFileOptions::default())
            .expect("an entry");
        for _ in 0..64 {
            bomb.write_all(&vec![0; 1 << 20]).expect("zeros");
        }
    }
    let bomb = bomb.finish().expect("a zip").into_inner();
    let export = empty().and_file("class.zip", &bomb);
    let collected = export.collect();
    let folder = &collected.attempts[0].path;
    let size = |name: &str| folder.join(name).metadata().expect("a file").len();
    assert_eq!(size("lab1.rs"), (256 << 10) + 1);
    assert_eq!(size("work.zip"), (32 << 20) + 1);
}

#[test]
fn an_encrypted_export_says_what_to_do() {
    let mut whole = zipped(&[("doejane_501_9001_lab1.rs", "fn main() {}")]);
    // The bit that says so, in the entry and in the directory.
    let directory = whole
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .expect("one");
    whole[6] |= 1;
    whole[directory + 8] |= 1;
    let refusal = empty()
        .and_file("class.zip", &whole)
        .laid_out(Layout::Canvas)
        .refusal();
    assert_eq!(
        refusal,
        "class.zip: `doejane_501_9001_lab1.rs` is encrypted\nhelp: unpack it with its password, \
         and give the folder"
    );
}

#[test]
fn a_link_in_an_export_is_left_out() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("doejane_501_9001_lab1.rs", options)
        .expect("an entry");
    zip.write_all(b"a").expect("its content");
    zip.add_symlink("doejane_501_9002_lab2.rs", "/etc/passwd", options)
        .expect("a link");
    let zip = zip.finish().expect("a zip").into_inner();
    assert_eq!(
        empty().and_file("class.zip", &zip).told(),
        "501 1: lab1.rs=a\nleft out \"doejane_501_9002_lab2.rs\": it is a link, a pipe or a device"
    );
}

#[test]
fn names_in_the_letters_of_the_first_pcs_are_read() {
    let mut whole = zipped(&[("doe_501_9001_lab?.rs", "a"), ("roe_502_9002_lab1.rs", "b")]);
    // An é as DOS wrote it, in both places that have the name.
    for at in 0..whole.len() - 4 {
        if &whole[at..at + 4] == b"lab?" {
            whole[at + 3] = 0x82;
        }
    }
    let told = empty().and_file("class.zip", &whole).told();
    assert_eq!(told, "501 1: labé.rs=a\n502 1: lab1.rs=b");
}

#[test]
fn nothing_of_a_folders_links_is_followed() {
    let export = crate::folder(&[("doejane_501_9001_lab1.rs", "a")]);
    let link = export.paths[0].join("roe_502_9002_lab1.rs");
    std::os::unix::fs::symlink("/etc/passwd", link).expect("a link");
    assert_eq!(
        export.told(),
        "501 1: lab1.rs=a\nleft out \"roe_502_9002_lab1.rs\": it is a link, a pipe or a device"
    );
}

#[test]
fn nobody_else_looks_into_what_was_unpacked() {
    use std::os::unix::fs::PermissionsExt;
    let export = crate::zip(&[("doejane_501_9001_lab1.rs", "a")]);
    let collected = export.collect();
    let about = collected.scratch().metadata().expect("a folder");
    assert_eq!(about.permissions().mode() & 0o777, 0o700);
}
