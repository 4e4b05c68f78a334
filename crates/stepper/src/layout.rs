//! Which panes have room, and where.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::panes::Pane;

/// The least that anything can be read on.
pub(crate) const COLUMNS_MIN: u16 = 60;
/// Rows of the same.
pub(crate) const ROWS_MIN: u16 = 16;

/// Where everything is.
pub(crate) struct Plan {
    /// The top line.
    pub title: Rect,
    /// What each pane has.
    pub panes: Vec<(Pane, Rect)>,
    /// Panes that share one place, one at a time, and that place; none if all have their
    /// own.
    pub tabs: Option<(Vec<Pane>, Rect)>,
    /// The lines for messages, and for the end of the film.
    pub message: Rect,
    /// The line for keys.
    pub keys: Rect,
    /// Whether there is room for both films beside each other.
    pub both: Option<Rect>,
}

/// Lays everything out; none if there is too little room. `focus` is the pane in front
/// where panes share a place, `messages` the lines for messages.
pub(crate) fn plan(area: Rect, focus: Pane, comparing: Comparing, messages: u16) -> Option<Plan> {
    if area.width < COLUMNS_MIN || area.height < ROWS_MIN {
        return None;
    }
    let [title, main, message, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(messages),
        Constraint::Length(1),
    ])
    .areas(area);
    let mut plan = Plan {
        title,
        panes: Vec::new(),
        tabs: None,
        message,
        keys,
        both: None,
    };
    match (area.width, area.height) {
        (170.., 36..) => plan.three_columns(main, comparing),
        (116.., 34..) => plan.two_columns(main, comparing),
        _ => plan.one_column(main, focus, comparing),
    }
    Some(plan)
}

/// Whether there is a film to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparing {
    Nothing,
    Expected,
}

/// The panes of the state, in the order in which the focus goes through them.
const STATE: [Pane; 8] = [
    Pane::Walk,
    Pane::Vmas,
    Pane::Pages,
    Pane::Frames,
    Pane::Tlbs,
    Pane::Cache,
    Pane::Swap,
    Pane::Counters,
];

impl Plan {
    fn one_column(&mut self, main: Rect, focus: Pane, comparing: Comparing) {
        let events = (main.height / 3).clamp(5, 9);
        let [top, rest] =
            Layout::vertical([Constraint::Length(events), Constraint::Min(0)]).areas(main);
        let compared = match comparing {
            Comparing::Nothing => None,
            Comparing::Expected => Some(Pane::Differences),
        };
        let tabs = [Pane::Steps].into_iter().chain(compared).chain(STATE);
        let tabs: Vec<_> = tabs.collect();
        let front = if tabs.contains(&focus) {
            focus
        } else {
            Pane::Steps
        };
        self.panes = vec![(Pane::Events, top), (front, rest)];
        self.tabs = Some((tabs, rest));
    }

    fn two_columns(&mut self, main: Rect, comparing: Comparing) {
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)])
                .areas(main);
        self.left(left, comparing);
        let [walk, vmas, pages, frames, lower, lowest] = Layout::vertical([
            Constraint::Length(9),
            Constraint::Fill(3),
            Constraint::Fill(4),
            Constraint::Fill(4),
            Constraint::Fill(3),
            Constraint::Fill(3),
        ])
        .areas(right);
        self.panes.extend([
            (Pane::Walk, walk),
            (Pane::Vmas, vmas),
            (Pane::Pages, pages),
            (Pane::Frames, frames),
        ]);
        self.beside(lower, Pane::Tlbs, Pane::Cache);
        self.beside(lowest, Pane::Swap, Pane::Counters);
    }

    fn three_columns(&mut self, main: Rect, comparing: Comparing) {
        let [left, middle, right] = Layout::horizontal([
            Constraint::Percentage(36),
            Constraint::Percentage(32),
            Constraint::Percentage(32),
        ])
        .areas(main);
        match comparing {
            Comparing::Nothing => self.left(left, comparing),
            // The steps of both films, side by side, have the middle for themselves.
            Comparing::Expected => {
                let [events, differences] =
                    Layout::vertical([Constraint::Percentage(45), Constraint::Percentage(55)])
                        .areas(left);
                self.panes = vec![(Pane::Events, events), (Pane::Differences, differences)];
            }
        }
        let [walk, second, third] = Layout::vertical([
            Constraint::Length(9),
            Constraint::Fill(1),
            Constraint::Fill(1),
        ])
        .areas(middle);
        let [vmas, frames, tlbs, cache, counters] = Layout::vertical([
            Constraint::Fill(3),
            Constraint::Fill(4),
            Constraint::Fill(3),
            Constraint::Fill(2),
            Constraint::Fill(3),
        ])
        .areas(right);
        match comparing {
            Comparing::Nothing => {
                let [pages, swap] = Layout::vertical([Constraint::Fill(2), Constraint::Fill(1)])
                    .areas(second.union(third));
                self.panes.push((Pane::Walk, walk));
                self.panes.push((Pane::Vmas, vmas));
                self.panes.push((Pane::Pages, pages));
                self.panes.push((Pane::Frames, frames));
                self.panes.push((Pane::Tlbs, tlbs));
                self.panes.push((Pane::Cache, cache));
                self.panes.push((Pane::Swap, swap));
                self.panes.push((Pane::Counters, counters));
            }
            Comparing::Expected => {
                self.panes.push((Pane::Steps, walk.union(second)));
                self.both = Some(third);
                let [walk, vmas, pages, frames, tlbs] = Layout::vertical([
                    Constraint::Length(9),
                    Constraint::Fill(3),
                    Constraint::Fill(3),
                    Constraint::Fill(4),
                    Constraint::Fill(3),
                ])
                .areas(right);
                self.panes.push((Pane::Walk, walk));
                self.panes.push((Pane::Vmas, vmas));
                self.panes.push((Pane::Pages, pages));
                self.panes.push((Pane::Frames, frames));
                self.panes.push((Pane::Tlbs, tlbs));
            }
        }
    }

    /// The events, and below them the steps of the one.
    fn left(&mut self, left: Rect, comparing: Comparing) {
        match comparing {
            Comparing::Nothing => {
                let [events, steps] =
                    Layout::vertical([Constraint::Fill(2), Constraint::Fill(3)]).areas(left);
                self.panes = vec![(Pane::Events, events), (Pane::Steps, steps)];
            }
            Comparing::Expected => {
                let [events, differences, steps] = Layout::vertical([
                    Constraint::Length(9),
                    Constraint::Fill(2),
                    Constraint::Fill(3),
                ])
                .areas(left);
                self.panes = vec![
                    (Pane::Events, events),
                    (Pane::Differences, differences),
                    (Pane::Steps, steps),
                ];
            }
        }
    }

    fn beside(&mut self, area: Rect, left: Pane, right: Pane) {
        let [at_left, at_right] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
        self.panes.push((left, at_left));
        self.panes.push((right, at_right));
    }

    /// The panes that the focus goes through.
    pub fn order(&self) -> Vec<Pane> {
        match &self.tabs {
            Some((tabs, _)) => tabs.clone(),
            None => self.panes.iter().map(|(pane, _)| *pane).collect(),
        }
    }
}
