//! How works are written.

use std::fs;

use works::files::{for_others, for_us};
use works::mapped::Backing;
use works::work::{Access, Reference, Work};

/// Three references to two pages.
fn work() -> Work {
    let seen = |page, access| Reference { page, access };
    Work {
        pages: 0x12,
        frames: 8,
        round: vec![
            seen(0x11, Access::Exec),
            seen(2, Access::Write),
            seen(0x11, Access::Read),
        ],
        rounds: 1,
    }
}

/// What one of the files holds.
fn file(form: &str, backing: Backing) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for_others(folder.path(), "w", &work()).unwrap();
    for_us(folder.path(), "w", &work(), backing).unwrap();
    fs::read(folder.path().join(format!("w.{form}"))).unwrap()
}

fn text(form: &str, backing: Backing) -> String {
    String::from_utf8(file(form, backing)).unwrap()
}

#[test]
fn others_read_numbers_letters_or_records() {
    assert_eq!(text("pages", Backing::Swap), "17\n2\n17\n");
    assert_eq!(text("ref", Backing::Swap), "I 11000\nS 2000\nL 11000\n");
    let packed = [17, 0, 0, 0, 2, 0, 0, 0, 17, 0, 0, 0];
    assert_eq!(file("u32", Backing::Swap), packed);
}

/// Time, object, size, next use: the first is used again at 2, the others never.
#[test]
fn a_record_says_when_its_page_is_used_next() {
    let records = file("oracleGeneral", Backing::Swap);
    let next = |record: usize| {
        let bytes = records[record * 24 + 16..][..8].try_into().unwrap();
        i64::from_le_bytes(bytes)
    };
    assert_eq!(records.len(), 3 * 24);
    assert_eq!(
        records[..16],
        [0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    );
    assert_eq!([next(0), next(1), next(2)], [2, -1, -1]);
}

#[test]
fn our_text_maps_what_the_work_touches() {
    let shared = text("text", Backing::SharedFile);
    let lines: Vec<&str> = shared.lines().collect();
    assert_eq!(lines[0], "");
    assert!(
        lines[1].starts_with("machine frames=8 swap=0 "),
        "{}",
        lines[1]
    );
    assert_eq!(
        lines[2..],
        [
            "file data 72K cold",
            "mmap 1 0x10000000 72K rwx shared data",
            "exec 1 0x10011000",
            "write 1 0x10002000",
            "read 1 0x10011000",
        ]
    );
}
