//! The tools, and how each is called.

use std::fmt;
use std::str::FromStr;

/// A tool that finds copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// JPlag, of the KIT: a folder for each student. Java, runs here.
    JPlag,
    /// Dolos, of Ghent University: a file for each student, and a table. Node, runs here.
    Dolos,
    /// compare50, of Harvard: a folder for each student. Python, runs here.
    Compare50,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::JPlag, Self::Dolos, Self::Compare50];

    /// What it is called on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::JPlag => "jplag",
            Self::Dolos => "dolos",
            Self::Compare50 => "compare50",
        }
    }

    /// How it is called in the exported folder. Without works of earlier years their folder
    /// is not there.
    pub fn command(self, old: Old) -> String {
        let with_old = |option: &str| match old {
            Old::None => String::new(),
            Old::Some => option.to_owned(),
        };
        match self {
            Self::JPlag => format!(
                "java -jar jplag.jar --mode RUN --language rust --base-code base{} \
                 --encoding UTF-8 --csv-export --result-file result submissions",
                with_old(" --old old")
            ),
            Self::Dolos => {
                "dolos run --language rust --ignore template.rs --output-format csv info.csv"
                    .to_owned()
            }
            Self::Compare50 => format!(
                "compare50 submissions/* --distro base/*{} --include '*.rs' --output result",
                with_old(" --archive old/*")
            ),
        }
    }

    /// What it needs, and what it does not see.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::JPlag => {
                "JPlag 6 is one file, jplag.jar (https://github.com/jplag/JPlag/releases), and needs \
                 Java 25. It reads Rust as of 1.60, and nothing of what stands in macros."
            }
            Self::Dolos => {
                "Dolos is `npm install --global @dodona/dolos` (https://dolos.ugent.be/docs). It \
                 compares files, so that each student has one here, and looks neither at comments \
                 nor into macros. `--output-format web` opens a browser. Its website takes a zip of \
                 this folder, too: that gives the sources to somebody else."
            }
            Self::Compare50 => {
                "compare50 is `pip install compare50` (https://cs50.readthedocs.io/projects/compare50). \
                 It looks at words only, and so into macros, too. It skips files of more than 1 MiB."
            }
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// It is none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no tool is called `{0}`: jplag, dolos and compare50 are")]
pub struct UnknownTool(String);

impl FromStr for Tool {
    type Err = UnknownTool;

    fn from_str(name: &str) -> Result<Self, UnknownTool> {
        let named = Self::ALL.into_iter().find(|tool| tool.name() == name);
        named.ok_or_else(|| UnknownTool(name.to_owned()))
    }
}

/// Whether there are works of earlier years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// There are none.
    None,
    /// There are some.
    Some,
}
