//! One submission into one program.
//!
//! The student's files are modules of a library whose root is ours; it knows the
//! simulator and the standard library, so that nothing else can be named in a file, or
//! betrayed by an error in one. The program around it, which knows the runner and the
//! reference, is another crate, compiled when no student's file is read any more. No
//! manifest, no build script and no dependency of the student's is ever looked at, and
//! the compiler runs in a jail ([`jailed`](crate::jailed)).

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use course::handed_in::{HANDLER_FILES, POLICY_FILE};
use sandbox::jail::Stage;
use scan::Flag;
use scan::keeps::keeps_nothing;
use sha2::{Digest, Sha256};
use verdict::bounded::{Ended, Exceeded};

use crate::diagnostics::{Errors, Places, STUDENTS_FOLDER};
use crate::intake::Sources;
use crate::jailed::{
    CPU_SECONDS, Compiler, FILE_MIB, MEMORY_MIB, PrivateFolder, SAID_BYTES, WALL_SECONDS,
};
use crate::kit::{Kit, Libraries};
use crate::linker::{FRAME, Linker, PART, SHOWN, SHOWN_TEXT, Whole};
use crate::once::Key;

/// The student's files: the modules of the library.
const MODULES: [&str; 9] = {
    let [one, two, three, four, five, six, seven, eight] = HANDLER_FILES;
    [one, two, three, four, five, six, seven, eight, POLICY_FILE]
};

/// The library's name is that of the student's own crate: a handler that asks for its
/// module's name hears the same from `cargo lab check`.
const LIBRARY: &str = "skeleton";

/// The library's root, its outcome, the program's root, and the program: names in the
/// private folder.
const LIBRARY_ROOT: &str = "submission.rs";
const LIBRARY_FILE: &str = "libskeleton.rlib";
const PROGRAM_ROOT: &str = "main.rs";
const PROGRAM: &str = FRAME;

/// Lints that no attribute in a submission may switch off: unsafe code, constants that are
/// computed for minutes, and text that reads otherwise than it compiles.
const FORBIDDEN_LINTS: [&str; 4] = [
    "unsafe_code",
    "long_running_const_eval",
    "text_direction_codepoint_in_comment",
    "text_direction_codepoint_in_literal",
];

/// How a compilation ended.
#[derive(Clone, Debug)]
pub enum Compiled {
    /// Into a program.
    Program(Program),
    /// With errors, which are the compiler's words.
    Rejected(String),
    /// It took too long, or too much, or the compiler crashed.
    Limit(String),
}

/// A submission that can be run. It is gone when the last copy of this is dropped.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Whether its source can keep nothing from one run to the next in the same process.
    pub keeps_nothing: bool,
    folder: Arc<PrivateFolder>,
}

impl Program {
    /// A folder for the program to run in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Compiles a submission. A file that it lacks is the skeleton's. What is the same to the
/// last byte as another's is compiled once.
///
/// # Errors
///
/// If a file of ours cannot be written or the compiler cannot be started: no fault
/// of the submission's.
pub fn compile(kit: &Kit, sources: &Sources) -> io::Result<Compiled> {
    let modules = modules(&kit.skeleton, sources)?;
    kit.compiled
        .get_or_make(hash(&modules), || fresh(kit, &modules))
}

/// What an instructor may want to look at in the files that were handed in.
pub fn flags(sources: &Sources) -> Vec<Flag> {
    let policy = sources.policy.iter().map(|text| (POLICY_FILE, text));
    let files = sources.files.iter().map(|(file, text)| (*file, text));
    let all = files.chain(policy);
    all.flat_map(|(file, text)| scan::flags(file, text))
        .collect()
}

/// Compiles and links what was handed out, to see whether a compiler works, and how it
/// links.
///
/// # Errors
///
/// With what the compiler says if it does not.
pub(crate) fn try_out(
    compiler: &Compiler,
    libraries: &Libraries,
    (scratch, skeleton): (&Path, &Path),
) -> io::Result<Option<Linker>> {
    let folder = compiler.folder(scratch)?;
    write_library(&folder, &modules(skeleton, &Sources::default())?)?;
    folder.write(PROGRAM_ROOT, PROGRAM_ROOT_TEXT)?;
    let library = compile_library(compiler, libraries, &folder)?;
    let program = link_program(compiler, libraries, &folder, &TELL_HOW)?;
    for ended in [&library, &program] {
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr).into_owned();
            return Err(io::Error::other(said));
        }
    }
    let told = String::from_utf8_lossy(&program.stdout);
    match Whole::read(&told, &folder.path().join(LIBRARY_FILE)) {
        Some(whole) => link_frame(compiler, libraries, folder, &whole),
        None => Ok(None),
    }
}

/// Links the frame, around what was handed out, and sees whether it starts.
fn link_frame(
    compiler: &Compiler,
    libraries: &Libraries,
    folder: PrivateFolder,
    whole: &Whole,
) -> io::Result<Option<Linker>> {
    folder.write(SHOWN, SHOWN_TEXT)?;
    let part = whole.part(LIBRARY_FILE, folder.path());
    let frame = whole.frame("libvmsim", &compiler.libraries);
    for arguments in [part, frame] {
        let ended = compiler.link(&whole.program, &folder, &libraries.reads(), &arguments)?;
        if !ended.status.success() {
            return Ok(None);
        }
    }
    folder.publish(FRAME)?;
    let mut started = Command::new(folder.path().join(FRAME));
    let started = started.arg("--help").env_clear().stdout(Stdio::null());
    let starts = started.status()?.success();
    Ok(starts.then(|| Linker::new(whole, LIBRARY_FILE, folder)))
}

/// What makes the compiler tell how it links, and keep what it has linked.
const TELL_HOW: [&str; 3] = ["--print=link-args", "-C", "save-temps"];

/// Names and texts of the modules.
fn modules(skeleton: &Path, sources: &Sources) -> io::Result<Vec<(&'static str, String)>> {
    let text = |file: &'static str| {
        let handed_in = match file {
            POLICY_FILE => sources.policy.as_ref(),
            _ => sources.handlers(file),
        };
        match handed_in {
            Some(text) => Ok((file, text.clone())),
            None => Ok((file, fs::read_to_string(skeleton.join(file))?)),
        }
    };
    MODULES.into_iter().map(text).collect()
}

fn hash(modules: &[(&str, String)]) -> Key {
    let mut hash = Sha256::new();
    for (name, text) in modules {
        // With its length, no text can pretend to be two.
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().into()
}

fn fresh(kit: &Kit, modules: &[(&str, String)]) -> io::Result<Compiled> {
    let refused = modules.iter().find_map(|(file, text)| {
        let found = scan::forbidden(text)?;
        Some(found.render(&format!("{STUDENTS_FOLDER}{file}")))
    });
    if let Some(refusal) = refused {
        return Ok(Compiled::Rejected(refusal));
    }
    match attempt(kit, modules)? {
        Compiled::Program(program) => Ok(Compiled::Program(program)),
        // The compiler may have missed a library, which is no fault of the source's.
        _ if kit.libraries.stamps() != kit.stamps => Err(io::Error::other(
            "the libraries were built anew while submissions were compiled against them\n\
             help: grade again, and build nothing meanwhile",
        )),
        compiled => Ok(compiled),
    }
}

fn attempt(kit: &Kit, modules: &[(&str, String)]) -> io::Result<Compiled> {
    let folder = kit.compiler.folder(kit.scratch.path())?;
    write_library(&folder, modules)?;
    let ended = compile_library(&kit.compiler, &kit.libraries, &folder)?;
    not_from_outside(&ended)?;
    if let Some(failed) = failure(&ended, kit, &folder) {
        return Ok(failed);
    }
    if !is_linked(kit, &folder)? {
        folder.write(PROGRAM_ROOT, PROGRAM_ROOT_TEXT)?;
        let ended = link_program(&kit.compiler, &kit.libraries, &folder, &[])?;
        not_from_outside(&ended)?;
        if let Some(failed) = failure(&ended, kit, &folder) {
            return Ok(failed);
        }
        folder.keep_only(PROGRAM)?;
    }
    Ok(Compiled::Program(Program {
        path: folder.path().join(PROGRAM),
        keeps_nothing: modules.iter().all(|(_, text)| keeps_nothing(text)),
        folder: Arc::new(folder),
    }))
}

/// Links as it was learnt, and puts the frame beside it. What cannot be linked so, the
/// compiler is left to complain of.
fn is_linked(kit: &Kit, folder: &PrivateFolder) -> io::Result<bool> {
    let Some(linker) = &kit.linker else {
        return Ok(false);
    };
    let Linker {
        program, arguments, ..
    } = linker;
    let ended = (kit.compiler).link(program, folder, &[linker.folder()], arguments)?;
    not_from_outside(&ended)?;
    if ended.exceeded.is_some() || !ended.status.success() {
        return Ok(false);
    }
    folder.keep_only(PART)?;
    fs::hard_link(linker.frame(), folder.path().join(PROGRAM))?;
    Ok(true)
}

fn write_library(folder: &PrivateFolder, modules: &[(&str, String)]) -> io::Result<()> {
    folder.create_dir("src")?;
    for (file, text) in modules {
        folder.write(&format!("src/{file}"), text)?;
    }
    folder.write(LIBRARY_ROOT, &library_root())
}

/// The root of the library: everything but the handlers. It holds no secret.
fn library_root() -> String {
    let modules: String = MODULES
        .iter()
        .map(|file| {
            let module = file.trim_end_matches(".rs");
            format!("#[path = \"src/{file}\"]\nmod {module};\n")
        })
        .collect();
    format!(
        "#![allow(dead_code)]\n{modules}\
         struct Submission;\n\
         ::vmsim::handlers_from_labs!(Submission);\n\
         #[inline(never)]\n\
         pub fn handlers() -> ::std::rc::Rc<dyn ::vmsim::handlers::Handlers> {{\n    \
             ::std::rc::Rc::new(Submission)\n\
         }}\n\
         #[inline(never)]\n\
         pub fn policy() -> ::std::boxed::Box<dyn ::vmsim::replacement::Policy> {{\n    \
             ::std::boxed::Box::<policy::Own>::default()\n\
         }}\n"
    )
}

/// The root of the program: it alone knows the reference.
const PROGRAM_ROOT_TEXT: &str = "\
fn main() -> std::process::ExitCode {
    let reference = std::rc::Rc::new(solution::Reference);
    runner::process::main(skeleton::handlers(), Some(reference), skeleton::policy)
}
";

fn compile_library(
    compiler: &Compiler,
    libraries: &Libraries,
    folder: &PrivateFolder,
) -> io::Result<Ended> {
    let mut arguments = common_arguments(LIBRARY, "rlib", LIBRARY_FILE, folder);
    // As `cargo lab check` compiles: an overflow that panics there panics here.
    for option in ["opt-level=1", "debug-assertions=on"] {
        arguments.extend(["-C".into(), option.into()]);
    }
    for lint in FORBIDDEN_LINTS {
        arguments.extend(["-F".into(), lint.into()]);
    }
    arguments.extend(["-D".into(), "unused_must_use".into()]);
    let vmsim = &libraries.vmsim;
    arguments.extend(linked("vmsim", vmsim));
    arguments.push(LIBRARY_ROOT.into());
    compiler.run(Stage::Compile, folder, &[vmsim], &arguments)
}

fn link_program(
    compiler: &Compiler,
    libraries: &Libraries,
    folder: &PrivateFolder,
    more: &[&str],
) -> io::Result<Ended> {
    let Libraries {
        vmsim,
        runner,
        solution,
        dependencies,
    } = libraries;
    let mut arguments = common_arguments("program", "bin", PROGRAM, folder);
    arguments.extend(more.iter().map(OsString::from));
    let mut search = OsString::from("dependency=");
    search.push(dependencies);
    arguments.extend(["-L".into(), search]);
    for (name, file) in [
        ("vmsim", vmsim.as_path()),
        ("runner", runner),
        ("solution", solution),
        (LIBRARY, Path::new(LIBRARY_FILE)),
    ] {
        arguments.extend(linked(name, file));
    }
    arguments.push(PROGRAM_ROOT.into());
    compiler.run(Stage::Link, folder, &libraries.reads(), &arguments)
}

/// What both stages are told. One unit of code generation is the cheapest for so little
/// code, and needs the fewest threads.
fn common_arguments(name: &str, kind: &str, out: &str, folder: &PrivateFolder) -> Vec<OsString> {
    let mut own_folder = OsString::from("--remap-path-prefix=");
    own_folder.push(folder.path());
    own_folder.push("=.");
    let students_folder = STUDENTS_FOLDER.trim_end_matches('/');
    let mut arguments: Vec<OsString> = vec![
        "--error-format=json".into(),
        own_folder,
        format!("--remap-path-prefix=src={students_folder}").into(),
    ];
    let said = [
        ["--edition", "2024"],
        ["--crate-name", name],
        ["--crate-type", kind],
        ["-C", "debuginfo=0"],
        ["-C", "strip=symbols"],
        ["-C", "codegen-units=1"],
        ["-A", "warnings"],
        ["-o", out],
    ];
    arguments.extend(said.concat().into_iter().map(OsString::from));
    arguments
}

fn linked(name: &str, file: &Path) -> [OsString; 2] {
    let mut said = OsString::from(format!("{name}="));
    said.push(file);
    ["--extern".into(), said]
}

/// Whoever ends a job of a cluster, or a terminal's, may reach the compiler before us, and a
/// machine without memory kills the largest process. No source does that: limits of ours end
/// with other signals, or are known to have been exceeded.
fn not_from_outside(ended: &Ended) -> io::Result<()> {
    match ended.status.signal() {
        Some(signal @ (SIGHUP | SIGINT | SIGKILL | SIGTERM)) if ended.exceeded.is_none() => {
            Err(io::Error::other(format!(
                "the compiler was killed from outside (signal {signal}): the machine may have run \
                 out of memory\nhelp: grade it again, with fewer `--jobs`"
            )))
        }
        _ => Ok(()),
    }
}

/// What became of a stage, unless it succeeded.
fn failure(ended: &Ended, kit: &Kit, folder: &PrivateFolder) -> Option<Compiled> {
    if ended.exceeded.is_none() && ended.status.success() {
        return None;
    }
    let errors = Errors::read(&ended.stderr);
    let render = || {
        let hidden = [
            (folder.path(), ""),
            (kit.root.as_path(), ""),
            (kit.compiler.libraries.as_path(), ""),
        ];
        errors.render(Places {
            files: &MODULES,
            root: LIBRARY_ROOT,
            hidden: &hidden,
        })
    };
    let said = String::from_utf8_lossy(&ended.stderr);
    Some(match (ended.exceeded, ended.status.code()) {
        (Some(Exceeded::Output), _) => Compiled::Limit(format!(
            "the compiler said more than {} KiB, and was stopped after {} errors:\n{}",
            SAID_BYTES >> 10,
            errors.count(),
            render()
        )),
        (Some(Exceeded::Time), _) => Compiled::Limit(too_long(WALL_SECONDS, "on the clock")),
        (None, Some(1)) if !ran_out_of_memory(&said) => Compiled::Rejected(render()),
        (None, _) => Compiled::Limit(killed(ended, &said)),
    })
}

/// Why the compiler ended otherwise than compilers do.
fn killed(ended: &Ended, said: &str) -> String {
    let memory = || {
        format!(
            "the compiler needed more than {MEMORY_MIB} MiB of memory; a submission takes \
             half of it\nhelp: look for a macro or a type that doubles with each step, and for \
             a giant array"
        )
    };
    match ended.status.signal() {
        _ if ran_out_of_memory(said) => memory(),
        Some(SIGXCPU) => too_long(CPU_SECONDS, "of CPU time"),
        Some(SIGXFSZ) => format!(
            "the compiler wrote a file of more than {FILE_MIB} MiB; a submission takes one\n\
             help: look for a `static` or `const` array that is giant"
        ),
        Some(signal) => crashed(&format!("signal {signal}")),
        None => crashed(&ended.status.to_string()),
    }
}

fn too_long(seconds: u64, what: &str) -> String {
    format!(
        "the compiler did not finish in {seconds} s {what}; a submission takes less than \
         one\nhelp: look for a macro, a type or a constant that grows with each step"
    )
}

fn crashed(how: &str) -> String {
    format!(
        "the compiler itself crashed on this source ({how}): a fault of the compiler's, which \
         most sources never meet\nhelp: look for expressions, types or macros that are nested \
         hundreds deep"
    )
}

/// What an allocator says before it ends the compiler. Errors in the source are lines of
/// JSON, and could say anything.
fn ran_out_of_memory(said: &str) -> bool {
    let mut plain = said.lines().filter(|line| !line.starts_with('{'));
    plain.any(|line| {
        line.contains("memory allocation of") || line.contains("LLVM ERROR: out of memory")
    })
}

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;
