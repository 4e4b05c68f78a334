//! The way into the sandbox of a run: all layers, in their order.
//!
//! It has two gates. What is the same for all runs of a program, one process can pass for
//! all that it forks; the inner gate each of them passes by itself, and behind it nothing
//! more is started.

use std::os::fd::RawFd;

use crate::limits::Limits;
use crate::tier::{Demand, Layer, Tier};

/// What a run is to be confined to.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// How much of it there must be.
    pub demand: Demand,
    /// Layers that are left out, so that a test can see what they are for.
    pub without: Vec<Layer>,
    /// Time and memory.
    pub limits: Limits,
    /// The process that started this one, and that it dies with.
    pub parent: Option<u32>,
    /// The descriptors that may be written to.
    pub writable: Vec<RawFd>,
    /// The descriptors that may be read from.
    pub readable: Vec<RawFd>,
}

/// The sandbox cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{layer}: {why}")]
pub struct Refusal {
    /// What cannot be had.
    pub layer: &'static str,
    /// Why.
    pub why: String,
}

/// Confines this process, for good, and says to what. Everything that it needs is open
/// and read by now.
///
/// # Errors
///
/// If the plan demands more than there is. The process is then of no use any more.
pub fn enter(plan: &Plan) -> Result<Tier, Refusal> {
    enter_outer(plan).and_then(|outer| enter_inner(plan, outer))
}

/// Passes the outer gate: no file, no privilege, the user of nobody's. This process may
/// start others yet, which inherit all of it, and run no code that is not ours.
///
/// # Errors
///
/// As [`enter`].
pub fn enter_outer(plan: &Plan) -> Result<Tier, Refusal> {
    match plan.demand {
        Demand::Off => Ok(Tier::NOTHING),
        Demand::BestEffort | Demand::Required => layers::outer(plan),
    }
}

/// Passes the inner gate, behind the outer one: time and memory, no further process, and
/// no call but those of a run.
///
/// # Errors
///
/// As [`enter`].
pub fn enter_inner(plan: &Plan, outer: Tier) -> Result<Tier, Refusal> {
    if plan.demand == Demand::Off {
        let refused = |error: std::io::Error| refusal(Layer::Limits.name(), error);
        return plan.limits.apply().map_err(refused).map(|()| Tier::NOTHING);
    }
    let tier = layers::inner(plan, outer)?;
    let mut lacking = tier.lacks();
    lacking.retain(|layer| !plan.without.contains(layer));
    match lacking.first() {
        Some(layer) if plan.demand == Demand::Required => {
            Err(refusal(layer.name(), "this machine does not offer it"))
        }
        _ => Ok(tier),
    }
}

fn refusal(layer: &'static str, why: impl ToString) -> Refusal {
    Refusal {
        layer,
        why: why.to_string(),
    }
}

#[cfg(target_os = "linux")]
mod layers {
    use std::fmt::Display;

    use super::{Plan, Refusal, refusal};
    use crate::files::Files;
    use crate::tier::{Demand, Layer, Tier};
    use crate::{calls, limits, user};

    /// The limits come before the change of user, which root's limits do not survive;
    /// the death with the parent comes after it, which revokes it.
    pub(super) fn outer(plan: &Plan) -> Result<Tier, Refusal> {
        let mut tier = Tier::NOTHING;
        user::be_first_out_of_memory();
        if let Some(()) = layer(plan, Layer::Limits, limits::leave_nothing_else)? {
            tier.limits = true;
        }
        // Root that may not become anybody else is told in the tier.
        if !plan.without.contains(&Layer::User) {
            tier.user = user::leave_root().is_ok_and(|left| left.is_some());
        }
        die_with_parent(plan)?;
        user::hide_memory().map_err(|error| refusal("memory", error))?;
        if let Some(enforced) = layer(plan, Layer::Landlock, || Files::nothing().confine())? {
            tier.landlock = enforced.abi;
        }
        Ok(tier)
    }

    /// Nobody inherits whom to die with. seccomp forbids whatever the others need.
    pub(super) fn inner(plan: &Plan, outer: Tier) -> Result<Tier, Refusal> {
        let mut tier = outer;
        die_with_parent(plan)?;
        let limited = layer(plan, Layer::Limits, || {
            limits::leave_no_process()?;
            plan.limits.apply()
        })?;
        tier.limits &= limited.is_some();
        if let Some(()) = layer(plan, Layer::Seccomp, || {
            calls::confine(&plan.writable, &plan.readable)
        })? {
            tier.seccomp = true;
        }
        Ok(tier)
    }

    fn die_with_parent(plan: &Plan) -> Result<(), Refusal> {
        let dies = plan.parent.map_or(Ok(()), user::die_with);
        dies.map_err(|error| refusal("parent", error))
    }

    /// A layer; none if it is left out, or cannot be had and is not demanded.
    fn layer<T, E: Display>(
        plan: &Plan,
        layer: Layer,
        enter: impl FnOnce() -> Result<T, E>,
    ) -> Result<Option<T>, Refusal> {
        if plan.without.contains(&layer) {
            return Ok(None);
        }
        match enter() {
            Ok(entered) => Ok(Some(entered)),
            Err(error) if plan.demand == Demand::Required => Err(refusal(layer.name(), error)),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod layers {
    use super::{Plan, Refusal};
    use crate::tier::Tier;

    pub(super) fn outer(_: &Plan) -> Result<Tier, Refusal> {
        Ok(Tier::NOTHING)
    }

    pub(super) fn inner(_: &Plan, outer: Tier) -> Result<Tier, Refusal> {
        Ok(outer)
    }
}
