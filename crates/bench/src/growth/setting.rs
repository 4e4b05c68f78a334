//! The dimensions, and how large each is.

/// What there is more and more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// VMAs of the process.
    Vmas,
    /// Processes that exist, each with a page of its own.
    Processes,
    /// Processes that map the pages in question.
    Sharers,
    /// Frames in use, or pages that the process has.
    Frames,
    /// Events that happened before.
    Length,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// VMAs of the process besides those in question.
    pub vmas: u64,
    /// Processes besides that in question.
    pub processes: u32,
    /// Other processes that map the pages in question.
    pub sharers: u32,
    /// Frames in use by other pages.
    pub frames: u64,
    /// Events before.
    pub length: u64,
}

impl Dimension {
    /// All of them, in the order in which they are told.
    pub const ALL: [Dimension; 5] = [
        Dimension::Vmas,
        Dimension::Processes,
        Dimension::Sharers,
        Dimension::Frames,
        Dimension::Length,
    ];

    /// A name for tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Vmas => "vmas",
            Dimension::Processes => "processes",
            Dimension::Sharers => "sharers",
            Dimension::Frames => "frames",
            Dimension::Length => "length",
        }
    }

    /// What there are more and more of, in words.
    pub fn axis(self) -> &'static str {
        match self {
            Dimension::Vmas => "VMAs of the process",
            Dimension::Processes => "processes that exist",
            Dimension::Sharers => "processes that share the page",
            Dimension::Frames => "frames in use",
            Dimension::Length => "events before",
        }
    }

    /// One of everything, and so many of this.
    pub fn setting(self, size: u64) -> Setting {
        let mut setting = Setting {
            vmas: 1,
            processes: 0,
            sharers: 0,
            frames: 1,
            length: 0,
        };
        match self {
            Dimension::Vmas => setting.vmas = size,
            Dimension::Processes => setting.processes = size as u32,
            Dimension::Sharers => setting.sharers = size as u32,
            Dimension::Frames => setting.frames = size,
            Dimension::Length => setting.length = size,
        }
        setting
    }

    /// The sizes that are measured.
    pub fn sizes(self) -> &'static [u64] {
        const SIZES: [u64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
        match self {
            Dimension::Length => &SIZES,
            _ => &SIZES[..5],
        }
    }
}
