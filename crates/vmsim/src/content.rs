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
pub(crate) const WORD: u16 = 8;

/// Written words beyond which a page is kept as an array.
const SPARSE_WORDS_MAX: usize = 16;

/// The 4096 bytes of a page.
#[derive(Debug)]
pub struct Content(Form);

/// Two words, whatever it is.
#[derive(Debug)]
enum Form {
    /// The same byte everywhere.
    Filled(u8),
    /// The same but for one aligned word, at its offset.
    OneWord { fill: u8, at: u16, word: u64 },
    /// A page of a file, as the disk has it at the start; see [`FilePage`].
    OfFile { len: u16, file: FileId, index: u64 },
    /// One of these with several words written.
    Sparse(Box<Sparse>),
    /// Anything.
    Dense(Box<[u8; PAGE_SIZE as usize]>),
}

const _: () = assert!(size_of::<Form>() == 16);

/// Page `index` of a file, of which `len` bytes lie before the end of the file; the rest
/// reads as zero.
#[derive(Clone, Copy, Debug)]
struct FilePage {
    len: u16,
    file: FileId,
    index: u64,
}

#[derive(Clone, Debug)]
struct Sparse {
    base: Base,
    /// The words that differ from the base, by their offset.
    written: Vec<Word>,
}

#[derive(Clone, Copy, Debug)]
enum Base {
    Fill(u8),
    File(FilePage),
}

/// The offset of an aligned word, and the word, little-endian.
type Word = (u16, u64);

impl Clone for Content {
    /// Most pages go to swap and come back without anything of theirs being on the heap.
    #[inline]
    fn clone(&self) -> Self {
        Content(match &self.0 {
            &Form::Filled(fill) => Form::Filled(fill),
            &Form::OneWord { fill, at, word } => Form::OneWord { fill, at, word },
            &Form::OfFile { len, file, index } => Form::OfFile { len, file, index },
            Form::Sparse(sparse) => Form::Sparse(sparse.clone()),
            Form::Dense(bytes) => Form::Dense(bytes.clone()),
        })
    }
}

impl Content {
    /// A page of zeroes.
    pub const ZERO: Content = Content::filled(0);

    /// A page that nobody has filled.
    pub const POISON: Content = Content::filled(POISON_BYTE);

    /// A page of this byte.
    pub(crate) const fn filled(byte: u8) -> Self {
        Content(Form::Filled(byte))
    }

    /// The byte that is everywhere, if one is known to be.
    pub(crate) fn fill(&self) -> Option<u8> {
        match self.0 {
            Form::Filled(fill) => Some(fill),
            _ => None,
        }
    }

    /// Page `index` of a file of `size` bytes, as the disk has it at the start.
    /// The bytes behind the end of the file are zero.
    pub fn of_file(file: FileId, index: u64, size: u64) -> Self {
        let len = size.saturating_sub(index * PAGE_SIZE).min(PAGE_SIZE) as u16;
        Content(Form::OfFile { len, file, index })
    }

    /// The byte at `offset`.
    pub fn byte(&self, offset: u16) -> u8 {
        (self.word(offset - offset % WORD) >> (8 * (offset % WORD))) as u8
    }

    /// The `len` bytes from `offset` on, at most eight, little-endian.
    pub fn load(&self, offset: u16, len: u16) -> u64 {
        load(|offset| self.word(offset), offset, len)
    }

    /// The aligned word at an offset.
    fn word(&self, offset: u16) -> u64 {
        match &self.0 {
            &Form::OneWord { at, word, .. } if at == offset => word,
            &Form::Filled(fill) | &Form::OneWord { fill, .. } => Base::Fill(fill).word(offset),
            &Form::OfFile { len, file, index } => FilePage { len, file, index }.word(offset),
            Form::Sparse(sparse) => sparse.word(offset),
            Form::Dense(bytes) => u64::from_le_bytes(*word_at(bytes, offset)),
        }
    }

    /// Stores `len` bytes of the value from `offset` on, little-endian; those beyond the
    /// eighth are zero.
    #[inline(always)]
    pub fn store(&mut self, offset: u16, len: u16, value: u64) {
        let from = offset % WORD;
        if from + len <= WORD && len > 0 {
            let mask = u64::MAX >> (8 * (WORD - len)) << (8 * from);
            self.edit(offset - from, mask, value << (8 * from));
        } else {
            self.store_words(offset, len, value);
        }
    }

    #[inline(never)]
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
    #[inline(always)]
    fn edit(&mut self, offset: u16, mask: u64, value: u64) {
        match &mut self.0 {
            Form::OneWord { at, word, .. } if *at == offset => {
                *word = *word & !mask | value & mask;
            }
            // Where it was written first, it is written most often.
            Form::Sparse(sparse) if sparse.begins_at(offset) => {
                let (_, word) = &mut sparse.written[0];
                *word = *word & !mask | value & mask;
            }
            _ => self.edit_any(offset, mask, value),
        }
    }

    fn edit_any(&mut self, offset: u16, mask: u64, value: u64) {
        let changed = |old: u64| old & !mask | value & mask;
        match &mut self.0 {
            &mut Form::Filled(fill) => {
                let (at, word) = (offset, changed(Base::Fill(fill).word(offset)));
                self.0 = Form::OneWord { fill, at, word };
            }
            Form::Dense(bytes) => {
                let word = word_at_mut(bytes, offset);
                *word = changed(u64::from_le_bytes(*word)).to_le_bytes();
            }
            Form::Sparse(sparse) => {
                let word = sparse.word_mut(offset);
                *word = changed(*word);
                if sparse.written.len() > SPARSE_WORDS_MAX {
                    self.0 = Form::Dense(self.bytes());
                }
            }
            _ => {
                self.make_sparse();
                self.edit_any(offset, mask, value);
            }
        }
    }

    /// Makes room for several words.
    fn make_sparse(&mut self) {
        let (base, written) = match self.0 {
            Form::Filled(fill) => (Base::Fill(fill), Vec::new()),
            Form::OneWord { fill, at, word } => (Base::Fill(fill), vec![(at, word)]),
            Form::OfFile { len, file, index } => {
                (Base::File(FilePage { len, file, index }), Vec::new())
            }
            Form::Sparse(_) | Form::Dense(_) => return,
        };
        self.0 = Form::Sparse(Box::new(Sparse { base, written }));
    }

    /// Sets all bytes from `offset` on to zero.
    pub fn zero_from(&mut self, offset: u16) {
        let mut bytes = self.bytes();
        bytes[usize::from(offset)..].fill(0);
        self.0 = Form::Dense(bytes);
    }

    /// Whether every byte is zero.
    pub fn is_zero(&self) -> bool {
        match self.0 {
            Form::Filled(fill) => fill == 0,
            Form::OneWord { fill: 0, word, .. } => word == 0,
            _ => self.bytes().iter().all(|&byte| byte == 0),
        }
    }

    /// All bytes, written out.
    pub fn bytes(&self) -> Box<[u8; PAGE_SIZE as usize]> {
        if let Form::Dense(bytes) = &self.0 {
            return bytes.clone();
        }
        let mut bytes = Box::new([0; PAGE_SIZE as usize]);
        for offset in (0..PAGE_SIZE as u16).step_by(WORD.into()) {
            *word_at_mut(&mut bytes, offset) = self.word(offset).to_le_bytes();
        }
        bytes
    }
}

/// Bytes of a page whose aligned words are known by their offset ([`Content::load`]).
#[inline]
pub(crate) fn load(word: impl Fn(u16) -> u64, offset: u16, len: u16) -> u64 {
    let (start, skipped) = (offset - offset % WORD, offset % WORD);
    let low = word(start) >> (8 * skipped);
    let high = if skipped + len > WORD {
        word(start + WORD) << (8 * (WORD - skipped))
    } else {
        0
    };
    let surplus = 8 * u32::from(WORD - len);
    (low | high) << surplus >> surplus
}

fn word_at(bytes: &[u8; PAGE_SIZE as usize], offset: u16) -> &[u8; WORD as usize] {
    let (words, _) = bytes.as_chunks();
    &words[usize::from(offset / WORD)]
}

fn word_at_mut(bytes: &mut [u8; PAGE_SIZE as usize], offset: u16) -> &mut [u8; WORD as usize] {
    let (words, _) = bytes.as_chunks_mut();
    &mut words[usize::from(offset / WORD)]
}

impl Sparse {
    #[inline]
    fn begins_at(&self, offset: u16) -> bool {
        self.written.first().is_some_and(|word| word.0 == offset)
    }

    fn word(&self, offset: u16) -> u64 {
        match self.written.binary_search_by_key(&offset, |word| word.0) {
            Ok(at) => self.written[at].1,
            Err(_) => self.base.word(offset),
        }
    }

    /// The word at an offset; what it was until now, if nobody has written it.
    fn word_mut(&mut self, offset: u16) -> &mut u64 {
        let at = match self.written.binary_search_by_key(&offset, |word| word.0) {
            Ok(at) => at,
            Err(at) => {
                self.written.insert(at, (offset, self.base.word(offset)));
                at
            }
        };
        &mut self.written[at].1
    }
}

impl Base {
    fn word(self, offset: u16) -> u64 {
        match self {
            Base::Fill(byte) => u64::from_le_bytes([byte; WORD as usize]),
            Base::File(page) => page.word(offset),
        }
    }
}

impl FilePage {
    fn word(self, offset: u16) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|i| self.byte(offset + i as u16)))
    }

    fn byte(self, offset: u16) -> u8 {
        match offset < self.len {
            true => file_byte(self.file, self.index, offset),
            false => 0,
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
