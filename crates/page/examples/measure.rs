//! `cargo run -p page --example measure FILE`: what a page costs in a browser: the first
//! paint, the longest task, and a jump into the middle.

use std::time::Duration;

use headless_chrome::{Browser, LaunchOptions};

/// Tasks that kept the page from answering, since it began.
const LONGEST: &str = "new Promise((yes) => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries()))
        .observe({ type: 'longtask', buffered: true });
    setTimeout(() => yes(tasks.map(({ startTime, duration }) =>
        `${Math.round(duration)} ms at ${Math.round(startTime)}`).join(', ')), 500);
})";

const PAINTS: &str = "performance.getEntriesByType('paint')
    .map(({ name, startTime }) => `${name} ${Math.round(startTime)} ms`).join(', ')";

/// The time until the live region has another text after something was done.
fn until_said(action: &str) -> String {
    format!(
        "new Promise((yes) => {{
           const live = document.querySelector('#live');
           const before = live.textContent;
           const start = performance.now();
           {action};
           const look = () => live.textContent === before
             ? requestAnimationFrame(look)
             : yes(`${{Math.round(performance.now() - start)}} ms: ${{live.textContent}}`);
           look();
         }})"
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("FILE")?;
    let file = std::fs::canonicalize(file)?;
    let options = LaunchOptions::default_builder()
        .sandbox(false)
        .window_size(Some((1280, 900)))
        .idle_browser_timeout(Duration::from_secs(300))
        .build()?;
    let browser = Browser::new(options)?;
    let tab = browser.new_tab()?;
    tab.set_default_timeout(Duration::from_secs(300));
    tab.navigate_to(&format!("file://{}", file.display()))?;
    tab.wait_for_element("#live")?;
    let tell = |what: &str, expression: &str| -> Result<(), Box<dyn std::error::Error>> {
        let told = tab.evaluate(expression, true)?.value.unwrap_or_default();
        println!("{what}: {told}");
        Ok(())
    };
    tell("ready after", "`${Math.round(performance.now())} ms`")?;
    tell("paint", PAINTS)?;
    tell("long tasks", LONGEST)?;
    let middle = "location.hash = '#line=' + Math.round(
        JSON.parse(document.getElementById('summary').textContent).events / 2)";
    tell("a jump into the middle", &until_said(middle))?;
    let next = |key: &str| {
        let pressed = format!("new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }})");
        until_said(&format!("document.body.dispatchEvent({pressed})"))
    };
    tell("the next event", &next("ArrowDown"))?;
    tell("the next fault", &next("n"))?;
    tell("its first step", &next("ArrowRight"))?;
    tell("the last event", &next("End"))?;
    tell("long tasks", LONGEST)?;
    Ok(())
}
