//! Too much of anything.

use super::*;

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
