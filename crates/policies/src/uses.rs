//! Which pages each event of a trace needs, and when they are needed again.

use std::ops::Range;

/// A page of a trace, by the order in which pages are needed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageNumber(pub u32);

/// An event that never comes.
pub const NEVER: u32 = u32::MAX;

/// What the events of a trace need: 9 bytes for an access of one page.
#[derive(Debug, Default)]
pub struct Uses {
    /// How many pages each event needs.
    counts: Vec<u8>,
    /// The uses of all events, in order.
    uses: Vec<Use>,
    /// The first use of each page, and the last one noted.
    ends: Vec<(u32, usize)>,
}

/// An event needs a page.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The page.
    pub page: PageNumber,
    /// The next event that needs it.
    pub next: u32,
}

impl Uses {
    /// Notes that the next event needs these pages, of which a new one has the next
    /// number.
    ///
    /// # Panics
    ///
    /// If there are more events than a `u32` can count.
    pub fn push(&mut self, pages: &[PageNumber]) {
        let event = u32::try_from(self.counts.len()).expect("a trace has fewer events");
        let start = self.uses.len();
        for &page in pages {
            if self.uses[start..]
                .iter()
                .all(|earlier| earlier.page != page)
            {
                self.note(event, page);
            }
        }
        self.counts.push((self.uses.len() - start) as u8);
    }

    fn note(&mut self, event: u32, page: PageNumber) {
        let at = self.uses.len();
        match self.ends.get_mut(page.0 as usize) {
            Some((_, last)) => {
                self.uses[*last].next = event;
                *last = at;
            }
            None => self.ends.push((event, at)),
        }
        self.uses.push(Use { page, next: NEVER });
    }

    /// The first event that needs each page.
    pub fn first(&self) -> Vec<u32> {
        self.ends.iter().map(|(first, _)| *first).collect()
    }

    /// Where the uses of an event stand, if those of the one before end at `start`.
    pub fn of(&self, event: u64, start: usize) -> Range<usize> {
        let count = self.counts.get(event as usize).copied().unwrap_or(0);
        start..start + usize::from(count)
    }

    /// The use that stands there.
    pub fn at(&self, place: usize) -> Use {
        self.uses[place]
    }
}
