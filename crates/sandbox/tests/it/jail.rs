//! The trampoline: what a program can do that was started through it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sandbox::jail::{Jail, JailLimits, Stage};
use sandbox::tier::{Layer, Tier};
use tempfile::TempDir;

/// A jail in which a shell runs.
fn jail(stage: Stage) -> Jail {
    let system = ["/bin", "/lib", "/lib64", "/usr"].map(PathBuf::from);
    Jail {
        stage,
        read: Vec::new(),
        execute: system.into_iter().filter(|path| path.exists()).collect(),
        write: Vec::new(),
        limits: JailLimits {
            cpu_seconds: 5,
            memory_mib: 512,
            file_mib: 1,
        },
        user: None,
        parent: std::process::id(),
        without: Vec::new(),
    }
}

fn start(jail: &Jail, program: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jail"));
    command
        .args(jail.arguments())
        .args(program)
        .env_clear()
        .stdin(Stdio::null());
    command
}

/// What a line of shell prints in the jail, and whether it succeeds.
fn shell(jail: &Jail, line: &str) -> (String, bool) {
    let output = start(jail, &["/bin/sh", "-c", line]).output();
    let output = output.expect("the jail starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (text, output.status.success())
}

fn tier(jail: &Jail) -> Tier {
    let told = start(jail, &[]).output().expect("the jail starts").stdout;
    serde_json::from_slice(&told).expect("it tells its layers")
}

#[test]
fn what_a_jail_is_told_is_what_it_understands() {
    let jail = Jail {
        read: vec!["/a b".into(), "/c".into()],
        write: vec!["/--".into()],
        user: Some(60_600),
        without: vec![Layer::Limits, Layer::User],
        ..jail(Stage::Link)
    };
    let program = ["rustc", "--", "x"].map(OsString::from);
    let said = jail.arguments().into_iter().chain(program.clone());
    let (understood, rest) = Jail::parse(said).expect("it is understood");
    assert_eq!((understood, rest), (jail, program.to_vec()));
}

#[test]
fn nonsense_is_refused_before_anything_starts() {
    for said in [&["--stage"][..], &["--user", "x", "--"], &["rustc"], &[]] {
        let parsed = Jail::parse(said.iter().map(OsString::from));
        assert!(parsed.is_err(), "{said:?} is understood as {parsed:?}");
    }
}

#[test]
fn a_file_that_is_not_allowed_is_not_read() {
    if tier(&jail(Stage::Compile)).landlock == 0 {
        return;
    }
    let line = "read -r first < /etc/passwd; echo \"$first\"";
    let open = Jail {
        read: vec!["/etc/passwd".into()],
        ..jail(Stage::Compile)
    };
    assert_eq!(shell(&jail(Stage::Compile), line).0.trim(), "");
    assert!(shell(&open, line).0.contains(':'));
}

#[test]
fn only_the_linkers_stage_starts_processes() {
    if !tier(&jail(Stage::Compile)).seccomp {
        return;
    }
    let line = "/bin/cat /dev/null; (echo started)";
    let without_files = |stage| Jail {
        without: vec![Layer::Landlock],
        ..jail(stage)
    };
    assert_eq!(shell(&without_files(Stage::Compile), line).0, "");
    assert_eq!(shell(&without_files(Stage::Link), line).0, "started\n");
}

#[test]
fn nobody_outside_can_be_sent_a_signal() {
    let outside = std::process::id();
    let line = format!("kill -0 {outside} && echo reached");
    for layer in [Layer::Landlock, Layer::Seccomp] {
        let jail = Jail {
            without: vec![layer],
            ..jail(Stage::Link)
        };
        let tier = tier(&jail);
        if tier.landlock >= 6 || tier.seccomp {
            assert_eq!(shell(&jail, &line).0, "", "without {layer}");
        }
    }
}

#[test]
fn root_keeps_no_capability_and_nobody_gets_new_privileges() {
    let status = Jail {
        without: vec![Layer::Landlock],
        ..jail(Stage::Link)
    };
    let (text, _) = shell(
        &status,
        "while read -r l; do echo \"$l\"; done < /proc/self/status",
    );
    let line = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.map(str::trim).map(str::to_owned)
    };
    assert_eq!(line("NoNewPrivs:").as_deref(), Some("1"), "{text}");
    assert_eq!(
        line("CapEff:").as_deref(),
        Some("0000000000000000"),
        "{text}"
    );
    assert_eq!(
        line("CapPrm:").as_deref(),
        Some("0000000000000000"),
        "{text}"
    );
}

#[test]
fn a_file_that_grows_too_large_ends_the_program() {
    let folder = TempDir::new().expect("a folder");
    let jail = Jail {
        write: vec![folder.path().to_owned()],
        read: vec!["/dev/zero".into()],
        ..jail(Stage::Link)
    };
    let large = folder.path().join("large");
    let line = format!(
        "/bin/dd if=/dev/zero of={} bs=64k count=64",
        large.display()
    );
    assert!(!shell(&jail, &line).1);
    assert!(large.metadata().is_ok_and(|about| about.len() <= 1 << 20));
}

#[test]
fn whoever_is_not_its_parent_cannot_be_told_as_such() {
    let orphan = Jail {
        parent: 1,
        ..jail(Stage::Compile)
    };
    let status = start(&orphan, &["/bin/sh", "-c", "exit 0"])
        .stderr(Stdio::null())
        .status();
    let code = status.expect("the jail starts").code();
    assert_eq!(code, Some(i32::from(sandbox::jail::TROUBLE)));
}

#[test]
fn a_program_that_is_missing_is_named() {
    let missing = "/bin/no-such-program";
    assert!(!Path::new(missing).exists());
    let output = start(&jail(Stage::Compile), &[missing]).output();
    let said = String::from_utf8_lossy(&output.expect("the jail starts").stderr).into_owned();
    assert!(said.starts_with("jail: /bin/no-such-program: "), "{said}");
}
