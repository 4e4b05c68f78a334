//! What is read: a million references, as a long trace has them.

use std::fmt;
use std::fmt::Write;

use vmtrace::binary::encode::Encoder;
use vmtrace::open::open;

/// References of a work.
pub const EVENTS: usize = 1_000_000;

/// A kind of trace.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Writes to pages at random, one address as likely as another.
    Pages,
    /// What a program does, as lackey of valgrind tells it: mostly fetches, one behind
    /// the other, and reads and writes of several sizes near the stack and in the heap.
    Program,
}

impl Work {
    pub const ALL: [Work; 2] = [Work::Pages, Work::Program];

    /// The work as text.
    pub fn text(self) -> Vec<u8> {
        let mut lots = Lots(1);
        let mut text = "mmap 1 0x4000000 400M rw private anon\n".to_owned();
        let mut fetched = 0x400_1000;
        for _ in 0..EVENTS {
            match self {
                Work::Pages => page(&mut text, &mut lots),
                Work::Program => step(&mut text, &mut lots, &mut fetched),
            }
        }
        text.into_bytes()
    }

    /// The work in the binary form.
    pub fn binary(self) -> Vec<u8> {
        let text = self.text();
        let trace = open(&text[..]).expect("the work is a trace");
        let mut encoder = Encoder::new(Vec::new(), trace.config()).expect("it was read");
        for line in trace {
            let line = line.expect("the work is a trace");
            encoder.write(&line.event).expect("it was read");
        }
        encoder.finish().expect("memory can be written")
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Work::Pages => "pages",
            Work::Program => "program",
        })
    }
}

fn page(text: &mut String, lots: &mut Lots) {
    let addr = 0x1000_0000 + 4096 * lots.below(100_000);
    writeln!(text, "write 1 {addr:#x}").expect("a string takes it");
}

fn step(text: &mut String, lots: &mut Lots, fetched: &mut u64) {
    let addr = match lots.below(2) {
        0 => 0x1f_feff_e000 + lots.below(4096),
        _ => 0x520_0000 + lots.below(100_000),
    };
    let size = 1 << lots.below(4);
    match lots.below(20) {
        0..3 => writeln!(text, "write 1 {addr:#x} {size}B ={}", lots.below(256)),
        3..8 => writeln!(text, "read 1 {addr:#x} {size}B"),
        8 => {
            *fetched = 0x400_0000 + lots.below(0x10_0000);
            writeln!(text, "exec 1 {fetched:#x}")
        }
        _ => {
            *fetched += 2 + lots.below(6);
            writeln!(text, "exec 1 {fetched:#x}")
        }
    }
    .expect("a string takes it");
}

/// Numbers that look random and are the same each time (SplitMix64, by Steele, Lea and
/// Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
struct Lots(u64);

impl Lots {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}
