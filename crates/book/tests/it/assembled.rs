//! What the book is made of.

use std::fs;
use std::path::{Path, PathBuf};

use book::assemble::assemble;
use tempfile::TempDir;

/// The workspace that this crate is in.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The source of the book, with a word in place of each picture.
fn assembled() -> (TempDir, Vec<PathBuf>) {
    let out = TempDir::new().unwrap();
    let mut pictures = Vec::new();
    assemble(&workspace(), out.path(), &mut |trace, picture| {
        assert!(trace.is_file(), "{}", trace.display());
        pictures.push(picture.to_owned());
        fs::write(picture, "a picture").map_err(|error| error.to_string())
    })
    .unwrap();
    (out, pictures)
}

#[test]
fn each_lab_is_a_chapter_and_the_summary_names_it() {
    let (out, _) = assembled();
    let summary = fs::read_to_string(out.path().join("src/SUMMARY.md")).unwrap();
    let chapters: Vec<&str> = summary
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    assert_eq!(chapters.len(), 9, "{summary}");
    assert_eq!(chapters[1], "[Lab 2: lazy](02-lazy.md)");
}

#[test]
fn every_lab_with_faults_has_a_picture_at_the_event_that_it_explains() {
    let (out, pictures) = assembled();
    for lab in 1..=8 {
        let of_lab = |picture: &&PathBuf| {
            let name = picture.file_name().unwrap().to_string_lossy();
            name.starts_with(&format!("0{lab}-"))
        };
        assert!(pictures.iter().any(|p| of_lab(&p)), "lab {lab}");
    }
    let chapter = fs::read_to_string(out.path().join("src/02-lazy.md")).unwrap();
    let session = chapter.find("lab2.rs:…").unwrap();
    let picture = chapter
        .find("<iframe src=\"pictures/02-lazy-first-touch.html#line=5\"")
        .unwrap();
    assert!(session < picture);
}

#[test]
fn nothing_but_chapters_and_pictures_is_published() {
    let (out, pictures) = assembled();
    let mut files: Vec<String> = fs::read_dir(out.path().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected = [
        "01-classify.md",
        "02-lazy.md",
        "03-protect.md",
        "04-files.md",
        "05-cow.md",
        "06-tlb.md",
        "07-swap.md",
        "08-replace.md",
        "09-break-it.md",
        "SUMMARY.md",
        "introduction.md",
        "pictures",
    ];
    assert_eq!(files, expected);
    let drawn = fs::read_dir(out.path().join("src/pictures")).unwrap();
    assert!(drawn.count() <= pictures.len());
}

#[test]
fn the_links_of_the_handouts_hold_in_the_book_too() {
    let (out, _) = assembled();
    for entry in fs::read_dir(out.path().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap();
            let elsewhere = target.is_empty() || target.contains("://");
            let here = out.path().join("src").join(target);
            assert!(elsewhere || here.is_file(), "{}: {target}", path.display());
        }
    }
}
