//! Random traces that look for what they have not shown yet.
//!
//! At each step the generator of `vmtrace` and earlier accesses of the trace propose
//! some events. The reference tries each of them; the one that leads to the most
//! that is new, of the rarest class, happens.

mod proposals;

use std::collections::{BTreeMap, HashSet};

use vmsim::addr::{CpuId, VirtAddr};
use vmsim::event::{Config, Event, Growth, Op};
use vmtrace::generate::Generator;
use vmtrace::generate::chance::Chance;

use crate::listener::Holes;
use crate::script::Script;
use crate::shape::{Shape, shape};
use crate::sight::{Glimpse, Sight};
use crate::situation::Situation;
use crate::variant::{move_apart, rename};

/// Events of a random trace before it is shrunk: as many as a person reads.
const EVENTS: std::ops::RangeInclusive<u64> = 30..=44;

/// Steps for each event, of which some lead to nothing.
const TRIES_PER_EVENT: usize = 3;

/// Events that are proposed at each step.
const PROPOSALS: u64 = 10;

/// How much a new situation counts, a class that was not seen yet, and an event that is
/// no access.
const NEW_SITUATION: u64 = 5;
const NEW_MAX: u64 = 14;
const NEW_CLASS: u64 = 60;
const CHANGE: u64 = 16;

/// How much a proposal may count by luck.
const LUCK: u64 = 20;

/// Steps in a hundred in which memory may run out, if it is that short.
const STARVED_PERCENT: u64 = 8;

/// Looks at what was written, at the end of a trace.
const LAST_LOOKS: usize = 6;

/// A random trace of a lab; the same for the same number everywhere.
pub fn draw(lab: u8, holes: Holes, number: u64) -> Script {
    let mut chance = Chance::new(number);
    let shape = shape(lab, &mut chance);
    Draw::new(number, shape, holes, chance).finish()
}

/// A trace under way.
struct Draw {
    chance: Chance,
    shape: Shape,
    generator: Generator,
    sight: Sight,
    events: Vec<Event>,
    seen: HashSet<Situation>,
    classes: BTreeMap<String, u64>,
}

/// What may happen in a step besides what goes well.
#[derive(Clone, Copy)]
struct May {
    /// An access may be refused.
    refuse: bool,
    /// A process may be killed for want of memory.
    starve: bool,
}

/// A proposal, and what becomes of everything if it is taken.
struct Choice {
    worth: u64,
    event: Event,
    generator: Option<Generator>,
    sight: Sight,
    glimpse: Glimpse,
}

impl Draw {
    fn new(number: u64, shape: Shape, holes: Holes, chance: Chance) -> Self {
        let generator = Generator::new(number, &shape.options);
        Self {
            sight: Sight::new(*generator.config(), holes),
            generator,
            shape,
            chance,
            events: Vec::new(),
            seen: HashSet::new(),
            classes: BTreeMap::new(),
        }
    }

    fn finish(mut self) -> Script {
        let length = self.chance.within(EVENTS) as usize;
        for _ in 0..TRIES_PER_EVENT * length {
            if self.events.len() < length {
                self.step();
            }
        }
        self.last_looks();
        let mut script = Script {
            config: *self.generator.config(),
            events: self.events,
        }
        .without_idle_files();
        script.config.seed = self.chance.below(1000);
        if !script.events.iter().any(is_stack) {
            script.config.stack_limit = Config::default().stack_limit;
        }
        move_apart(&mut script, &mut self.chance);
        rename(&mut script, &mut self.chance);
        script
    }

    /// The best of some proposals happens, if any of them may.
    fn step(&mut self) {
        if self.chance.percent(self.shape.flicker_percent) {
            self.flicker();
        }
        let may = May {
            refuse: self.chance.percent(self.shape.refused_percent),
            starve: self.chance.percent(STARVED_PERCENT),
        };
        let mut best: Option<Choice> = None;
        for number in 0..PROPOSALS {
            let Some((event, generator)) = self.proposal(number) else {
                continue;
            };
            let mut sight = self.sight.clone();
            let glimpse = sight.step(&event);
            let worth = self.worth(&glimpse, may);
            if worth > best.as_ref().map_or(0, |best| best.worth) {
                best = Some(Choice {
                    worth,
                    event,
                    generator,
                    sight,
                    glimpse,
                });
            }
        }
        // The generator goes on in another way, or it proposes the same for ever.
        self.generator = self.generator.diverge(PROPOSALS);
        if let Some(best) = best {
            if let Some(generator) = best.generator {
                self.generator = generator;
            }
            self.sight = best.sight;
            self.take(best.event, best.glimpse);
        }
    }

    fn take(&mut self, event: Event, glimpse: Glimpse) {
        self.seen.extend(glimpse.situations);
        if let Some(class) = glimpse.class {
            *self.classes.entry(class).or_default() += 1;
        }
        self.events.push(event);
    }

    /// What a proposal is worth; 0 if it must not happen.
    fn worth(&mut self, glimpse: &Glimpse, may: May) -> u64 {
        let bad = glimpse.refused || glimpse.fatal;
        let allowed = match glimpse.oom {
            true => may.starve,
            false => may.refuse || !bad,
        };
        // Somebody must be left to go on.
        let last = glimpse.fatal && self.sight.alive().len() == 1;
        if glimpse.failed || !allowed || last && self.events.len() < *EVENTS.start() as usize {
            return 0;
        }
        let situations: HashSet<_> = glimpse.situations.iter().collect();
        let is_new = |situation: &&&Situation| !self.seen.contains(**situation);
        let new = situations
            .iter()
            .filter(is_new)
            .map(|situation| situation.worth());
        let new = new.sum::<usize>() as u64;
        let class = glimpse.class.as_ref().map_or(CHANGE, |class| {
            NEW_CLASS / (1 + self.classes.get(class).copied().unwrap_or(0))
        });
        let wanted = if bad { NEW_CLASS } else { 0 };
        1 + new.min(NEW_MAX) * NEW_SITUATION + class + wanted + self.chance.below(LUCK)
    }

    /// Whoever is left reads what was written last.
    fn last_looks(&mut self) {
        let mut places: Vec<VirtAddr> = Vec::new();
        for event in self.events.iter().rev() {
            if let Op::Write { addr, .. } | Op::CopyOut { addr, .. } = event.op
                && !places.contains(&addr)
            {
                places.push(addr);
            }
        }
        let mut looks = 0;
        for addr in places {
            for pid in self.sight.alive() {
                let cpu = CpuId(self.chance.below(u64::from(self.shape.options.cpus)) as u8);
                let event = Event {
                    cpu,
                    op: Op::Read { pid, addr, size: 1 },
                };
                let mut sight = self.sight.clone();
                let glimpse = sight.step(&event);
                if looks < LAST_LOOKS && !glimpse.refused && !glimpse.failed {
                    looks += 1;
                    self.sight = sight;
                    self.take(event, glimpse);
                }
            }
        }
    }
}

/// Whether a stack is mapped, whose limit matters.
fn is_stack(event: &Event) -> bool {
    matches!(event.op, Op::Mmap { map, .. } if map.growth == Growth::Down)
}
