//! What becomes of a source in the compiler's jail: what it may say, read and use up.

use std::fs;
use std::sync::LazyLock;

use grader::compile::{Compiled, compile, flags};
use grader::intake::{POLICY_FILE, Sources};
use grader::kit::Kit;

use crate::workspace::root;

static KIT: LazyLock<Kit> =
    LazyLock::new(|| Kit::build(&root()).unwrap_or_else(|error| panic!("{error}")));

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
        let text = |flag: &grader::scan::Flag| {
            format!("{}:{}: {}", flag.file, flag.line - lines, flag.what)
        };
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

#[test]
fn the_skeleton_compiles() {
    lab1_with("").compiles();
}
