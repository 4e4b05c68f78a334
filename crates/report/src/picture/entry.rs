//! A page-table entry, read from the words that tell of it.

use std::fmt;

/// The bits that are drawn, in the order in which they are told. U is set in all of them.
pub(super) const BITS: [&str; 5] = ["P", "W", "A", "D", "NX"];

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// Where it leads.
    pub leads: Leads<'a>,
    /// What else is told of it: `read-only`.
    pub says: String,
    /// The bits that are set.
    bits: Vec<&'a str>,
    /// Whether all bits are known: a log tells nothing of A, which hardware sets.
    is_whole: bool,
}

/// Where an entry leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads<'a> {
    /// To the shared page of zeroes.
    Zero,
    /// To a frame, by its name in the log.
    Frame(&'a str),
    /// To a frame that nobody may use now.
    Hidden(&'a str),
    /// To a swap slot.
    Slot,
    /// Nowhere: it is empty.
    Nowhere,
}

impl<'a> Entry<'a> {
    /// Reads `f0, read-only (P U A NX)`, `not present (P=0), notes a swap slot`, `empty`.
    pub fn parse(words: &'a str) -> Self {
        let nothing = |leads| Self {
            leads,
            says: words.to_owned(),
            bits: Vec::new(),
            is_whole: true,
        };
        if words.contains("swap slot") {
            return nothing(Leads::Slot);
        }
        let Some((place, rest)) = words.split_once(", ") else {
            return nothing(Leads::Nowhere);
        };
        let (says, bits) = rest.split_once(" (").unwrap_or((rest, ""));
        let leads = match place {
            "zero page" => Leads::Zero,
            frame if says.starts_with("hidden") => Leads::Hidden(frame),
            frame => Leads::Frame(frame),
        };
        Self {
            leads,
            says: says.to_owned(),
            bits: bits.trim_end_matches(')').split(' ').collect(),
            is_whole: true,
        }
    }

    /// Reads the column of a log: `f0 rw-d maps=1 frames=2 slots=0`. None if it tells of no
    /// entry.
    pub fn of_column(column: &'a str) -> Option<Self> {
        let (place, rest) = column.split_once(' ')?;
        let (leads, rights, says) = match place {
            "-" => (Leads::Nowhere, "", rest),
            "swap" => (Leads::Slot, "", rest),
            place => {
                let (rights, says) = rest.split_once(' ')?;
                let is_frame = place == "zero" || place.starts_with('f');
                let leads = match place {
                    "zero" => Leads::Zero,
                    frame => Leads::Frame(frame),
                };
                (is_frame && rights.len() == 4).then_some((leads, rights, says))?
            }
        };
        let has = |letter: char| rights.contains(letter);
        let bits = [
            ("P", !rights.is_empty()),
            ("W", has('w')),
            ("D", has('d')),
            ("NX", !rights.is_empty() && !has('x')),
        ];
        let set = bits.into_iter().filter(|(_, set)| *set);
        Some(Self {
            leads,
            says: counts(says),
            bits: set.map(|(bit, _)| bit).collect(),
            is_whole: false,
        })
    }

    /// Whether a bit is set, where that is known.
    pub fn bit(&self, bit: &str) -> Option<bool> {
        (self.is_whole || bit != "A").then(|| self.bits.contains(&bit))
    }

    /// Whether a bit is known to be another in both.
    pub fn differs(&self, other: &Self, bit: &str) -> bool {
        let both = self.bit(bit).zip(other.bit(bit));
        both.is_some_and(|(own, other)| own != other)
    }
}

/// `maps=1 frames=2 slots=0` in words.
fn counts(column: &str) -> String {
    let word = |word: &str| match word.split_once('=') {
        Some(("maps", count)) => format!("mapped {count}×"),
        Some(("frames", "1")) => "1 frame in use".to_owned(),
        Some(("frames", count)) => format!("{count} frames in use"),
        Some(("slots", "1")) => "1 slot".to_owned(),
        Some(("slots", count)) => format!("{count} slots"),
        _ => word.to_owned(),
    };
    let words: Vec<String> = column.split_whitespace().map(word).collect();
    words.join(", ")
}

impl Leads<'_> {
    /// The class of the style.
    pub fn class(&self) -> &'static str {
        match self {
            Leads::Zero => "zero",
            Leads::Frame(_) => "frame",
            Leads::Hidden(_) => "hidden",
            Leads::Slot => "slot",
            Leads::Nowhere => "nowhere",
        }
    }
}

impl fmt::Display for Leads<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leads::Zero => f.write_str("the zero page"),
            Leads::Frame(name) | Leads::Hidden(name) if name.starts_with("a ") => f.write_str(name),
            Leads::Frame(name) | Leads::Hidden(name) => write!(f, "frame {name}"),
            Leads::Slot => f.write_str("a swap slot"),
            Leads::Nowhere => f.write_str("nothing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BITS, Entry};

    fn told(entry: &Entry<'_>) -> String {
        let set: Vec<&str> = BITS
            .into_iter()
            .filter(|bit| entry.bit(bit) == Some(true))
            .collect();
        format!("{} | {} | {}", entry.leads, entry.says, set.join(" "))
    }

    /// The words are those of `runner::steps`.
    #[test]
    fn entries_are_read_from_their_words() {
        let cases = [
            ("empty", "nothing | empty | "),
            (
                "zero page, read-only (P U NX)",
                "the zero page | read-only | P NX",
            ),
            (
                "f12, writable (P W U A D NX)",
                "frame f12 | writable | P W A D NX",
            ),
            ("a frame, read-only (P U A)", "a frame | read-only | P A"),
            (
                "f0, hidden by PROT_NONE (U D NX)",
                "frame f0 | hidden by PROT_NONE | D NX",
            ),
            (
                "not present (P=0), notes a swap slot",
                "a swap slot | not present (P=0), notes a swap slot | ",
            ),
        ];
        for (words, expected) in cases {
            assert_eq!(told(&Entry::parse(words)), expected);
        }
    }

    /// The columns are those of `runner::log`.
    #[test]
    fn entries_are_read_from_a_log() {
        let cases = [
            (
                "f0 rw-d maps=1 frames=2",
                Some("frame f0 | mapped 1×, 2 frames in use | P W D NX"),
            ),
            ("zero r-x- maps=1", Some("the zero page | mapped 1× | P")),
            (
                "- frames=0 slots=0",
                Some("nothing | 0 frames in use, 0 slots | "),
            ),
            (
                "swap frames=0 slots=1",
                Some("a swap slot | 0 frames in use, 1 slot | "),
            ),
            ("frames=0 slots=0", None),
            ("the run stopped here", None),
        ];
        for (column, expected) in cases {
            let read = Entry::of_column(column);
            assert_eq!(read.as_ref().map(told).as_deref(), expected, "{column}");
        }
    }
}
