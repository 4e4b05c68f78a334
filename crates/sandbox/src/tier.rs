//! Which layers were in force.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{calls, files};

/// A layer of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Time, memory and the number of everything (rlimits).
    Limits,
    /// A user that owns nothing.
    User,
    /// No file ([`files`]).
    Landlock,
    /// No system call but a few ([`calls`]).
    Seccomp,
}

impl Layer {
    /// All layers, in the order in which they are entered.
    pub const ALL: [Layer; 4] = [Layer::Limits, Layer::User, Layer::Landlock, Layer::Seccomp];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Limits => "limits",
            Layer::User => "user",
            Layer::Landlock => "landlock",
            Layer::Seccomp => "seccomp",
        }
    }

    /// The layer of this name.
    pub fn named(name: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The layers that are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The limits.
    pub limits: bool,
    /// A user of its own. Who is no root cannot have it.
    pub user: bool,
    /// The ABI of landlock; 0 for none.
    pub landlock: u32,
    /// The short list of calls.
    pub seccomp: bool,
}

impl Tier {
    /// No layer.
    pub const NOTHING: Tier = Tier {
        limits: false,
        user: false,
        landlock: 0,
        seccomp: false,
    };

    /// Whether a layer is in force.
    pub fn has(self, layer: Layer) -> bool {
        match layer {
            Layer::Limits => self.limits,
            Layer::User => self.user,
            Layer::Landlock => self.landlock > 0,
            Layer::Seccomp => self.seccomp,
        }
    }

    /// The layers without which no student code may meet a hidden trace, as far as
    /// they are missing. A user of its own is more than can be asked of a grader that is
    /// not root.
    pub fn lacks(self) -> Vec<Layer> {
        let needed = [Layer::Limits, Layer::Landlock, Layer::Seccomp];
        needed
            .into_iter()
            .filter(|&layer| !self.has(layer))
            .collect()
    }

    /// What is in force both here and there.
    #[must_use]
    pub fn weaker(self, other: Tier) -> Tier {
        Tier {
            limits: self.limits && other.limits,
            user: self.user && other.user,
            landlock: self.landlock.min(other.landlock),
            seccomp: self.seccomp && other.seccomp,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = Layer::ALL.into_iter().filter(|&layer| self.has(layer));
        let names = own.map(|layer| match layer {
            Layer::Landlock => format!("landlock (ABI {})", self.landlock),
            other => other.to_string(),
        });
        match names.collect::<Vec<_>>() {
            none if none.is_empty() => f.write_str("none"),
            names => f.write_str(&names.join(", ")),
        }
    }
}

/// How much of the sandbox there must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demand {
    /// Everything that [`Tier::lacks`] asks for, or no student code runs.
    Required,
    /// What the machine has.
    BestEffort,
    /// Nothing.
    #[default]
    Off,
}

impl Demand {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Demand::Required => "required",
            Demand::BestEffort => "best-effort",
            Demand::Off => "off",
        }
    }

    /// The demand of this name.
    pub fn named(name: &str) -> Option<Demand> {
        let all = [Demand::Required, Demand::BestEffort, Demand::Off];
        all.into_iter().find(|demand| demand.name() == name)
    }
}

/// What this machine offers to a run that this process starts. The process itself stays
/// as it is.
pub fn offered() -> Tier {
    Tier {
        limits: cfg!(target_os = "linux"),
        user: can_leave_root(),
        landlock: files::offered().abi,
        seccomp: calls::offered(),
    }
}

#[cfg(target_os = "linux")]
fn can_leave_root() -> bool {
    crate::user::can_leave_root()
}

#[cfg(not(target_os = "linux"))]
fn can_leave_root() -> bool {
    false
}
