//! `cargo run -p browser --example look FILE SELECTOR OUT [WIDTH HEIGHT [light|dark]]`: a picture
//! of a page from the first element on that a selector finds; as PDF if OUT is called so.

use std::path::Path;

use browser::shown::{DESKTOP, Screen, show_file};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, selector, out, rest @ ..] = &args[..] else {
        panic!("FILE SELECTOR OUT [WIDTH HEIGHT [light|dark]]");
    };
    let size = |at: usize, usual| rest.get(at).map_or(usual, |it| it.parse().expect("a size"));
    let screen = Screen {
        width: size(0, DESKTOP.width),
        height: size(1, DESKTOP.height),
        scheme: match rest.get(2).map(String::as_str) {
            Some("dark") => "dark",
            _ => "light",
        },
    };
    show_file(screen, Path::new(file), "", |page| {
        page.eval(&format!(
            "document.querySelector('{selector}').scrollIntoView()"
        ));
        let picture = match out.ends_with(".pdf") {
            true => page.pdf(),
            false => page.picture(),
        };
        std::fs::write(out, picture).expect("a written picture");
        println!("{}", page.eval(LOADED));
    });
}

/// How long it took, since the browser was told to go there.
const LOADED: &str = "(() => {
    const [nav] = performance.getEntriesByType('navigation');
    return `interactive ${Math.round(nav.domInteractive)} ms, loaded ${Math.round(nav.loadEventEnd)} ms, `
        + performance.getEntriesByType('paint').map((it) => `${it.name} ${Math.round(it.startTime)} ms`);
})()";
