//! Archives that are none, or two.

use super::*;

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
