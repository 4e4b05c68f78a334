//! Charts, each with its numbers beside it: SVG that needs no script, prints, and takes its
//! colours from the page.

use maud::{Markup, html};

use crate::overview::{Overview, Share};
use crate::spread::{Bar, Spread, bars};

/// The size of the chart of points, in its own units.
const WIDTH: u32 = 880;
const HEIGHT: u32 = 230;
/// Where its bars stand, and how high the highest is.
const FLOOR: u32 = 190;
const TALLEST: u32 = 150;

/// Width of a bar of shares.
const SHARE: u32 = 240;

/// How the points are spread, and how submissions ended.
pub(super) fn points(overview: &Overview) -> Markup {
    let bars = bars(&overview.points, overview.max);
    html! {
        section aria-labelledby="points" {
            h2 #points { "Points" }
            div.pair {
                figure tabindex="0" {
                    (histogram(&bars, overview))
                    figcaption {
                        "How many have how many points of " (overview.max) ". Half of them are in the box below "
                        "the bars, and the line in it is the median."
                    }
                }
                (ends(overview))
            }
        }
    }
}

fn histogram(bars: &[Bar], overview: &Overview) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let count = u32::try_from(bars.len()).unwrap_or(1).max(1);
    let width = WIDTH / count;
    let (offset, gap) = ((WIDTH - width * count) / 2, 3);
    let height = |bar: &Bar| scaled(bar.count, most, TALLEST);
    let top = bars.last().map_or(0.0, |bar| bar.to);
    html! {
        svg.histogram role="img" aria-label=(aloud(bars, overview.spread().as_ref()))
            viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
            @for (index, bar) in (0..).zip(bars) {
                @let x = offset + index * width;
                rect.bar x=(x + gap / 2) y=(FLOOR - height(bar)) width=(width - gap) height=(height(bar)) {}
                @if bar.count > 0 {
                    text.count x=(x + width / 2) y=(FLOOR - height(bar) - 5) { (bar.count) }
                }
                @if index % 2 == 0 { text.tick x=(x) y=(FLOOR + 18) { (bar.from) } }
            }
            text.tick.last x=(offset + width * count) y=(FLOOR + 18) { (top) }
            path.axis d={ "M" (offset) "," (FLOOR) ".5 h" (width * count) } {}
            @if let (Some(spread), true) = (overview.spread(), top > 0.0) {
                @let at = |points: f64| f64::from(offset) + points / top * f64::from(width * count);
                g.spread {
                    rect x={ (format!("{:.1}", at(spread.lower))) } y=(FLOOR + 26)
                        width={ (format!("{:.1}", (at(spread.upper) - at(spread.lower)).max(1.0))) } height="8" {}
                    path d={ "M" (format!("{:.1}", at(spread.median))) "," (FLOOR + 22) " v16" } {}
                }
            }
        }
    }
}

fn aloud(bars: &[Bar], spread: Option<&Spread>) -> String {
    let bars = bars.iter().filter(|bar| bar.count > 0);
    let bars: Vec<String> = bars
        .map(|Bar { from, to, count }| format!("{from} to {to}: {count}"))
        .collect();
    let spread = spread.map_or_else(
        String::new,
        |Spread {
             lower,
             median,
             upper,
             ..
         }| { format!(" Median {median:.1}, middle half {lower:.1} to {upper:.1}.") },
    );
    format!("Distribution of points. {}.{spread}", bars.join(", "))
}

fn ends(overview: &Overview) -> Markup {
    let most = overview.ends.values().copied().max().unwrap_or(0);
    html! {
        table.table.ends {
            caption { "How submissions ended" }
            thead { tr { th scope="col" { "end" } th.number scope="col" { "count" } td {} } }
            tbody {
                @for (end, count) in overview.ends.iter().rev() {
                    tr {
                        th scope="row" { (end) }
                        td.number { (count) }
                        td.drawn {
                            svg.share aria-hidden="true" width="120" height="12" {
                                rect.one x="0" y="1" width=(scaled(*count, most, 120)) height="10" {}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Each lab and its parts: who got all of it, some, nothing.
pub(super) fn labs(overview: &Overview) -> Markup {
    html! {
        section aria-labelledby="labs" {
            h2 #labs { "Labs and concepts" }
            div.scroll.all role="region" aria-label="table of labs" tabindex="0" {
                table.table.labs {
                    thead { tr {
                        th scope="col" { "lab and concept" }
                        th.number scope="col" { "median" }
                        th.number scope="col" { "of" }
                        th.number scope="col" { span.key.every {} "all" }
                        th.number scope="col" { span.key.some {} "some" }
                        th.number scope="col" { span.key.none {} "none" }
                        th.number scope="col" { span.key.unwritten {} "not written" }
                        td {}
                    } }
                    @for (number, lab) in &overview.labs {
                        tbody {
                            tr.lab {
                                th scope="row" { (number) ". " (lab.title) }
                                td.number { (median(&lab.points)) }
                                td.number { (lab.max) }
                                (share(lab.share))
                            }
                            @for part in &lab.parts {
                                tr {
                                    th scope="row" {
                                        (part.concept)
                                        @if part.name != "integration" { " " code { (part.name) } }
                                    }
                                    td {} td {}
                                    (share(part.share))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn median(points: &[f64]) -> String {
    let spread = Spread::of(points.to_vec());
    spread.map_or_else(|| "–".to_owned(), |spread| format!("{:.1}", spread.median))
}

/// The numbers of a share, and a bar of them for those who see it.
fn share(share: Share) -> Markup {
    let total = share.total();
    let parts = [
        ("every", share.all),
        ("some", share.some),
        ("none", share.none),
        ("unwritten", share.unwritten),
    ];
    let mut from = 0;
    let bars = parts.map(|(class, count)| {
        let at = scaled(from, total, SHARE);
        from += count;
        (class, at, scaled(from, total, SHARE) - at)
    });
    html! {
        @for (_, count) in parts { td.number { (count) } }
        td.drawn {
            svg.share aria-hidden="true" width=(SHARE) height="14" {
                @for (class, at, width) in bars {
                    @if width > 0 { rect class=(class) x=(at) y="1" width=(width) height="12" {} }
                }
            }
        }
    }
}

/// A part of a whole, as a length. What is not nothing can be seen.
fn scaled(part: usize, whole: usize, length: u32) -> u32 {
    let length = length as usize;
    let scaled = (part * length).checked_div(whole).unwrap_or(0);
    u32::try_from(scaled.max(usize::from(part > 0))).unwrap_or(0)
}

/// A bar for which part of the runs went wrong, and the numbers.
pub(super) fn failed(failed: usize, runs: usize) -> Markup {
    html! {
        td.number { (scaled(failed, runs, 100)) " %" }
        td.number { span.faint { (failed) " of " (runs) } }
        td.drawn {
            svg.share aria-hidden="true" width="100" height="12" {
                rect.none x="0" y="1" width=(scaled(failed, runs, 100)) height="10" {}
            }
        }
    }
}
