//! Kernels with one rule broken, to show that a check finds it.
//!
//! A comparison of the simulator with Linux that finds no difference proves
//! something only if it would have found one. Each [`NaiveRule`] is something that
//! people believe of Linux and that Linux does not do; [`machine`] gives the
//! reference with this one rule in place of the true one, and
//! [`NaiveRule::trace`] a few events that show the difference. A comparison that
//! misses one of these kernels would miss that mistake in the reference.
//!
//! Read [`rule`] for what is believed, then the modules where it is done:
//! `classify`, `repair` and `fork` replace one method of the reference (two rules
//! need a second one), and what the machine itself decides is a [`Choice`] of the
//! simulator. One more belief is a row in [`rule`], a type or a choice, a line in
//! `broken`, and a trace.
//!
//! ```
//! use naive::rule::NaiveRule;
//!
//! let rule = NaiveRule::FileSizeFirst;
//! assert_eq!(rule.name(), "file-size-first");
//! assert_eq!(rule.rule(), "R3");
//! let machine = naive::machine(Default::default(), Some(rule));
//! assert_eq!(machine.audit(), []);
//! ```

mod classify;
mod fork;
pub mod nearly;
mod repair;
pub mod rule;

use std::rc::Rc;

use solution::Reference;
use vmsim::event::Config;
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmsim::naive::Choice;

use nearly::{Nearly, NearlyReference};
use rule::NaiveRule;

/// A machine with the reference's handlers, but for one rule; without one, the
/// reference itself.
///
/// The machine carries any trace through: a broken rule may break invariants,
/// which the observations then report, but it does not end a run.
pub fn machine(config: Config, rule: Option<NaiveRule>) -> Machine {
    match rule.map(broken) {
        None => Machine::new(config, Rc::new(Reference)),
        Some(Broken::Handlers(handlers)) => Machine::new(config, handlers),
        Some(Broken::Machine(choice)) => Machine::naive(config, Rc::new(Reference), choice),
        Some(Broken::FaultAround) => {
            let alone = Config {
                fault_around: 1,
                ..config
            };
            Machine::new(alone, Rc::new(Reference))
        }
    }
}

/// Where a rule is broken.
enum Broken {
    /// In what students write.
    Handlers(Rc<dyn Handlers>),
    /// In what the machine decides.
    Machine(Choice),
    /// By the switch of the trace, which is turned off.
    FaultAround,
}

fn broken(rule: NaiveRule) -> Broken {
    match rule {
        NaiveRule::NonCanonicalFaults => Broken::Machine(Choice::NonCanonicalFaults),
        NaiveRule::KernelAddressIsForbidden => handlers(classify::KernelAddressIsForbidden),
        NaiveRule::FetchAsksVmaFirst => handlers(classify::FetchAsksVmaFirst),
        NaiveRule::ExecOnlyUnreadable => handlers(classify::ExecOnlyUnreadable),
        NaiveRule::WriteOnlyUnreadable => handlers(classify::WriteOnlyUnreadable),
        NaiveRule::PresenceFirst => handlers(classify::PresenceFirst),
        NaiveRule::FileSizeFirst => handlers(classify::FileSizeFirst),
        NaiveRule::ZeroPageUnused => handlers(repair::ZeroPageUnused),
        NaiveRule::NeverReuses => handlers(classify::NeverReuses),
        NaiveRule::PrivateWriteReadsFirst => handlers(repair::PrivateWriteReadsFirst),
        NaiveRule::EachReaderPays => handlers(repair::EachReaderPays),
        NaiveRule::SharedReadIsReadOnly => handlers(repair::SharedReadIsReadOnly),
        NaiveRule::FileReadIsWritable => handlers(repair::FileReadIsWritable),
        NaiveRule::MsyncKeepsWritable => handlers(repair::MsyncKeepsWritable),
        NaiveRule::NoFaultAround => Broken::FaultAround,
        NaiveRule::ZeroesBehindEnd => handlers(classify::ZeroesBehindEnd),
        NaiveRule::BrkKeepsPages => Broken::Machine(Choice::BrkKeepsPages),
        NaiveRule::MunmapTakesMappings => Broken::Machine(Choice::MunmapTakesMappings),
        NaiveRule::UnmappedSharedIsLost => handlers(repair::UnmappedSharedIsLost),
        NaiveRule::PageOutTakesShared => Broken::Machine(Choice::PageOutTakesShared),
        NaiveRule::PopulateReads => Broken::Machine(Choice::PopulateReads),
        NaiveRule::VmasStayApart => Broken::Machine(Choice::VmasStayApart),
        NaiveRule::MprotectAllOrNothing => Broken::Machine(Choice::MprotectAllOrNothing),
        NaiveRule::MprotectNeverRestores => handlers(repair::MprotectNeverRestores),
        NaiveRule::ProtNoneDropsPages => handlers(repair::ProtNoneDropsPages),
        NaiveRule::ForkCopiesPrivate => Broken::Machine(Choice::ForkCopiesPrivate),
        NaiveRule::ForkCopiesShared => Broken::Machine(Choice::ForkCopiesShared),
        NaiveRule::ForkCopiesMemory => handlers(fork::ForkCopiesMemory),
        NaiveRule::ForkKeepsExclusive => handlers(fork::ForkKeepsExclusive),
        NaiveRule::StackNeedsNoGap => handlers(classify::StackNeedsNoGap),
        NaiveRule::StackGrowsNearby => handlers(classify::StackGrowsNearby),
        NaiveRule::SwapInIsReadOnly => handlers(repair::SwapInIsReadOnly),
        NaiveRule::EachSwapInPays => handlers(repair::EachSwapInPays),
        NaiveRule::SystemCallSignals => handlers(classify::SystemCallSignals),
    }
}

fn handlers(nearly: impl Nearly + 'static) -> Broken {
    Broken::Handlers(Rc::new(NearlyReference(nearly)))
}

// Nothing of this folder is for students: STAYS-HOME-f38b2ffc
