//! All of it on the screen.

use std::ptr;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use crate::difference::{Pair, compared, pairs};
use crate::keys::HELP;
use crate::layout::{COLUMNS_MIN, Plan, ROWS_MIN};
use crate::moment::{Eye, Moment, Shown};
use crate::panes::{self, Pane, Paper, Sight};
use crate::place::Place;
use crate::reel::{End, Reel};
use crate::rows::Rows;
use crate::viewer::{Front, Input, Viewer};

/// Columns of the signs, and of the two borders.
const MARGIN: u16 = 4;

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame, viewer: &mut Viewer) {
    let area = frame.area();
    viewer.area = area;
    let Some(plan) = viewer.plan() else {
        return too_small(frame, area);
    };
    if !plan.order().contains(&viewer.focus) {
        viewer.focus = Pane::Steps;
    }
    let seen = see(viewer);
    title(frame, &plan, viewer, &seen);
    for &(pane, area) in &plan.panes {
        draw_pane(frame, pane, area, &plan, viewer, &seen);
    }
    if let (Some(area), Some(expected)) = (plan.both, &seen.expected) {
        let rows = steps_of(expected, area, viewer, &seen);
        let title = format!("{}, expected", Pane::Steps.long_title());
        boxed(
            frame,
            area,
            title,
            rows,
            Pane::Steps,
            viewer,
            Emphasis::None,
        );
    }
    message(frame, plan.message, viewer, &seen);
    let arrows = viewer
        .look
        .write("← → event  ↑ ↓ step", "h l event  k j step");
    let keys = format!("? help  q leave  {arrows}  n fault  s signal  / find  Tab pane");
    frame.render_widget(Paragraph::new(keys), plan.keys);
    if viewer.help {
        help(frame, area, viewer);
    }
}

fn too_small(frame: &mut Frame, area: Rect) {
    let text = format!(
        "too small: {}x{}\nneeded: {COLUMNS_MIN}x{ROWS_MIN}\nenlarge the terminal,\nor q to leave",
        area.width, area.height
    );
    frame.render_widget(Paragraph::new(text), area);
}

/// What is seen at the viewer's place, in both films.
struct Seen {
    own: Option<Moment>,
    expected: Option<Moment>,
    pairs: Vec<Pair>,
    events: usize,
}

impl Seen {
    /// The moment of the film in front.
    fn front(&self, front: Front) -> Option<&Moment> {
        match front {
            Front::Own => self.own.as_ref(),
            Front::Expected => self.expected.as_ref(),
        }
    }

    /// The same moment in the other film.
    fn beside(&self, moment: &Moment) -> Option<&Moment> {
        let is_own = self.own.as_ref().is_some_and(|own| ptr::eq(own, moment));
        match is_own {
            true => self.expected.as_ref(),
            false => self.own.as_ref(),
        }
    }
}

fn see(viewer: &mut Viewer) -> Seen {
    let (place, events) = (viewer.place, viewer.reel().lock().len());
    let look = |eye: &mut Eye, reel: &Reel| {
        let moment = eye.look(reel, place)?;
        let mark = reel.mark(place.scene)?;
        let facts = compared(&moment.scene, mark.in_use());
        Some((moment, facts))
    };
    let own = look(&mut viewer.eyes.own, &viewer.own.lock());
    let Some(shared) = &viewer.expected else {
        return Seen {
            own: own.map(|(moment, _)| moment),
            expected: None,
            pairs: Vec::new(),
            events,
        };
    };
    let expected = look(&mut viewer.eyes.expected, &shared.lock());
    let facts = |seen: &Option<(Moment, Vec<_>)>| seen.as_ref().map(|(_, facts)| facts.clone());
    let pairs = pairs(
        &facts(&own).unwrap_or_default(),
        &facts(&expected).unwrap_or_default(),
    );
    Seen {
        own: own.map(|(moment, _)| moment),
        expected: expected.map(|(moment, _)| moment),
        pairs,
        events,
    }
}

fn title(frame: &mut Frame, plan: &Plan, viewer: &Viewer, seen: &Seen) {
    let mut parts = vec![viewer.title.clone()];
    if let Some(moment) = seen.front(viewer.front) {
        let number = viewer.place.scene + 1;
        parts.push(format!("event {number} of {}", seen.events));
        parts.push(match moment.shown {
            Shown::Before => "memory BEFORE it".to_owned(),
            Shown::Between => "memory BETWEEN its faults".to_owned(),
            Shown::After => "memory AFTER it".to_owned(),
        });
    }
    if viewer.expected.is_some() {
        parts.push(match viewer.front {
            Front::Own => "YOURS (c: expected)".to_owned(),
            Front::Expected => "EXPECTED (c: yours)".to_owned(),
        });
    }
    let bar = Style::new().add_modifier(Modifier::REVERSED);
    let text = format!(" {}", parts.join(" | "));
    frame.render_widget(Paragraph::new(text).style(bar), plan.title);
}

fn draw_pane(frame: &mut Frame, pane: Pane, area: Rect, plan: &Plan, viewer: &Viewer, seen: &Seen) {
    let room = usize::from(area.height.saturating_sub(2));
    let moment = seen.front(viewer.front);
    let rows = match (pane, moment) {
        (Pane::Events, _) => events(viewer, area, room),
        (Pane::Steps, Some(moment)) => steps_of(moment, area, viewer, seen),
        (pane, Some(moment)) => panes::state(pane, &sight(moment, area, viewer, seen)),
        (Pane::Differences, None) => differences(viewer, seen, area),
        (_, None) => Rows::default(),
    };
    let shares = plan.tabs.as_ref().filter(|(_, place)| *place == area);
    let title = match shares {
        Some((tabs, _)) => {
            let changed = moment.map(panes::changed).unwrap_or_default();
            return tabbed(frame, area, Tabs { tabs, changed }, rows, pane, viewer);
        }
        None => pane.long_title().to_owned(),
    };
    let title = match (pane, viewer.front, viewer.expected.is_some()) {
        (Pane::Steps, Front::Own, true) => format!("{title}, yours"),
        (Pane::Steps, Front::Expected, true) => format!("{title}, expected"),
        _ => title,
    };
    let emphasis = match viewer.focus == pane {
        true => Emphasis::Focus,
        false => Emphasis::None,
    };
    boxed(frame, area, title, rows, pane, viewer, emphasis);
}

/// The facts of a scene that only one film has.
fn differences(viewer: &Viewer, seen: &Seen, area: Rect) -> Rows {
    let other = match viewer.front {
        Front::Own => seen.expected.as_ref(),
        Front::Expected => seen.own.as_ref(),
    };
    match other {
        Some(moment) => panes::state(Pane::Differences, &sight(moment, area, viewer, seen)),
        None => Rows::default(),
    }
}

fn sight<'a>(moment: &'a Moment, area: Rect, viewer: &Viewer, seen: &'a Seen) -> Sight<'a> {
    let faults = moment.scene.faults.len();
    let place = Place {
        fault: viewer.place.fault.min(faults.saturating_sub(1)),
        ..viewer.place
    };
    Sight {
        place,
        moment,
        pairs: &seen.pairs,
        other: seen.beside(moment).and_then(|other| other.fault(place)),
        look: viewer.look,
        columns: usize::from(area.width.saturating_sub(MARGIN)),
    }
}

fn steps_of(moment: &Moment, area: Rect, viewer: &Viewer, seen: &Seen) -> Rows {
    let room = usize::from(area.height.saturating_sub(2));
    panes::steps(&sight(moment, area, viewer, seen), room)
}

fn events(viewer: &Viewer, area: Rect, room: usize) -> Rows {
    let at = viewer.place.scene;
    let paper = Paper {
        rows: room,
        columns: usize::from(area.width.saturating_sub(MARGIN)),
        look: viewer.look,
    };
    let own = viewer.own.lock();
    match (&viewer.expected, viewer.front) {
        (None, _) => panes::events(&own, None, at, paper),
        (Some(expected), Front::Own) => panes::events(&own, Some(&expected.lock()), at, paper),
        (Some(expected), Front::Expected) => panes::events(&expected.lock(), Some(&own), at, paper),
    }
}

/// How much a pane stands out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    None,
    Focus,
}

fn boxed(
    frame: &mut Frame,
    area: Rect,
    title: String,
    rows: Rows,
    pane: Pane,
    viewer: &Viewer,
    emphasis: Emphasis,
) {
    let (title, style) = match emphasis {
        Emphasis::Focus => (
            format!("[{title}]"),
            Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED),
        ),
        Emphasis::None => (format!(" {title} "), Style::new()),
    };
    let title = Line::from(Span::styled(title, style));
    filled(frame, area, title, rows, pane, viewer);
}

/// Panes that share a place, and those that have something new.
struct Tabs<'a> {
    tabs: &'a [Pane],
    changed: Vec<Pane>,
}

/// A pane that shares its place with others: their titles stand beside its own.
fn tabbed(
    frame: &mut Frame,
    area: Rect,
    Tabs { tabs, changed }: Tabs<'_>,
    rows: Rows,
    pane: Pane,
    viewer: &Viewer,
) {
    let front = Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED);
    let tab = |&tab: &Pane| match tab == pane {
        true => Span::styled(format!("[{}]", tab.title()), front),
        false if changed.contains(&tab) => Span::raw(format!(" {}~", tab.title())),
        false => Span::raw(format!(" {} ", tab.title())),
    };
    filled(
        frame,
        area,
        tabs.iter().map(tab).collect(),
        rows,
        pane,
        viewer,
    );
}

fn filled(
    frame: &mut Frame,
    area: Rect,
    title: Line<'static>,
    rows: Rows,
    pane: Pane,
    viewer: &Viewer,
) {
    let room = usize::from(area.height.saturating_sub(2));
    let scrolled = viewer.scrolled.get(&pane).copied().unwrap_or_default();
    let first = rows.first(room, scrolled);
    let below = rows.rows.len().saturating_sub(first + room);
    let lines = rows.rows.iter().skip(first).take(room);
    let lines: Vec<Line> = lines.map(|row| row.line(viewer.look)).collect();
    let mut block = Block::bordered()
        .border_set(viewer.look.border())
        .title(title);
    if pane != Pane::Events && (first > 0 || below > 0) {
        block = block.title_bottom(format!(" {first} above, {below} below: PgUp PgDn "));
    }
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn message(frame: &mut Frame, area: Rect, viewer: &Viewer, seen: &Seen) {
    let at_end = viewer.place.scene + 1 >= seen.events;
    let text = match (&viewer.input, &viewer.message) {
        (Input::Search(text), _) => format!("find: {text}_"),
        (Input::Number(number), _) => format!("line {number}: g goes there"),
        (_, Some(message)) => message.clone(),
        (_, None) => status(viewer, seen, at_end),
    };
    let mut lines = vec![Line::from(text)];
    if let Some(why) = viewer.stopped() {
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let why = why.lines().next().unwrap_or_default().to_owned();
        lines.push(Line::styled(format!("! ends here: {why}"), strong));
    }
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), area);
}

/// What is told if there is nothing else to tell: the step, and at the end of the film
/// what the audit says.
fn status(viewer: &Viewer, seen: &Seen, at_end: bool) -> String {
    let shared = viewer.reel();
    let reel = shared.lock();
    let heading = seen.front(viewer.front).map(|moment| {
        let area = Rect::default();
        panes::heading(&sight(moment, area, viewer, seen))
    });
    let heading = heading.unwrap_or_else(|| "waiting for the first event".to_owned());
    let end = match (&reel.end, &reel.closing) {
        (None, _) => "; the film is still being made".to_owned(),
        (Some(End::Whole), Some(closing)) if at_end => match closing.violations.first() {
            Some(violation) => format!("; the end of the trace, audit: !! {}", violation.what),
            None => "; the end of the trace".to_owned(),
        },
        _ => String::new(),
    };
    format!("{heading}{end}")
}

fn help(frame: &mut Frame, area: Rect, viewer: &Viewer) {
    let lines: Vec<Line> = HELP
        .iter()
        .map(|(keys, what)| Line::from(format!(" {keys:<10} {what}")))
        .collect();
    let (width, height) = (
        area.width.min(76),
        (lines.len() as u16 + 2).min(area.height),
    );
    let place = Rect {
        x: (area.width - width) / 2,
        y: (area.height - height) / 2,
        width,
        height,
    };
    let block = Block::bordered()
        .border_set(viewer.look.border())
        .title(" Help: any key closes it ");
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(lines).block(block), place);
}
