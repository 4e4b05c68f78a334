//! The mistakes that students make, each as a kernel.
//!
//! A mutant is the reference with one mistake, named after the mistake and not
//! after the code. The hidden traces must expose each of them, and none of them is
//! there for its own sake: a trace that exposes no mutant is documentation or
//! noise, and a mutant that no trace exposes shows what the traces do not ask.
//!
//! A module a lab, and in it a table of its mutants, then the mutants in the order
//! of the table; a lab with many has a module for each hole. Most replace one method
//! of the reference: by a type (see [`naive::nearly`]), or by a function (see
//! `instead`). What the compiler does not let a student write is in [`impossible`],
//! and kernels that do nothing at all are in [`idle`].
//! The catalogue is `CATALOGUE.md`, and the tests hold the tables to it.

mod afterwards;
pub mod idle;
pub mod impossible;
mod instead;
mod lab1;
mod lab2;
mod lab3;
mod lab4;
mod lab5;
mod lab6;
mod lab7;
mod lab8;

use std::fmt;
use std::rc::Rc;

use naive::nearly::{Nearly, NearlyReference};
use vmsim::handlers::{Handlers, Hole};

/// A kernel with one mistake.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// Its number in the catalogue of mistakes: a letter for the topic (L lazy, C
    /// copy-on-write, T TLB, F files, S swap, R replacement, G stack, K
    /// classification, A accounting, X the kernel's own accesses, N further ones)
    /// and a number; with a plus sign for a mistake that is not in the catalogue.
    pub id: &'static str,
    /// What is wrong, in a few words with hyphens.
    pub name: &'static str,
    /// What is wrong, in a sentence without a full stop.
    pub mistake: &'static str,
    /// The holes that the mistake is in: the ones that must lose points.
    pub holes: &'static [Hole],
    /// Why no trace can tell it from the reference, if it is argued that none can.
    pub equivalent: Option<&'static str>,
    /// The kernel.
    pub handlers: fn() -> Rc<dyn Handlers>,
}

impl fmt::Debug for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)
    }
}

impl Mutant {
    /// All mutants, in the order of the labs.
    pub fn all() -> Vec<Mutant> {
        let labs: [&[Mutant]; 8] = [
            lab1::MUTANTS,
            lab2::MUTANTS,
            lab3::MUTANTS,
            lab4::MUTANTS,
            lab5::MUTANTS,
            lab6::MUTANTS,
            lab7::MUTANTS,
            lab8::MUTANTS,
        ];
        labs.concat()
    }

    /// The lab that must lose points: that of the hole the mistake is in.
    pub fn lab(&self) -> u8 {
        self.holes[0].lab()
    }

    /// Its handlers.
    pub fn handlers(&self) -> Rc<dyn Handlers> {
        (self.handlers)()
    }
}

/// A row of a table of mutants.
const fn mutant(
    id: &'static str,
    name: &'static str,
    mistake: &'static str,
    holes: &'static [Hole],
    handlers: fn() -> Rc<dyn Handlers>,
) -> Mutant {
    Mutant {
        id,
        name,
        mistake,
        holes,
        equivalent: None,
        handlers,
    }
}

/// The reference with the methods of a type that differ.
fn kernel<N: Nearly + Default + 'static>() -> Rc<dyn Handlers> {
    Rc::new(NearlyReference(N::default()))
}

// Nothing of this folder is for students: STAYS-HOME-80a4df5a
