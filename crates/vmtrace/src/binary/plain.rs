//! The plainest records, at nearly the speed of memory.
//!
//! Nearly all records of a long trace are accesses of the same process on the same CPU as
//! the one before. They are read here, a varint at a time, if a buffer holds them as a
//! whole. All others are left to the [decoder](super::decode), which defines the form, and
//! damaged ones above all: what is read here is what it would have read.

use vmsim::event::UserAccess;
use vmsim::fault::Access;

use crate::binary::kind;
use crate::limits::ACCESS_SIZE_MAX;
use crate::valid::value_mask;

/// Eight bytes that are 1.
const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// What the tag of a plain record tells.
#[derive(Clone, Copy)]
struct Form {
    kind: Access,
    has_value: bool,
}

/// The form of each tag: a look-up, because nobody can guess the next tag.
const FORMS: [Option<Form>; 256] = forms();

/// Reads the record at the start of `bytes`, if it is a plain one and is there as a
/// whole, with some bytes behind it. `last` is the access before, whose CPU and process
/// are this one's. Returns its length as well.
#[inline(always)]
pub(crate) fn access(bytes: &[u8], last: &UserAccess) -> Option<(UserAccess, usize)> {
    let tag = *bytes.first()?;
    let Form { kind, has_value } = FORMS[usize::from(tag)]?;
    let (zigzag, mut at) = varint(bytes, 1)?;
    let (mut size, mut value) = (1, None);
    if tag & kind::HAS_SIZE != 0 {
        (size, at) = varint(bytes, at)?;
        if !(1..=u64::from(ACCESS_SIZE_MAX)).contains(&size) {
            return None;
        }
    }
    let size = size as u16;
    if has_value {
        let (number, end) = varint(bytes, at)?;
        if number & !value_mask(size) != 0 {
            return None;
        }
        (value, at) = (Some(number), end);
    }
    let access = UserAccess {
        addr: kind::stepped(last.addr, zigzag),
        size,
        kind,
        value,
        ..*last
    };
    Some((access, at))
}

/// Reads a varint of at most eight bytes, and tells where it ends.
///
/// All bytes are looked at at once: those up to the first without its highest bit are
/// the number, and their seven bits each are pushed together in pairs.
#[inline(always)]
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let last = !word & (0x80 * ONES);
    if last == 0 {
        return None;
    }
    // The bits below the highest of the last byte.
    let number = word & (last ^ (last - 1)) & (0x7f * ONES);
    let number = (number & 0x7f00_7f00_7f00_7f00) >> 1 | number & 0x007f_007f_007f_007f;
    let number = (number & 0x3fff_0000_3fff_0000) >> 2 | number & 0x0000_3fff_0000_3fff;
    let number = (number & 0x0fff_ffff_0000_0000) >> 4 | number & 0x0fff_ffff;
    Some((number, at + last.trailing_zeros() as usize / 8 + 1))
}

const fn forms() -> [Option<Form>; 256] {
    let mut forms = [None; 256];
    let mut tag = 0;
    while tag < forms.len() {
        forms[tag] = form(tag as u8);
        tag += 1;
    }
    forms
}

const fn form(tag: u8) -> Option<Form> {
    let (kind, has_value) = match tag & !kind::HAS_SIZE {
        kind::READ => (Access::Read, false),
        kind::WRITE => (Access::Write, false),
        kind::WRITE_VALUE => (Access::Write, true),
        // An access of a size that it cannot have.
        kind::EXEC if tag & kind::HAS_SIZE == 0 => (Access::Exec, false),
        _ => return None,
    };
    Some(Form { kind, has_value })
}
