use std::rc::Rc;
use conform::{compare::compare, twin::{Swap, Twin}, screen::screen};
use vmsim::machine::Machine;
use vmtrace::generate::*;
use vmtrace::Line;
fn main() {
    let folder = std::path::Path::new("/work/main/target");
    let arg = |i| std::env::args().nth(i).unwrap().parse::<u64>().unwrap();
    let (from, n, fa, arena) = (arg(1), arg(2), arg(3), arg(4));
    let mut accesses = 0; let mut total = std::collections::BTreeMap::new(); let start = std::time::Instant::now();
    let mut bad = 0;
    for seed in from..from+n {
        let o = GeneratorOptions { events: 400, fault_around: fa as u16, arena_pages: arena, invalid_percent: 6, ..Default::default() };
        let (config, events) = generate(seed, &o);
        let lines = (1..).zip(events).map(|(number, event)| Line { number, event }).collect();
        let (twin, ex) = screen(Twin::new(&config, lines, Swap::Available));
        for (k, v) in ex { *total.entry(k).or_insert(0) += v; }
        accesses += twin.lines.iter().filter(|l| l.event.op.is_access()).count();
        match compare(&twin, folder, &|config| Machine::new(config, Rc::new(solution::Reference))) {
            Ok(None) => {}
            Ok(Some(d)) => { bad += 1; if std::env::args().nth(5).is_some() { show(&config, twin.lines.clone(), folder); } println!("DIFF seed {seed} line {} {:?}\n  {:?}\n  kit {:?} {:?} {:?} {:?}\n  linux {:?}", twin.lines[d.at].number, d.what, twin.lines[d.at].event, d.kit.faults, d.kit.end, d.kit.value, d.kit.page, d.linux); }
            #[allow(unreachable_patterns)]
            Err(e) => println!("ERR {seed} {e}"),
        }
    }
    println!("{accesses} accesses, {bad} bad, {:?} {total:?}", start.elapsed());
}

fn show(config: &vmsim::event::Config, lines: Vec<Line>, folder: &std::path::Path) {
    let mut runs = 0;
    let small = conform::shrink::shrink(lines, |lines| {
        // files must stay in order: keep all file events
        let mut files = 0; for l in lines { match &l.event.op { vmsim::event::Op::File{..} => files += 1, _ => {} } }
        if files != 3 { return None; }
        runs += 1;
        let (twin, _) = screen(Twin::new(config, lines.to_vec(), Swap::Available));
        let d = compare(&twin, folder, &|config| Machine::new(config, Rc::new(solution::Reference))).ok()??;
        Some(twin.lines[..=d.at].to_vec())
    });
    println!("shrunk in {runs} runs to {}", small.len());
    let mut names = vmtrace::names::Names::default();
    for n in ["f0","f1","f2"] { names.add(n).unwrap(); }
    for l in &small { println!("   {}", vmtrace::text::print::EventText { event: &l.event, names: &names }); }
}
