//! Canvas: one flat folder, in which each name begins with whose it is.
//!
//! `<name>[_LATE]_<user>_<attachment>_<file>`, where the name has lost all but letters,
//! digits and underscores; `_text.html` and `_link.html` stand for what is no file;
//! `anon_<id>` is a student whose name may not be known. `/_\d+_/` is taken out of names
//! (`sanitize_user_name` in canvas-lms lib/content_zipper.rb), but a name may end in
//! digits, and a file may begin with them: a name that can be read in two ways is read as
//! the rest of the export says, or not at all.
//!
//! One hand-in is all files of one student. Canvas renames a file that was handed in
//! before (`lab1-1.rs`, `make_unique_filename` in app/models/attachment.rb); the file that
//! it was is what counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use course::handed_in::{BELADY_TRACE, HANDLER_FILES, POLICY_FILE, PREDICTIONS};
use regex::Regex;
use roster::list::Roster;

use super::{Known, Reading, View};
use crate::hand_in::{Field, HandIn, Person, Placed};

/// One way to read a name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Way<'a> {
    name: String,
    late: bool,
    user: String,
    /// Attachment and file; none for what is no file.
    file: Option<(u64, &'a str)>,
}

/// A name, and the ways to read it.
struct Named<'a> {
    entry: usize,
    name: &'a str,
    ways: Vec<Way<'a>>,
}

/// Reads an export.
pub fn read(view: View<'_>, known: &Known<'_>) -> Reading {
    let flat = view.files().filter(|(_, parts)| parts.len() == 1);
    let named = flat.map(|(entry, parts)| Named {
        entry,
        name: &parts[0],
        ways: ways(&parts[0]),
    });
    let named: Vec<Named<'_>> = named.filter(|named| !named.ways.is_empty()).collect();
    let explained = named.len();
    let sure = Sure::of(&named, known);
    let mut all: BTreeMap<String, HandIn> = BTreeMap::new();
    let mut files: BTreeMap<String, BTreeMap<String, (u64, usize)>> = BTreeMap::new();
    for Named { entry, name, ways } in &named {
        match sure.choose(ways) {
            Ok(way) => {
                let hand_in = all.entry(way.user.clone()).or_insert_with(|| way.hand_in());
                hand_in.late |= way.late;
                if let Some((attachment, file)) = way.file {
                    let kept = files.entry(way.user.clone()).or_default();
                    let kept = kept.entry(as_handed_in(file)).or_default();
                    *kept = (*kept).max((attachment, *entry));
                }
            }
            Err(why) => {
                let mut hand_in = HandIn::of(Person::new(*name, &[]), *name);
                hand_in.unclear = Some(why);
                let file = ways[0].file.map_or(*name, |(_, file)| file);
                let parts = vec![as_handed_in(file)];
                hand_in.files.push(Placed {
                    entry: *entry,
                    parts,
                });
                all.insert((*name).to_owned(), hand_in);
            }
        }
    }
    for (user, files) in files {
        let placed = files.into_iter().map(|(name, (_, entry))| Placed {
            entry,
            parts: vec![name],
        });
        if let Some(hand_in) = all.get_mut(&user) {
            hand_in.files.extend(placed);
        }
    }
    Reading {
        hand_ins: all.into_values().collect(),
        explained,
    }
}

impl Way<'_> {
    fn hand_in(&self) -> HandIn {
        let person = Person::new(&self.user, &[Field::Id]).shown_as(&self.name);
        let label = match self.name.is_empty() {
            true => self.user.clone(),
            false => format!("{}_{}", self.name, self.user),
        };
        HandIn::of(person, label)
    }
}

/// All ways to read a name.
fn ways(name: &str) -> Vec<Way<'_>> {
    let parts: Vec<&str> = name.split('_').collect();
    if let Some(way) = anonymous(name, &parts) {
        return vec![way];
    }
    let ends = (1..parts.len()).filter(|at| is_number(parts[*at]));
    ends.filter_map(|at| way(name, &parts, at)).collect()
}

/// The name, read so that the user's number is its part `at`.
fn way<'a>(name: &'a str, parts: &[&'a str], at: usize) -> Option<Way<'a>> {
    let (who, late) = match parts[..at].split_last() {
        Some((&"LATE", who)) => (who, true),
        _ => (&parts[..at], false),
    };
    // Canvas would have glued a number with underscores on both sides to its neighbours.
    let inner = who.get(1..who.len().saturating_sub(1)).unwrap_or_default();
    let is_word = |part: &&str| part.chars().all(is_word);
    if inner.iter().any(|part| is_number(part)) || !who.iter().all(is_word) {
        return None;
    }
    let file = match parts.get(at + 1..)? {
        [last] if is_no_file(last) => None,
        [attachment, _, ..] if is_number(attachment) => {
            let before: usize = parts[..at + 2].iter().map(|part| part.len() + 1).sum();
            Some((attachment.parse().ok()?, name.get(before..)?))
        }
        _ => return None,
    };
    Some(Way {
        name: who.join("_"),
        late,
        user: parts[at].to_owned(),
        file,
    })
}

/// `[LATE_]anon_<id>_<attachment>_<file>`.
fn anonymous<'a>(name: &'a str, parts: &[&'a str]) -> Option<Way<'a>> {
    let late = parts.first() == Some(&"LATE");
    let at = usize::from(late);
    let id = parts
        .get(at + 1)
        .filter(|_| parts.get(at) == Some(&"anon"))?;
    // A student may be called so.
    if is_number(id) || id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let found = way(name, parts, at + 1);
    found.map(|way| Way {
        name: String::new(),
        late,
        user: format!("anon_{id}"),
        ..way
    })
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// A letter, digit, underscore or mark, as Ruby's `[[:word:]]` has it.
fn is_word(letter: char) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\w$").expect("a pattern"));
    letter == '_' || letter.is_alphanumeric() || WORD.is_match(letter.encode_utf8(&mut [0; 4]))
}

fn is_no_file(last: &str) -> bool {
    static PAGE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(text|link)(-\d+)?\.html$").expect("a pattern"));
    PAGE.is_match(last)
}

/// What the names say that can be read in one way only.
struct Sure {
    names: HashMap<String, BTreeSet<String>>,
    attachments: HashMap<u64, usize>,
    /// Between which numbers the attachments are.
    between: Option<(u64, u64)>,
    roster: BTreeSet<String>,
}

impl Sure {
    fn of(named: &[Named<'_>], known: &Known<'_>) -> Self {
        let mut names: HashMap<String, BTreeSet<String>> = HashMap::new();
        let mut attachments: HashMap<u64, usize> = HashMap::new();
        let mut between: Option<(u64, u64)> = None;
        for Named { ways, .. } in named {
            if let [way] = ways.as_slice() {
                let known = names.entry(way.user.clone()).or_default();
                known.insert(way.name.clone());
                if let Some((number, _)) = way.file {
                    let (least, most) = between.unwrap_or((number, number));
                    between = Some((least.min(number), most.max(number)));
                }
            }
            for way in ways {
                if let Some((attachment, _)) = way.file {
                    *attachments.entry(attachment).or_default() += 1;
                }
            }
        }
        let students = known.roster.into_iter().flat_map(Roster::students);
        Self {
            names,
            attachments,
            between,
            roster: students.map(|student| student.id.0.clone()).collect(),
        }
    }

    /// The one way that agrees with all that is sure, or why there is none.
    fn choose<'w, 'a>(&self, ways: &'w [Way<'a>]) -> Result<&'w Way<'a>, String> {
        if let [way] = ways {
            return match self.names.get(&way.user) {
                Some(names) if names.len() > 1 => {
                    Err(format!("user {} has several names", way.user))
                }
                _ => Ok(way),
            };
        }
        let agrees = |way: &&Way<'_>| {
            let names = self.names.get(&way.user);
            let once = |(number, _)| self.attachments.get(&number) == Some(&1);
            names.is_none_or(|names| names.contains(&way.name)) && way.file.is_none_or(once)
        };
        let mut left: Vec<&Way<'_>> = ways.iter().filter(agrees).collect();
        for is_likely in [Self::is_known, Self::is_near] {
            if left.iter().any(|way| is_likely(self, way)) {
                left.retain(|way| is_likely(self, way));
            }
        }
        if let [way] = left.as_slice() {
            return Ok(way);
        }
        let users: Vec<&str> = ways.iter().map(|way| way.user.as_str()).collect();
        Err(format!("it may be of user {}", users.join(" or of user ")))
    }

    /// Whether the user is in the roster, or has other files here.
    fn is_known(&self, way: &Way<'_>) -> bool {
        self.roster.contains(&way.user) || self.names.contains_key(&way.user)
    }

    /// Whether the attachment's number is about as large as those of all others: Canvas
    /// counts them over all courses.
    fn is_near(&self, way: &Way<'_>) -> bool {
        let near = |(least, most): (u64, u64), number| {
            (least / 2..=most.saturating_mul(2)).contains(&number)
        };
        let number = way.file.map(|(number, _)| number);
        self.between
            .zip(number)
            .is_some_and(|(between, number)| near(between, number))
    }
}

/// What a file was called when it was handed in, where Canvas has renamed it.
fn as_handed_in(file: &str) -> String {
    static AGAIN: LazyLock<Regex> = LazyLock::new(|| {
        let again = r"^(.+?)-(?:[1-9]\d?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.\w+)$";
        Regex::new(again).expect("a pattern")
    });
    let known = HANDLER_FILES
        .into_iter()
        .chain([POLICY_FILE, PREDICTIONS, BELADY_TRACE]);
    let first = AGAIN
        .captures(file)
        .map(|parts| format!("{}{}", &parts[1], &parts[2]));
    match first.filter(|first| known.into_iter().any(|known| known == first)) {
        Some(first) => first,
        None => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{as_handed_in, ways};

    #[test]
    fn a_file_that_was_handed_in_before_has_its_name_again() {
        assert_eq!(as_handed_in("lab1-1.rs"), "lab1.rs");
        assert_eq!(as_handed_in("lab8-12.rs"), "lab8.rs");
        assert_eq!(as_handed_in("predict-3.toml"), "predict.toml");
        let random = "lab2-01234567-89ab-cdef-0123-456789abcdef.rs";
        assert_eq!(as_handed_in(random), "lab2.rs");
    }

    #[test]
    fn a_name_that_merely_ends_in_a_number_stays() {
        for name in [
            "random-3.trace",
            "lab-1.rs",
            "lab1-01.rs",
            "lab1-draft.rs",
            "lab9-1.rs",
        ] {
            assert_eq!(as_handed_in(name), name);
        }
    }

    #[test]
    fn the_parts_of_a_name_are_told_apart() {
        let way = &ways("lovelaceada_LATE_501_9001_my_lab_1.rs")[0];
        let told = (way.name.as_str(), way.late, way.user.as_str(), way.file);
        assert_eq!(
            told,
            ("lovelaceada", true, "501", Some((9001, "my_lab_1.rs")))
        );
    }

    #[test]
    fn a_name_with_a_number_at_its_end_can_be_read_in_two_ways() {
        let users: Vec<String> = ways("smith_2_501_9001_lab1.rs")
            .into_iter()
            .map(|way| way.user)
            .collect();
        assert_eq!(users, ["2", "501"]);
    }

    #[test]
    fn no_file_name_leads_to_a_user_of_ones_choice() {
        // What stands before it is the student's own number, which no name may have inside.
        let users: Vec<String> = ways("smith_7_8000_501_9001_lab1.rs")
            .into_iter()
            .map(|way| way.user)
            .collect();
        assert_eq!(users, ["7", "8000"]);
    }
}
