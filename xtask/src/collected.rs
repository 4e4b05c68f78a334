//! What was handed in, as `grade` and `import` are told where it is.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use collect::collected::{Ask, Collected, collect};
use collect::export::store::Store;
use collect::layout::Layout;
use collect::layout::pattern::Pattern;
use collect::trouble::CollectError;
use roster::class::Class;

use crate::exit::Trouble;
use crate::interrupt::remove_on_interrupt;

/// How exports are read, and who is in the class.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct From {
    /// What the export is of; recognised by its names unless said.
    #[arg(long, value_name = "NAME", value_parser = layouts())]
    layout: Option<Layout>,
    /// Names of your own: a regular expression over each file's path in the export, with
    /// the groups `(?<student>…)` and `(?<file>…)`, and perhaps `(?<attempt>…)` and
    /// `(?<time>…)`.
    #[arg(long, value_name = "REGEX", conflicts_with = "layout")]
    pattern: Option<String>,
    /// The course: roster, which attempt counts, when it was due, time zone (class.toml).
    #[arg(long, value_name = "FILE")]
    class: Option<PathBuf>,
    /// The roster (CSV), if class.toml names none.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
}

/// The layouts, each with what its names look like.
fn layouts() -> impl TypedValueParser<Value = Layout> {
    let value = |layout: Layout| PossibleValue::new(layout.name()).help(layout.form());
    PossibleValuesParser::new(Layout::NAMED.map(value)).try_map(|name| name.parse::<Layout>())
}

impl From {
    /// Where class.toml is, from wherever one looks.
    pub fn course(&self) -> Option<PathBuf> {
        let file = self.class.as_ref()?;
        Some(file.canonicalize().unwrap_or_else(|_| file.clone()))
    }

    /// The course, with its roster, wherever that was named.
    pub fn class(&self) -> Result<Class, Trouble> {
        let class = self.class.as_deref().map(Class::read).transpose();
        let mut class = class.map_err(bad_input)?.unwrap_or_default();
        if let Some(path) = &self.roster {
            if class.roster.is_some() {
                let why =
                    "class.toml names a roster, and so does --roster\nhelp: leave out one of them";
                return Err(Trouble::BadInput(why.into()));
            }
            let roster = roster::read::read(path, class.zone.as_ref()).map_err(bad_input)?;
            class.roster = Some(roster);
        }
        Ok(class)
    }

    /// The attempts in these paths. What was unpacked for them is removed with the value
    /// that comes back, and when this process is interrupted.
    pub fn collect(&self, paths: &[PathBuf], class: &Class) -> Result<Collected, Trouble> {
        let pattern = self
            .pattern
            .as_ref()
            .map(|pattern| pattern.parse::<Pattern>());
        let ask = Ask {
            layout: self.layout,
            pattern: pattern.transpose().map_err(trouble)?,
            class: class.clone(),
        };
        let store = Store::new().map_err(trouble)?;
        remove_on_interrupt(store.path().to_owned())?;
        collect(paths, &ask, store).map_err(trouble)
    }
}

fn trouble(error: CollectError) -> Trouble {
    match error.is_ours() {
        true => Trouble::OurFault(error.into()),
        false => Trouble::BadInput(error.into()),
    }
}

fn bad_input(error: roster::trouble::Trouble) -> Trouble {
    Trouble::BadInput(error.into())
}
