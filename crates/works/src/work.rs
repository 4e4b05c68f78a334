//! A run of page references, and the memory it runs in.

/// What a reference does to its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Loads from it.
    Read,
    /// Stores to it.
    Write,
    /// Fetches an instruction from it.
    Exec,
}

/// One reference to one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The page, from 0.
    pub page: u32,
    /// What is done to it.
    pub access: Access,
}

/// References to pages, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// How many pages there are; all references are below it.
    pub pages: u32,
    /// How many of them fit into memory.
    pub frames: u32,
    /// The references of one round.
    pub round: Vec<Reference>,
    /// How often the round is run.
    pub rounds: u32,
}

impl Work {
    /// All references of all rounds.
    pub fn references(&self) -> impl Iterator<Item = Reference> {
        (0..self.rounds).flat_map(|_| self.round.iter().copied())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.round.len() * self.rounds as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first `count` references of the first round: for programs that are too slow
    /// for the whole.
    pub fn beginning(&self, count: usize) -> Work {
        let end = count.min(self.round.len());
        Work {
            round: self.round[..end].to_vec(),
            rounds: 1,
            ..*self
        }
    }

    /// The same pages in the same order, with this access each time.
    pub fn all(&self, access: Access) -> Work {
        let round = self.round.iter();
        Work {
            round: round.map(|&seen| Reference { access, ..seen }).collect(),
            ..*self
        }
    }
}
