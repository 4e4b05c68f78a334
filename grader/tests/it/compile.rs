//! What becomes of a source in the compiler's jail: what it may say, read and use up.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use course::handed_in::POLICY_FILE;
use grader::compile::{Compiled, compile, flags};
use grader::intake::Sources;
use sandbox::tier::Layer;
use scan::forbidden;

use crate::workspace::{KIT, root};

/// The skeleton's lab 1, with this behind it.
fn lab1_with(more: &str) -> Source {
    let skeleton = fs::read_to_string(root().join("labs/skeleton/src/lab1.rs"));
    Source(format!("{}\n{more}\n", skeleton.expect("a skeleton")))
}

/// The lab 1 of a submission.
struct Source(String);

/// How a compilation ended: its name, and the words.
#[derive(Debug)]
struct Outcome(&'static str, String);

impl Source {
    fn sources(&self) -> Sources {
        Sources {
            files: vec![("lab1.rs", self.0.clone())],
            ..Sources::default()
        }
    }

    fn outcome(&self) -> Outcome {
        match compile(&KIT, &self.sources()).unwrap_or_else(|error| panic!("{error}")) {
            Compiled::Program(_) => Outcome("program", String::new()),
            Compiled::Rejected(said) => Outcome("does not compile", said),
            Compiled::Limit(why) => Outcome("compile limit", why),
        }
    }

    fn compiles(&self) {
        let Outcome(end, said) = self.outcome();
        assert_eq!(end, "program", "{said}");
    }

    fn does_not_compile(&self) -> Outcome {
        self.ends_as("does not compile")
    }

    fn ends_as(&self, end: &str) -> Outcome {
        let outcome = self.outcome();
        assert_eq!(outcome.0, end, "{}", outcome.1);
        outcome
    }

    fn flags(&self) -> Vec<String> {
        let skeleton = fs::read_to_string(root().join("labs/skeleton/src/lab1.rs"));
        let lines = skeleton.expect("a skeleton").lines().count() + 1;
        let flags = flags(&self.sources());
        let text =
            |flag: &scan::Flag| format!("{}:{}: {}", flag.file, flag.line - lines, flag.what);
        flags.iter().map(text).collect()
    }
}

impl Outcome {
    fn saying(self, words: &str) -> Self {
        assert!(self.1.contains(words), "no `{words}` in:\n{}", self.1);
        self
    }

    fn without(self, words: &str) -> Self {
        assert!(!self.1.contains(words), "`{words}` in:\n{}", self.1);
        self
    }

    /// Nothing about this machine.
    fn betraying_nothing(mut self) -> Self {
        let root = root();
        let scratch = KIT.scratch.path().display().to_string();
        let root = root.display().to_string();
        let toolchain = KIT.compiler.libraries.display().to_string();
        for secret in [root, scratch, toolchain] {
            self = self.without(&secret);
        }
        self
    }
}

/// A macro that writes `name!(…)` where no scan for words sees it: what is behind it meets
/// the compiler's jail alone.
const CALL: &str = "macro_rules! call { ($name:ident $($rest:tt)*) => { $name! { $($rest)* } } }\n";

/// What a source gets to read of a file: it panics with the text while it is compiled.
fn reads(path: &str) -> Source {
    lab1_with(&format!(
        "{CALL}const TEXT: &str = call!(include {path:?});\nconst _: () = panic!(\"{{}}\", TEXT);"
    ))
}

#[test]
fn the_skeleton_compiles() {
    lab1_with("").compiles();
}

#[test]
fn no_source_is_blamed_for_libraries_that_are_others_since() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut kit = KIT.clone();
    kit.libraries.vmsim = folder.path().join("libvmsim.rlib");
    let wrong = lab1_with("fn other_than_all() -> u8 { \"half\" }");
    let error = compile(&kit, &wrong.sources()).expect_err("the library is gone");
    assert!(error.to_string().contains("built anew"), "{error}");
}

#[test]
fn an_error_is_shown_where_the_student_wrote_it() {
    let skeleton = lab1_with("").0.lines().count();
    lab1_with("fn half() -> u8 { \"half\" }")
        .does_not_compile()
        .saying("error[E0308]: mismatched types")
        .saying(&format!("--> labs/skeleton/src/lab1.rs:{skeleton}:19"))
        .betraying_nothing();
}

#[test]
fn a_handler_that_is_missing_is_named() {
    let renamed = lab1_with("").0.replace("pub fn classify", "pub fn clasify");
    Source(renamed)
        .does_not_compile()
        .saying("cannot find function `classify` in module `lab1`")
        .betraying_nothing();
}

#[test]
fn no_file_of_a_student_can_name_the_reference_or_the_runner() {
    for name in [
        "solution",
        "runner",
        "policies",
        "vmtrace",
        "program",
        "reference",
    ] {
        lab1_with(&format!(
            "fn call() {{ {name}::x(); }} extern crate {name};"
        ))
        .does_not_compile()
        .betraying_nothing();
    }
    lab1_with("fn call() -> Referense { Reference::default() }")
        .does_not_compile()
        .without("solution")
        .without("runner");
}

#[test]
fn a_file_outside_is_one_sentence_whether_it_exists_or_not() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let canary = folder.path().join("canary.rs");
    fs::write(&canary, "\"CANARY-1f0c\"").expect("a file");
    let canary = canary.to_str().expect("a plain path");
    let missing = format!("{canary}.not");
    let said: Vec<String> = [
        canary,
        &missing,
        "/etc",
        "/etc/shadow",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/fd/0",
    ]
    .map(|path| reads(path).does_not_compile().1)
    .into();
    for words in &said {
        assert_eq!(*words, said[0]);
    }
    Outcome("", said[0].clone())
        .saying("error: file outside of the submission")
        .saying("--> labs/skeleton/src/lab1.rs:")
        .without("CANARY")
        .without("os error");
}

#[test]
fn without_landlock_the_same_source_betrays_the_file() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let canary = folder.path().join("canary.rs");
    fs::write(&canary, "\"CANARY-1f0c\"").expect("a file");
    let kit = KIT.clone().without(&[Layer::Landlock]);
    let source = reads(canary.to_str().expect("a plain path"));
    match compile(&kit, &source.sources()) {
        Ok(Compiled::Rejected(said)) => assert!(said.contains("CANARY-1f0c"), "{said}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_module_in_another_file_is_a_file_outside() {
    let hidden = "macro_rules! m { ($m:tt $n:ident $b:tt) => { $m $n; } }\nm!(mod other {});";
    lab1_with(hidden)
        .does_not_compile()
        .saying("file outside of the submission")
        .without("other.rs");
}

#[test]
fn the_environment_is_empty() {
    lab1_with(
        "const _: () = assert!(option_env!(\"HOME\").is_none() && option_env!(\"PATH\").is_none() \
         && option_env!(\"TMPDIR\").is_none() && option_env!(\"CI\").is_none());",
    )
    .compiles();
}

#[test]
fn a_module_has_the_name_and_the_path_that_the_student_knows() {
    lab1_with("const _: () = panic!(concat!(file!(), \" \", module_path!()));")
        .does_not_compile()
        .saying("labs/skeleton/src/lab1.rs skeleton::lab1")
        .betraying_nothing();
}

#[test]
fn a_macro_that_doubles_comes_to_the_memory_limit() {
    lab1_with("macro_rules! b { ($($x:tt)*) => { b!{$($x)* $($x)*} } } b!{x y}")
        .ends_as("compile limit")
        .saying("more than 1536 MiB of memory");
}

#[test]
fn a_giant_static_comes_to_the_limit_of_files() {
    lab1_with("pub static GIANT: [u8; 200 << 20] = [1; 200 << 20];")
        .ends_as("compile limit")
        .saying("64 MiB");
}

#[test]
fn nesting_that_crashes_the_compiler_is_told_as_a_crash() {
    let (open, shut) = ("(".repeat(60_000), ")".repeat(60_000));
    lab1_with(&format!("pub const DEEP: u32 = {open}1{shut};"))
        .ends_as("compile limit")
        .saying("the compiler itself crashed")
        .betraying_nothing();
}

#[test]
fn a_constant_that_takes_for_ever_is_an_error_and_no_wait() {
    let endless = "const _: () = { let mut i = 0u64; loop { i = i.wrapping_add(1); } };";
    lab1_with(endless)
        .does_not_compile()
        .saying("constant evaluation is taking a long time");
}

#[test]
fn thousands_of_errors_are_cut_off() {
    let errors: String = (0..2000)
        .map(|i| format!("fn f{i}() {{ x{i} }}\n"))
        .collect();
    let Outcome(_, said) = lab1_with(&errors)
        .ends_as("compile limit")
        .saying("the compiler said more than 256 KiB");
    assert!(said.len() < 66 << 10, "{} bytes", said.len());
    assert_eq!(said.matches("error[E0425]").count(), 20);
}

#[test]
fn an_error_has_no_colours_and_no_control_characters() {
    let Outcome(_, said) = lab1_with("compile_error!(\"\\x1b[31m red \\x07\");").does_not_compile();
    let bad = said.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(bad, None, "{said}");
}

#[test]
fn words_that_no_handler_needs_are_refused_with_their_line() {
    for (source, word) in [
        ("fn f() { unsafe { } }", "unsafe"),
        ("#[unsafe(naked)] extern \"C\" fn f() {}", "unsafe"),
        ("use core::arch::asm as a;", "asm"),
        (
            "macro_rules! m { () => { naked_asm!(\"syscall\") } }",
            "naked_asm",
        ),
        ("global_asm!(\"nop\");", "global_asm"),
        ("extern \"C\" { fn getpid() -> i32; }", "extern"),
        ("#[no_mangle] pub fn memcpy() {}", "no_mangle"),
        ("#[cfg_attr(all(), link(name = \"c\"))] mod m {}", "link"),
        (
            "#[global_allocator] static A: System = System;",
            "global_allocator",
        ),
        ("#![feature(asm_experimental_arch)]", "feature"),
        ("const S: &str = include_str!(\"lab2.rs\");", "include_str"),
        ("use std::include_bytes as bytes;", "include_bytes"),
        ("use std::include as i;", "include"),
        ("include!(\"other.rs\");", "include"),
        ("std::include!(\"other.rs\");", "include"),
        ("fn r#fn() { r#include_str!(\"x\") }", "r#include_str"),
        ("#[path = \"/etc/passwd\"] mod x;", "path"),
        ("mod x;", "mod"),
        ("macro_rules! m { ($n:ident) => { mod $n; } }", "mod"),
    ] {
        let found = forbidden(&format!("// a line\n{source}\n"));
        let found = found.unwrap_or_else(|| panic!("{source} is allowed"));
        assert_eq!((found.line, found.word.as_str()), (2, word), "{source}");
    }
}

#[test]
fn comments_strings_and_ordinary_names_are_no_words() {
    for source in [
        "// unsafe { asm!() }",
        "/* /* include_str!(\"x\") */ extern */ fn f() {}",
        "/// An `unsafe` asm! extern \"C\"\nfn f() {}",
        "const S: &str = r#\"unsafe \" asm!() extern\"#;",
        "fn f<'a>(link: &'a str, path: u8, feature: u8, naked: u8) { let c = '\"'; }",
        "extern crate std as s; mod inner { }",
        "#![forbid(unsafe_code)]",
        "#[cfg(feature = \"x\")] fn include() {}",
        "fn f() { let both = Range::include(1, 2).len(); }",
        "fn f(asm: u8) -> u8 { asm + 1 }",
        "fn r#mod() {}",
    ] {
        assert_eq!(forbidden(source), None, "{source}");
    }
}

#[test]
fn a_refused_word_is_explained_as_the_compiler_would() {
    let skeleton = lab1_with("").0.lines().count();
    lab1_with("const T: &str = include_str!(\"../../../grader/hidden/lab1.trace\");")
        .does_not_compile()
        .saying("error: `include_str` is not allowed: a file outside of the submission")
        .saying(&format!("--> labs/skeleton/src/lab1.rs:{skeleton}:17"))
        .saying("help: write it into lab1.rs to lab8.rs");
}

#[test]
fn what_an_instructor_may_want_to_see_is_flagged_with_its_line() {
    let flags = lab1_with(
        "fn a() { let _ = std::fs::read(\"/proc/self/maps\"); }\n\
         use std::{collections::HashMap, net::TcpStream};\n\
         #[cfg(test)] fn b() { std::process::exit(0) } // std::env\n\
         fn c() { let _ = option_env!(\"CI\"); let _ = std::fs::read(\"/proc/1\"); }",
    )
    .flags();
    let expected = [
        "lab1.rs:1: names `std::fs`",
        "lab1.rs:1: mentions `/proc`",
        "lab1.rs:2: names `std::net`",
        "lab1.rs:3: asks how it is compiled (`cfg`)",
        "lab1.rs:3: names `std::process`",
        "lab1.rs:4: reads the environment (`option_env!`)",
    ];
    assert_eq!(flags, expected);
}

#[test]
fn the_skeleton_and_a_perfect_submission_raise_no_flags() {
    for folder in ["labs/skeleton/src", "grader/samples/perfect-ada"] {
        let text = fs::read_to_string(root().join(folder).join("lab1.rs"));
        let source = Source(text.expect("a handler file"));
        assert_eq!(flags(&source.sources()), []);
    }
}

#[test]
fn identical_sources_are_one_program() {
    let path = |source: &Source| match compile(&KIT, &source.sources()) {
        Ok(Compiled::Program(program)) => program.path,
        other => panic!("{other:?}"),
    };
    let both = std::thread::scope(|scope| {
        let asked = [(); 2].map(|()| scope.spawn(|| path(&lab1_with("// the same"))));
        asked.map(|thread| thread.join().expect("no panic"))
    });
    assert_eq!(both[0], both[1]);
    assert_ne!(both[0], path(&lab1_with("// another")));
}

#[test]
fn a_program_is_alone_in_a_private_folder_that_goes_with_it() {
    let kit = KIT.clone().without(&[]);
    let sources = lab1_with("").sources();
    let Ok(Compiled::Program(program)) = compile(&kit, &sources) else {
        panic!("the skeleton compiles");
    };
    let folder = program.folder().to_owned();
    let mode = fs::metadata(&folder)
        .expect("it exists")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    let names = fs::read_dir(&folder).expect("it is readable").flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["libsubmission.so", "program"]);
    drop((kit, program));
    assert!(!folder.exists());
}

/// No name of a submission's can be taken for one of ours.
#[test]
fn a_library_shows_two_functions_and_no_other() {
    let kit = KIT.clone().without(&[]);
    let policy = "use vmsim::prelude::*; use vmsim::replacement::Policy;
        #[derive(Default)] pub struct Own;
        impl Policy for Own { fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
            unmistakable(k); k.advance_clock() } }
        #[inline(never)] pub fn unmistakable(k: &Kernel) { println!(\"{}\", k.now()) }";
    let sources = Sources {
        policy: Some(policy.to_owned()),
        ..Sources::default()
    };
    let Ok(Compiled::Program(program)) = compile(&kit, &sources) else {
        panic!("it compiles");
    };
    let library = fs::read(program.folder().join("libsubmission.so")).expect("it is there");
    let names = String::from_utf8_lossy(&library);
    assert!(names.contains("8skeleton8handlers") && names.contains("8skeleton6policy"));
    assert!(!names.contains("unmistakable"));
}

#[test]
fn a_policy_may_be_refused_alone() {
    let sources = Sources {
        policy: Some("mod x;".to_owned()),
        ..Sources::default()
    };
    match compile(&KIT, &sources) {
        Ok(Compiled::Rejected(said)) => assert!(said.contains(POLICY_FILE), "{said}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn this_machine_confines_the_compiler_as_it_would_a_run() {
    let offered = sandbox::tier::offered();
    assert_eq!(KIT.tier.lacks(), offered.lacks());
    assert_eq!(KIT.tier.landlock, offered.landlock);
}
