//! What an event touched, noted for whoever looks at it afterwards.

use crate::addr::Pfn;
use crate::mm::Page;

/// What the current event changed: the part of the machine that the audit after
/// an event looks at.
///
/// It stands in the order in which it was touched, some of it twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched {
    /// Whether anybody will look. If not, nothing is noted.
    watched: bool,
    pub pages: Vec<Page>,
    pub frames: Vec<Pfn>,
}

impl Touched {
    /// Begins anew.
    pub fn begin(&mut self, watched: bool) {
        self.watched = watched;
        self.pages.clear();
        self.frames.clear();
    }

    #[inline]
    pub fn page(&mut self, page: Page) {
        if self.watched && self.pages.last() != Some(&page) {
            self.pages.push(page);
        }
    }

    #[inline]
    pub fn frame(&mut self, pfn: Pfn) {
        if self.watched && self.frames.last() != Some(&pfn) {
            self.frames.push(pfn);
        }
    }

    /// Whether anybody will look.
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// Whether the event changed nothing, as most do.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.frames.is_empty()
    }
}
