//! What a viewer has asked for so far: where they are, and what they look at.

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use crate::difference;
use crate::keys::{Wish, wish};
use crate::layout::{Comparing, Plan, plan};
use crate::look::Look;
use crate::moment::Eye;
use crate::panes::Pane;
use crate::place::{self, Place, Wanted, Way};
use crate::reel::{End, Reel, Shared};

/// Rows that a key scrolls.
const SCROLL_ROWS: i32 = 5;

/// Whoever sits before the screen.
pub(crate) struct Viewer {
    pub title: String,
    pub own: Shared,
    pub expected: Option<Shared>,
    pub look: Look,
    pub place: Place,
    pub focus: Pane,
    /// How far each pane was scrolled from where it would be.
    pub scrolled: BTreeMap<Pane, i32>,
    /// Which film is in front.
    pub front: Front,
    pub help: bool,
    pub input: Input,
    pub message: Option<String>,
    /// The last text that was looked for.
    sought: String,
    seeking: Seeking,
    pub eyes: Eyes,
    /// What the screen measured when it was last asked.
    pub area: Rect,
}

/// An eye for each film.
#[derive(Default)]
pub(crate) struct Eyes {
    pub own: Eye,
    pub expected: Eye,
}

/// Which of two films.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    Own,
    Expected,
}

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Input {
    #[default]
    Nothing,
    /// The number of a line.
    Number(String),
    /// What to look for.
    Search(String),
}

/// The way to the first difference, while films are still being written.
enum Seeking {
    /// All scenes before this one are the same.
    From(usize),
    Done,
}

/// Whether to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Stay,
    Leave,
}

impl Viewer {
    pub fn new(title: String, own: Shared, expected: Option<Shared>, look: Look) -> Self {
        let (focus, seeking) = match expected {
            Some(_) => (Pane::Differences, Seeking::From(0)),
            None => (Pane::Steps, Seeking::Done),
        };
        Self {
            title,
            own,
            expected,
            look,
            place: Place::default(),
            focus,
            scrolled: BTreeMap::new(),
            front: Front::Own,
            help: false,
            input: Input::Nothing,
            message: None,
            sought: String::new(),
            seeking,
            eyes: Eyes::default(),
            area: Rect::default(),
        }
    }

    pub fn comparing(&self) -> Comparing {
        match self.expected {
            Some(_) => Comparing::Expected,
            None => Comparing::Nothing,
        }
    }

    /// Where everything is on the screen; none if there is too little room. An end that
    /// must be explained has lines of its own.
    pub fn plan(&self) -> Option<Plan> {
        let messages = match self.stopped() {
            Some(why) if why.len() + 16 > usize::from(self.area.width) => 3,
            Some(_) => 2,
            None => 1,
        };
        plan(self.area, self.focus, self.comparing(), messages)
    }

    /// The film that is in front.
    pub fn reel(&self) -> Shared {
        match (self.front, &self.expected) {
            (Front::Expected, Some(expected)) => expected.clone(),
            _ => self.own.clone(),
        }
    }

    /// Looks at what was written since, for the first difference.
    pub fn grown(&mut self) {
        let (Seeking::From(from), Some(expected)) = (&self.seeking, &self.expected) else {
            return;
        };
        let mut scene = *from;
        let (own, expected) = (self.own.lock(), expected.lock());
        let both = own.len().min(expected.len());
        while scene < both && !difference::differs(&own, &expected, scene) {
            scene += 1;
        }
        let ended = own.end.is_some() && expected.end.is_some();
        let differs = difference::differs(&own, &expected, scene);
        let (seeking, place, message) = match (differs, ended) {
            (true, _) => {
                let line = own
                    .mark(scene)
                    .or(expected.mark(scene))
                    .map(|mark| mark.line);
                let line = line.unwrap_or_default();
                let message = format!("the first difference: line {line}");
                (Seeking::Done, Some(scene), Some(message))
            }
            (false, true) => {
                let message = "both films are the same".to_owned();
                (Seeking::Done, None, Some(message))
            }
            (false, false) => (Seeking::From(scene), None, None),
        };
        drop((own, expected));
        self.seeking = seeking;
        self.message = message.or(self.message.take());
        if let Some(scene) = place {
            self.go(Some(Place::start_of(scene)));
        }
    }

    /// Does what a key asks for.
    pub fn press(&mut self, key: KeyEvent) -> Then {
        self.message = None;
        if let Input::Search(_) = self.input {
            return self.type_search(key);
        }
        let Some(wish) = wish(key) else {
            self.input = Input::Nothing;
            return Then::Stay;
        };
        if self.help {
            self.help = false;
            return Then::Stay;
        }
        let input = std::mem::take(&mut self.input);
        match wish {
            Wish::Leave if input != Input::Nothing => {}
            Wish::Leave => return Then::Leave,
            Wish::Help => self.help = true,
            Wish::Digit(digit) => self.type_digit(input, digit),
            Wish::Search => self.input = Input::Search(String::new()),
            Wish::Focus(way) => self.focus_next(way),
            Wish::Scroll(way) => self.scroll(way),
            Wish::OtherFilm => self.other_film(),
            _ => self.move_by(wish, input),
        }
        Then::Stay
    }

    fn move_by(&mut self, wish: Wish, input: Input) {
        self.seeking = Seeking::Done;
        let shared = self.reel();
        let reel = shared.lock();
        let last = reel.len().saturating_sub(1);
        let (place, none) = match wish {
            Wish::Event(way) => (self.event(&reel, way), ""),
            Wish::Step(way) => (self.step(&reel, way), ""),
            Wish::Fault(way) => {
                let found = place::find(&reel, self.place.scene, Wanted::Fault, way);
                (found.map(Place::start_of), "no further fault this way")
            }
            Wish::Trouble(way) => self.trouble(&reel, way),
            Wish::Line => match input {
                Input::Number(number) => {
                    let line = number.parse().unwrap_or(u64::MAX);
                    (Some(Place::start_of(place::of_line(&reel, line))), "")
                }
                _ => (Some(Place::start_of(0)), ""),
            },
            Wish::Start => (Some(Place::start_of(0)), ""),
            Wish::End => (Some(Place::end_of(last, faults(&reel, last))), ""),
            _ => (None, ""),
        };
        drop(reel);
        if place.is_none() && !none.is_empty() {
            self.message = Some(none.to_owned());
        }
        self.go(place);
    }

    fn event(&self, reel: &Reel, way: Way) -> Option<Place> {
        let scene = self.place.scene;
        let to = match way {
            Way::On => scene + 1,
            Way::Back if self.place != Place::start_of(scene) => scene,
            Way::Back => scene.checked_sub(1)?,
        };
        reel.mark(to).map(|_| Place::start_of(to))
    }

    fn step(&self, reel: &Reel, way: Way) -> Option<Place> {
        let Place { scene, .. } = self.place;
        match way {
            Way::On => self
                .place
                .step_on(faults(reel, scene))
                .or_else(|| self.event(reel, Way::On)),
            Way::Back => self.place.step_back().or_else(|| {
                let before = scene.checked_sub(1)?;
                Some(Place::end_of(before, faults(reel, before)))
            }),
        }
    }

    fn trouble(&self, reel: &Reel, way: Way) -> (Option<Place>, &'static str) {
        let from = self.place.scene;
        let found = match (&self.expected, self.front) {
            (None, _) => {
                let found = place::find(reel, from, Wanted::Trouble, way);
                return (found.map(Place::start_of), "no further trouble this way");
            }
            (Some(expected), Front::Own) => difference::find(reel, &expected.lock(), from, way),
            (Some(_), Front::Expected) => difference::find(reel, &self.own.lock(), from, way),
        };
        let found = found.map(Place::start_of);
        (found, "no further difference this way")
    }

    fn go(&mut self, place: Option<Place>) {
        if let Some(place) = place {
            self.place = place;
            self.scrolled.clear();
        }
    }

    fn type_digit(&mut self, input: Input, digit: char) {
        let mut number = match input {
            Input::Number(number) => number,
            _ => String::new(),
        };
        // No trace has a line of more digits.
        if number.len() < 19 {
            number.push(digit);
        }
        self.input = Input::Number(number);
    }

    fn type_search(&mut self, key: KeyEvent) -> Then {
        let Input::Search(text) = &mut self.input else {
            return Then::Stay;
        };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => self.input = Input::Nothing,
            KeyCode::Char('c') if control => self.input = Input::Nothing,
            KeyCode::Enter => {
                let text = std::mem::take(text);
                self.input = Input::Nothing;
                self.search(text);
            }
            KeyCode::Backspace if text.is_empty() => self.input = Input::Nothing,
            KeyCode::Backspace => drop(text.pop()),
            KeyCode::Char(letter) if !control => text.push(letter),
            _ => {}
        }
        Then::Stay
    }

    fn search(&mut self, text: String) {
        self.seeking = Seeking::Done;
        if !text.is_empty() {
            self.sought = text;
        }
        if self.sought.is_empty() {
            return;
        }
        let found = place::search(&self.reel().lock(), self.place.scene, &self.sought, Way::On);
        self.message = Some(match found {
            Some(scene) if scene <= self.place.scene => {
                format!("`{}`: found from the start on", self.sought)
            }
            Some(_) => format!("`{}`: found", self.sought),
            None => format!("`{}` is in no event", self.sought),
        });
        self.go(found.map(Place::start_of));
    }

    fn focus_next(&mut self, way: Way) {
        let Some(plan) = self.plan() else {
            return;
        };
        let order = plan.order();
        let at = order
            .iter()
            .position(|&pane| pane == self.focus)
            .unwrap_or(0);
        let next = match way {
            Way::On => at + 1,
            Way::Back => at + order.len() - 1,
        };
        self.focus = order[next % order.len()];
    }

    fn scroll(&mut self, way: Way) {
        let by = match way {
            Way::On => SCROLL_ROWS,
            Way::Back => -SCROLL_ROWS,
        };
        *self.scrolled.entry(self.focus).or_default() += by;
    }

    fn other_film(&mut self) {
        self.front = match (self.front, &self.expected) {
            (Front::Own, Some(_)) => Front::Expected,
            _ => Front::Own,
        };
        if self.expected.is_none() {
            let help = "there is no other film; `--compare` shows the expected one";
            self.message = Some(help.to_owned());
        }
    }

    /// How the film in front ended, if it ended badly.
    pub fn stopped(&self) -> Option<String> {
        match &self.reel().lock().end {
            Some(End::Stopped(why)) => Some(why.clone()),
            Some(End::Whole) | None => None,
        }
    }
}

/// How many faults a scene has.
fn faults(reel: &Reel, scene: usize) -> usize {
    match reel.mark(scene) {
        Some(mark) if mark.faulted => reel.scene(scene).map_or(0, |scene| scene.faults.len()),
        _ => 0,
    }
}
