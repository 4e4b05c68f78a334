//! A fault in seven steps, for people: what a lecturer puts on a slide.
//!
//! The steps are numbered and in this order for every fault, also for one that
//! ends in a signal. What is no page fault says so.

use std::io::{self, Write};

use film::scene::{NOT_RESUMED, STEPS};
use vmsim::addr::VirtAddr;
use vmsim::cost::Cost;
use vmsim::event::{Growth, Sharing};
use vmsim::fault::{Access, Delivery, ErrorCode, FaultKind, Mode, PageFault, Signal, SignalCode};
use vmsim::machine::Machine;
use vmsim::observe::{End, FrameName, Observation};
use vmsim::page_table::{LEVELS, Walk};
use vmsim::pte::Pte;
use vmsim::trail::{Detected, FaultTrail, Resumed, ServiceCall, Verdict};
use vmsim::vma::{Backing, Vma};
use vmtrace::Line;
use vmtrace::names::Names;

use crate::log::is_about_flushes;

/// Where the text of a step begins: behind the longest title.
const INDENT: usize = 37;

/// What is told of a handler that is not written yet, panicked, or did what no kernel may
/// do.
const UNRETURNED: &str = "the handler did not return";

/// Where the line that called a service is told, unless a service has more to say.
const SERVICE_WIDTH: usize = 46;

/// Shows events of a machine, with the names that the trace and the log gave.
pub struct Slide<'a> {
    /// The machine, watched ([`Machine::watch`]).
    pub machine: &'a Machine,
    /// The files of the trace.
    pub names: &'a Names,
}

impl Slide<'_> {
    /// Writes the machine's last event, and the steps of each fault that it took.
    ///
    /// # Errors
    ///
    /// If `out` does not take them.
    pub fn write(
        &self,
        out: &mut impl Write,
        line: &Line,
        text: &str,
        seen: &Observation,
    ) -> io::Result<()> {
        let value = seen
            .value
            .map(|value| format!("  = {value}"))
            .unwrap_or_default();
        let number = line.number;
        let head = format!("{number:>4}  {text:<40}  {}{value}", seen.class());
        writeln!(out, "{}", head.trim_end())?;
        let Some(trail) = self.machine.trail() else {
            return Ok(());
        };
        let faults = trail.faults();
        self.write_faults(out, faults)?;
        if let Some(lines) = no_fault(seen, faults) {
            writeln!(out)?;
            for line in lines {
                writeln!(out, "      {line}")?;
            }
            writeln!(out)?;
        }
        if !faults.is_empty() {
            writeln!(out)?;
        }
        write_calls(out, trail.calls(), !faults.is_empty())?;
        if is_about_flushes(&line.event, seen) {
            writeln!(out, "      {}", flushes(&seen.cost))?;
        }
        for violation in &seen.violations {
            writeln!(out, "      !! {violation}")?;
        }
        Ok(())
    }

    /// Writes an event that a handler did not come back from, as far as it came.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn write_stopped(&self, out: &mut impl Write, line: &Line, text: &str) -> io::Result<()> {
        writeln!(out, "{:>4}  {text}", line.number)?;
        let Some(trail) = self.machine.trail() else {
            return Ok(());
        };
        self.write_faults(out, trail.faults())?;
        if !trail.faults().is_empty() {
            writeln!(out)?;
        }
        write_calls(out, trail.calls(), !trail.faults().is_empty())
    }

    fn write_faults(&self, out: &mut impl Write, faults: &[FaultTrail]) -> io::Result<()> {
        for (number, fault) in (1..).zip(faults) {
            writeln!(out)?;
            if faults.len() > 1 {
                writeln!(out, "      fault {number} of {}", faults.len())?;
            }
            self.write_fault(out, fault)?;
        }
        Ok(())
    }

    fn write_fault(&self, out: &mut impl Write, trail: &FaultTrail) -> io::Result<()> {
        let steps = (1..).zip(titles(trail)).zip(self.steps(trail));
        for ((number, title), lines) in steps {
            step(out, number, title, &lines)?;
        }
        Ok(())
    }

    /// What is told of each of the seven steps, a line each.
    pub fn steps(&self, trail: &FaultTrail) -> [Vec<String>; 7] {
        let fault = &trail.fault;
        [
            self.detected(trail),
            vec![raised(fault)],
            vec![control(fault)],
            self.investigated(trail),
            acted(trail),
            self.updated(trail),
            vec![resumed(trail)],
        ]
    }

    fn detected(&self, trail: &FaultTrail) -> Vec<String> {
        let fault = &trail.fault;
        let verb = match fault.access {
            Access::Read => "reads",
            Access::Write => "writes",
            Access::Exec => "fetches an instruction at",
        };
        let who = match fault.mode {
            Mode::User => format!("process {} {verb} {}", fault.page.pid, fault.addr),
            Mode::Kernel => format!(
                "a system call of process {} {verb} {}",
                fault.page.pid, fault.addr
            ),
        };
        let why = match &trail.detected {
            Detected::ByTlb(pte) => format!("TLB hit, and it forbids it: {}", self.entry(*pte)),
            Detected::ByAddress => "the upper half of the addresses is the kernel's".to_owned(),
            Detected::ByWalk(walk) => self.walked(fault.addr, walk),
        };
        vec![who, why]
    }

    /// `TLB miss; walk PGD[0] > PUD[0]: the PUD entry is empty`.
    fn walked(&self, addr: VirtAddr, walk: &Walk) -> String {
        let index = |level: usize| (addr.0 >> (39 - 9 * level)) & 511;
        let path: Vec<String> = (0..walk.entries.len())
            .map(|level| format!("{}[{}]", LEVELS[level], index(level)))
            .collect();
        let last = walk.entries.last().copied().unwrap_or_default();
        let level = LEVELS[walk.entries.len().saturating_sub(1)];
        let end = match last.present() {
            true => format!("forbids it: {}", self.entry(last)),
            false if last.is_none() => "is empty".to_owned(),
            false => "is not present".to_owned(),
        };
        format!(
            "TLB miss; walk {}: the {level} entry {end}",
            path.join(" > ")
        )
    }

    fn investigated(&self, trail: &FaultTrail) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(start) = trail.grown_to {
            lines.push(format!(
                "stack?      yes, the one above grows down to {}",
                start.start()
            ));
        }
        match trail.vma {
            Some(vma) => {
                lines.push(format!("VMA?        {}", self.vma(&vma)));
                lines.push(format!("permission? {}", permission(&trail.fault, &vma)));
                lines.push(format!("page table? {}", self.entry(trail.before)));
            }
            None => lines.push("VMA?        none covers the address".to_owned()),
        }
        lines.push(match trail.verdict {
            Some(Verdict::Repair(kind)) => format!("verdict:    {}", kind_in_words(kind)),
            Some(Verdict::Signal(signal)) => format!("verdict:    no repair, {}", signal.code),
            None => format!("verdict:    none, {UNRETURNED}"),
        });
        if let Some(rule) = trail.rule {
            let number = format!("rule {rule}:");
            lines.push(format!("{number:<11} {}", rule.title()));
        }
        lines
    }

    fn updated(&self, trail: &FaultTrail) -> Vec<String> {
        if trail.resumed.is_none() {
            return vec![format!("not reached; it was: {}", self.entry(trail.before))];
        }
        if trail.before == trail.after {
            return vec![format!("not changed: {}", self.entry(trail.after))];
        }
        vec![
            format!("before: {}", self.entry(trail.before)),
            format!("after:  {}", self.entry(trail.after)),
        ]
    }

    /// A VMA in words, with the file's name.
    pub(crate) fn vma(&self, vma: &Vma) -> String {
        let sharing = match vma.sharing {
            Sharing::Private => "private",
            Sharing::Shared => "shared",
        };
        let shows = match vma.backing {
            Backing::Anonymous => "anon".to_owned(),
            Backing::Object { object, first } => match self.machine.file_of(object) {
                Some(file) => {
                    let name = self.names.get(file).unwrap_or("file");
                    format!("file {name} from page {first}")
                }
                None => "anon".to_owned(),
            },
        };
        let growth = match vma.growth {
            Growth::Fixed => "",
            Growth::Down => " growsdown",
        };
        let (start, end) = (vma.start.start(), vma.end.start());
        format!("[{start}, {end}) {} {sharing} {shows}{growth}", vma.prot)
    }

    /// `f0, read-only (P U A NX)`: which page an entry leads to, and its bits.
    pub(crate) fn entry(&self, pte: Pte) -> String {
        if pte.is_none() {
            return "empty".to_owned();
        }
        if pte.swap_slot().is_some() {
            return "not present (P=0), notes a swap slot".to_owned();
        }
        let name = pte.frame().and_then(|pfn| self.machine.known_name(pfn));
        let frame = match name {
            Some(FrameName::Zero) => "zero page".to_owned(),
            Some(name) => name.to_string(),
            None => "a frame".to_owned(),
        };
        let rights = match (pte.present(), pte.writable()) {
            (false, _) => "hidden by PROT_NONE",
            (true, true) => "writable",
            (true, false) => "read-only",
        };
        format!("{frame}, {rights} ({})", bits(pte))
    }
}

/// The bits of an entry that are set; none for one that leads to no frame.
pub(crate) fn bits(pte: Pte) -> String {
    if pte.frame().is_none() {
        return String::new();
    }
    let bits = [
        (pte.present(), "P"),
        (pte.writable(), "W"),
        (true, "U"),
        (pte.accessed(), "A"),
        (pte.dirty(), "D"),
        (!pte.executable(), "NX"),
    ];
    let set = bits.iter().filter(|(set, _)| *set).map(|(_, name)| *name);
    set.collect::<Vec<_>>().join(" ")
}

fn step(out: &mut impl Write, number: u8, title: &str, lines: &[String]) -> io::Result<()> {
    let mut head = format!("      {number} {title}");
    for line in lines {
        writeln!(out, "{head:<INDENT$}{line}")?;
        head.clear();
    }
    Ok(())
}

/// Why there is no page fault where one might expect one.
pub(crate) fn no_fault(seen: &Observation, faults: &[FaultTrail]) -> Option<Vec<String>> {
    match seen.end {
        End::Signalled(signal, delivery) if signal.code == SignalCode::Kernel => {
            Some(general_protection(delivery))
        }
        // Without a fault: the range was refused.
        End::Signalled(_, Delivery::ReturnEfault) if faults.is_empty() => Some(refused_range()),
        _ => None,
    }
}

/// A range that is not the program's is refused before any of it is touched (rule R18).
fn refused_range() -> Vec<String> {
    [
        "not a page fault: the system call asks first whether the whole range is the",
        "program's (access_ok, rule R18); it is not, so nothing is touched, no signal is",
        "sent, and the system call returns EFAULT",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A general-protection exception has no seven steps: nothing was translated.
fn general_protection(delivery: Delivery) -> Vec<String> {
    let end = after_signal(delivery);
    let told = match delivery {
        Delivery::ReturnEfault => "no signal is sent",
        _ => "the signal tells no address: SIGSEGV, SI_KERNEL, address 0",
    };
    vec![
        "not a page fault: the address is not canonical (bits 48 to 63 do not repeat".to_owned(),
        "bit 47), so the CPU raises #GP, vector 13, and translates nothing; CR2 keeps".to_owned(),
        format!("its value; {told};"),
        end.to_owned(),
    ]
}

fn raised(fault: &PageFault) -> String {
    let code = fault.code;
    let number = code.bits();
    let words = code_in_words(code);
    format!("#PF, vector 14, error code {number:#x}: {words}")
}

fn code_in_words(code: ErrorCode) -> String {
    let present = match code.present {
        true => "P=1 refused by an entry",
        false => "P=0 not present",
    };
    let access = match (code.fetch, code.write) {
        (true, _) => "I=1 fetch",
        (false, true) => "W=1 write",
        (false, false) => "W=0 read",
    };
    let user = match code.user {
        true => "U=1 by the program",
        false => "U=0 by the kernel",
    };
    format!("{present}, {access}, {user}")
}

fn control(fault: &PageFault) -> String {
    format!(
        "CPU {} enters the handler: CR2 = {}, saved RIP = the same instruction",
        fault.cpu, fault.addr
    )
}

/// The answer to the second question of the kernel (rule R3).
fn permission(fault: &PageFault, vma: &Vma) -> String {
    let prot = vma.prot;
    let wanted = match fault.access {
        Access::Read => "a read",
        Access::Write => "a write",
        Access::Exec => "a fetch",
    };
    let granted = match fault.access {
        Access::Write => prot.write(),
        Access::Read => !prot.is_none(),
        Access::Exec => prot.exec(),
    };
    let asks_later = fault.access == Access::Exec && !prot.is_none() && !fault.code.present;
    match (granted, asks_later) {
        (true, _) => format!("yes, {prot} allows {wanted}"),
        (false, true) => format!("not asked yet: NX refuses {wanted} once the page is there"),
        (false, false) => format!("no, {prot} forbids {wanted}"),
    }
}

fn kind_in_words(kind: FaultKind) -> String {
    let why = match kind {
        FaultKind::ZeroPage => "nothing was written here, and a read needs no frame of its own",
        FaultKind::DemandZero => "the first write needs a frame of zeroes",
        FaultKind::NewShared(_) => "the first touch makes the page, for all who share it",
        FaultKind::MapResident(_) => "the page is in the page cache",
        FaultKind::CopyOnWrite(_) => "others use the frame",
        FaultKind::Reuse(_) => "nobody else uses the frame",
        FaultKind::WriteNotify(_) => "the page was clean so far",
        FaultKind::Spurious => "the page table allows it by now",
        FaultKind::FileRead(_) => "the page is in its file only",
        FaultKind::SwapIn(_) => "the page is in its swap slot only",
        FaultKind::SwapCached(..) => "the page is in the swap cache",
    };
    format!("{}, because {why}", kind.repair())
}

fn acted(trail: &FaultTrail) -> Vec<String> {
    let mut lines = services(&trail.services);
    if let Some(Resumed::Signalled(signal, delivery)) = trail.resumed {
        lines.push(match delivery {
            Delivery::ReturnEfault => "makes the system call fail; no signal is sent".to_owned(),
            _ => format!("sends {}", signal_in_words(signal)),
        });
    }
    if trail.resumed.is_none() && trail.verdict.is_some() {
        lines.push(UNRETURNED.to_owned());
    }
    match (lines.is_empty(), trail.verdict) {
        (true, None) => lines.push("not reached".to_owned()),
        (true, Some(_)) => lines.push("nothing is left to do".to_owned()),
        (false, _) => {}
    }
    lines
}

/// Calls of services, with the lines that made them in a column of their own.
fn services(calls: &[ServiceCall]) -> Vec<String> {
    let widest = calls.iter().map(|call| call.what.chars().count()).max();
    let width = widest.unwrap_or_default().max(SERVICE_WIDTH);
    calls
        .iter()
        .map(|call| format!("{:<width$}  {}", call.what, place(call)))
        .collect()
}

/// What services did for other reasons than a fault: fork, munmap, exit and others.
fn write_calls(out: &mut impl Write, calls: &[ServiceCall], after: bool) -> io::Result<()> {
    if after && !calls.is_empty() {
        writeln!(out, "      after the fault")?;
    }
    for line in services(calls) {
        writeln!(out, "        {line}")?;
    }
    Ok(())
}

/// `flushes: 2 on this CPU, 2 on others; none was needless`.
fn flushes(cost: &Cost) -> String {
    let (local, remote) = (cost.local_flushes, cost.remote_flushes);
    let needless = match cost.needless_flushes {
        _ if local + remote == 0 => return "flushes: none".to_owned(),
        0 => "none was needless".to_owned(),
        1 => "1 was needless".to_owned(),
        many => format!("{many} were needless"),
    };
    format!("flushes: {local} on this CPU, {remote} on others; {needless}")
}

/// The titles of the seven steps; the last one depends on how the fault ended.
fn titles(trail: &FaultTrail) -> [&'static str; 7] {
    let mut titles = STEPS;
    if !resumes(trail) {
        titles[6] = NOT_RESUMED;
    }
    titles
}

/// Whether the instruction is executed again.
pub(crate) fn resumes(trail: &FaultTrail) -> bool {
    matches!(trail.resumed, Some(Resumed::Retry(_)))
}

/// The text of the last step.
fn resumed(trail: &FaultTrail) -> String {
    match trail.resumed {
        Some(Resumed::Retry(class)) => {
            format!("the same instruction is executed again; this was: {class}")
        }
        Some(Resumed::Signalled(_, delivery)) => after_signal(delivery).to_owned(),
        Some(Resumed::Killed(_)) => "no memory is left: killed".to_owned(),
        None => UNRETURNED.to_owned(),
    }
}

fn after_signal(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::RunHandler => "its signal handler runs instead of the instruction",
        Delivery::Terminate => "it has no signal handler and is terminated",
        Delivery::ReturnEfault => "the system call returns EFAULT",
    }
}

/// `SIGSEGV, code SEGV_ACCERR, address 0x1000`.
fn signal_in_words(signal: Signal) -> String {
    let code = match signal.code {
        SignalCode::Maperr => "SEGV_MAPERR",
        SignalCode::Accerr => "SEGV_ACCERR",
        SignalCode::Kernel => "SI_KERNEL",
        SignalCode::Adrerr => "BUS_ADRERR",
    };
    format!("{}, code {code}, address {}", signal.name(), signal.addr)
}

/// File and line of a call, the file without its folders.
fn place(call: &ServiceCall) -> String {
    let file = call.location.file();
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{name}:{}", call.location.line())
}
