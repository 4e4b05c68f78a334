//! The compression around a tar archive.

use std::cell::Cell;
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

use super::super::harvest::Harvest;
use super::super::refusal::Refusal;
use super::tar;

/// Reads a compressed tar archive. Several compressed parts in a row are one archive,
/// as they are for `gunzip`.
pub fn read(bytes: &[u8]) -> Result<Harvest, Refusal> {
    let consumed = Cell::new(0);
    let reader = Gunzip {
        decoder: MultiGzDecoder::new(bytes),
        length: bytes.len(),
        consumed: &consumed,
    };
    tar::read(reader, Some(&consumed))
}

/// Unpacks, and tells how much it took.
struct Gunzip<'a> {
    decoder: MultiGzDecoder<&'a [u8]>,
    length: usize,
    consumed: &'a Cell<u64>,
}

impl Read for Gunzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer);
        let left = self.decoder.get_ref().len();
        self.consumed.set((self.length - left) as u64);
        count
    }
}
