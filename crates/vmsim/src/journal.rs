//! What changed since somebody last asked: for those who show a machine's state after
//! every event, and cannot look through all of it every time.
//!
//! Each part of the machine that changes in one place notes there what may have changed.
//! A machine that nobody follows notes nothing.

use crate::addr::{CpuId, Pfn, SwapSlot, Vpn};
use crate::mm::Page;
use crate::tlb::Asid;

/// Rows of the machine's tables that may not be as they were when last asked for. Each
/// stands here once, in order; whether it is there at all now, and what it holds, the
/// machine tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Last-level page-table entries of processes that are alive.
    pub pages: Vec<Page>,
    /// Frames of user memory, and the zero page.
    pub frames: Vec<Pfn>,
    /// Kernel frames that page tables took (true) or gave back.
    pub tables: Vec<(Pfn, bool)>,
    /// Swap slots.
    pub slots: Vec<SwapSlot>,
    /// What CPUs remember.
    pub remembered: Vec<(CpuId, Asid, Vpn)>,
}

/// Notes of one kind of rows, if somebody asked for them.
#[derive(Clone, Debug)]
pub(crate) struct Journal<Row> {
    is_read: bool,
    rows: Vec<Row>,
}

impl<Row> Default for Journal<Row> {
    fn default() -> Self {
        Self::UNREAD
    }
}

impl<Row> Journal<Row> {
    /// A journal that nobody reads.
    pub const UNREAD: Self = Self {
        is_read: false,
        rows: Vec::new(),
    };

    /// Begins with rows that are there already.
    pub fn begin(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.is_read = true;
        self.rows = rows.into_iter().collect();
    }

    /// Whether somebody reads it.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Notes that a row may have changed.
    #[inline(always)]
    pub fn note(&mut self, row: Row) {
        if self.is_read {
            self.write(row);
        }
    }

    /// Apart, so that a machine that nobody follows pays for the question only.
    #[inline(never)]
    fn write(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// All rows noted since the last time.
    pub fn take(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.rows)
    }
}

/// The rows, each once, in order.
pub(crate) fn sorted<Row: Ord>(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_unstable();
    rows.dedup();
    rows
}
