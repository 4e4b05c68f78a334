//! The screens in docs/tour.md are those that the tests of `cargo lab` hold.

use std::fs;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The blocks of a text that are called `text`.
fn screens(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "text" => {
                inside = true;
                found.push(String::new());
            }
            Event::Text(part) if inside => found.last_mut().unwrap().push_str(&part),
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    found
}

#[test]
fn the_tour_shows_screens_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tour = fs::read_to_string(root.join("docs/tour.md")).unwrap();
    let held: Vec<String> = fs::read_dir(root.join("crates/lab/tests/it/snapshots"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let screens = screens(&tour);
    assert_eq!(screens.len(), 4);
    for screen in screens {
        let is_held = held
            .iter()
            .any(|snapshot| snapshot.contains(screen.trim_end()));
        assert!(is_held, "no test of `cargo lab` has this screen:\n{screen}");
    }
}
