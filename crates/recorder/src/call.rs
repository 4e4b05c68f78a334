//! The arguments of a system call.

use vmsim::addr::TASK_SIZE;

use crate::line::Expected;

/// What valgrind printed between the brackets: `0x4869887(/proc/x), 524288`.
#[derive(Clone, Copy)]
pub(crate) struct Args<'a>(pub &'a str);

impl<'a> Args<'a> {
    /// The number at this place, from 0: decimal, or hexadecimal after `0x`.
    pub fn number(self, place: usize) -> Result<u64, Expected> {
        self.digits(place)
            .and_then(parse)
            .ok_or("a number as argument")
    }

    /// The address or length at this place.
    pub fn bytes(self, place: usize) -> Result<u64, Expected> {
        let bytes = self.number(place)?;
        match bytes <= TASK_SIZE {
            true => Ok(bytes),
            false => Err("an address or length within user memory as argument"),
        }
    }

    /// The number at this place, which valgrind prints in hexadecimal without
    /// saying so.
    pub fn bare_hex(self, place: usize) -> Result<u64, Expected> {
        let digits = self.digits(place).map(|text| u64::from_str_radix(text, 16));
        digits
            .and_then(Result::ok)
            .ok_or("a hexadecimal number as argument")
    }

    /// The text that valgrind read at the address at this place.
    pub fn text(self, place: usize) -> Option<&'a str> {
        let (_, text) = self.word(place)?.split_once('(')?;
        text.strip_suffix(')')
    }

    fn digits(self, place: usize) -> Option<&'a str> {
        self.word(place)?.split('(').next()
    }

    fn word(self, place: usize) -> Option<&'a str> {
        self.0.split(", ").nth(place)
    }
}

fn parse(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text
            .parse()
            .ok()
            .or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
    }
}
