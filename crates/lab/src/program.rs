//! Builds the program that a set of handlers runs in.

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_metadata::Message;

use crate::report::Failure;

/// Whose handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Handlers {
    /// The ones in `labs/skeleton`.
    Skeleton,
    /// The reference. Only the instructor's workspace has it.
    Solution,
}

impl Handlers {
    fn package(self) -> &'static str {
        match self {
            Handlers::Skeleton => "skeleton",
            Handlers::Solution => "solution",
        }
    }
}

/// Builds the program and returns its path. The compiler's messages go to the
/// terminal.
pub(crate) fn build(handlers: Handlers, release: bool) -> Result<PathBuf, Failure> {
    let package = handlers.package();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]);
    command.args(["--package", package, "--bin", package]);
    command.args(release.then_some("--release"));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::Internal(format!("cannot start cargo: {error}")))?;
    let messages = child.stdout.take().map(BufReader::new);
    let path = messages.and_then(|messages| {
        Message::parse_stream(messages)
            .filter_map(Result::ok)
            .filter_map(executable)
            .last()
    });
    match (child.wait(), path) {
        (Ok(status), Some(path)) if status.success() => Ok(path),
        _ => Err(Failure::DoesNotCompile(package)),
    }
}

fn executable(message: Message) -> Option<PathBuf> {
    match message {
        Message::CompilerArtifact(artifact) => artifact.executable.map(Into::into),
        _ => None,
    }
}
