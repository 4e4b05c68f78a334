//! Loads, stores and fetches, one instruction where there is one.

use nix::sys::signal::Signal as Signo;
use vmsim::addr::VirtAddr;
use vmsim::fault::{Signal, SignalCode};

use crate::error::Error;
use crate::native::tracee::{Stop, Tracee};
use crate::outcome::End;

/// The longest instruction (Intel SDM vol. 2A, 2.3.11).
const INSTRUCTION_BYTES_MAX: u64 = 15;

/// What the kernel says of an access.
pub(crate) fn end_of(stop: Stop) -> Result<End, Error> {
    let Stop::Signal { signal, code, addr } = stop else {
        return match stop {
            Stop::Done => Ok(End::Done),
            other => Err(Error::Unexpected(format!("an access ended in {other:?}"))),
        };
    };
    let code = match (signal, code) {
        (Signo::SIGSEGV, 1) => SignalCode::Maperr,
        (Signo::SIGSEGV, 2) => SignalCode::Accerr,
        (Signo::SIGSEGV, libc::SI_KERNEL) => SignalCode::Kernel,
        (Signo::SIGBUS, 2) => SignalCode::Adrerr,
        _ => {
            let text = format!("an access ended in {signal}, si_code {code}, at {addr:#x}");
            return Err(Error::Unexpected(text));
        }
    };
    let addr = VirtAddr(addr);
    Ok(End::Signalled(Signal { code, addr }))
}

/// Loads an access piece by piece; a single instruction where there is one for
/// its size. More than the first piece cannot fault but on a second page.
pub(crate) fn load(tracee: &mut Tracee, addr: u64, size: u16) -> Result<(Stop, u64), Error> {
    let mut value = 0;
    for (offset, piece) in pieces(size) {
        let at = addr.wrapping_add(u64::from(offset));
        let (stop, loaded) = tracee.load(at, piece)?;
        if stop != Stop::Done {
            return Ok((stop, 0));
        }
        let loaded = loaded & mask(piece);
        value |= loaded << (8 * offset);
    }
    match size {
        0..=8 => Ok((Stop::Done, value)),
        _ => Ok((tracee.load_many(addr + 8, u64::from(size) - 8)?, value)),
    }
}

/// Stores an access piece by piece, like [`load`]; the bytes beyond the eighth are
/// zero.
pub(crate) fn store(tracee: &mut Tracee, addr: u64, size: u16, value: u64) -> Result<Stop, Error> {
    for (offset, piece) in pieces(size) {
        let at = addr.wrapping_add(u64::from(offset));
        let stop = tracee.store(at, piece, value >> (8 * offset))?;
        if stop != Stop::Done {
            return Ok(stop);
        }
    }
    match size {
        0..=8 => Ok(Stop::Done),
        _ => tracee.store_zeroes(addr + 8, u64::from(size) - 8),
    }
}

/// Offsets and sizes of the pieces that the first eight bytes of an access are
/// loaded or stored in.
fn pieces(size: u16) -> impl Iterator<Item = (u16, u16)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let left = size.min(8) - done;
        let piece = [8, 4, 2, 1].into_iter().find(|&piece| piece <= left)?;
        done += piece;
        Some((done - piece, piece))
    })
}

fn mask(size: u16) -> u64 {
    match size {
        8 => u64::MAX,
        _ => (1 << (8 * size)) - 1,
    }
}

/// The first eight bytes as a number, little-endian.
pub(crate) fn first_bytes(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0, |value, &byte| value << 8 | u64::from(byte))
}

/// Fetches the instruction at an address. What it does once it is fetched, or the
/// signal that it then raises itself, says nothing about the fetch.
pub(crate) fn fetch(tracee: &mut Tracee, addr: VirtAddr) -> Result<Stop, Error> {
    if !addr.is_canonical() {
        return tracee.jump(addr.0);
    }
    let stop = tracee.execute(addr.0)?;
    let refused = match stop {
        Stop::Signal {
            signal: Signo::SIGSEGV | Signo::SIGBUS,
            addr: at,
            ..
        } => at.wrapping_sub(addr.0) < INSTRUCTION_BYTES_MAX,
        Stop::Gone => return Err(Error::Unexpected("a fetch ended the process".into())),
        _ => false,
    };
    Ok(if refused { stop } else { Stop::Done })
}
