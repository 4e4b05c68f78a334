//! What was graded: its hash.

use super::*;

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

/// It decides, too: who hands in an unreadable trace gets another result than who hands in
/// none.
#[test]
fn what_cannot_be_read_is_in_the_hash() {
    let hash = |trace: &str| {
        let folder = unpacked(&format!("lab1.rs = one{trace}"));
        let read = Submission::at(folder.path()).read().expect("taken");
        read.hash().to_string()
    };
    let all = [
        "",
        "\nx.trace = \\xff",
        "\nx.trace = a\\xff",
        "\ny.trace = \\xff",
        "\nx.trace = not UTF-8 at byte 0",
    ];
    let hashes: std::collections::BTreeSet<String> = all.into_iter().map(hash).collect();
    assert_eq!(hashes.len(), all.len());
}
