//! Folders and archives that no course system has named.

use std::path::Path;

use grader::intake;

use crate::{empty, folder, zip, zipped};

#[test]
fn the_bundled_samples_are_what_they_always_were() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grader/samples");
    let mut export = empty();
    export.paths.push(samples.clone());
    let collected = export.collect();
    let found = intake::find(&samples).expect("samples");
    let expected: Vec<_> = found.iter().map(|it| (it.id.as_str(), &it.path)).collect();
    let got = collected.attempts.iter();
    let got: Vec<_> = got.map(|it| (it.student.0.as_str(), &it.path)).collect();
    assert_eq!(got, expected);
}

#[test]
fn a_folder_for_each_student_stays_where_it_is() {
    let export = folder(&[("ada/lab1.rs", "a"), ("bob/src/lab1.rs", "b"), ("eve/", "")]);
    let collected = export.collect();
    let paths = collected
        .attempts
        .iter()
        .map(|attempt| attempt.path.clone());
    let root = &export.paths[0];
    let expected = ["ada", "bob", "eve"].map(|name| root.join(name));
    assert_eq!(paths.collect::<Vec<_>>(), expected);
}

#[test]
fn a_folder_with_nothing_but_an_archive_is_that_archive() {
    let told = folder(&[("ada/lab1.rs", "a"), ("bob/work.zip", "b")]).told();
    assert_eq!(told, "ada 1: lab1.rs=a\nbob 1: [work.zip]");
}

#[test]
fn an_archive_of_archives_is_a_class() {
    let told = zip(&[("ada.zip", "a"), ("bob.tar.gz", "b")]).told();
    assert_eq!(told, "ada 1: [ada.zip]\nbob 1: [bob.tar.gz]");
}

#[test]
fn an_archive_of_folders_is_a_class_and_one_folder_around_them_is_not_seen() {
    let told = zip(&[
        ("all/ada/lab1.rs", "a"),
        ("all/bob/src/lab1.rs", "b"),
        ("all/eve/", ""),
    ]);
    assert_eq!(
        told.told(),
        "ada 1: lab1.rs=a\nbob 1: src/lab1.rs=b\neve 1: "
    );
}

#[test]
fn an_archive_with_one_students_work_is_one_submission() {
    for names in [
        vec![("lab1.rs", "a")],
        vec![("src/lab1.rs", "a"), ("Cargo.toml", "")],
        vec![("work/lab1.rs", "a"), ("work/notes/readme.md", "")],
        vec![
            ("labs/skeleton/src/lab1.rs", "a"),
            ("crates/vmsim/src/lib.rs", ""),
        ],
    ] {
        assert_eq!(zip(&names).told(), "class 1: [class.zip]");
    }
}

#[test]
fn an_archive_that_cannot_be_opened_is_one_students_trouble() {
    let told = empty().and_file("ada.zip", b"no archive").told();
    assert_eq!(told, "ada 1: [ada.zip]");
}

#[test]
fn a_class_whose_archive_cannot_be_opened_is_the_instructors_trouble() {
    let refusal = empty()
        .and_file("class.zip", b"cut off")
        .with_roster(&[("u1", "", "")])
        .refusal();
    assert!(
        refusal.starts_with("class.zip: the archive cannot be read: "),
        "{refusal}"
    );
    assert!(
        refusal.ends_with("help: download it again, and look whether it opens"),
        "{refusal}"
    );
}

#[test]
fn two_folders_of_one_name_are_refused() {
    let export = folder(&[("ada/lab1.rs", "a")]).and_zip("ada.zip", &[("lab1.rs", "b")]);
    assert_eq!(
        export.refusal(),
        "two submissions are called `ada`\nhelp: grade them in two runs, or rename one of them"
    );
}

#[test]
fn a_path_that_is_nothing_is_told_as_before() {
    let mut export = empty();
    export.paths.push(export.folder.path().join("nowhere"));
    assert!(
        export.refusal().starts_with("nowhere: "),
        "{}",
        export.refusal()
    );
}

#[test]
fn a_tar_is_read_like_a_zip() {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in [
        ("lovelaceada_501_9001_lab1.rs", "a"),
        ("hoppergrace_77_9003_lab1.rs", "c"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder
            .append_data(&mut header, name, content.as_bytes())
            .expect("an entry");
    }
    let tar = builder.into_inner().expect("a tar");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &tar).expect("packed");
    let packed = packed.finish().expect("packed");
    let expected = "501 1: lab1.rs=a\n77 1: lab1.rs=c";
    assert_eq!(empty().and_file("class.tar", &tar).told(), expected);
    assert_eq!(empty().and_file("class.tgz", &packed).told(), expected);
}

#[test]
fn a_students_archive_in_a_zip_is_the_same_byte_for_byte() {
    let inner = zipped(&[("lab1.rs", "a")]);
    let export = zip(&[("x_501_9001_lab1.rs", "a")]);
    drop(export);
    let told = folder(&[]).and_file("ada.zip", &inner);
    let path = told.paths[1].clone();
    let mut told = told;
    told.paths = vec![path];
    assert_eq!(told.told(), "ada 1: [ada.zip]");
}
