//! Traces that expose wrong kernels.
//!
//! Each listed kernel is a result: passed if a trace exposes it, that is, if its log
//! differs from the reference's in any oracle. A trace that does not conform counts
//! for nothing, and the others count. The kernels are ours and run in this process;
//! the traces are not, and have limits (see [`conform`](super::conform)).

use course::feedback::Feedback;
use course::handed_in::BELADY_TRACE;
use verdict::end::End;
use verdict::judge::{Verdict, judge};

use crate::exercise::Asked;
use crate::exercise::conform::{Conforming, conforming};
use crate::exercise::kernels::{self, Kernel, Listed};
use crate::exercise::published::Published;
use crate::intake::Sources;
use crate::launch;
use crate::points::Weighed;

/// Traces of a suite; more are not looked at.
const TRACES_MAX: usize = 20;

pub(super) fn grade(asked: &Asked<'_>, sources: &Sources) -> Vec<Weighed> {
    let kernels = match kernels::read(&asked.lab.hidden) {
        Ok(kernels) => kernels,
        Err(why) => return vec![asked.result("kernels.toml", End::NotGraded, why)],
    };
    let published = Published::read(asked.lab.folder.parent().unwrap_or(&asked.lab.folder));
    let suite = suite(sources, &published);
    if suite.is_empty() {
        return asked.nothing_handed_in("trace");
    }
    let (traces, refused): (Vec<_>, Vec<_>) = suite.into_iter().partition(|(_, it)| it.is_ok());
    let traces: Vec<Conforming> = traces.into_iter().filter_map(|(_, it)| it.ok()).collect();
    let exposures: Vec<Vec<Option<String>>> = kernels
        .iter()
        .map(|listed| {
            traces
                .iter()
                .map(|it| exposed(&listed.kernel, it))
                .collect()
        })
        .collect();
    let refused = refused.into_iter().filter_map(|(name, it)| {
        let why = it.err()?;
        Some(aside(asked.result(name, End::Failed, why)))
    });
    let told = traces.iter().enumerate().map(|(at, trace)| {
        let count = exposures.iter().filter(|by| by[at].is_some()).count();
        let message = format!("exposes {count} of {} kernels", kernels.len());
        aside(asked.result(&trace.name, End::Passed, message))
    });
    let scored = kernels.iter().zip(&exposures);
    let scored = scored.map(|(listed, by)| score(asked, listed, by));
    refused.chain(told).chain(scored).collect()
}

/// The traces of the suite by their names, conforming or with the reason why not.
fn suite(sources: &Sources, published: &Published) -> Vec<(String, Result<Conforming, String>)> {
    let own = |name: &str| name.ends_with(".trace") && name != BELADY_TRACE;
    let readable = sources.attachments.iter().filter(|(name, _)| own(name));
    let unreadable = sources.unreadable.iter().filter(|(name, _)| own(name));
    let checked = readable.enumerate().map(|(at, (name, text))| {
        let conforming = match at < TRACES_MAX {
            true => conforming(name, text, published),
            false => Err(format!(
                "{name}: more than {TRACES_MAX} traces; this one is not among the first"
            )),
        };
        (name.clone(), conforming)
    });
    let unreadable = unreadable.map(|(name, why)| (name.clone(), Err(why.clone())));
    checked.chain(unreadable).collect()
}

/// How a trace exposes a kernel: where, and in which oracle.
fn exposed(kernel: &Kernel, trace: &Conforming) -> Option<String> {
    let run = launch::contained(trace.text.as_bytes(), |config| kernel.machine(config)).ok()?;
    let Verdict { end, difference } = judge(&run, &trace.key);
    let how = match difference {
        Some(found) if found.line > 0 => format!(":{}: {}", found.line, found.oracle.describe()),
        Some(found) => format!(", at its end: {}", found.oracle.describe()),
        None => format!(": {end}"),
    };
    (end != End::Passed).then(|| format!("{}{how}", trace.name))
}

fn score(asked: &Asked<'_>, listed: &Listed, by: &[Option<String>]) -> Weighed {
    let first = by.iter().flatten().next();
    let (end, message) = match first {
        Some(how) => (End::Passed, format!("exposed by {how}")),
        None => (End::Failed, "no trace exposes it".to_owned()),
    };
    let mut scored = asked.result(listed.kernel.to_string(), end, message);
    // Whether a kernel is exposed is all that there is to know of one.
    scored.result.public = false;
    scored.result.feedback = Feedback::Category;
    scored.result.category.clone_from(&listed.category);
    scored
}

/// Something to be told that counts for nothing.
fn aside(result: Weighed) -> Weighed {
    Weighed {
        weight: 0.0,
        ..result
    }
}
