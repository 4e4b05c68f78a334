//! All questions, and what their answers come to.

use std::fmt;
use std::path::Path;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, LineStyle, Table};
use sandbox::tier::{self, Tier};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, Standing};
use crate::{toolchain, tools, walls};

/// Version of the JSON form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.doctor/1";

/// What is known of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Examination {
    /// [`SCHEMA`].
    pub schema: String,
    /// The worst of the answers.
    pub standing: Standing,
    /// The layers that student code runs in here.
    pub sandbox: String,
    /// The answers.
    pub answers: Vec<Answer>,
}

impl Examination {
    /// Asks this machine everything.
    pub fn of_this_machine(root: &Path) -> Self {
        let offered = tier::offered();
        let mut answers = walls::answers(offered);
        answers.extend(toolchain::answers(root));
        answers.extend(tools::answers());
        Self::of(offered, answers)
    }

    /// What these answers come to.
    pub fn of(offered: Tier, answers: Vec<Answer>) -> Self {
        let worst = answers.iter().map(|answer| answer.standing).max();
        Self {
            schema: SCHEMA.to_owned(),
            standing: worst.unwrap_or(Standing::Good),
            sandbox: offered.to_string(),
            answers,
        }
    }
}

/// The width of the table where nobody says how wide it may be.
const WIDTH: u16 = 100;

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table
            .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header(["", "", "found", "what follows"]);
        if table.width().is_none() {
            table.set_width(WIDTH);
        }
        for answer in &self.answers {
            let mark = match answer.standing {
                Standing::Good => "ok",
                Standing::Weaker => "note",
                Standing::Missing => "MISSING",
            };
            table.add_row([mark, &answer.topic, &answer.found, &answer.follows]);
        }
        writeln!(f, "{table}")?;
        writeln!(f, "layers around student code here: {}", self.sandbox)?;
        f.write_str(match self.standing {
            Standing::Missing => "`cargo xtask grade` does not grade here as it should\n",
            _ => "`cargo xtask grade` can be used here\n",
        })
    }
}
