use std::rc::Rc;
use conform::{compare::compare, twin::{Swap, Twin}};
use vmsim::machine::Machine;
fn main() {
    let folder = std::path::Path::new("/work/main/target");
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let trace = vmtrace::open::open(&*bytes).unwrap();
        let config = *trace.config();
        let lines = trace.map(|l| l.unwrap()).collect();
        let twin = Twin::new(&config, lines, Swap::Available);
        match compare(&twin, folder, &|config| Machine::new(config, Rc::new(solution::Reference))) {
            Ok(None) => println!("ok {path} {:?}", twin.switches),
            Ok(Some(d)) => { println!("DIFF {path} line {} {:?}\n  {:?}\n  kit {:?} {:?} {:?} {:?}\n  linux {:?}", twin.lines[d.at].number, d.what, twin.lines[d.at].event, d.kit.faults, d.kit.end, d.kit.value, d.kit.page, d.linux); }
            Err(e) => println!("ERR {path} {e}"),
        }
    }
}
