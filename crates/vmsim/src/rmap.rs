//! The reverse map of a frame: the pages that map it, the first one first.

use std::collections::{BTreeMap, BTreeSet};

use crate::mm::Page;

/// Pages that are kept in a plain list. A page of a library that a thousand processes
/// map is found by its number.
const FEW: usize = 16;

/// The pages that map a frame, in the order in which they came to. Of most frames there
/// is one, which stands here itself.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mappers {
    #[default]
    None,
    One(Page),
    Few(Vec<Page>),
    Many(Box<Many>),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Many {
    by_age: BTreeMap<u64, Page>,
    by_page: BTreeSet<(Page, u64)>,
    next: u64,
}

impl Mappers {
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Mappers::None => 0,
            Mappers::One(_) => 1,
            Mappers::Few(pages) => pages.len(),
            Mappers::Many(many) => many.by_age.len(),
        }
    }

    /// The page, if there is one and no other.
    #[inline]
    pub fn only(&self) -> Option<Page> {
        match self {
            &Mappers::One(page) => Some(page),
            _ => None,
        }
    }

    /// The page that came first.
    #[inline]
    pub fn first(&self) -> Option<Page> {
        match self {
            &Mappers::One(page) => Some(page),
            _ => self.iter().next(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Page> {
        let (few, many) = match self {
            Mappers::None => (&[][..], None),
            Mappers::One(page) => (std::slice::from_ref(page), None),
            Mappers::Few(pages) => (&pages[..], None),
            Mappers::Many(many) => (&[][..], Some(many.by_age.values())),
        };
        few.iter().chain(many.into_iter().flatten()).copied()
    }

    pub fn to_vec(&self) -> Vec<Page> {
        match self {
            &Mappers::One(page) => vec![page],
            _ => self.iter().collect(),
        }
    }

    #[inline]
    pub fn push(&mut self, page: Page) {
        match self {
            Mappers::None => *self = Mappers::One(page),
            &mut Mappers::One(first) => *self = Mappers::Few(vec![first, page]),
            Mappers::Few(pages) if pages.len() < FEW => pages.push(page),
            Mappers::Few(pages) => {
                let mut many = Box::<Many>::default();
                for page in pages.drain(..).chain([page]) {
                    many.push(page);
                }
                *self = Mappers::Many(many);
            }
            Mappers::Many(many) => many.push(page),
        }
    }

    /// Takes a page out; the one that came first, should it be there twice.
    #[inline]
    pub fn remove(&mut self, page: Page) {
        match self {
            Mappers::One(only) if *only == page => *self = Mappers::None,
            Mappers::None | Mappers::One(_) => {}
            Mappers::Few(pages) => {
                if let Some(at) = pages.iter().position(|&mapper| mapper == page) {
                    pages.remove(at);
                }
            }
            Mappers::Many(many) => many.remove(page),
        }
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
