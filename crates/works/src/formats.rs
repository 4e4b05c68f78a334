//! A work as other programs read it.

use std::io::{self, Write};

use crate::work::{Access, Work};

/// Page numbers, one a line: what most programs read.
///
/// # Errors
///
/// If `out` takes no more.
pub fn lines(work: &Work, out: &mut impl Write) -> io::Result<()> {
    work.references()
        .try_for_each(|seen| writeln!(out, "{}", seen.page))
}

/// Page numbers of four bytes each, lowest byte first.
///
/// # Errors
///
/// If `out` takes no more.
pub fn packed(work: &Work, out: &mut impl Write) -> io::Result<()> {
    work.references()
        .try_for_each(|seen| out.write_all(&seen.page.to_le_bytes()))
}

/// A letter and an address, one reference a line, as valgrind's lackey names them: what
/// simulators from courses read.
///
/// # Errors
///
/// If `out` takes no more.
pub fn letters(work: &Work, out: &mut impl Write) -> io::Result<()> {
    work.references().try_for_each(|seen| {
        let letter = match seen.access {
            Access::Read => 'L',
            Access::Write => 'S',
            Access::Exec => 'I',
        };
        writeln!(out, "{letter} {:x}000", seen.page)
    })
}

/// The records that libCacheSim calls oracleGeneral, 24 bytes each: the time (4), the
/// object (8), its size (4), and the time at which it is next used or -1 (8), all of them
/// lowest byte first.
///
/// # Errors
///
/// If `out` takes no more.
pub fn oracle_general(work: &Work, out: &mut impl Write) -> io::Result<()> {
    for ((time, seen), next) in work.references().enumerate().zip(next_uses(work)) {
        out.write_all(&(time as u32).to_le_bytes())?;
        out.write_all(&u64::from(seen.page).to_le_bytes())?;
        out.write_all(&1_u32.to_le_bytes())?;
        out.write_all(&next.to_le_bytes())?;
    }
    Ok(())
}

/// When the page of each reference is used again; -1 for never.
fn next_uses(work: &Work) -> Vec<i64> {
    const NEVER: i64 = -1;
    let mut next_of = vec![NEVER; work.pages as usize];
    let pages: Vec<u32> = work.references().map(|seen| seen.page).collect();
    let mut next_uses = vec![NEVER; pages.len()];
    for (time, &page) in pages.iter().enumerate().rev() {
        next_uses[time] = next_of[page as usize];
        next_of[page as usize] = time as i64;
    }
    next_uses
}
