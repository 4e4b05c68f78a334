//! The instructor's folder, with the key and who is who.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use grader::report::sink::csv::cell;
use roster::student::StudentId;
use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::trouble::Trouble;
use crate::work::Work;

/// The key's file.
pub const KEY: &str = "key";

/// The file that says who is who.
pub const PSEUDONYMS: &str = "pseudonyms.csv";

/// The folder that stays when an export is given away.
pub struct Private {
    folder: PathBuf,
    /// What makes the pseudonyms.
    pub key: Key,
    who: BTreeMap<String, Row>,
}

/// Who is behind a pseudonym.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    pseudonym: String,
    student: String,
    partners: String,
}

impl Private {
    /// Opens the folder, and makes it with a key if it is not there.
    ///
    /// # Errors
    ///
    /// If a file in it cannot be read or written, or is damaged.
    pub fn open(folder: &Path) -> Result<Self, Trouble> {
        fs::create_dir_all(folder).map_err(Trouble::at(folder))?;
        only_ours(folder)?;
        let path = folder.join(PSEUDONYMS);
        Ok(Self {
            key: Key::read_or_make(&folder.join(KEY))?,
            who: match path.exists() {
                true => read(&path)?,
                false => BTreeMap::new(),
            },
            folder: folder.to_owned(),
        })
    }

    /// The pseudonym of who wrote this, which is noted.
    ///
    /// # Errors
    ///
    /// If somebody else has it, which is one chance in more than 10⁸ for the largest class.
    pub fn pseudonym(&mut self, work: &Work) -> Result<String, Trouble> {
        let pseudonym = self.key.pseudonym(&work.student);
        let row = Row {
            pseudonym: pseudonym.clone(),
            student: cell(&work.student.0),
            partners: partners(&work.partners),
        };
        match self.who.insert(pseudonym.clone(), row.clone()) {
            Some(other) if other.student != row.student => Err(Trouble::OnePseudonym(pseudonym)),
            _ => Ok(pseudonym),
        }
    }

    /// Writes down who is who, besides whom earlier runs wrote down.
    ///
    /// # Errors
    ///
    /// If that cannot be written.
    pub fn write(&self) -> Result<(), Trouble> {
        let path = self.folder.join(PSEUDONYMS);
        let write = || -> csv::Result<()> {
            let mut table = csv::Writer::from_path(&path)?;
            for row in self.who.values() {
                table.serialize(row)?;
            }
            Ok(table.flush()?)
        };
        write().map_err(|error| Trouble::at(&path)(error.into()))
    }
}

fn partners(partners: &[StudentId]) -> String {
    let names: Vec<String> = partners.iter().map(|one| cell(&one.0)).collect();
    names.join(" ")
}

fn read(path: &Path) -> Result<BTreeMap<String, Row>, Trouble> {
    let rows = csv::Reader::from_path(path).map(|table| table.into_deserialize::<Row>());
    let rows: csv::Result<Vec<Row>> = rows.and_then(Iterator::collect);
    let rows = rows.map_err(|error| Trouble::Damaged {
        path: path.to_owned(),
        why: error.to_string(),
        help: "remove the file: it is written anew, with the students of this run",
    })?;
    Ok(rows
        .into_iter()
        .map(|row| (row.pseudonym.clone(), row))
        .collect())
}

/// Nobody else looks into it.
fn only_ours(folder: &Path) -> Result<(), Trouble> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder, mode).map_err(Trouble::at(folder))?;
    }
    Ok(())
}
