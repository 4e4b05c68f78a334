//! What a page contains, cheaply.
//!
//! Moving real 4 KiB for each fault would cost ten times the rest of the
//! simulation, so a page is a base (zeroes, poison, a page of a file) and the
//! bytes written over it. A page that is written a lot becomes a plain array.

use crate::addr::{FileId, PAGE_SIZE};

/// What a frame holds before anybody fills it. Never zero, so that a handler
/// that forgets to zero a frame is seen (xv6 fills freed pages for the same
/// reason, `kfree` in kernel/kalloc.c).
pub const POISON_BYTE: u8 = 0xa5;

/// Written bytes beyond which a page is kept as an array.
const SPARSE_BYTES_MAX: usize = 32;

/// The 4096 bytes of a page.
#[derive(Clone, Debug)]
pub struct Content(Form);

#[derive(Clone, Debug)]
enum Form {
    Sparse { base: Base, written: Vec<(u16, u8)> },
    Dense(Box<[u8; PAGE_SIZE as usize]>),
}

#[derive(Clone, Copy, Debug)]
enum Base {
    Fill(u8),
    /// Page `index` of a file, of which `len` bytes lie before the end of the
    /// file; the rest reads as zero.
    File {
        file: FileId,
        index: u64,
        len: u16,
    },
}

impl Content {
    /// A page of zeroes.
    pub const ZERO: Content = Content(Form::Sparse {
        base: Base::Fill(0),
        written: Vec::new(),
    });

    /// A page that nobody has filled.
    pub const POISON: Content = Content(Form::Sparse {
        base: Base::Fill(POISON_BYTE),
        written: Vec::new(),
    });

    /// Page `index` of a file of `size` bytes, as the disk has it at the start.
    /// The bytes behind the end of the file are zero.
    pub fn of_file(file: FileId, index: u64, size: u64) -> Self {
        let len = size.saturating_sub(index * PAGE_SIZE).min(PAGE_SIZE) as u16;
        Content(Form::Sparse {
            base: Base::File { file, index, len },
            written: Vec::new(),
        })
    }

    /// The byte at `offset`.
    pub fn byte(&self, offset: u16) -> u8 {
        match &self.0 {
            Form::Dense(bytes) => bytes[usize::from(offset)],
            Form::Sparse { base, written } => {
                match written.binary_search_by_key(&offset, |w| w.0) {
                    Ok(at) => written[at].1,
                    Err(_) => base.byte(offset),
                }
            }
        }
    }

    /// Stores a byte at `offset`.
    pub fn set_byte(&mut self, offset: u16, value: u8) {
        match &mut self.0 {
            Form::Dense(bytes) => bytes[usize::from(offset)] = value,
            Form::Sparse { written, .. } => {
                match written.binary_search_by_key(&offset, |w| w.0) {
                    Ok(at) => written[at].1 = value,
                    Err(at) => written.insert(at, (offset, value)),
                }
                if written.len() > SPARSE_BYTES_MAX {
                    self.0 = Form::Dense(self.bytes());
                }
            }
        }
    }

    /// Sets all bytes from `offset` on to zero.
    pub fn zero_from(&mut self, offset: u16) {
        let mut bytes = self.bytes();
        bytes[usize::from(offset)..].fill(0);
        self.0 = Form::Dense(bytes);
    }

    /// Whether every byte is zero.
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Form::Sparse {
                base: Base::Fill(0),
                written,
            } => written.iter().all(|w| w.1 == 0),
            _ => self.bytes().iter().all(|&byte| byte == 0),
        }
    }

    /// All bytes, written out.
    pub fn bytes(&self) -> Box<[u8; PAGE_SIZE as usize]> {
        match &self.0 {
            Form::Dense(bytes) => bytes.clone(),
            Form::Sparse { base, written } => {
                let mut bytes = Box::new([0; PAGE_SIZE as usize]);
                for (offset, byte) in bytes.iter_mut().enumerate() {
                    *byte = base.byte(offset as u16);
                }
                for &(offset, value) in written {
                    bytes[usize::from(offset)] = value;
                }
                bytes
            }
        }
    }
}

impl Base {
    fn byte(self, offset: u16) -> u8 {
        match self {
            Base::Fill(byte) => byte,
            Base::File { len, .. } if offset >= len => 0,
            Base::File { file, index, .. } => file_byte(file, index, offset),
        }
    }
}

/// The byte that a file holds at the start. Never zero and never the same at
/// neighbouring places, so that a wrong page or a wrong offset is seen.
fn file_byte(file: FileId, index: u64, offset: u16) -> u8 {
    let place =
        index.wrapping_mul(13) + u64::from(offset).wrapping_mul(7) + u64::from(file.0) * 101;
    (place % 251 + 1) as u8
}
