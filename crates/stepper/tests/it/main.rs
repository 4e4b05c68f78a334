//! A film is found again, scene by scene and state by state, however long it is.

use std::io::Write;

use film::scene::{Opening, Outcome, SCHEMA, Scene};
use film::state::{Change, Entry, State, Target};
use stepper::place::{self, Wanted, Way};
use stepper::reel::{Shared, Sink};

/// Scenes enough for several kept states, and for more than what waits in memory.
const SCENES: u64 = 9000;

/// A film in which each scene but the hits changes some pages, and every hundredth ends
/// in a signal.
fn scene(number: u64) -> Scene {
    let signal = number % 100 == 99;
    let outcome = match number % 3 {
        _ if signal => "signal",
        0 => "hit",
        _ => "call",
    };
    let text = format!(
        r#"{{"line":{},"text":"read 1 {:#x}","op":"read","addr":{},"outcome":"{outcome}"}}"#,
        number * 2 + 1,
        number << 12,
        number << 12,
    );
    let mut scene: Scene = serde_json::from_str(&text).unwrap();
    if scene.outcome != Outcome::Hit {
        let entry = |frame| {
            let bits = "P U".to_owned();
            let to = Target::Frame(frame);
            Some(Entry { to, bits })
        };
        scene.changes = vec![
            Change::Page(1, number % 700, entry(number as u32)),
            Change::Page(1, number.wrapping_mul(31) % 700, None),
        ];
    }
    scene
}

fn film() -> Shared {
    let reel = Shared::new().unwrap();
    let mut sink = Sink::new(reel.clone(), || {});
    let opening = Opening {
        schema: SCHEMA.to_owned(),
        frames: 1,
        swap: 0,
        cpus: 1,
        changes: vec![Change::Process(1, true)],
    };
    writeln!(sink, "{}", serde_json::to_string(&opening).unwrap()).unwrap();
    for number in 0..SCENES {
        writeln!(sink, "{}", serde_json::to_string(&scene(number)).unwrap()).unwrap();
    }
    assert!(sink.broken().is_none());
    reel
}

#[test]
fn every_scene_and_every_state_is_found_again() {
    let reel = film();
    let reel = reel.lock();
    let mut state = State::default();
    state.apply(&Change::Process(1, true));
    for number in 0..SCENES {
        if number % 97 == 0 || number > SCENES - 3 {
            assert_eq!(reel.state(number as usize), state, "before scene {number}");
        }
        assert_eq!(reel.scene(number as usize), Some(scene(number)));
        for change in &scene(number).changes {
            state.apply(change);
        }
    }
    assert_eq!(reel.state(SCENES as usize), state);
    assert_eq!(reel.scene(SCENES as usize), None);
}

#[test]
fn what_is_looked_for_is_found_in_both_directions() {
    let reel = film();
    let reel = reel.lock();
    let trouble = |from, way| place::find(&reel, from, Wanted::Trouble, way);
    assert_eq!(trouble(0, Way::On), Some(99));
    assert_eq!(trouble(99, Way::On), Some(199));
    assert_eq!(trouble(99, Way::Back), None);
    assert_eq!(place::of_line(&reel, 200), 100);
    assert_eq!(place::of_line(&reel, 201), 100);
    assert_eq!(place::of_line(&reel, u64::MAX), SCENES as usize - 1);
    // The text of scene 4096, and an address of its page that no text has.
    for sought in ["READ 1 0x1000000", "0x1000fff"] {
        assert_eq!(place::search(&reel, 0, sought, Way::On), Some(4096));
        assert_eq!(place::search(&reel, 4096, sought, Way::On), Some(4096));
        assert_eq!(place::search(&reel, 9, sought, Way::Back), Some(4096));
    }
    assert_eq!(place::search(&reel, 0, "fork", Way::On), None);
}

#[test]
fn a_line_that_is_none_of_a_films_breaks_the_film() {
    let reel = Shared::new().unwrap();
    let mut sink = Sink::new(reel, || {});
    assert!(writeln!(sink, "hello").is_err());
    assert!(sink.broken().is_some());
}
