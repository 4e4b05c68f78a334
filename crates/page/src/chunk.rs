//! Some scenes and the state before them, packed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::write::EncoderWriter;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use film::scene::Scene;
use film::state::State;

use crate::difference::Difference;
use crate::told::Told;

/// Scenes of a chunk. Fewer make the file larger, because each chunk has a whole state;
/// more make a jump slower, because a chunk is unpacked as a whole.
pub const EVENTS: u64 = 1000;

/// A chunk that is being filled.
#[derive(Default)]
pub struct Chunk {
    reels: Vec<Vec<u8>>,
    differences: BTreeMap<u64, Vec<Difference>>,
}

impl Chunk {
    /// Starts a chunk: a state for each run that it tells of.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn starting(states: &[&State]) -> io::Result<Self> {
        let mut chunk = Self::default();
        for state in states {
            let mut reel = b"{\"state\":".to_vec();
            serde_json::to_writer(&mut reel, state)?;
            reel.extend(b",\"scenes\":[");
            chunk.reels.push(reel);
        }
        Ok(chunk)
    }

    /// Adds a scene to a run.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn add(&mut self, run: usize, scene: &Scene) -> io::Result<()> {
        let reel = &mut self.reels[run];
        if reel.last() != Some(&b'[') {
            reel.push(b',');
        }
        Ok(serde_json::to_writer(reel, &Told::from(scene))?)
    }

    /// Adds what the runs differ in at an event.
    pub fn differ(&mut self, event: u64, differences: Vec<Difference>) {
        self.differences.insert(event, differences);
    }

    /// Writes the chunk, packed.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut packed = Packer::new(out);
        packed.write_all(b"{\"runs\":[")?;
        for (number, reel) in self.reels.iter().enumerate() {
            if number > 0 {
                packed.write_all(b",")?;
            }
            packed.write_all(reel)?;
            packed.write_all(b"]}")?;
        }
        packed.write_all(b"],\"differences\":")?;
        serde_json::to_writer(&mut packed, &self.differences)?;
        packed.write_all(b"}")?;
        packed.finish()
    }
}

/// Packs what is written to it: deflate, then base64, which is safe in any markup.
struct Packer<'a, W: Write> {
    deflate: ZlibEncoder<EncoderWriter<'a, base64::engine::GeneralPurpose, W>>,
}

impl<W: Write> Packer<'_, W> {
    fn new(out: W) -> Self {
        let base64 = EncoderWriter::new(out, &base64::engine::general_purpose::STANDARD);
        Self {
            deflate: ZlibEncoder::new(base64, Compression::default()),
        }
    }

    fn finish(self) -> io::Result<()> {
        self.deflate.finish()?.finish().map(drop)
    }
}

impl<W: Write> Write for Packer<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.deflate.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.deflate.flush()
    }
}
