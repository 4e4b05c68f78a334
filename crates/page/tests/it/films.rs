//! Films to make pages of.

use film::scene::{Closing, Opening, Scene};
use film::state::State;

/// A film in parts, so that a test can change it.
#[derive(Clone)]
pub struct Film {
    pub opening: Opening,
    pub scenes: Vec<Scene>,
    pub stopped: Option<String>,
}

/// A film of `tests/films`.
pub fn film(name: &str) -> Film {
    let path = format!("{}/tests/films/{name}.film", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let mut lines = text.lines();
    let opening = lines.next().expect("an opening");
    let scenes = lines.filter(|line| line.starts_with("{\"line\":"));
    Film {
        opening: serde_json::from_str(opening).expect("an opening"),
        scenes: scenes
            .map(|line| serde_json::from_str(line).expect(line))
            .collect(),
        stopped: None,
    }
}

impl Film {
    /// The film as a program writes it.
    pub fn text(&self) -> String {
        let closing = Closing {
            scenes: self.scenes.len() as u64,
            stopped: self.stopped.clone(),
            violations: Vec::new(),
        };
        let json = |line: Result<String, _>| line.expect("plain data");
        let mut lines = vec![json(serde_json::to_string(&self.opening))];
        lines.extend(
            self.scenes
                .iter()
                .map(|scene| json(serde_json::to_string(scene))),
        );
        lines.push(json(serde_json::to_string(&closing)));
        lines.join("\n") + "\n"
    }

    /// The scene of a line of the trace.
    pub fn line(&mut self, line: u64) -> &mut Scene {
        let scene = self.scenes.iter_mut().find(|scene| scene.line == line);
        scene.expect("the line is in the film")
    }

    /// The same film over and over, until it has so many scenes; the machine starts anew
    /// each time, as far as a page can tell.
    pub fn repeated(&self, scenes: usize) -> Film {
        let mut film = self.clone();
        film.scenes = self.scenes.iter().cycle().take(scenes).cloned().collect();
        for (line, scene) in (2..).zip(&mut film.scenes) {
            scene.line = line;
        }
        film
    }

    /// The machine after so many scenes.
    pub fn state_after(&self, scenes: usize) -> State {
        let mut state = State::default();
        let changes = self.opening.changes.iter();
        let later = self.scenes[..scenes].iter().flat_map(|s| &s.changes);
        changes.chain(later).for_each(|change| state.apply(change));
        state
    }
}

/// The page of a film.
pub fn page(film: &str) -> Vec<u8> {
    let mut out = Vec::new();
    page::write::write(&mut out, "a.trace", film.as_bytes()).expect("a film");
    out
}

/// The page of two films.
pub fn page_compared(yours: &str, expected: &str) -> Vec<u8> {
    let mut out = Vec::new();
    page::write::write_compared(&mut out, "a.trace", yours.as_bytes(), expected.as_bytes())
        .expect("two films");
    out
}
