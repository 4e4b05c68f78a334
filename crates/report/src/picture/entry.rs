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
    pub says: &'a str,
    bits: Vec<&'a str>,
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
            says: words,
            bits: Vec::new(),
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
            says,
            bits: bits.trim_end_matches(')').split(' ').collect(),
        }
    }

    pub fn has(&self, bit: &str) -> bool {
        self.bits.contains(&bit)
    }
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

    fn told(words: &str) -> String {
        let entry = Entry::parse(words);
        let set: Vec<&str> = BITS.into_iter().filter(|bit| entry.has(bit)).collect();
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
            assert_eq!(told(words), expected);
        }
    }
}
