//! The seeded order of frames and slots: the only chance in the machine.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, OOPSLA 2014).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Rng(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Puts the numbers in an order of its own (Fisher and Yates).
    pub(crate) fn shuffle(&mut self, numbers: &mut [u32]) {
        for last in (1..numbers.len()).rev() {
            let other = (self.next() % (last as u64 + 1)) as usize;
            numbers.swap(last, other);
        }
    }
}

/// Hands out the numbers below a limit, in a seeded order, and takes them back.
///
/// Numbers are drawn a block at a time, so that a large machine costs nothing
/// until it is used.
#[derive(Clone, Debug)]
pub(crate) struct NumberPool {
    free: Vec<u32>,
    drawn: u32,
    limit: u32,
    /// How many numbers nobody has.
    left: u32,
    rng: Rng,
}

/// Numbers drawn and shuffled at a time.
const BLOCK: u32 = 64;

impl NumberPool {
    pub(crate) fn new(limit: u32, seed: u64) -> Self {
        Self {
            free: Vec::new(),
            drawn: 0,
            limit,
            left: limit,
            rng: Rng::new(seed),
        }
    }

    #[inline]
    pub(crate) fn take(&mut self) -> Option<u32> {
        if self.free.is_empty() {
            self.draw();
        }
        let number = self.free.pop()?;
        self.left -= 1;
        Some(number)
    }

    pub(crate) fn give_back(&mut self, number: u32) {
        self.free.push(number);
        self.left += 1;
    }

    /// Hands out a number, and takes another one back after that.
    #[inline(always)]
    pub(crate) fn exchange(&mut self, back: u32) -> Option<u32> {
        match self.free.last_mut() {
            Some(next) => Some(std::mem::replace(next, back)),
            None => {
                let number = self.take();
                self.give_back(back);
                number
            }
        }
    }

    /// How many numbers nobody has.
    pub(crate) fn left(&self) -> u32 {
        self.left
    }

    #[cold]
    fn draw(&mut self) {
        let end = self.limit.min(self.drawn.saturating_add(BLOCK));
        self.free.extend(self.drawn..end);
        self.rng.shuffle(&mut self.free);
        self.drawn = end;
    }
}
