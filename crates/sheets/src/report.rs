//! What was filled in, and what somebody should look at.

use std::fmt::Write;

use grader::report::sink::terminal;

/// Students that are listed by name; there may be hundreds.
const LISTED_MAX: usize = 20;

/// What was filled in, and what somebody should look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Cells that have other points now.
    pub filled: usize,
    /// Cells that had these points already; the course system changes nothing there.
    pub unchanged: usize,
    /// Cells that were given the points of nothing handed in.
    pub zeroes: usize,
    /// What the course system would leave out in silence, or take otherwise than meant.
    pub warnings: Vec<Warning>,
    /// Students who have points and no row.
    pub without_row: Vec<String>,
    /// Students who have a row, and handed in nothing: their cells are as they were.
    pub without_points: Vec<String>,
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line of the sheet; none if it is about the whole.
    pub line: Option<usize>,
    /// Whose row it is, as the sheet says.
    pub who: String,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Report {
    /// Warns of the whole sheet.
    pub fn warn(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.warnings.push(Warning {
            line: None,
            who: String::new(),
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    /// The same for people: numbers first, then each warning with what to do.
    pub fn render(&self) -> String {
        let mut text = format!("{} filled in, {} unchanged", self.filled, self.unchanged);
        if self.zeroes > 0 {
            let _infallible = write!(text, ", {} given 0 for nothing handed in", self.zeroes);
        }
        text += "\n";
        for warning in &self.warnings {
            text += &warning.render();
        }
        text += &listed("graded, and not in the sheet", &self.without_row);
        text += &listed("in the sheet, and handed in nothing", &self.without_points);
        terminal::report(&text)
    }
}

impl Warning {
    fn render(&self) -> String {
        let who = terminal::line(&self.who);
        let place = match self.line {
            Some(line) => format!("line {line}, {who}: "),
            None => String::new(),
        };
        let (what, remedy) = (terminal::line(&self.what), terminal::line(&self.remedy));
        format!("warning: {place}{what}\n  {remedy}\n")
    }
}

fn listed(what: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown = names
        .iter()
        .take(LISTED_MAX)
        .map(|name| terminal::line(name));
    let shown: Vec<String> = shown.collect();
    let more = names.len().saturating_sub(LISTED_MAX);
    let more = if more > 0 {
        format!(", … and {more} more")
    } else {
        String::new()
    };
    format!("{} {what}: {}{more}\n", names.len(), shown.join(", "))
}
