//! What is in each of many pages: frames, or swap slots.
//!
//! A page of a long trace is most often as it was filled but for the last number that was
//! written there. So much takes four bytes; a large machine has a hundred thousand of them,
//! and what does not fit into the computer's caches costs more than all the rest of a
//! fault. Whatever else a page may hold stands apart ([`Content`]).

use std::borrow::Cow;
use std::mem;

use crate::addr::PAGE_SIZE;
use crate::content::{self, Content, POISON_BYTE, WORD};

/// Contents by the number of their page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    pages: Vec<Brief>,
    /// The contents that are not brief, and those that nobody needs any more.
    full: Vec<Content>,
    free: Vec<u32>,
}

/// Four bytes that tell what a page holds.
///
/// ```text
/// bits 0 to 7: the number     8 to 15: what the page is filled with
/// bits 16 to 27: the number's offset     28 and 29: log2 of its size     30 and 31: the form
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Brief(u32);

/// The same byte everywhere.
const FILLED: u32 = 0;
/// The same but for one number below 256, which is aligned.
const NUMBER: u32 = 1 << FORM_AT;
/// See [`Contents::full`]; the other bits are its place there.
const FULL: u32 = 2 << FORM_AT;

const FORM_AT: u32 = 30;
const SIZE_AT: u32 = 28;
const OFFSET_AT: u32 = 16;
const FILL_AT: u32 = 8;

impl Brief {
    const POISON: Brief = Brief::filled(POISON_BYTE);

    const fn filled(byte: u8) -> Self {
        Brief(FILLED | (byte as u32) << FILL_AT)
    }

    fn form(self) -> u32 {
        self.0 >> FORM_AT << FORM_AT
    }

    fn place_in_full(self) -> Option<usize> {
        (self.form() == FULL).then_some((self.0 & !FULL) as usize)
    }

    /// The page with `len` bytes of a value written at an offset, if that is brief as well:
    /// if nothing else was written there.
    #[inline(always)]
    fn with(self, offset: u16, len: u16, value: u64) -> Option<Self> {
        const SIZES: u32 = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8;
        let is_size = len <= WORD && SIZES >> len & 1 != 0;
        if !is_size || offset & (len - 1) != 0 || value > u8::MAX.into() {
            return None;
        }
        let size = len.trailing_zeros();
        let place = NUMBER | size << SIZE_AT | u32::from(offset) << OFFSET_AT;
        let fill = self.0 & u32::from(u8::MAX) << FILL_AT;
        // One question: nobody can guess which of the two it is.
        let may_hold = (self.0 >> OFFSET_AT == place >> OFFSET_AT) | (self.form() == FILLED);
        may_hold.then_some(Brief(place | fill | value as u32))
    }

    /// The aligned word at an offset; the page must be brief.
    fn word(self, offset: u16) -> u64 {
        let [number, fill, ..] = self.0.to_le_bytes().map(u64::from);
        let filled = u64::from_le_bytes([1; 8]) * fill;
        if self.form() != NUMBER || self.offset() / WORD != offset / WORD {
            return filled;
        }
        let from = 8 * (self.offset() % WORD);
        let mask = u64::MAX >> (8 * (WORD - self.size())) << from;
        filled & !mask | number << from
    }

    /// Where the number is, and of how many bytes.
    fn offset(self) -> u16 {
        (self.0 >> OFFSET_AT) as u16 % PAGE_SIZE as u16
    }

    fn size(self) -> u16 {
        1 << (self.0 >> SIZE_AT & 3)
    }

    /// The same in full; the page must be brief.
    fn content(self) -> Content {
        let [value, fill, ..] = self.0.to_le_bytes();
        let mut content = Content::filled(fill);
        if self.form() == NUMBER {
            content.store(self.offset(), self.size(), value.into());
        }
        content
    }
}

impl Contents {
    /// Makes places for so many pages; the new ones are full of poison.
    pub fn make_places(&mut self, count: usize) {
        self.pages.resize(count, Brief::POISON);
    }

    /// What a page holds.
    pub fn get(&self, at: usize) -> Cow<'_, Content> {
        match self.pages[at].place_in_full() {
            Some(place) => Cow::Borrowed(&self.full[place]),
            None => Cow::Owned(self.pages[at].content()),
        }
    }

    /// `len` bytes of a page from `offset` on ([`Content::load`]).
    #[inline]
    pub fn load(&self, at: usize, offset: u16, len: u16) -> u64 {
        let brief = self.pages[at];
        match brief.place_in_full() {
            Some(place) => self.full[place].load(offset, len),
            None => content::load(|offset| brief.word(offset), offset, len),
        }
    }

    /// Puts something into a page.
    pub fn put(&mut self, at: usize, content: Content) {
        let brief = match content.fill() {
            Some(byte) => Brief::filled(byte),
            None => self.keep(content),
        };
        self.replace(at, brief);
    }

    /// Fills a page with poison.
    #[inline]
    pub fn poison(&mut self, at: usize) {
        self.replace(at, Brief::POISON);
    }

    /// Stores `len` bytes of a value in a page ([`Content::store`]).
    #[inline(always)]
    pub fn store(&mut self, at: usize, offset: u16, len: u16, value: u64) {
        match self.pages[at].with(offset, len, value) {
            Some(brief) => self.pages[at] = brief,
            None => self.in_full(at).store(offset, len, value),
        }
    }

    /// A page to write into, whatever it holds.
    #[inline]
    pub fn in_full(&mut self, at: usize) -> &mut Content {
        let place = self.pages[at].place_in_full();
        let place = place.unwrap_or_else(|| self.make_full(at));
        &mut self.full[place]
    }

    #[inline(never)]
    fn make_full(&mut self, at: usize) -> usize {
        self.pages[at] = self.keep(self.pages[at].content());
        let place = self.pages[at].place_in_full();
        place.expect("it was just put there")
    }

    /// Copies a page over another one.
    pub fn copy(&mut self, from: usize, to: usize) {
        let brief = match self.pages[from].place_in_full() {
            Some(place) => self.keep(self.full[place].clone()),
            None => self.pages[from],
        };
        self.replace(to, brief);
    }

    /// Copies a page over one of other contents.
    pub fn copy_to(&self, from: usize, others: &mut Contents, to: usize) {
        let brief = match self.pages[from].place_in_full() {
            Some(place) => others.keep(self.full[place].clone()),
            None => self.pages[from],
        };
        others.replace(to, brief);
    }

    /// Puts a page of other contents into a page that holds poison, and in its place what a
    /// third one holds, which holds poison then.
    #[inline(always)]
    pub fn pass_on(&mut self, from: usize, to: usize, others: &mut Contents, other: usize) {
        let (comes, goes) = (self.pages[from], others.pages[other]);
        if comes.form() == FULL || goes.form() == FULL {
            self.pages.swap(from, to);
            return self.exchange_full(to, others, other);
        }
        others.pages[other] = comes;
        self.pages[to] = goes;
        self.pages[from] = Brief::POISON;
    }

    /// Lets a page trade places with one of other contents.
    #[inline(always)]
    pub fn exchange(&mut self, at: usize, others: &mut Contents, other: usize) {
        let (ours, theirs) = (self.pages[at], others.pages[other]);
        if ours.form() == FULL || theirs.form() == FULL {
            return self.exchange_full(at, others, other);
        }
        (self.pages[at], others.pages[other]) = (theirs, ours);
    }

    #[inline(never)]
    fn exchange_full(&mut self, at: usize, others: &mut Contents, other: usize) {
        let (ours, theirs) = (self.take(at), others.take(other));
        self.pages[at] = theirs.kept_by(self);
        others.pages[other] = ours.kept_by(others);
    }

    /// Takes out what a page holds, which is poison then.
    fn take(&mut self, at: usize) -> Taken {
        let brief = mem::replace(&mut self.pages[at], Brief::POISON);
        match brief.place_in_full() {
            None => Taken::Brief(brief),
            Some(place) => {
                self.free.push(place as u32);
                Taken::Full(mem::replace(&mut self.full[place], Content::POISON))
            }
        }
    }

    #[inline]
    fn replace(&mut self, at: usize, brief: Brief) {
        let before = mem::replace(&mut self.pages[at], brief);
        if let Some(place) = before.place_in_full() {
            self.forget(place);
        }
    }

    #[inline(never)]
    fn forget(&mut self, place: usize) {
        self.full[place] = Content::POISON;
        self.free.push(place as u32);
    }

    /// A place for something that is not brief.
    #[inline(never)]
    fn keep(&mut self, content: Content) -> Brief {
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                self.full.push(Content::POISON);
                self.full.len() as u32 - 1
            }
        };
        self.full[place as usize] = content;
        Brief(FULL | place)
    }
}

/// What a page held that is on its way to other contents.
enum Taken {
    Brief(Brief),
    Full(Content),
}

impl Taken {
    fn kept_by(self, contents: &mut Contents) -> Brief {
        match self {
            Taken::Brief(brief) => brief,
            Taken::Full(content) => contents.keep(content),
        }
    }
}
