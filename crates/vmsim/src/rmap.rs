//! The reverse map of a frame: the pages that map it, the first one first.

use std::collections::{BTreeMap, BTreeSet};

use crate::mm::Page;

/// Pages that are kept in a plain list. A page of a library that a thousand processes
/// map is found by its number.
const FEW: usize = 16;

/// The pages that map a frame, in the order in which they came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mappers {
    few: Vec<Page>,
    /// All of them, when there were more than a few once.
    many: Option<Box<Many>>,
}

#[derive(Clone, Debug, Default)]
struct Many {
    by_age: BTreeMap<u64, Page>,
    by_page: BTreeSet<(Page, u64)>,
    next: u64,
}

impl Mappers {
    pub const NONE: Self = Self {
        few: Vec::new(),
        many: None,
    };

    #[inline]
    pub fn len(&self) -> usize {
        match &self.many {
            None => self.few.len(),
            Some(many) => many.by_age.len(),
        }
    }

    /// The page, if there is one and no other.
    #[inline]
    pub fn only(&self) -> Option<Page> {
        match (&self.few[..], &self.many) {
            (&[page], None) => Some(page),
            _ => None,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Page> {
        let many = self.many.iter().flat_map(|many| many.by_age.values());
        self.few.iter().chain(many).copied()
    }

    pub fn push(&mut self, page: Page) {
        if self.many.is_none() && self.few.len() < FEW {
            self.few.push(page);
            return;
        }
        let many = self.many.get_or_insert_default();
        for page in self.few.drain(..).chain([page]) {
            many.push(page);
        }
    }

    /// Takes a page out; the one that came first, should it be there twice.
    pub fn remove(&mut self, page: Page) {
        if let Some(many) = &mut self.many {
            many.remove(page);
        } else if let Some(at) = self.few.iter().position(|&mapper| mapper == page) {
            self.few.remove(at);
        }
    }

    /// Takes all out. The memory of a plain list is kept for those that come next.
    pub fn clear(&mut self) {
        self.few.clear();
        self.many = None;
    }
}

impl Many {
    fn push(&mut self, page: Page) {
        self.by_age.insert(self.next, page);
        self.by_page.insert((page, self.next));
        self.next += 1;
    }

    fn remove(&mut self, page: Page) {
        let first = self.by_page.range((page, 0)..=(page, u64::MAX)).next();
        if let Some(&(page, age)) = first {
            self.by_page.remove(&(page, age));
            self.by_age.remove(&age);
        }
    }
}
