//! Who is in a class, with the names that make trouble.

use fastrand::Rng;

use crate::system::System;

/// Names that some system has once got wrong, given and family name.
const AWKWARD: [(&str, &str); 26] = [
    ("Jane", "Doe"),
    ("Jane", "Doe"),
    ("Seán", "O'Brien"),
    ("Jane_Q", "Doe_Smith"),
    ("John", "Smith_2"),
    ("John", "Smith 3"),
    ("=cmd|' /C calc'!A0", "Formula"),
    ("小龙", "李"),
    ("محمد", "الخوارزمي"),
    ("שרה", "כהן"),
    ("प्रिया", "शर्मा"),
    ("Αλέξανδρος", "Παπαδόπουλος"),
    ("Анна", "Каренина"),
    ("Nguyễn", "Thị Hương"),
    ("さくら", "田中"),
    ("지우", "김"),
    ("Robert\"); DROP TABLE", "Students"),
    ("🦀", "Ferris"),
    ("María José", "de la Cruz-Núñez"),
    ("Łukasz", "Żółć"),
    ("Sukarno", ""),
    ("anon", "LATE"),
    ("İrem", "Işık"),
    ("José", "Garcia\u{301}"),
    ("Wolfeschlegelsteinhausen", "Bergerdorffvoralternwaren"),
    ("501", "9001"),
];

const GIVEN: [&str; 32] = [
    "Ada", "Alan", "Barbara", "Chen", "Dennis", "Edsger", "Fatima", "Grace", "Hedy", "Ibrahim",
    "Ingrid", "Jun", "Ken", "Leslie", "Margaret", "Nikolaus", "Olga", "Priya", "Quentin", "Radia",
    "Shafi", "Tony", "Uma", "Vint", "Wei", "Xiulan", "Yukihiro", "Zoë", "Aurélie", "Björn",
    "Émilie", "Søren",
];

const FAMILY: [&str; 32] = [
    "Allen",
    "Bartik",
    "Cerf",
    "Dijkstra",
    "Engelbart",
    "Floyd",
    "Goldberg",
    "Hopper",
    "Iverson",
    "Joy",
    "Kernighan",
    "Lamport",
    "Mauchly",
    "Naur",
    "Ousterhout",
    "Perlman",
    "Ritchie",
    "Shannon",
    "Thompson",
    "Ullman",
    "Valiant",
    "Wirth",
    "Yao",
    "Zuse",
    "Bäck",
    "Çelik",
    "Dvořák",
    "Eğilmez",
    "Fernández",
    "Gauß",
    "Håkansson",
    "Ibáñez",
];

/// A student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which one, from 0.
    pub index: usize,
    /// Given name; never empty.
    pub given: String,
    /// Family name, which not everybody has.
    pub family: String,
    /// The number that Canvas, Moodle and Brightspace know them by.
    pub number: u64,
    /// The university's own number.
    pub sis: String,
    /// Their account. Those of GitHub have hyphens, others underscores.
    pub login: String,
    /// Their address.
    pub email: String,
    /// Their section.
    pub section: &'static str,
}

impl Person {
    /// Student number `index` of a class with this seed.
    pub fn of(index: usize, seed: u64, system: System) -> Self {
        let mut rng = Rng::with_seed(seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let pick = |rng: &mut Rng, from: &[&str]| from[rng.usize(..from.len())].to_owned();
        // Every second one is awkward, until all have been.
        let (given, family) = match AWKWARD.get(index / 2).filter(|_| index.is_multiple_of(2)) {
            Some((given, family)) => ((*given).to_owned(), (*family).to_owned()),
            None => (pick(&mut rng, &GIVEN), pick(&mut rng, &FAMILY)),
        };
        let glue = match system {
            System::Classroom => '-',
            _ => '_',
        };
        let login = format!("{}{glue}{index}", ascii(&given, &family));
        Self {
            index,
            number: 5_000 + 7 * index as u64 + rng.u64(..7),
            sis: format!("u{}", 100_000 + index),
            email: format!("{}_{index}@example.edu", ascii(&given, &family)),
            section: ["OS-01", "OS-02", "OS-03"][index % 3],
            given,
            family,
            login,
        }
    }

    /// As people are called.
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
            .trim_end()
            .to_owned()
    }

    /// As people are sorted.
    pub fn sortable(&self) -> String {
        match self.family.is_empty() {
            true => self.given.clone(),
            false => format!("{}, {}", self.family, self.given),
        }
    }

    /// What the roster of a class in this course system has as their id.
    pub fn id(&self, system: System) -> String {
        match system {
            System::Canvas | System::Moodle | System::MoodleFlat | System::Brightspace => {
                self.number.to_string()
            }
            System::Gradescope | System::Blackboard | System::Autolab => self.sis.clone(),
            System::Classroom | System::Plain => self.login.clone(),
        }
    }

    /// What the course system itself calls them.
    pub fn key(&self, system: System) -> String {
        match system {
            System::Canvas | System::Moodle | System::MoodleFlat | System::Brightspace => {
                self.number.to_string()
            }
            System::Gradescope => self.sis.clone(),
            System::Autolab => self.email.clone(),
            System::Blackboard | System::Classroom | System::Plain => self.login.clone(),
        }
    }
}

/// What is ASCII of a name, which may be nothing.
fn ascii(given: &str, family: &str) -> String {
    let both = format!("{given}{family}").to_lowercase();
    let kept: String = both
        .chars()
        .filter(char::is_ascii_lowercase)
        .take(12)
        .collect();
    match kept.is_empty() {
        true => "student".to_owned(),
        false => kept,
    }
}
