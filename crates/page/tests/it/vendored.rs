//! What was taken from others is what they published.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha512};

#[derive(Deserialize)]
struct Vendored {
    file: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    sha512: String,
}

#[test]
fn vendored_files_are_those_that_vendor_toml_lists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/vendor");
    let list = std::fs::read_to_string(folder.join("vendor.toml")).expect("vendor.toml");
    let vendored: Vendored = toml::from_str(&list).expect("vendor.toml");
    for File { name, sha512 } in &vendored.file {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        assert_eq!(&STANDARD.encode(Sha512::digest(&bytes)), sha512, "{name}");
    }
    let there = std::fs::read_dir(&folder).expect("the folder");
    let mut names: Vec<_> = there
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name != "vendor.toml")
        .collect();
    names.sort();
    let mut listed: Vec<_> = vendored.file.iter().map(|file| file.name.clone()).collect();
    listed.sort();
    assert_eq!(names, listed);
}
