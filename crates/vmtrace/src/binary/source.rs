//! The bytes of a binary trace, with their offset.

use std::io::{self, BufRead, ErrorKind};

use crate::binary::error::{BinaryError, Damage};
use crate::binary::word::Word;
use crate::error::ReadError;

/// Reads numbers from bytes and knows how far it is.
#[derive(Debug)]
pub(crate) struct ByteSource<R> {
    reader: R,
    offset: u64,
}

impl<R: BufRead> ByteSource<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, offset: 0 }
    }

    /// The error that the byte read last is.
    #[cold]
    pub(crate) fn damage(&self, damage: Damage) -> ReadError {
        BinaryError {
            offset: self.offset.saturating_sub(1),
            damage,
        }
        .into()
    }

    /// What the reader's buffer holds of the bytes to come.
    #[inline]
    pub(crate) fn ahead(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.reader.fill_buf() {
                Ok(_) => return self.reader.fill_buf(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Passes over so many bytes, which the caller has read where they lie
    /// [`ahead`](ByteSource::ahead).
    #[inline]
    pub(crate) fn skip(&mut self, len: usize) {
        self.reader.consume(len);
        self.offset += len as u64;
    }

    /// Reads a byte, or finds the end of the file.
    #[inline]
    pub(crate) fn byte_or_end(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf() {
                Ok([]) => return Ok(None),
                Ok(&[byte, ..]) => {
                    self.reader.consume(1);
                    self.offset += 1;
                    return Ok(Some(byte));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads a byte, which must be there.
    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, ReadError> {
        match self.byte_or_end()? {
            Some(byte) => Ok(byte),
            None => Err(BinaryError {
                offset: self.offset,
                damage: Damage::Truncated,
            }
            .into()),
        }
    }

    /// Reads a word, which the end of a buffer may cut.
    pub(crate) fn word(&mut self) -> Result<Word, ReadError> {
        if let Some(&word) = self.ahead()?.first_chunk() {
            self.skip(size_of::<Word>());
            return Ok(word);
        }
        let mut word = Word::default();
        for byte in &mut word {
            *byte = self.byte()?;
        }
        Ok(word)
    }

    /// Reads a varint of at most 64 bits.
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, ReadError> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                break;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.damage(Damage::Number { bits: u64::BITS }))
    }

    /// Reads a varint that must fit into a smaller number.
    #[inline]
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, ReadError> {
        let number = self.varint()?;
        let bits = 8 * size_of::<T>() as u32;
        T::try_from(number).map_err(|_| self.damage(Damage::Number { bits }))
    }

    /// Reads a code, the place of a value in its table.
    pub(crate) fn one_of<T: Copy>(&mut self, table: &[T]) -> Result<T, ReadError> {
        let code = self.byte()?;
        let value = table.get(usize::from(code)).copied();
        value.ok_or_else(|| self.damage(Damage::Code(code)))
    }
}
