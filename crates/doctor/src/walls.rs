//! What keeps student code in.

use std::fs;

use sandbox::tier::Tier;

use crate::answer::Answer;
use crate::answer::Standing::{self, Good, Missing, Weaker};

/// The first ABI of landlock that knows of TCP (Linux 6.7).
const ABI_OF_NETWORK: u32 = 4;

/// The first ABI of landlock that scopes signals and abstract sockets (Linux 6.12).
const ABI_OF_SCOPES: u32 = 6;

/// Memory that a grader with two jobs should have, in MiB: two compilers at their limit.
const MEMORY_MIB_MIN: u64 = 4 << 10;

/// All walls.
pub fn answers(offered: Tier) -> Vec<Answer> {
    vec![
        kernel(),
        landlock(offered.landlock),
        seccomp(offered.seccomp),
        user(offered.user),
        memory(),
        cgroup(),
    ]
}

fn kernel() -> Answer {
    let uname = rustix::system::uname();
    let word = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    let found = format!(
        "{} {} {}",
        word(uname.sysname()),
        word(uname.release()),
        word(uname.machine())
    );
    match cfg!(target_os = "linux") {
        true => Answer::new("kernel", Good, found, "the sandbox is made for it"),
        false => Answer::new(
            "kernel",
            Missing,
            found,
            "the sandbox needs Linux: grade in a Linux container or virtual machine",
        ),
    }
}

fn landlock(abi: u32) -> Answer {
    let found = match abi {
        0 => "not offered".to_owned(),
        abi => format!("ABI {abi}"),
    };
    let (standing, follows) = match abi {
        0 => (
            Missing,
            "student code could read files: hidden traces are refused without \
             --allow-unsandboxed. Linux 5.13 or later, with `landlock` in \
             /sys/kernel/security/lsm (kernel parameter lsm=)",
        ),
        abi if abi < ABI_OF_NETWORK => (
            Weaker,
            "files are out of reach; the network is kept off by seccomp alone",
        ),
        abi if abi < ABI_OF_SCOPES => (
            Good,
            "files and TCP are out of reach; signals are kept off by seccomp alone",
        ),
        _ => (
            Good,
            "files, TCP, abstract sockets and others' processes are out of reach",
        ),
    };
    Answer::new("landlock", standing, found, follows)
}

fn seccomp(offered: bool) -> Answer {
    match offered {
        true => Answer::new(
            "seccomp",
            Good,
            "filters",
            "student code has a short list of system calls",
        ),
        false => Answer::new(
            "seccomp",
            Missing,
            "not offered",
            "student code could start processes and use the network: hidden traces are \
             refused without --allow-unsandboxed. A kernel with CONFIG_SECCOMP_FILTER, \
             and a container that does not forbid seccomp(2)",
        ),
    }
}

fn user(offered: bool) -> Answer {
    let root = rustix::process::geteuid().is_root();
    let (standing, found, follows) = match (root, offered) {
        (true, true) => (
            Good,
            "root, and may leave it",
            "each run has a user of its own, who owns nothing",
        ),
        (true, false) => (
            Weaker,
            "root, and may not leave it",
            "student code runs as root, behind landlock and seccomp: grade as an ordinary user",
        ),
        (false, _) => (
            Good,
            "not root",
            "student code runs as you, behind landlock and seccomp",
        ),
    };
    Answer::new("user", standing, found, follows)
}

fn memory() -> Answer {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find_map(|line| {
        let kib = line.strip_prefix("MemTotal:")?.strip_suffix("kB")?;
        kib.trim().parse::<u64>().ok()
    });
    let Some(kib) = total else {
        let follows = "limits hold for each process; nobody knows whether they fit";
        return Answer::new("memory", Weaker, "unknown", follows);
    };
    let mib = kib >> 10;
    let standing = fits(mib);
    let follows = match standing {
        Good => "each run and each compiler has its own limit (RLIMIT_AS)",
        _ => "compilers at their limit may not fit: grade with --jobs 1",
    };
    Answer::new("memory", standing, format!("{mib} MiB"), follows)
}

fn fits(mib: u64) -> Standing {
    if mib < MEMORY_MIB_MIN { Weaker } else { Good }
}

fn cgroup() -> Answer {
    let unified = fs::metadata("/sys/fs/cgroup/cgroup.controllers").is_ok();
    let found = if unified { "version 2" } else { "none" };
    let follows = "not used: limits are set process by process, which every machine can";
    Answer::new("cgroups", Good, found, follows)
}
