//! The wrong kernels that a suite of traces is scored by.

use std::fmt;
use std::fs;
use std::path::Path;

use mutants::Mutant;
use naive::rule::NaiveRule;
use serde::Deserialize;
use vmsim::event::Config;
use vmsim::machine::Machine;

/// A wrong kernel.
pub(super) struct Listed {
    /// What a student is told of it.
    pub category: String,
    pub kernel: Kernel,
}

/// The wrong kernels that there are.
#[derive(Clone, Copy)]
pub(super) enum Kernel {
    /// A mistake that students make.
    Mutant(Mutant),
    /// A rule of Linux replaced by what people believe.
    Naive(NaiveRule),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KernelsFile {
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    name: String,
    kernels: Vec<String>,
}

/// Reads `kernels.toml`, in its order.
pub(super) fn read(folder: &Path) -> Result<Vec<Listed>, String> {
    let path = folder.join("kernels.toml");
    let in_file = |error: String| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| in_file(error.to_string()))?;
    let file: KernelsFile = toml::from_str(&text).map_err(|error| in_file(error.to_string()))?;
    let all = Kernel::all();
    let listed = |category: Category| {
        let of = |name: String| match all.iter().find(|kernel| kernel.to_string() == name) {
            Some(&kernel) => Ok(Listed {
                category: category.name.clone(),
                kernel,
            }),
            None => Err(in_file(format!("no wrong kernel is called `{name}`"))),
        };
        category.kernels.into_iter().map(of).collect::<Vec<_>>()
    };
    file.category.into_iter().flat_map(listed).collect()
}

impl Kernel {
    fn all() -> Vec<Self> {
        let mutants = Mutant::all().into_iter().map(Kernel::Mutant);
        let naive = NaiveRule::ALL.iter().copied().map(Kernel::Naive);
        mutants.chain(naive).collect()
    }

    /// A machine with this kernel.
    pub fn machine(&self, config: Config) -> Machine {
        match self {
            Kernel::Mutant(mutant) => Machine::new(config, mutant.handlers()),
            Kernel::Naive(rule) => naive::machine(config, Some(*rule)),
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kernel::Mutant(mutant) => write!(f, "lab{} {}", mutant.lab(), mutant.name),
            Kernel::Naive(rule) => write!(f, "{} {}", rule.rule(), rule.name()),
        }
    }
}
