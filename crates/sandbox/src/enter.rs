//! The way into the sandbox of a run: all layers, in their order.

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
    if plan.demand == Demand::Off {
        let refused = |error: std::io::Error| refusal(Layer::Limits.name(), error);
        return plan.limits.apply().map_err(refused).map(|()| Tier::NOTHING);
    }
    let tier = layers::enter(plan)?;
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
    /// the death with the parent comes after it, which revokes it. Landlock needs a
    /// descriptor and calls that seccomp forbids.
    pub(super) fn enter(plan: &Plan) -> Result<Tier, Refusal> {
        let mut tier = Tier::NOTHING;
        user::be_first_out_of_memory();
        if let Some(()) = layer(plan, Layer::Limits, || {
            limits::leave_nothing_else()?;
            plan.limits.apply()
        })? {
            tier.limits = true;
        }
        // Root that may not become anybody else is told in the tier.
        if !plan.without.contains(&Layer::User) {
            tier.user = user::leave_root().is_ok_and(|left| left.is_some());
        }
        if let Some(parent) = plan.parent {
            user::die_with(parent).map_err(|error| refusal("parent", error))?;
        }
        let hidden = user::hide_memory();
        hidden.map_err(|error| refusal("memory", error))?;
        if let Some(enforced) = layer(plan, Layer::Landlock, || Files::nothing().confine())? {
            tier.landlock = enforced.abi;
        }
        if let Some(()) = layer(plan, Layer::Seccomp, || calls::confine(&plan.writable))? {
            tier.seccomp = true;
        }
        Ok(tier)
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

    pub(super) fn enter(_: &Plan) -> Result<Tier, Refusal> {
        Ok(Tier::NOTHING)
    }
}
