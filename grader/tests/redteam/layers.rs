//! The harness's own blind spots: each layer is left out once, and what it stops must
//! then succeed. A layer is tried alone, because others would stop the same.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use rustix::process::getuid;

use crate::class::honest;
use crate::corpus::{self, Attack};
use crate::course::Course;
use crate::grading::{Graded, Result, Who, Without, grade};
use crate::lay_out::lay_out;
use crate::sinks;
use crate::toolchain::Toolchain;

/// The layers of a run's sandbox.
const RUN: [&str; 4] = ["limits", "user", "landlock", "seccomp"];

/// What shows that a layer of the run is there: it ends otherwise without it.
const PROBES: &str = include_str!("probes.toml");

/// A class of probes, graded with this much of the sandbox: their results, and the
/// secrets that they were after.
struct Probed {
    secrets: Vec<(String, String)>,
    graded: Graded,
}

fn probes() -> Vec<Attack> {
    corpus::parse("probes.toml", PROBES)
}

fn probed(ids: &[&str], without: &Without) -> Probed {
    let course = Course::new().expect("a scratch course");
    for probe in probes()
        .iter()
        .filter(|probe| ids.contains(&probe.id.as_str()))
    {
        lay_out(probe, &course, &course.at("class"));
    }
    let graded = grade(&course, "class", "out", Who::Ourselves, without);
    Probed {
        secrets: course.canaries.clone(),
        graded,
    }
}

fn all_but(layer: &str) -> Without {
    Without {
        run: RUN.into_iter().filter(|it| *it != layer).collect(),
        ..Without::default()
    }
}

impl Probed {
    fn of(&self, id: &str) -> &Result {
        self.graded.of(id).expect("the probe is among the results")
    }

    /// Whether the probe got through: a secret is in what it said, or it passed.
    #[track_caller]
    fn got_through(&self, id: &str) -> bool {
        let result = self.of(id);
        let said: String = result
            .traces
            .iter()
            .map(|trace| trace.message.as_str())
            .collect();
        self.secrets.iter().any(|(_, secret)| said.contains(secret)) || said.contains("got through")
    }
}

static UNCONFINED: LazyLock<Probed> = LazyLock::new(|| {
    let ids: Vec<String> = probes().into_iter().map(|probe| probe.id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    probed(
        &ids,
        &Without {
            run: RUN.to_vec(),
            ..Without::default()
        },
    )
});

/// The layer alone stops the probe, and nothing does without it.
#[track_caller]
fn stops(layer: &'static str, probe: &str) {
    let without = UNCONFINED.of(probe);
    assert!(
        UNCONFINED.got_through(probe),
        "no layer, and yet: {without:#?}"
    );
    let alone = probed(&[probe], &all_but(layer));
    assert!(!alone.got_through(probe), "{layer}: {:#?}", alone.of(probe));
}

#[test]
fn landlock_alone_keeps_files_from_a_run() {
    stops("landlock", "reads-a-hidden-trace");
}

#[test]
fn seccomp_alone_keeps_files_and_sockets_from_a_run() {
    stops("seccomp", "sends-a-datagram");
}

#[test]
fn limits_alone_keep_memory_from_a_run() {
    stops("limits", "fills-memory");
}

#[test]
fn another_user_alone_keeps_private_files_from_a_run() {
    if getuid().is_root() {
        stops("user", "reads-a-private-key");
    } else {
        eprintln!("skipped: only root can become another user");
    }
}

#[test]
fn landlock_alone_keeps_files_from_the_compiler() {
    let probe = "takes-a-module";
    let without = Without {
        compile: vec!["landlock", "user"],
        ..Without::default()
    };
    let naked = probed(&[probe], &without);
    assert!(
        naked.got_through(probe),
        "no landlock, and yet: {:#?}",
        naked.of(probe)
    );
    let alone = probed(
        &[probe],
        &Without {
            compile: vec!["user"],
            ..Without::default()
        },
    );
    assert!(!alone.got_through(probe), "{:#?}", alone.of(probe));
}

#[test]
fn limits_alone_keep_a_giant_from_the_compiler() {
    let probe = "makes-a-giant";
    let without = Without {
        compile: vec!["limits"],
        ..Without::default()
    };
    let naked = probed(&[probe], &without);
    assert!(naked.got_through(probe), "{:#?}", naked.of(probe));
    let whole = probed(&[probe], &Without::default());
    assert!(!whole.got_through(probe), "{:#?}", whole.of(probe));
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "the assembly is x86-64's")]
fn the_compiler_alone_lets_assembly_through() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let attacks = corpus::attacks();
    let attack = attacks.iter().find(|it| it.id == "compile-writes-assembly");
    let source = folder.path().join("lib.rs");
    fs::write(&source, &attack.expect("an attack").items).expect("room");
    let compiled = Command::new(Toolchain::new().rustc())
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "-F",
            "unsafe_code",
        ])
        .arg("--out-dir")
        .arg(folder.path())
        .arg(&source)
        .output()
        .expect("a compiler");
    // The scan refuses what this lets through: that attack's end says so.
    assert!(compiled.status.success(), "{compiled:?}");
}

#[test]
fn a_reader_that_follows_links_would_find_the_secrets() {
    let mut course = Course::new().expect("a scratch course");
    let class = course.at("class");
    honest(&mut course, &class);
    let attacks = corpus::attacks();
    let links = [
        "intake-link-to-trace",
        "intake-link-to-key",
        "intake-link-to-neighbour",
    ];
    for id in links {
        let attack = attacks
            .iter()
            .find(|attack| attack.id == id)
            .expect("an attack");
        lay_out(attack, &course, &course.at("class"));
        let text = fs::read_to_string(course.at("class").join(id).join("lab2.rs"));
        let text = text.expect("a link that leads somewhere");
        assert!(
            course
                .canaries
                .iter()
                .any(|(_, secret)| text.contains(secret)),
            "{id}"
        );
    }
}

#[test]
fn reports_that_escape_nothing_bite() {
    let course = Course::new().expect("a scratch course");
    let out = course.at("out");
    let write = |name: &str, text: &str| fs::write(out.join(name), text).expect("room");
    let clean = || {
        for name in [
            "report.txt",
            "log.txt",
            "summary.md",
            "grades.csv",
            "grades.json",
            "junit.xml",
        ] {
            write(
                name,
                if name == "junit.xml" {
                    "<testsuites/>"
                } else {
                    "ada\n"
                },
            );
        }
    };
    clean();
    assert_eq!(sinks::bites(&out), [""; 0]);
    for (name, text) in [
        ("report.txt", "\u{1b}[31mred"),
        ("report.txt", "\u{202e}detrever"),
        ("log.txt", "ada\n::error::broken"),
        ("report.txt", "ada ##[error]x"),
        ("summary.md", "![x](https://example.org)"),
        ("summary.md", "<img src=x onerror=alert(1)>"),
        ("grades.csv", "=HYPERLINK(1)\n"),
        ("junit.xml", "<testsuites><script></testsuites>"),
    ] {
        write(name, text);
        assert_ne!(sinks::bites(&out), [""; 0], "{name}: {text}");
        clean();
    }
}
