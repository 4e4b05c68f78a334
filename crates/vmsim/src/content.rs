//! What a page contains, cheaply.
//!
//! Moving real 4 KiB for each fault would cost ten times the rest of the
//! simulation, so a page is a base (zeroes, poison, a page of a file) and the
//! words written over it. A page that is written a lot becomes a plain array.

use crate::addr::{FileId, PAGE_SIZE};

/// What a frame holds before anybody fills it. Never zero, so that a handler
/// that forgets to zero a frame is seen (xv6 fills freed pages for the same
/// reason, `kfree` in kernel/kalloc.c).
pub const POISON_BYTE: u8 = 0xa5;

/// Bytes of an aligned word: what a write is kept in.
const WORD: u16 = 8;

/// Written words beyond which a page is kept as an array.
const SPARSE_WORDS_MAX: usize = 16;

/// The 4096 bytes of a page.
#[derive(Clone, Debug)]
pub struct Content(Form);

#[derive(Clone, Debug)]
enum Form {
    Sparse { base: Base, written: Written },
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

/// The words that differ from the base, by their offset. Most pages have none or one,
/// which need no memory of their own.
#[derive(Clone, Debug)]
enum Written {
    None,
    One(Word),
    Many(Vec<Word>),
}

/// The offset of an aligned word, and the word, little-endian.
type Word = (u16, u64);

impl Content {
    /// A page of zeroes.
    pub const ZERO: Content = Content::unwritten(Base::Fill(0));

    /// A page that nobody has filled.
    pub const POISON: Content = Content::unwritten(Base::Fill(POISON_BYTE));

    const fn unwritten(base: Base) -> Self {
        let written = Written::None;
        Content(Form::Sparse { base, written })
    }

    /// Page `index` of a file of `size` bytes, as the disk has it at the start.
    /// The bytes behind the end of the file are zero.
    pub fn of_file(file: FileId, index: u64, size: u64) -> Self {
        let len = size.saturating_sub(index * PAGE_SIZE).min(PAGE_SIZE) as u16;
        Content::unwritten(Base::File { file, index, len })
    }

    /// The byte at `offset`.
    pub fn byte(&self, offset: u16) -> u8 {
        (self.word(offset - offset % WORD) >> (8 * (offset % WORD))) as u8
    }

    /// The `len` bytes from `offset` on, at most eight, little-endian.
    pub fn load(&self, offset: u16, len: u16) -> u64 {
        let (start, skipped) = (offset - offset % WORD, offset % WORD);
        let low = self.word(start) >> (8 * skipped);
        let high = if skipped + len > WORD {
            self.word(start + WORD) << (8 * (WORD - skipped))
        } else {
            0
        };
        let surplus = 8 * u32::from(WORD - len);
        (low | high) << surplus >> surplus
    }

    /// The aligned word at an offset.
    fn word(&self, offset: u16) -> u64 {
        match &self.0 {
            Form::Dense(bytes) => u64::from_le_bytes(*word_at(bytes, offset)),
            Form::Sparse { base, written } => match written.get(offset) {
                Some(word) => word,
                None => base.word(offset),
            },
        }
    }

    /// Stores `len` bytes of the value from `offset` on, little-endian; those beyond the
    /// eighth are zero.
    #[inline]
    pub fn store(&mut self, offset: u16, len: u16, value: u64) {
        let from = offset % WORD;
        if from + len <= WORD && len > 0 {
            let mask = u64::MAX >> (8 * (WORD - len)) << (8 * from);
            self.edit(offset - from, mask, value << (8 * from));
        } else {
            self.store_words(offset, len, value);
        }
    }

    fn store_words(&mut self, offset: u16, len: u16, value: u64) {
        let mut rest = (offset, len, value);
        loop {
            // As much as lies in one aligned word.
            let (offset, len, value) = rest;
            let from = offset % WORD;
            let part = len.min(WORD - from);
            if part == 0 {
                return;
            }
            let mask = u64::MAX >> (8 * (WORD - part)) << (8 * from);
            self.edit(offset - from, mask, value << (8 * from));
            let value = value.checked_shr(8 * u32::from(part)).unwrap_or_default();
            rest = (offset + part, len - part, value);
        }
    }

    /// Stores a byte at `offset`.
    pub fn set_byte(&mut self, offset: u16, value: u8) {
        self.store(offset, 1, value.into());
    }

    /// Changes the bits of the mask in the aligned word at an offset.
    #[inline]
    fn edit(&mut self, offset: u16, mask: u64, value: u64) {
        let changed = |old: u64| old & !mask | value & mask;
        match &mut self.0 {
            Form::Sparse {
                written: Written::One((at, word)),
                ..
            } if *at == offset => *word = changed(*word),
            Form::Dense(bytes) => {
                let word = word_at_mut(bytes, offset);
                *word = changed(u64::from_le_bytes(*word)).to_le_bytes();
            }
            Form::Sparse { base, written } => {
                let word = written.get_or_insert(offset, *base);
                *word = changed(*word);
                if written.len() > SPARSE_WORDS_MAX {
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
            } => written.iter().all(|(_, word)| *word == 0),
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
                for &(offset, word) in written.iter() {
                    *word_at_mut(&mut bytes, offset) = word.to_le_bytes();
                }
                bytes
            }
        }
    }
}

fn word_at(bytes: &[u8; PAGE_SIZE as usize], offset: u16) -> &[u8; WORD as usize] {
    let (words, _) = bytes.as_chunks();
    &words[usize::from(offset / WORD)]
}

fn word_at_mut(bytes: &mut [u8; PAGE_SIZE as usize], offset: u16) -> &mut [u8; WORD as usize] {
    let (words, _) = bytes.as_chunks_mut();
    &mut words[usize::from(offset / WORD)]
}

impl Written {
    fn iter(&self) -> std::slice::Iter<'_, Word> {
        match self {
            Written::None => [].iter(),
            Written::One(word) => std::slice::from_ref(word).iter(),
            Written::Many(words) => words.iter(),
        }
    }

    fn len(&self) -> usize {
        self.iter().len()
    }

    fn get(&self, offset: u16) -> Option<u64> {
        match self {
            Written::None => None,
            &Written::One((at, word)) => (at == offset).then_some(word),
            Written::Many(words) => {
                let found = words.binary_search_by_key(&offset, |word| word.0);
                found.ok().map(|at| words[at].1)
            }
        }
    }

    /// The word at an offset; what it was until now, if nobody has written it.
    #[inline]
    fn get_or_insert(&mut self, offset: u16, base: Base) -> &mut u64 {
        let fresh = || (offset, base.word(offset));
        match self {
            Written::None => *self = Written::One(fresh()),
            Written::One((at, _)) if *at == offset => {}
            Written::One(word) => *self = Written::Many(vec![*word]),
            Written::Many(_) => {}
        }
        match self {
            Written::None => unreachable!("it has a word by now"),
            Written::One((_, word)) => word,
            Written::Many(words) => {
                let at = match words.binary_search_by_key(&offset, |word| word.0) {
                    Ok(at) => at,
                    Err(at) => {
                        words.insert(at, fresh());
                        at
                    }
                };
                &mut words[at].1
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

    fn word(self, offset: u16) -> u64 {
        match self {
            Base::Fill(byte) => u64::from_le_bytes([byte; WORD as usize]),
            Base::File { .. } => {
                u64::from_le_bytes(std::array::from_fn(|i| self.byte(offset + i as u16)))
            }
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
