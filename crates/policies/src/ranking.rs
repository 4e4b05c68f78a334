//! The frames in use, in the order in which one who knows the trace would let them go.

use std::collections::BTreeSet;

use vmsim::addr::Pfn;
use vmsim::kernel::Kernel;
use vmsim::mm::{Entry, Page};
use vmsim::replacement::Move;

use crate::foresight::{Foresight, Moved, object_frame};
use crate::uses::PageNumber;

/// Frames that are all asked again for each victim, because that costs next to nothing.
/// Where there are more, those are asked that accesses can have changed; a page that
/// another one's repair made clean, or took a mapping from, may be ranked as it was until
/// something else happens.
const FEW: usize = 1 << 10;

/// What makes one frame go before another: the least goes first, and of equal ones the
/// one that came first.
pub type Wish = fn(&Foresight, &Kernel, Pfn, Option<PageNumber>) -> (u32, bool);

/// The frames in use, ranked.
///
/// The rank of a frame changes when its page is used, which [`Foresight`] tells. Which
/// page a frame has is asked when the frame has come in, when the large machine has
/// repaired a fault of it, and of all frames after anything but accesses.
pub struct Ranking {
    foresight: Foresight,
    wish: Wish,
    /// What is known of each frame, by its number.
    frames: Vec<Option<Known>>,
    order: BTreeSet<(Rank, Pfn)>,
    /// The frames that have each page, by its number: one, almost always.
    holders: Vec<Vec<Pfn>>,
    /// Frames that came in, and during which event. While it goes on, the large machine
    /// has not done it yet, and so need not have their pages.
    fresh: Vec<(Pfn, u64)>,
}

/// What is known of a frame in use.
#[derive(Clone, Copy)]
struct Known {
    page: Option<PageNumber>,
    rank: Rank,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    wish: (u32, bool),
    came_in: u64,
}

impl Ranking {
    /// Ranks the frames of a machine that runs this trace from now on.
    pub fn new(foresight: Foresight, wish: Wish) -> Self {
        Self {
            foresight,
            wish,
            frames: Vec::new(),
            order: BTreeSet::new(),
            holders: Vec::new(),
            fresh: Vec::new(),
        }
    }

    /// The first frame that can go.
    pub fn first(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.note_moves(k);
        self.note_uses(k);
        loop {
            let mut ranked = self.order.iter();
            let &(rank, pfn) = ranked.find(|(_, pfn)| k.is_evictable(*pfn))?;
            // A rank is also what a write or a write-back has made of it.
            if self.rank_again(k, pfn) == Some(rank) {
                return Some(pfn);
            }
        }
    }

    /// Notes which frames came in, and which went.
    pub fn note_moves(&mut self, k: &mut Kernel) {
        for change in k.take_moves() {
            match change {
                Move::In(pfn, came_in) => {
                    let wish = (self.wish)(&self.foresight, k, pfn, None);
                    self.put(pfn, None, Rank { wish, came_in });
                    self.fresh.push((pfn, k.now()));
                }
                Move::Out(pfn) => self.take(pfn),
            }
        }
    }

    /// Notes what was used, and ranks it again.
    fn note_uses(&mut self, k: &Kernel) {
        let news = self.foresight.catch_up(k);
        for page in news.used {
            let number = page.0 as usize;
            for at in 0..self.holders.get(number).map_or(0, Vec::len) {
                self.rank_again(k, self.holders[number][at]);
            }
        }
        let fresh = std::mem::take(&mut self.fresh);
        match news.moved {
            Moved::Pages(pages) if self.frames.len() > FEW => {
                let mapped = pages.into_iter().flat_map(|page| frames_of(k, page));
                let came_in = fresh.iter().map(|&(pfn, _)| pfn);
                came_in.chain(mapped).for_each(|pfn| self.identify(k, pfn));
            }
            Moved::All | Moved::Pages(_) => {
                (0..self.frames.len()).for_each(|number| self.identify(k, Pfn(number as u32)))
            }
        }
        self.fresh = fresh;
        self.fresh.retain(|&(_, event)| event == k.now());
    }

    /// Asks again which page is in a frame, if it is in use.
    fn identify(&mut self, k: &Kernel, pfn: Pfn) {
        if let Some(Some(Known { rank, .. })) = self.frames.get(pfn.0 as usize) {
            let (page, came_in) = (self.foresight.page_in(k, pfn), rank.came_in);
            let wish = (self.wish)(&self.foresight, k, pfn, page);
            self.put(pfn, page, Rank { wish, came_in });
        }
    }

    /// Ranks a frame again, and tells its rank, if it is in use.
    fn rank_again(&mut self, k: &Kernel, pfn: Pfn) -> Option<Rank> {
        let Known { page, rank } = (*self.frames.get(pfn.0 as usize)?)?;
        let wish = (self.wish)(&self.foresight, k, pfn, page);
        let new = Rank { wish, ..rank };
        if new != rank {
            self.order.remove(&(rank, pfn));
            self.order.insert((new, pfn));
            self.frames[pfn.0 as usize] = Some(Known { page, rank: new });
        }
        Some(new)
    }

    fn put(&mut self, pfn: Pfn, page: Option<PageNumber>, rank: Rank) {
        self.take(pfn);
        self.order.insert((rank, pfn));
        if let Some(page) = page {
            let number = page.0 as usize;
            if self.holders.len() <= number {
                self.holders.resize(number + 1, Vec::new());
            }
            self.holders[number].push(pfn);
        }
        if self.frames.len() <= pfn.0 as usize {
            self.frames.resize(pfn.0 as usize + 1, None);
        }
        self.frames[pfn.0 as usize] = Some(Known { page, rank });
    }

    fn take(&mut self, pfn: Pfn) {
        let known = self.frames.get_mut(pfn.0 as usize).and_then(Option::take);
        if let Some(Known { page, rank }) = known {
            self.order.remove(&(rank, pfn));
            if let Some(page) = page {
                self.holders[page.0 as usize].retain(|&holder| holder != pfn);
            }
        }
    }
}

/// The frame that a page is mapped to, and the one of the page cache behind it.
fn frames_of(k: &Kernel, page: Page) -> impl Iterator<Item = Pfn> {
    let mapped = k.is_alive(page.pid).then(|| match k.entry(page) {
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => Some(pfn),
        Entry::Swapped(_) | Entry::Zero | Entry::None => None,
    });
    let cached = k
        .is_alive(page.pid)
        .then(|| object_frame(&k.mm(page.pid), page.vpn));
    [mapped, cached].into_iter().flatten().flatten()
}
