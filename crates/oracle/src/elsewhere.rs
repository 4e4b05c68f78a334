//! What stands in for the native machine where there can be none.

use std::path::Path;

use vmsim::addr::{Pid, Vpn};
use vmsim::event::Event;

use crate::error::Error;
use crate::outcome::{NativePage, Outcome};
use crate::plan::Plan;

/// No machine: this computer is not Linux on x86-64.
#[derive(Debug)]
pub enum NativeMachine {}

impl NativeMachine {
    /// Fails.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn new(_: &Plan, _: &Path) -> Result<Self, Error> {
        Err(Error::Lacking(format!(
            "a native run needs Linux on x86-64, and this is {} on {}",
            std::env::consts::OS,
            std::env::consts::ARCH
        )))
    }

    /// Is never called, for want of a machine.
    ///
    /// # Errors
    ///
    /// None.
    pub fn step(&mut self, _: &Event) -> Result<Outcome, Error> {
        match *self {}
    }

    /// Is never called, for want of a machine.
    pub fn pages(&self, _: Pid, _: Vpn, _: Vpn) -> Option<Vec<NativePage>> {
        match *self {}
    }
}

#[test]
fn it_says_what_it_needs() {
    let plan = Plan::of(&vmsim::event::Config::default(), std::iter::empty());
    let refused = NativeMachine::new(&plan, Path::new(".")).unwrap_err();
    assert!(refused.to_string().contains("needs Linux on x86-64"));
}
