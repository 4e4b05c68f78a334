//! One submission into one program.
//!
//! The crate's root is ours; the student's files are modules of it. One call of
//! the compiler on prebuilt libraries: no manifest, no build script and no
//! dependency of the student's is ever looked at.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::bounded::{self, Bounds, Ended};
use crate::intake::{HANDLER_FILES, POLICY_FILE, Sources};
use crate::kit::Kit;

/// Time for the compiler, on the clock. A submission takes a third of a second.
const COMPILE_SECONDS: u64 = 30;

/// What the compiler may say, in bytes.
const DIAGNOSTIC_BYTES: u64 = 64 << 10;

/// The student's files: the modules of the program.
const MODULES: [&str; 9] = {
    let [one, two, three, four, five, six, seven, eight] = HANDLER_FILES;
    [one, two, three, four, five, six, seven, eight, POLICY_FILE]
};

/// How a compilation ended.
#[derive(Debug)]
pub enum Compiled {
    /// Into a program.
    Program(Program),
    /// With errors, which are the compiler's words.
    Rejected(String),
    /// It took too long or said too much.
    Limit(String),
}

/// A submission that can be run. It is gone when this is dropped.
#[derive(Debug)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    folder: TempDir,
}

impl Program {
    /// An empty folder for the program to run in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Compiles a submission. A file that it lacks is the skeleton's.
///
/// # Errors
///
/// If a file of ours cannot be written or the compiler cannot be started: no fault
/// of the submission's.
pub fn compile(kit: &Kit, sources: &Sources) -> io::Result<Compiled> {
    let folder = TempDir::new()?;
    let source_folder = folder.path().join("src");
    fs::create_dir(&source_folder)?;
    for file in MODULES {
        let handed_in = match file {
            POLICY_FILE => sources.policy.as_ref(),
            _ => sources.handlers(file),
        };
        match handed_in {
            Some(text) => fs::write(source_folder.join(file), text)?,
            None => {
                fs::copy(kit.skeleton.join(file), source_folder.join(file))?;
            }
        }
    }
    let secret = secret_name()?;
    // A file of the student's can include any file whose path it knows; this one's
    // cannot be known.
    let root_folder = folder.path().join(&secret);
    fs::create_dir(&root_folder)?;
    let root_file = root_folder.join("main.rs");
    fs::write(&root_file, root(&secret, &source_folder))?;
    let program = folder.path().join("program");
    let bounds = Bounds {
        wall: Duration::from_secs(COMPILE_SECONDS),
        stdout_bytes: DIAGNOSTIC_BYTES,
        stderr_bytes: DIAGNOSTIC_BYTES,
    };
    let mut command = command(kit, &source_folder, &secret, &program);
    command.arg(&root_file);
    let ended = bounded::run(command.current_dir(folder.path()), b"", bounds)?;
    Ok(judge(
        ended,
        Program {
            path: program,
            folder,
        },
    ))
}

/// The name under which the root knows the reference: no student's file can guess
/// it, so none can call the reference's methods.
fn secret_name() -> io::Result<String> {
    let mut bytes = [0; 16];
    io::Read::read_exact(&mut fs::File::open("/dev/urandom")?, &mut bytes)?;
    Ok(bytes
        .iter()
        .fold("reference_".to_owned(), |mut name, byte| {
            let _infallible = write!(name, "{byte:02x}");
            name
        }))
}

/// The root of the crate: everything but the handlers.
fn root(secret: &str, sources: &Path) -> String {
    let modules: String = MODULES
        .iter()
        .map(|file| {
            let module = file.trim_end_matches(".rs");
            format!("#[path = {:?}]\nmod {module};\n", sources.join(file))
        })
        .collect();
    format!(
        "#![allow(dead_code)]\n{modules}\
         struct Submission;\n\
         vmsim::handlers_from_labs!(Submission);\n\
         fn main() -> std::process::ExitCode {{\n    \
             let reference = std::rc::Rc::new({secret}::Reference);\n    \
             let policy = || Box::<policy::Own>::default() as _;\n    \
             {secret}_runner::process::main(std::rc::Rc::new(Submission), Some(reference), policy)\n\
         }}\n"
    )
}

fn command(kit: &Kit, sources: &Path, secret: &str, program: &Path) -> Command {
    let mut command = Command::new(&kit.rustc);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args([
            "--edition",
            "2024",
            "--crate-name",
            "submission",
            "--crate-type",
            "bin",
        ])
        .args([
            "-C",
            "opt-level=1",
            "-C",
            "debuginfo=0",
            "-C",
            "strip=debuginfo",
        ])
        .args([
            "-F",
            "unsafe_code",
            "-D",
            "unused_must_use",
            "-A",
            "warnings",
        ])
        .arg(format!(
            "--remap-path-prefix={}=labs/skeleton/src",
            sources.display()
        ))
        .arg("-L")
        .arg(format!("dependency={}", kit.dependencies.display()))
        .arg("--extern")
        .arg(format!("vmsim={}", kit.vmsim.display()))
        .arg("--extern")
        .arg(format!("{secret}={}", kit.solution.display()))
        .arg("--extern")
        .arg(format!("{secret}_runner={}", kit.runner.display()))
        .arg("-o")
        .arg(program);
    command
}

fn judge(ended: Ended, program: Program) -> Compiled {
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    match ended.exceeded {
        Some(bounded::Exceeded::Time) => Compiled::Limit(format!(
            "the compiler did not finish in {COMPILE_SECONDS} s"
        )),
        Some(bounded::Exceeded::Output) => Compiled::Limit(format!(
            "the compiler said more than {} KiB",
            DIAGNOSTIC_BYTES >> 10
        )),
        None if ended.status.success() => Compiled::Program(program),
        None if ended.status.code().is_some() => Compiled::Rejected(said),
        None => Compiled::Limit(format!("the compiler was killed: {}", ended.status)),
    }
}
