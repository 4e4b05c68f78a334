//! A fault in seven steps, for people.

use std::io::{self, Write};

use vmsim::addr::VirtAddr;
use vmsim::fault::{Access, Delivery, ErrorCode, FaultKind, Mode, PageFault};
use vmsim::observe::Observation;
use vmsim::page_table::{LEVELS, Walk};
use vmsim::pte::Pte;
use vmsim::trail::{Detected, FaultTrail, Resumed, ServiceCall, Trail, Verdict};

/// Where the text of a step begins.
const INDENT: usize = 34;

/// Writes an event, and the steps of each fault that it took.
pub(crate) fn write(
    out: &mut impl Write,
    line: u64,
    text: &str,
    seen: &Observation,
    trail: Option<&Trail>,
) -> io::Result<()> {
    let class = seen.class();
    let value = seen
        .value
        .map(|value| format!("  = {value}"))
        .unwrap_or_default();
    writeln!(
        out,
        "{}",
        format!("{line:>4}  {text:<40}  {class}{value}").trim_end()
    )?;
    let Some(trail) = trail else { return Ok(()) };
    for fault in trail.faults() {
        write_fault(out, fault)?;
    }
    for call in trail.calls() {
        writeln!(out, "        {:<50} {}", call.what, place(call))?;
    }
    for violation in &seen.violations {
        writeln!(out, "        !! {violation}")?;
    }
    Ok(())
}

fn write_fault(out: &mut impl Write, trail: &FaultTrail) -> io::Result<()> {
    let fault = &trail.fault;
    writeln!(out)?;
    step(out, 1, "the MMU detects", &detected(fault, &trail.detected))?;
    step(out, 2, "the exception is raised", &[raised(fault)])?;
    step(out, 3, "the kernel takes control", &[control(fault)])?;
    step(out, 4, "the kernel investigates", &investigated(trail))?;
    step(out, 5, "the kernel acts", &acted(trail))?;
    step(out, 6, "the page table is updated", &updated(trail))?;
    step(out, 7, resumes(trail), &[resumed(trail)])?;
    writeln!(out)
}

fn step(out: &mut impl Write, number: u8, title: &str, lines: &[String]) -> io::Result<()> {
    let mut head = format!("      {number} {title}");
    for line in lines {
        writeln!(out, "{head:<INDENT$}{line}")?;
        head.clear();
    }
    Ok(())
}

fn detected(fault: &PageFault, detected: &Detected) -> Vec<String> {
    let verb = match fault.access {
        Access::Read => "reads",
        Access::Write => "writes",
        Access::Exec => "fetches an instruction at",
    };
    let who = match fault.mode {
        Mode::User => format!("process {} {verb} {}", fault.page.pid, fault.addr),
        Mode::Kernel => format!(
            "for process {} the kernel {verb} {}",
            fault.page.pid, fault.addr
        ),
    };
    match detected {
        Detected::ByTlb(pte) => vec![who, format!("the TLB remembers {}", pte_bits(*pte))],
        Detected::ByAddress => vec![who, "the address belongs to the kernel".to_owned()],
        Detected::ByWalk(walk) => vec![format!("{who}; TLB miss"), walked(fault.addr, walk)],
    }
}

/// `walk PGD[0] → PUD[0] → PMD[128] → PTE[0]: not present`.
fn walked(addr: VirtAddr, walk: &Walk) -> String {
    let index = |level: usize| (addr.0 >> (39 - 9 * level)) & 511;
    let path: Vec<String> = (0..walk.entries.len())
        .map(|level| format!("{}[{}]", LEVELS[level], index(level)))
        .collect();
    let last = walk.entries.last().copied().unwrap_or_default();
    let end = match last.present() {
        true => format!("forbids it ({})", pte_bits(last)),
        false => "not present".to_owned(),
    };
    format!("walk {}: {end}", path.join(" > "))
}

fn raised(fault: &PageFault) -> String {
    let code = fault.code;
    format!(
        "#PF, vector 14, error code {:#x}: {}",
        code.bits(),
        code_in_words(code)
    )
}

fn code_in_words(code: ErrorCode) -> String {
    let present = if code.present {
        "P=1 the entry forbids it"
    } else {
        "P=0 not present"
    };
    let access = match (code.fetch, code.write) {
        (true, _) => "I=1 fetch",
        (false, true) => "W=1 write",
        (false, false) => "W=0 read",
    };
    let user = if code.user {
        "U=1 by the program"
    } else {
        "U=0 by the kernel"
    };
    format!("{present} · {access} · {user}")
}

fn control(fault: &PageFault) -> String {
    let rip = "the saved RIP is that of the same instruction";
    format!(
        "CPU {} enters the handler; CR2 = {}; {rip}",
        fault.cpu, fault.addr
    )
}

fn investigated(trail: &FaultTrail) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(start) = trail.grown_to {
        lines.push(format!(
            "no VMA, but a stack above: it grows down to {}",
            start.start()
        ));
    }
    lines.push(match trail.vma {
        Some(vma) => format!("VMA {vma}"),
        None => "no VMA covers the address".to_owned(),
    });
    let verdict = match trail.verdict {
        Some(Verdict::Repair(kind)) => format!("repair: {}", kind_in_words(kind)),
        Some(Verdict::Signal(signal)) => format!("no repair: {} ({})", signal.name(), signal.code),
        None => "no verdict".to_owned(),
    };
    lines.push(format!("page-table entry: {}", pte_bits(trail.before)));
    lines.push(verdict);
    if let Some(rule) = trail.rule {
        lines.push(format!("rule {rule}: {}", rule.title()));
    }
    lines
}

fn kind_in_words(kind: FaultKind) -> String {
    let why = match kind {
        FaultKind::ZeroPage => "nothing was written here; a read needs no frame of its own",
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
    if trail.services.is_empty() {
        return vec!["nothing to do".to_owned()];
    }
    trail
        .services
        .iter()
        .map(|call| format!("{:<50} {}", call.what, place(call)))
        .collect()
}

fn updated(trail: &FaultTrail) -> Vec<String> {
    if trail.before == trail.after {
        return vec![format!("unchanged: {}", pte_bits(trail.after))];
    }
    vec![
        format!("before: {}", pte_bits(trail.before)),
        format!("after:  {}", pte_bits(trail.after)),
    ]
}

fn resumes(trail: &FaultTrail) -> &'static str {
    match trail.resumed {
        Some(Resumed::Retry(_)) => "the process resumes",
        _ => "the process does not resume",
    }
}

fn resumed(trail: &FaultTrail) -> String {
    match trail.resumed {
        Some(Resumed::Retry(class)) => {
            format!("the instruction is executed again, as if nothing had happened: {class}")
        }
        Some(Resumed::Signalled(signal, delivery)) => {
            let end = match delivery {
                Delivery::RunHandler => "its signal handler runs",
                Delivery::Terminate => "it has no handler: terminated",
                Delivery::ReturnEfault => return "the system call returns EFAULT".to_owned(),
            };
            format!(
                "the kernel sends the signal {} ({}); {end}",
                signal.name(),
                signal.code
            )
        }
        Some(Resumed::Killed(_)) => "no memory is left: killed".to_owned(),
        None => "the handler did not return".to_owned(),
    }
}

/// `present · read-only · user · accessed`; frame numbers are left to those who
/// look into the machine.
fn pte_bits(pte: Pte) -> String {
    if pte.is_none() {
        return "empty".to_owned();
    }
    if let Some(slot) = pte.swap_slot() {
        return format!("not present, swap slot {}", slot.0);
    }
    let flags = [
        (pte.present(), "P"),
        (pte.writable(), "W"),
        (true, "U"),
        (pte.accessed(), "A"),
        (pte.dirty(), "D"),
        (!pte.executable(), "NX"),
    ];
    let set: Vec<&str> = flags
        .iter()
        .filter(|(set, _)| *set)
        .map(|(_, name)| *name)
        .collect();
    let frame = pte.frame().map(|pfn| pfn.0).unwrap_or_default();
    let what = if frame == 0 {
        "zero page".to_owned()
    } else {
        format!("frame {frame}")
    };
    format!("{:#018x}  {what}, {}", pte.bits(), set.join(" "))
}

/// File and line of a call, the file without its folders.
fn place(call: &ServiceCall) -> String {
    let file = call.location.file();
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{name}:{}", call.location.line())
}
