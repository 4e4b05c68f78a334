//! Cargo builds the program, and tells how.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;

use super::Handlers;
use super::diagnostics::is_sum;
use super::recipe::of_package;
use crate::report::Failure;

/// What begins the lines in which cargo tells what it does.
const DOINGS: [&str; 12] = [
    "Adding",
    "Compiling",
    "Dirty",
    "Downloaded",
    "Downloading",
    "Finished",
    "Fresh",
    "Locking",
    "Running",
    "Unchanged",
    "Updating",
    "warning: `",
];

/// A program that cargo has built.
pub(super) struct Built {
    pub program: PathBuf,
    /// The call of the compiler for it, unless the program was up to date.
    pub command: Option<Vec<String>>,
    /// The libraries that it was made from, and their sources as far as they are in the
    /// workspace.
    pub from: Vec<PathBuf>,
}

/// Builds the program of these handlers.
pub(super) fn build(handlers: Handlers, release: bool) -> Result<Built, Failure> {
    let package = handlers.package();
    let mut child = command(package, release)
        .spawn()
        .map_err(|error| Failure::Internal(format!("cannot start cargo: {error}")))?;
    let (artifacts, told) = std::thread::scope(|scope| {
        let stderr = child.stderr.take();
        let told = scope.spawn(move || stderr.map(|it| listen(it, package)).unwrap_or_default());
        (artifacts(&mut child, package), told.join())
    });
    let told = told.unwrap_or_default();
    match (child.wait(), artifacts.program) {
        (Ok(status), Some(program)) if status.success() => Ok(Built {
            program,
            command: told.iter().find_map(|line| call(line, package)),
            from: artifacts.from,
        }),
        _ => {
            if !artifacts.is_to_blame {
                told.iter().filter(|line| !is_doing(line)).for_each(|line| {
                    anstream::eprintln!("{line}");
                });
            }
            Err(Failure::DoesNotCompile(package))
        }
    }
}

fn command(package: &str, release: bool) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--verbose"]);
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    command.args(["--package", package, "--bin", package]);
    command.args(release.then_some("--release"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Reads what cargo says of its doings. That it waits for another cargo is told at once,
/// and that it builds what there is but once.
fn listen(stderr: impl io::Read, package: &str) -> Vec<String> {
    let lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let mut is_first = true;
    lines
        .inspect(|line| {
            let line = line.trim_start();
            let compiled = line.strip_prefix("Compiling ");
            let is_kit = compiled.is_some_and(|it| it.split(' ').next() != Some(package));
            if line.starts_with("Blocking") {
                eprintln!("{line}");
            } else if is_kit && is_first {
                is_first = false;
                eprintln!("building the simulated machine, once: this takes a while");
            }
        })
        .collect()
}

fn is_doing(line: &str) -> bool {
    let line = line.trim_start();
    DOINGS.iter().any(|doing| line.starts_with(doing))
}

/// The call of the compiler in a line of cargo's, if it is the one for the program.
fn call(line: &str, package: &str) -> Option<Vec<String>> {
    let line = line.trim().strip_prefix("Running `")?.strip_suffix('`')?;
    let words = shlex::split(line)?;
    let follows = |first: &str, second: &str| words.windows(2).any(|two| two == [first, second]);
    let is_it = follows("--crate-name", package) && follows("--crate-type", "bin");
    is_it.then_some(words)
}

#[derive(Default)]
struct Artifacts {
    program: Option<PathBuf>,
    from: Vec<PathBuf>,
    /// Whether a source is to blame for a failure: the compiler has told it.
    is_to_blame: bool,
}

fn artifacts(child: &mut Child, package: &str) -> Artifacts {
    let mut found = Artifacts::default();
    let messages = child.stdout.take().map(BufReader::new);
    for message in messages.into_iter().flat_map(Message::parse_stream) {
        match message {
            Ok(Message::CompilerMessage(told)) if !is_sum(&told.message) => {
                found.is_to_blame |= told.message.level == DiagnosticLevel::Error;
                anstream::eprint!("{}", told.message.rendered.unwrap_or_default());
            }
            Ok(Message::CompilerArtifact(artifact)) => {
                if artifact.target.name == package && artifact.executable.is_some() {
                    found.program = artifact.executable.map(Into::into);
                    continue;
                }
                found
                    .from
                    .extend(artifact.filenames.into_iter().map(PathBuf::from));
                if artifact.package_id.repr.starts_with("path+") {
                    found
                        .from
                        .extend(of_package(Path::new(&artifact.manifest_path)));
                }
            }
            _ => {}
        }
    }
    found
}
