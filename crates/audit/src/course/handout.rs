//! The handout names what the lab has.

use std::fs;

use course::catalogue::{Lab, Visibility};

use super::Course;
use crate::finding::Finding;

const CHECK: &str = "handout";

pub(super) fn check(course: &Course) -> Vec<Finding> {
    let of_lab = |lab| of_lab(course, lab);
    course.catalogue.labs.iter().flat_map(of_lab).collect()
}

fn of_lab(course: &Course, lab: &Lab) -> Vec<Finding> {
    let path = lab.folder.join("README.md");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            let what = format!("cannot be read: {error}");
            let help = "write the handout: it is what a student reads first";
            return vec![course.in_file(CHECK, lab, &path, what, help)];
        }
    };
    let holes = lab.holes.iter().map(|points| ("hole", points.hole.name()));
    let public = lab
        .traces
        .iter()
        .filter(|t| t.visibility == Visibility::Public);
    let traces = public.map(|trace| ("public trace", trace.name.as_str()));
    holes
        .chain(traces)
        .filter(|(_, name)| !mentions(&text, name))
        .map(|(kind, name)| {
            let what = format!("does not mention the {kind} `{name}`");
            course.in_file(CHECK, lab, &path, what, "say what it is for")
        })
        .collect()
}

/// Whether a text has a name, and not as a part of another.
fn mentions(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_name_is_mentioned_as_a_word_of_its_own() {
        assert!(mentions("| `two-cpus` | stale |", "two-cpus"));
        assert!(mentions("run traces/heap.trace", "heap"));
        assert!(!mentions("| `two-cpus-again` |", "two-cpus"));
        assert!(!mentions("unmap_page", "map_page"));
        assert!(!mentions("", "heap"));
    }
}
