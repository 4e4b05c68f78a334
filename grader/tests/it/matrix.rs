//! The matrix of lab 3: each protection, each access, touched or not, each kind of
//! memory behind it. Every cell occurs in a trace of the lab, and ends as the handout's
//! table says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::rc::Rc;

use course::catalogue::{Lab, Trace};
use vmsim::event::{Event, Op, Sharing};
use vmsim::machine::Machine;
use vmsim::mm::Entry;
use vmsim::vma::{Backing, Vma};
use vmtrace::open::open;

use crate::workspace::catalogue;

const PROTECTIONS: [&str; 8] = ["none", "r", "w", "x", "rw", "rx", "wx", "rwx"];
const ACCESSES: [&str; 3] = ["read", "write", "exec"];
const BACKINGS: [&str; 4] = [
    "private memory",
    "shared memory",
    "private file",
    "shared file",
];

/// A cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    prot: String,
    access: &'static str,
    touched: bool,
    backing: &'static str,
}

/// What the handout's table says of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Repaired, or no fault at all.
    Allowed,
    /// SEGV_ACCERR at once.
    Refused,
    /// The page comes in, and the next try is refused.
    RefusedLater,
}

#[test]
fn every_cell_of_the_matrix_occurs_in_lab_3() {
    let found = cells();
    let mut missing = Vec::new();
    for cell in all_cells() {
        if !found.contains_key(&cell) {
            missing.push(cell);
        }
    }
    assert_eq!(all_cells().count(), 8 * 3 * 2 * 4);
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_cell_ends_as_the_table_of_the_handout_says() {
    for (cell, classes) in cells() {
        let expected = outcome(&cell);
        for class in classes {
            let got = match class.as_str() {
                "segv accerr" => Outcome::Refused,
                class if class.ends_with("then segv accerr") => Outcome::RefusedLater,
                _ => Outcome::Allowed,
            };
            assert_eq!(got, expected, "{cell:?}: {class}");
        }
    }
}

/// Rule R3.
fn outcome(cell: &Cell) -> Outcome {
    let allows = |letter| cell.prot != "none" && cell.prot.contains(letter);
    match cell.access {
        _ if cell.prot == "none" => Outcome::Refused,
        "write" if !allows('w') => Outcome::Refused,
        "exec" if !allows('x') && cell.touched => Outcome::Refused,
        "exec" if !allows('x') => Outcome::RefusedLater,
        _ => Outcome::Allowed,
    }
}

fn all_cells() -> impl Iterator<Item = Cell> {
    let cell = |prot: &str, access, touched, backing| Cell {
        prot: prot.to_owned(),
        access,
        touched,
        backing,
    };
    PROTECTIONS.into_iter().flat_map(move |prot| {
        ACCESSES.into_iter().flat_map(move |access| {
            [false, true].into_iter().flat_map(move |touched| {
                BACKINGS
                    .into_iter()
                    .map(move |backing| cell(prot, access, touched, backing))
            })
        })
    })
}

/// The cells that occur, and the classes that the accesses to them have.
fn cells() -> BTreeMap<Cell, Vec<String>> {
    let catalogue = catalogue();
    let is_it = |lab: &&Lab| lab.number == 3;
    let lab = catalogue.labs.iter().find(is_it).expect("there is a lab 3");
    let mut found: BTreeMap<Cell, Vec<String>> = BTreeMap::new();
    for (cell, class) in lab.traces.iter().flat_map(cells_of) {
        found.entry(cell).or_default().push(class);
    }
    found
}

fn cells_of(trace: &Trace) -> Vec<(Cell, String)> {
    let name = trace.path.display();
    let file = File::open(&trace.path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let lines = open(BufReader::new(file)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut machine = Machine::new(*lines.config(), Rc::new(solution::Reference));
    let mut found = Vec::new();
    for line in lines {
        let event = line.unwrap_or_else(|error| panic!("{name}: {error}")).event;
        let cell = cell(&machine, &event);
        let class = machine.step(&event).class();
        // Behind the end of a file it is another question (rule R9).
        found.extend(
            cell.filter(|_| !class.contains("bus"))
                .map(|cell| (cell, class)),
        );
    }
    found
}

/// The cell that an event is about, if it is an access of a program to one page of a
/// mapping.
fn cell(machine: &Machine, event: &Event) -> Option<Cell> {
    let (pid, addr, access) = match event.op {
        Op::Read { pid, addr, size } if fits(addr.page_offset(), size) => (pid, addr, "read"),
        Op::Write {
            pid, addr, size, ..
        } if fits(addr.page_offset(), size) => (pid, addr, "write"),
        Op::Exec { pid, addr } => (pid, addr, "exec"),
        _ => return None,
    };
    let mm = machine.mm(pid)?;
    let vma = mm.vma(addr)?;
    Some(Cell {
        prot: vma.prot.to_string(),
        access,
        touched: mm.entry(addr.page()) != Entry::None,
        backing: backing(machine, vma),
    })
}

fn fits(offset: u64, size: u16) -> bool {
    offset + u64::from(size) <= vmsim::addr::PAGE_SIZE
}

fn backing(machine: &Machine, vma: &Vma) -> &'static str {
    let is_file = match vma.backing {
        Backing::Anonymous => false,
        Backing::Object { object, .. } => machine.file_of(object).is_some(),
    };
    match (is_file, vma.sharing) {
        (false, Sharing::Private) => BACKINGS[0],
        (false, Sharing::Shared) => BACKINGS[1],
        (true, Sharing::Private) => BACKINGS[2],
        (true, Sharing::Shared) => BACKINGS[3],
    }
}
