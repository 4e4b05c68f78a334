//! Some scenes, packed, and now and then the state before them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::write::EncoderWriter;
use film::scene::Scene;
use film::state::State;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::difference::Difference;
use crate::told::Told;

/// Scenes of a chunk: it is unpacked as a whole, in the time between two pictures.
pub const EVENTS: u64 = 1000;

/// A chunk that is being filled.
#[derive(Default)]
pub struct Chunk {
    states: Vec<Vec<u8>>,
    reels: Vec<Vec<u8>>,
    differences: BTreeMap<u64, Vec<Difference>>,
}

/// Which chunks have the state before them. A state may be large: one is told again when
/// so much was told since that it doubles neither the file nor the way to any event.
#[derive(Default)]
pub struct Keyframes {
    state_bytes: usize,
    bytes_since: usize,
}

impl Chunk {
    /// Starts a chunk of so many runs.
    pub fn of(runs: usize) -> Self {
        Self {
            reels: vec![Vec::new(); runs],
            ..Self::default()
        }
    }

    /// Tells the states that the runs have come to.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn begin_with(&mut self, states: &[&State]) -> io::Result<()> {
        self.states = states
            .iter()
            .map(serde_json::to_vec)
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Adds a scene to a run.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn add(&mut self, run: usize, scene: &Scene) -> io::Result<()> {
        let reel = &mut self.reels[run];
        if !reel.is_empty() {
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
            let separator = if number > 0 { "," } else { "" };
            write!(packed, "{separator}{{")?;
            if let Some(state) = self.states.get(number) {
                packed.write_all(b"\"state\":")?;
                packed.write_all(state)?;
                packed.write_all(b",")?;
            }
            packed.write_all(b"\"scenes\":[")?;
            packed.write_all(reel)?;
            packed.write_all(b"]}")?;
        }
        packed.write_all(b"],\"differences\":")?;
        serde_json::to_writer(&mut packed, &self.differences)?;
        packed.write_all(b"}")?;
        packed.finish()
    }
}

impl Keyframes {
    /// Whether the next chunk begins with a state.
    pub fn is_due(&self) -> bool {
        self.bytes_since >= self.state_bytes
    }

    /// Takes note of a chunk.
    pub fn pass(&mut self, chunk: &Chunk) {
        let bytes = |parts: &[Vec<u8>]| parts.iter().map(Vec::len).sum::<usize>();
        if !chunk.states.is_empty() {
            self.state_bytes = bytes(&chunk.states);
            self.bytes_since = 0;
        }
        self.bytes_since += bytes(&chunk.reels);
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
