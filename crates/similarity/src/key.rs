//! Names for those who must not be known.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use roster::student::StudentId;
use sha2::Sha256;

use crate::trouble::Trouble;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Letters of a pseudonym: two of ten thousand students share one once in 10⁶ years.
const LETTERS: usize = 12;

/// What to do with a key that is none.
const NO_KEY: &str = "remove the file for a new key; all pseudonyms change then";

/// A secret that makes pseudonyms: whoever has it can try names, and nobody else can.
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// The key in a file; a new one if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read or written, or is no key.
    pub fn read_or_make(path: &Path) -> Result<Self, Trouble> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(text.trim()).ok_or_else(|| Trouble::Damaged {
                path: path.to_owned(),
                why: format!("no key: {} hexadecimal digits are one", 2 * KEY_BYTES),
                help: NO_KEY,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::random().map_err(Trouble::at(path))?;
                key.write(path).map_err(Trouble::at(path))?;
                Ok(key)
            }
            Err(error) => Err(Trouble::at(path)(error)),
        }
    }

    /// The name of a student in exports: the same with the same key, in each run.
    pub fn pseudonym(&self, student: &StudentId) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key");
        mac.update(student.0.as_bytes());
        let digest = hex(&mac.finalize().into_bytes());
        format!("s-{}", &digest[..LETTERS])
    }

    fn parse(text: &str) -> Option<Self> {
        let mut key = [0; KEY_BYTES];
        if text.len() != 2 * KEY_BYTES || !text.is_ascii() {
            return None;
        }
        for (byte, at) in key.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Self(key))
    }

    fn random() -> io::Result<Self> {
        let mut key = [0; KEY_BYTES];
        File::open("/dev/urandom")?.read_exact(&mut key)?;
        Ok(Self(key))
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        writeln!(options.open(path)?, "{}", hex(&self.0))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
