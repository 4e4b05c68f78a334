//! Who is refused somewhere is served there, too.
//!
//! A trace in which an access ends in a signal proves nothing alone: a kernel that
//! refuses everything would pass it. So each refused access of a lab needs a twin
//! that is served: to the same mapping, in any trace of the lab, or, if no mapping
//! covers the address or none of it is in its file, anywhere in the same trace.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use course::catalogue::{Lab, Trace};
use solution::Reference;
use vmsim::addr::{CpuId, PAGE_SIZE, Pid, VirtAddr, Vpn};
use vmsim::event::{Config, Event, Mapping, Op, Populate, Source};
use vmsim::machine::Machine;
use vmsim::observe::End;
use vmtrace::open::open;
use vmtrace::text::print::EventText;

use super::Course;
use crate::finding::Finding;

const CHECK: &str = "twins";

/// A mapping as a trace asks for it, without whose it is:
/// `0x10000000 8K rw private anon`. Equal ones are taken for the same, also in
/// another trace.
pub type Asked = Rc<str>;

/// An access of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The line of the trace.
    pub line: u64,
    /// The event.
    pub event: String,
    /// The mapping that covers the address; none if there is none that could serve.
    pub mapping: Option<Asked>,
    /// Whether it ended in a signal, or in `EFAULT` in place of one.
    pub refused: bool,
}

pub(super) fn check(course: &Course) -> Vec<Finding> {
    let mut papers = course.papers.iter().zip(course.traces()).peekable();
    let mut found = Vec::new();
    while let Some((_, (lab, _))) = papers.peek().copied() {
        let mut traces = Vec::new();
        while let Some((paper, (_, trace))) =
            papers.next_if(|(_, (other, _))| std::ptr::eq(*other, lab))
        {
            traces.push((trace, accesses(&paper.trace)));
        }
        found.extend(of_lab(course, lab, &traces));
    }
    found
}

fn of_lab(course: &Course, lab: &Lab, traces: &[(&Trace, Vec<Access>)]) -> Vec<Finding> {
    let all = traces.iter().flat_map(|(_, accesses)| accesses);
    let served: BTreeSet<&Asked> = all
        .filter(|access| !access.refused)
        .filter_map(|access| access.mapping.as_ref())
        .collect();
    let mut found = Vec::new();
    for (trace, accesses) in traces {
        let any_served = accesses.iter().any(|access| !access.refused);
        let mut told = BTreeSet::new();
        for access in accesses.iter().filter(|access| access.refused) {
            let has_twin = match &access.mapping {
                Some(mapping) => served.contains(mapping),
                None => any_served,
            };
            // Once is enough for each mapping.
            if !has_twin && told.insert(&access.mapping) {
                found.push(lonely(course, lab, trace, access));
            }
        }
    }
    found
}

fn lonely(course: &Course, lab: &Lab, trace: &Trace, access: &Access) -> Finding {
    let Access { line, event, .. } = access;
    let (what, help) = match &access.mapping {
        Some(mapping) => (
            format!(
                "line {line}: `{event}` is refused, and no trace of the lab has an access to \
                 `{mapping}` that is served"
            ),
            "add an access to this mapping that is legal: who refuses everything passes otherwise",
        ),
        None => (
            format!("line {line}: `{event}` is refused, and nothing in the trace is served"),
            "add a legal access: who refuses everything passes otherwise",
        ),
    };
    course.in_file(CHECK, lab, &trace.path, what, help)
}

/// The accesses of a trace, as the reference answers them; none after an event that
/// is malformed.
pub fn accesses(trace: &[u8]) -> Vec<Access> {
    let Ok(mut lines) = open(trace) else {
        return Vec::new();
    };
    let config = *lines.config();
    let mut machine = Machine::new(config, Rc::new(Reference));
    let mut promises = Promises::new(config);
    let mut accesses = Vec::new();
    while let Some(Ok(line)) = lines.next() {
        let Event { op, .. } = &line.event;
        let text = |event: &Event| {
            let names = lines.names();
            EventText { event, names }.to_string()
        };
        let before = op.pid().map(|pid| areas(&machine, pid)).unwrap_or_default();
        let seen = machine.step(&line.event);
        match (op.pid(), op.addr()) {
            (Some(pid), Some(addr)) if op.is_access() => {
                let mapping = match seen.end {
                    End::Signalled(signal, _) => promises.covering(pid, signal.addr, &before),
                    // A stack covers the address only after it has grown.
                    End::Done => promises.covering(pid, addr, &areas(&machine, pid)),
                    // The process is dead, or is so now for want of memory.
                    End::Failed(_) | End::OutOfMemory | End::Livelock => continue,
                };
                accesses.push(Access {
                    line: line.number,
                    event: text(&line.event),
                    mapping,
                    refused: matches!(seen.end, End::Signalled(..)),
                });
            }
            _ if seen.end == End::Done => promises.follow(op, text),
            _ => {}
        }
    }
    accesses
}

/// Where a process has VMAs.
fn areas(machine: &Machine, pid: Pid) -> Vec<Range<Vpn>> {
    let vmas = machine.mm(pid).into_iter().flat_map(|mm| mm.vmas().iter());
    vmas.map(|vma| vma.start..vma.end).collect()
}

/// Who asked for which addresses, the latest last.
#[derive(Debug)]
struct Promises {
    heap: Vpn,
    /// In the order in which the files came into being.
    file_sizes: Vec<u64>,
    made: Vec<Promise>,
}

#[derive(Clone, Debug)]
struct Promise {
    pid: Pid,
    range: RangeInclusive<Vpn>,
    /// None if no access to it can be served.
    asked: Option<Asked>,
}

impl Promises {
    fn new(config: Config) -> Self {
        Self {
            heap: config.heap.page(),
            file_sizes: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Notes what an event promises; what it takes back is no VMA any more.
    fn follow(&mut self, op: &Op, text: impl Fn(&Event) -> String) {
        match *op {
            Op::File { size, .. } => self.file_sizes.push(size),
            Op::Mmap {
                pid,
                addr,
                len,
                map,
            } => {
                let range = addr.page()..=VirtAddr(addr.0 + len - 1).page();
                let asked = text(&anybodys(addr, len, map));
                let asked = asked.trim_start_matches("mmap 1 ").into();
                let asked = (!self.is_behind_the_end(map)).then_some(asked);
                self.made.push(Promise { pid, range, asked });
            }
            Op::Brk { pid, addr } => self.made.push(Promise {
                pid,
                range: self.heap..=addr.page(),
                asked: Some("the heap".into()),
            }),
            Op::Fork { parent, child } => {
                let of_parent = self.made.iter().filter(|promise| promise.pid == parent);
                let inherited = of_parent.map(|promise| Promise {
                    pid: child,
                    ..promise.clone()
                });
                self.made.extend(inherited.collect::<Vec<_>>());
            }
            _ => {}
        }
    }

    /// Whether no page of a mapping exists in its file.
    fn is_behind_the_end(&self, map: Mapping) -> bool {
        let Source::File { file, offset } = map.source else {
            return false;
        };
        let size = self.file_sizes.get(file.0 as usize);
        size.is_some_and(|size| offset >= size.next_multiple_of(PAGE_SIZE))
    }

    /// The mapping of an address that is in one of these areas. A stack has grown
    /// beyond what was asked for: its highest page was.
    fn covering(&self, pid: Pid, addr: VirtAddr, areas: &[Range<Vpn>]) -> Option<Asked> {
        let area = areas.iter().find(|area| area.contains(&addr.page()))?;
        let latest = |page: Vpn| {
            let mut made = self.made.iter().rev().filter(|promise| promise.pid == pid);
            made.find(|promise| promise.range.contains(&page))
                .map(|promise| promise.asked.clone())
        };
        latest(addr.page()).or_else(|| latest(Vpn(area.end.0 - 1)))?
    }
}

/// A call of mmap, whoever makes it, and whether or not it populates.
fn anybodys(addr: VirtAddr, len: u64, map: Mapping) -> Event {
    let map = Mapping {
        populate: Populate::Lazily,
        ..map
    };
    Event {
        cpu: CpuId(0),
        op: Op::Mmap {
            pid: Pid(1),
            addr,
            len,
            map,
        },
    }
}
