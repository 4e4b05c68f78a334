//! The reverse map of a frame: the pages that map it, the first one first.

use std::collections::{BTreeMap, BTreeSet};

use crate::addr::{Pid, Vpn};
use crate::mm::Page;

/// Pages that are kept in a plain list. A page of a library that a thousand processes
/// map is found by its number.
const FEW: usize = 16;

/// The pages that map a frame, in the order in which they came to. Of most frames there
/// is one, which stands here itself, in two words.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mappers {
    #[default]
    None,
    One {
        pid: Pid,
        vpn: Vpn,
    },
    Several(Box<Several>),
}

#[derive(Clone, Debug)]
pub(crate) enum Several {
    Few(Vec<Page>),
    Many(Many),
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
            Mappers::One { .. } => 1,
            Mappers::Several(several) => several.len(),
        }
    }

    /// The page, if there is one and no other.
    #[inline]
    pub fn only(&self) -> Option<Page> {
        match *self {
            Mappers::One { pid, vpn } => Some(Page { pid, vpn }),
            _ => None,
        }
    }

    /// The page that came first.
    #[inline]
    pub fn first(&self) -> Option<Page> {
        match self {
            Mappers::None => None,
            &Mappers::One { pid, vpn } => Some(Page { pid, vpn }),
            Mappers::Several(several) => several.first(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Page> {
        let several = match self {
            Mappers::Several(several) => Some(several.iter()),
            _ => None,
        };
        self.only().into_iter().chain(several.into_iter().flatten())
    }

    pub fn to_vec(&self) -> Vec<Page> {
        match self.only() {
            Some(page) => vec![page],
            None => self.iter().collect(),
        }
    }

    #[inline]
    pub fn push(&mut self, page: Page) {
        match self {
            Mappers::None => *self = Mappers::one(page),
            &mut Mappers::One { pid, vpn } => {
                let pages = vec![Page { pid, vpn }, page];
                *self = Mappers::Several(Box::new(Several::Few(pages)));
            }
            Mappers::Several(several) => several.push(page),
        }
    }

    /// Takes a page out; the one that came first, should it be there twice.
    #[inline]
    pub fn remove(&mut self, page: Page) {
        match self {
            Mappers::Several(several) => several.remove(page),
            _ if self.only() == Some(page) => *self = Mappers::None,
            _ => {}
        }
    }

    pub fn one(Page { pid, vpn }: Page) -> Self {
        Mappers::One { pid, vpn }
    }
}

impl Several {
    fn len(&self) -> usize {
        match self {
            Several::Few(pages) => pages.len(),
            Several::Many(many) => many.by_age.len(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Page> {
        let (few, many) = match self {
            Several::Few(pages) => (&pages[..], None),
            Several::Many(many) => (&[][..], Some(many.by_age.values())),
        };
        few.iter().chain(many.into_iter().flatten()).copied()
    }

    fn first(&self) -> Option<Page> {
        match self {
            Several::Few(pages) => pages.first().copied(),
            Several::Many(many) => many.by_age.values().next().copied(),
        }
    }

    fn push(&mut self, page: Page) {
        match self {
            Several::Few(pages) if pages.len() < FEW => pages.push(page),
            Several::Few(pages) => {
                let mut many = Many::default();
                for page in pages.drain(..).chain([page]) {
                    many.push(page);
                }
                *self = Several::Many(many);
            }
            Several::Many(many) => many.push(page),
        }
    }

    fn remove(&mut self, page: Page) {
        match self {
            Several::Few(pages) => {
                if let Some(at) = pages.iter().position(|&mapper| mapper == page) {
                    pages.remove(at);
                }
            }
            Several::Many(many) => many.remove(page),
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
