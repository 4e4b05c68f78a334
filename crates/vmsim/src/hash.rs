//! Hashes of the machine's numbers.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes [`NumberHasher`]s.
pub(crate) type ByNumber = BuildHasherDefault<NumberHasher>;

/// Mixes numbers by a multiplication (Knuth, The Art of Computer Programming, vol. 3,
/// 6.4). The usual hasher is ten times slower, for a defence against chosen keys that a
/// simulated machine does not need.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NumberHasher(u64);

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for NumberHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(GOLDEN);
    }

    /// The best mixed bits of a product are its upper ones.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
