//! What is in each of many pages: frames, or swap slots.
//!
//! A page of a long trace is most often as it was filled but for the last number that was
//! written there. So much takes four bytes; a large machine has a hundred thousand of them,
//! and what does not fit into the computer's caches costs more than all the rest of a
//! fault. Whatever else a page may hold stands apart ([`Content`]).

use std::borrow::Cow;
use std::mem;

use crate::content::{self, Content, POISON_BYTE, WORD};

/// Contents by the number of their page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    pages: Vec<Brief>,
    /// The contents that are not brief, and those that nobody needs any more.
    full: Vec<Content>,
    free: Vec<u32>,
}

/// Four bytes that tell what a page holds, and a small number that is whoever keeps the
/// contents': to look at both is to wait for one.
///
/// ```text
/// bits 0 to 7: the number     8 to 19: its offset     20 to 23: its size; 0, if there is none
/// 24: the page is filled with poison, not with zeroes
/// 25: the page is in full, and all bits below are its place there
/// 26 to 31: the mark, whose it is
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Brief(u32);

const OFFSET_AT: u32 = 8;
const OFFSET: u32 = 0xfff << OFFSET_AT;
const SIZE_AT: u32 = 20;
const SIZE: u32 = 0xf << SIZE_AT;
const POISONED: u32 = 1 << 24;
const FULL: u32 = 1 << 25;
const MARK_AT: u32 = 26;
const MARK: u32 = u32::MAX << MARK_AT;

/// What tells where a number is.
const WHERE: u32 = FULL | SIZE | OFFSET;

/// The highest mark.
pub(crate) const MARK_MAX: u8 = (MARK >> MARK_AT) as u8;

impl Brief {
    const ZERO: Brief = Brief(0);
    const POISON: Brief = Brief(POISONED);

    fn is_full(self) -> bool {
        self.0 & FULL != 0
    }

    fn place_in_full(self) -> Option<usize> {
        self.is_full().then_some((self.0 & (FULL - 1)) as usize)
    }

    fn mark(self) -> u8 {
        (self.0 >> MARK_AT) as u8
    }

    /// The same with another mark.
    #[inline(always)]
    fn marked(self, mark: u8) -> Self {
        Brief(self.0 & !MARK | u32::from(mark) << MARK_AT)
    }

    /// The same with the mark of another one.
    #[inline(always)]
    fn marked_as(self, other: Brief) -> Self {
        Brief(self.0 & !MARK | other.0 & MARK)
    }

    /// The page with `len` bytes of a value, at least one, written at an offset, if that is
    /// brief as well: if nothing else was written there.
    #[inline(always)]
    fn with(self, offset: u16, len: u16, value: u64) -> Option<Self> {
        // A power of two, and a multiple of it.
        let is_aligned = (offset | len) & (len - 1) == 0;
        if len > WORD || !is_aligned || value > u8::MAX.into() {
            return None;
        }
        let place = u32::from(len) << SIZE_AT | u32::from(offset) << OFFSET_AT;
        let kept = self.0 & (MARK | POISONED);
        // One question: nobody can guess which of the two it is.
        let may_hold = ((self.0 ^ place) & WHERE == 0) | (self.0 & (FULL | SIZE) == 0);
        may_hold.then_some(Brief(place | kept | value as u32))
    }

    /// The aligned word at an offset; the page must be brief.
    fn word(self, offset: u16) -> u64 {
        let filled = u64::from_le_bytes([self.fill(); 8]);
        if self.size() == 0 || self.offset() / WORD != offset / WORD {
            return filled;
        }
        let from = 8 * (self.offset() % WORD);
        let mask = u64::MAX >> (8 * (WORD - self.size())) << from;
        filled & !mask | self.number() << from
    }

    fn number(self) -> u64 {
        u64::from(self.0) % (1 << OFFSET_AT)
    }

    /// Where the number is, and of how many bytes.
    fn offset(self) -> u16 {
        ((self.0 & OFFSET) >> OFFSET_AT) as u16
    }

    fn size(self) -> u16 {
        ((self.0 & SIZE) >> SIZE_AT) as u16
    }

    fn fill(self) -> u8 {
        match self.0 & POISONED {
            0 => 0,
            _ => POISON_BYTE,
        }
    }

    /// The same in full; the page must be brief.
    fn content(self) -> Content {
        let mut content = Content::filled(self.fill());
        if self.size() > 0 {
            content.store(self.offset(), self.size(), self.number());
        }
        content
    }
}

impl Contents {
    /// Makes places for so many pages; the new ones are full of poison.
    pub fn make_places(&mut self, count: usize) {
        self.pages.resize(count, Brief::POISON);
    }

    /// How many places there are.
    #[inline(always)]
    pub fn places(&self) -> usize {
        self.pages.len()
    }

    /// What a page holds.
    pub fn get(&self, at: usize) -> Cow<'_, Content> {
        match self.pages[at].place_in_full() {
            Some(place) => Cow::Borrowed(&self.full[place]),
            None => Cow::Owned(self.pages[at].content()),
        }
    }

    /// The mark of a page: zero, until it gets another one.
    #[inline(always)]
    pub fn mark(&self, at: usize) -> u8 {
        self.pages[at].mark()
    }

    /// Gives a page a mark of at most [`MARK_MAX`], whatever it holds.
    #[inline(always)]
    pub fn put_mark(&mut self, at: usize, mark: u8) {
        self.pages[at] = self.pages[at].marked(mark);
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
            Some(0) => Brief::ZERO,
            Some(POISON_BYTE) => Brief::POISON,
            _ => self.keep(content),
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
        let brief = self.pages[at];
        self.pages[at] = self.keep(brief.content()).marked_as(brief);
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
    /// third one holds, which holds poison then. That one's mark goes where its room goes.
    #[inline(always)]
    pub fn pass_on(&mut self, from: usize, to: usize, others: &mut Contents, other: usize) {
        let (comes, goes) = (self.pages[from], others.pages[other]);
        self.pages[from] = Brief::POISON;
        if comes.is_full() || goes.is_full() {
            self.pages[to] = comes;
            return self.exchange_full(to, others, other);
        }
        others.pages[other] = comes.marked_as(goes);
        self.pages[to] = goes.marked_as(comes);
    }

    /// Lets a page trade places with one of other contents.
    #[inline(always)]
    pub fn exchange(&mut self, at: usize, others: &mut Contents, other: usize) {
        let (ours, theirs) = (self.pages[at], others.pages[other]);
        if ours.is_full() || theirs.is_full() {
            return self.exchange_full(at, others, other);
        }
        self.pages[at] = theirs.marked_as(ours);
        others.pages[other] = ours.marked_as(theirs);
    }

    #[inline(never)]
    fn exchange_full(&mut self, at: usize, others: &mut Contents, other: usize) {
        let (ours, theirs) = (self.take(at), others.take(other));
        self.pages[at] = theirs.kept_by(self).marked_as(self.pages[at]);
        others.pages[other] = ours.kept_by(others).marked_as(others.pages[other]);
    }

    /// Takes out what a page holds, which is poison then.
    fn take(&mut self, at: usize) -> Taken {
        let brief = self.pages[at];
        self.pages[at] = Brief::POISON.marked_as(brief);
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
        let before = self.pages[at];
        self.pages[at] = brief.marked_as(before);
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
