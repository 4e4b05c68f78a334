//! What was graded, as a number that nobody can make another submission for.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// SHA-256 over names and contents of everything that was taken of a submission; shown
/// as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceHash([u8; 32]);

impl SourceHash {
    /// Of files, which come in an order of their own: each name and each content with
    /// its length before it, so that no two lists of files give the same bytes.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut hash = Sha256::new();
        for part in files.into_iter().flat_map(|(name, text)| [name, text]) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for SourceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SourceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceHash({self})")
    }
}

impl<'de> Deserialize<'de> for SourceHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut hash = [0; 32];
        let digits = text.as_bytes().chunks_exact(2);
        if text.len() != 2 * hash.len() || !text.is_ascii() {
            return Err(D::Error::custom("expected 64 hexadecimal digits"));
        }
        for (byte, digits) in hash.iter_mut().zip(digits) {
            let digits = str::from_utf8(digits).map_err(D::Error::custom)?;
            *byte = u8::from_str_radix(digits, 16).map_err(D::Error::custom)?;
        }
        Ok(Self(hash))
    }
}

impl Serialize for SourceHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for SourceHash {
    fn schema_name() -> Cow<'static, str> {
        "SourceHash".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "SHA-256 over names and contents of everything that was taken \
                            of a submission.",
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
        })
    }
}
