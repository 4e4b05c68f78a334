//! The attacks, as `grader/redteam/*.toml` describe them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use verdict::end::End;

/// An attack: what is handed in, and the end that it must come to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "some of it is for whoever reads the corpus")]
pub struct Attack {
    /// The submission's name; nothing if it has a name of its own ([`Attack::named`]).
    pub id: String,
    /// The number in the catalogue of attacks; `X…` for those that it lacks.
    pub source: String,
    /// What it tries, in one sentence.
    pub about: String,
    /// The layer that must stop it.
    pub stopped_by: String,
    /// How it must end.
    pub end: End,
    /// Words that the instructor's report must have.
    #[serde(default)]
    pub says: Vec<String>,
    /// The most points that it may get; without it, anything but full marks if it does
    /// not pass.
    pub score_max: Option<f64>,
    /// The name that it is handed in under, where that is the attack.
    pub named: Option<String>,
    /// Statements at the start of a method of a right `lab2.rs`, by the hole's name.
    #[serde(default)]
    pub splice: BTreeMap<String, String>,
    /// Items at the end of that file.
    #[serde(default)]
    pub items: String,
    /// Whole files.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// What is handed in and cannot be committed as it is.
    #[serde(default)]
    pub entry: Vec<Entry>,
    /// Packs everything into an archive.
    pub archive: Option<Archive>,
}

/// The kinds of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Archive {
    #[serde(rename = "zip")]
    Zip,
    #[serde(rename = "tar")]
    Tar,
    #[serde(rename = "tar.gz")]
    TarGz,
    /// A zip with a program before it.
    #[serde(rename = "zip with a head")]
    ZipWithHead,
    /// The first entry's bytes, called a zip.
    #[serde(rename = "raw zip")]
    RawZip,
    /// The first entry's bytes, called a compressed tar.
    #[serde(rename = "raw tar.gz")]
    RawTarGz,
}

/// A file, or something that pretends to be one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    /// Its name; `%FF` stands for a byte of that number.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What a link points to, or the text of a file.
    #[serde(default)]
    pub text: String,
    /// The text so many times, or a file of so many zeroes.
    #[serde(default = "once")]
    pub repeat: u64,
    /// What stands before the repeated text.
    #[serde(default)]
    pub head: String,
    /// What stands behind it.
    #[serde(default)]
    pub tail: String,
    /// The entry so many times; `#` in its name is its number.
    #[serde(default = "once")]
    pub copies: u64,
    /// What is wrong with the archive's own words about it.
    pub lie: Option<Lie>,
}

fn once() -> u64 {
    1
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    File,
    Folder,
    Symlink,
    HardLink,
    Fifo,
    Socket,
    Device,
    /// A file of so many zeroes that takes no room on the disk.
    Sparse,
    /// A right `lab2.rs`, without any attack.
    RightFile,
    /// A file whose text is bytes, written as names are.
    Bytes,
}

/// What an archive may lie about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lie {
    /// The header says that there is next to nothing in it.
    Size,
    /// The header says that it is encrypted.
    Encrypted,
    /// Executable, set-user-id.
    Mode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    attack: Vec<Attack>,
}

/// All attacks, stage by stage.
pub fn attacks() -> Vec<Attack> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the corpus exists")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| stage(path)).collect()
}

/// The attacks to be tried: all, or those whose names have the text that the variable
/// `REDTEAM_ONLY` has, for whoever looks into one.
pub fn chosen() -> Vec<Attack> {
    let only = std::env::var("REDTEAM_ONLY").unwrap_or_default();
    let mut attacks = attacks();
    attacks.retain(|attack| attack.id.contains(&only));
    attacks
}

fn stage(path: &Path) -> Vec<Attack> {
    let text = fs::read_to_string(path).expect("an attack file is text");
    parse(&path.display().to_string(), &text)
}

/// The attacks of a file.
pub fn parse(name: &str, text: &str) -> Vec<Attack> {
    let stage: Stage = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    stage.attack
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("redteam")
}

impl Attack {
    /// The name of what is handed in, without an archive's ending.
    pub fn name(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.id)
    }
}
