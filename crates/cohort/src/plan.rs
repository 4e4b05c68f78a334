//! Who hands in what, and when.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::person::Person;
use crate::samples::Sample;
use crate::system::System;
use crate::vary::vary;

/// When everything is due.
pub const DUE: &str = "2026-11-20T23:59:00Z";

/// Students of a hundred who hand in nothing, who are late, who write into the text field
/// of the course system instead of giving files, and who hand in an archive.
const ABSENT: u32 = 4;
const LATE: u32 = 10;
const TEXT_ONLY: u32 = 1;
const PACKED: u32 = 25;

/// Students of a hundred who hand in more than once, where the class does that.
const AGAIN: u32 = 30;

/// The most that they hand in.
const ATTEMPTS_MAX: u64 = 4;

/// Every so many students, one hands in with the one before, where groups are known.
const GROUP_EVERY: usize = 12;

/// A class, and how it hands in.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Students in it.
    pub count: usize,
    /// What makes it this class, and no other.
    pub seed: u64,
    /// The course system.
    pub system: System,
    /// Whether some hand in more than once.
    pub attempts: bool,
    /// What is handed in.
    pub samples: Vec<Sample>,
}

/// How files are handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One by one.
    Files(Vec<(String, Vec<u8>)>),
    /// Packed.
    Archive(Vec<u8>),
    /// Not at all: a text was typed.
    Text,
}

/// One hand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandIn {
    /// Which one of the student's, from 1.
    pub number: u64,
    /// The sample that it is.
    pub sample: String,
    /// When.
    pub at: Timestamp,
    /// Whether that was too late.
    pub late: bool,
    /// Its files.
    pub form: Form,
}

/// A student and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they hand in, in the order of time.
    pub hand_ins: Vec<HandIn>,
    /// Who hands in together with them.
    pub partner: Option<Person>,
    /// With whom they hand in, if they do not do so themselves.
    pub with: Option<Person>,
}

impl Plan {
    /// All members, one at a time.
    pub fn members(&self) -> impl Iterator<Item = Member> + '_ {
        (0..self.count).map(|index| self.member(index))
    }

    /// One of them.
    pub fn member(&self, index: usize) -> Member {
        let person = self.person(index);
        let with = self.leads(index).then(|| self.person(index - 1));
        let partner =
            (index + 1 < self.count && self.leads(index + 1)).then(|| self.person(index + 1));
        let mut rng = Rng::with_seed(self.seed.wrapping_mul(31).wrapping_add(index as u64));
        let is_absent = chance(&mut rng, ABSENT) && partner.is_none() && index > 0;
        let hand_ins = match is_absent || with.is_some() {
            true => Vec::new(),
            false => self.hand_ins(index, &mut rng),
        };
        Member {
            person,
            hand_ins,
            partner,
            with,
        }
    }

    fn person(&self, index: usize) -> Person {
        Person::of(index, self.seed, self.system)
    }

    /// Whether the one before hands in for this one.
    fn leads(&self, index: usize) -> bool {
        self.system.has_groups() && index > 0 && index.is_multiple_of(GROUP_EVERY)
    }

    fn hand_ins(&self, index: usize, rng: &mut Rng) -> Vec<HandIn> {
        let several = self.attempts && self.system.has_attempts() && chance(rng, AGAIN);
        let count = if several {
            rng.u64(2..=ATTEMPTS_MAX)
        } else {
            1
        };
        let late = chance(rng, LATE);
        (1..=count)
            .map(|number| {
                let is_last = number == count;
                self.hand_in(index, number, late && is_last, count - number, rng)
            })
            .collect()
    }

    fn hand_in(&self, index: usize, number: u64, late: bool, before: u64, rng: &mut Rng) -> HandIn {
        let due: Timestamp = DUE.parse().expect("a time");
        let minutes = match late {
            true => rng.i64(1..2_880),
            false => -(rng.i64(1..1_440) + 1_440 * before as i64),
        };
        // Everybody's work is somewhere, as long as the class is large enough.
        let sample = match number == 1 && before == 0 {
            true => &self.samples[index % self.samples.len()],
            false => &self.samples[rng.usize(..self.samples.len())],
        };
        let (sample, form) = match self.system.has_texts() && chance(rng, TEXT_ONLY) {
            true => ("empty".to_owned(), Form::Text),
            false => (sample.name.clone(), self.form(sample, rng)),
        };
        HandIn {
            number,
            sample,
            at: due + SignedDuration::from_mins(minutes),
            late,
            form,
        }
    }

    fn form(&self, sample: &Sample, rng: &mut Rng) -> Form {
        let files = sample.files.iter();
        let varied = files.map(|(name, content)| (name.clone(), vary(name, content, rng)));
        let varied: Vec<(String, Vec<u8>)> = varied.collect();
        let packs = self.system.wants_archives() || sample.has_folders() || chance(rng, PACKED);
        match packs {
            true => Form::Archive(crate::sink::packed(&varied).expect("a zip in memory")),
            false => Form::Files(varied),
        }
    }
}

fn chance(rng: &mut Rng, of_hundred: u32) -> bool {
    rng.u32(..100) < of_hundred
}
