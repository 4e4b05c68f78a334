//! Who is who, and who may know it.

use std::fs;

use roster::student::StudentId;
use similarity::key::Key;
use similarity::tool::Tool;

use crate::class::Class;

const CODE: &str = "fn classify() { minor() }\n";

#[test]
fn nothing_in_an_export_says_whose_it_is() {
    for tool in Tool::ALL {
        let class = Class::new()
            .with("ada.lovelace@example.org", CODE)
            .with("bob", CODE);
        class.export(tool).expect("exported");
        let mut folders = vec![class.out()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path
                    .file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                let text = fs::read_to_string(&path).unwrap_or_default();
                for word in ["ada", "lovelace", "bob"] {
                    assert!(!name.contains(word), "{name}");
                    assert!(!text.contains(word), "{name}: {text}");
                }
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
    }
}

#[test]
fn a_student_has_one_pseudonym_as_long_as_there_is_one_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let ada = StudentId("ada".to_owned());
    let of = |file: &str| {
        let key = Key::read_or_make(&folder.path().join(file)).expect("a key");
        key.pseudonym(&ada)
    };
    assert_eq!(of("one"), of("one"));
    assert_ne!(of("one"), of("two"));
}

/// HMAC-SHA-256 of `ada` with a key of 32 zeroes, by
/// `openssl dgst -sha256 -mac HMAC -macopt hexkey:00…`.
#[test]
fn a_pseudonym_is_the_beginning_of_a_keyed_hash() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    fs::write(&file, "0".repeat(64)).expect("written");
    let key = Key::read_or_make(&file).expect("a key");
    assert_eq!(
        key.pseudonym(&StudentId("ada".to_owned())),
        "s-f511103a4f5f"
    );
}

#[test]
fn a_key_that_is_none_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    for text in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
        let file = folder.path().join("key");
        fs::write(&file, text).expect("written");
        let error = Key::read_or_make(&file).err().expect("no key").to_string();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
        assert_eq!(fs::read_to_string(&file).expect("still there"), text);
    }
}

#[test]
fn the_file_says_who_is_who_and_forgets_nobody() {
    let class = Class::new().with("ada", CODE).change(|work| {
        work.partners = vec![StudentId("bob".to_owned()), StudentId("=cleo".to_owned())];
    });
    class.export(Tool::JPlag).expect("exported");
    let text = fs::read_to_string(class.private().join("pseudonyms.csv")).expect("a file");
    assert!(text.starts_with("pseudonym,student,partners\ns-"), "{text}");
    assert!(text.ends_with(",ada,bob '=cleo\n"), "{text}");

    let another = Class::new().with("dan", CODE);
    another
        .export_with(Tool::JPlag, &class.private())
        .expect("exported");
    let who = class.who();
    let mut students: Vec<&str> = who.values().map(String::as_str).collect();
    students.sort_unstable();
    assert_eq!(students, ["ada", "dan"]);
}

#[test]
fn the_key_does_not_go_where_the_export_goes() {
    let class = Class::new().with("ada", CODE);
    let inside = class.out().join("private");
    let error = class
        .export_with(Tool::JPlag, &inside)
        .expect_err("refused")
        .to_string();
    assert!(
        error.contains("whoever gets the export would get the key"),
        "{error}"
    );
    assert!(!inside.exists());
}

#[cfg(unix)]
#[test]
fn key_and_names_are_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let class = Class::new().with("ada", CODE);
    class.export(Tool::JPlag).expect("exported");
    let mode = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(class.private()), 0o700);
    assert_eq!(mode(class.private().join("key")), 0o600);
}
