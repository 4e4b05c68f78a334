//! `cargo lab view`: a trace as a film, in the terminal ([`terminal`]) or as a page for
//! browsers (the crate `page`).

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use clap::ValueEnum;
use runner::policy::Chooser;

use stepper::look::Look;
use stepper::{Feed, Left, Show};

use crate::expected;
use crate::html;
use crate::program::{self, Handlers};
use crate::replay::replay;
use crate::report::Failure;
use crate::workspace::Workspace;

/// CPU time that a run may take: more than a million events do, and as long as anybody
/// waits for a handler that does not come back.
const CPU_SECONDS: &str = "20";

#[derive(Clone, clap::Args)]
pub(crate) struct Args {
    /// The trace, text or binary.
    trace: PathBuf,
    /// Step through it in the terminal: what is done unless `--html` is given.
    #[arg(long, conflicts_with = "html")]
    tui: bool,
    /// Write it as a page for browsers into this file: one file, which needs no network.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show the expected run beside it, from the first difference on.
    #[arg(long)]
    compare: bool,
    /// Whose handlers to use.
    #[arg(long, value_enum, default_value = "skeleton")]
    with: Handlers,
    /// Who chooses the victims when memory is full, instead of `choose_victim` of lab 8.
    #[arg(long, value_enum)]
    policy: Option<Chooser>,
    /// Build with all optimisations: for long traces.
    #[arg(long)]
    release: bool,
    /// Use no colours in the terminal; so does the environment variable NO_COLOR.
    #[arg(long, alias = "no-color")]
    no_colour: bool,
    /// Panic at this key: for the test that the terminal survives it.
    #[arg(long, hide = true)]
    panics_at: Option<char>,
}

/// Shows the trace.
pub(crate) fn view(args: &Args) -> Result<(), Failure> {
    if let Err(error) = std::fs::File::open(&args.trace) {
        return Err(Failure::BadInput(format!(
            "{}: {error}\nhelp: traces are in labs/*/traces/",
            args.trace.display()
        )));
    }
    match &args.html {
        Some(file) => page(args, file),
        None => terminal(args),
    }
}

/// Films the trace: lines of the form of `crates/film`. If the handlers do not get to the
/// end, what was filmed is written all the same, and the failure says why.
fn film(args: &Args, program: &Path, out: &mut (impl Write + ?Sized)) -> Result<(), Failure> {
    let parent = std::process::id().to_string();
    let mut options = vec!["--format", "film", "--eager", "--parent", &parent];
    options.extend(["--cpu-seconds", CPU_SECONDS]);
    let policy = args.policy.and_then(|chooser| chooser.to_possible_value());
    if let Some(policy) = &policy {
        options.extend(["--policy", policy.get_name()]);
    }
    replay(program, &options, &args.trace, out).map(drop)
}

/// Writes the page. That a handler stops the run is no failure of it: the page shows where.
fn page(args: &Args, file: &Path) -> Result<(), Failure> {
    let program = program::build(args.with, args.release)?;
    let (own, (tell, told)) = (args.clone(), mpsc::channel());
    let feed = Box::new(move |out: &mut dyn Write| {
        film(&own, &program, out).map_err(|why| {
            let words = why.to_string();
            // Nobody listens any more if the page could not be written.
            let _ = tell.send(why);
            words
        })
    });
    let written = html::write(file, &title(&args.trace), feed, expected(args)?);
    match told.try_recv() {
        Ok(Failure::Handlers(why)) => {
            written?;
            eprintln!("the run stops early, and the page shows where: {why}");
        }
        Ok(failure) => {
            html::remove(file);
            return Err(failure);
        }
        Err(_) => written?,
    }
    println!("{}: open it in a browser", file.display());
    Ok(())
}

/// The name of a trace with its lab: `05-cow/fork-write.trace`.
fn title(trace: &Path) -> String {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let lab = trace.parent().filter(|folder| folder.ends_with("traces"));
    let parts = [lab.and_then(Path::parent).and_then(name), name(trace)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("/")
}

/// Steps through the film in the terminal.
fn terminal(args: &Args) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return Err(Failure::BadInput(
            "standard output is not a terminal\nhelp: `--html FILE` writes a page, and `cargo \
             lab run --steps` the same as text"
                .to_owned(),
        ));
    }
    if std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb") {
        return Err(Failure::BadInput(
            "this terminal cannot move its cursor (TERM=dumb)\nhelp: `--html FILE` writes a page, \
             and `cargo lab run --steps` the same as text"
                .to_owned(),
        ));
    }
    let program = program::build(args.with, args.release)?;
    let own = args.clone();
    let look = Look::of_environment();
    let name = args.trace.file_name().unwrap_or_default();
    let show = Show {
        title: name.to_string_lossy().into_owned(),
        own: Box::new(move |out| film(&own, &program, out).map_err(|why| why.to_string())),
        expected: expected(args)?,
        look: match args.no_colour {
            true => look.without_colours(),
            false => look,
        },
        panics_at: args.panics_at,
    };
    match stepper::show(show) {
        Ok(Left::Quit) => Ok(()),
        Ok(Left::Signalled(number)) => Err(Failure::Signalled(number)),
        Err(error) => Err(Failure::Internal(format!("the terminal: {error}"))),
    }
}

/// The film that the own one is compared with, if that is asked for.
fn expected(args: &Args) -> Result<Option<Feed>, Failure> {
    if !args.compare {
        return Ok(None);
    }
    let root = Workspace::here()?.root;
    let Some(film) = expected::film(&root, &args.trace)? else {
        return Err(Failure::BadInput(format!(
            "{}: nothing to compare with\nhelp: there are expected runs of the public traces, in \
             labs/*/films/; leave `--compare` out to see your own run",
            args.trace.display()
        )));
    };
    Ok(Some(Box::new(move |out| {
        out.write_all(&film).map_err(|error| error.to_string())
    })))
}
