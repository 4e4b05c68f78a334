//! Who the process is, and who it dies with.

use std::io;

use rustix::process::{
    DumpableBehavior, Pid, Signal, getppid, set_dumpable_behavior, set_parent_process_death_signal,
};

/// The first user of those that student code runs as, when the grader is root.
///
/// systemd's table of users ("Users, Groups, UIDs and GIDs on systemd Systems") leaves
/// 60578 to 61183 to nobody, and they are below 65536, so that a container which maps
/// so many has them too.
pub const FIRST_USER: u32 = 60_578;

/// How many of them there are. A process takes the one that its number leads to:
/// two that run at once are two users, unless their numbers differ by a multiple.
pub const USERS: u32 = 606;

/// The user that a process with this number becomes.
pub fn user_of(process: u32) -> u32 {
    FIRST_USER + process % USERS
}

/// Turns root into a user that owns nothing and may do nothing: no group, no
/// capability. Whoever is not root stays who they are.
///
/// It changes this thread; a process does it before it has others.
///
/// # Errors
///
/// If root may not change its user, as in some containers.
#[cfg(target_os = "linux")]
pub fn leave_root() -> io::Result<Option<u32>> {
    let is_root = rustix::process::geteuid().is_root();
    let left = is_root.then(|| user_of(std::process::id()));
    if let Some(user) = left {
        become_user(user)?;
    }
    drop_capabilities()?;
    Ok(left)
}

/// Turns this thread of root's into one of this user, without any group.
#[cfg(target_os = "linux")]
pub(crate) fn become_user(user: u32) -> io::Result<()> {
    use rustix::process::{Gid, Uid};
    use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

    let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
    set_thread_groups(&[])?;
    set_thread_res_gid(gid, gid, gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    Ok(())
}

/// Leaves this thread no capability.
#[cfg(target_os = "linux")]
pub(crate) fn drop_capabilities() -> io::Result<()> {
    use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

    let none = CapabilitySet::empty();
    let nothing = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    set_capabilities(None, nothing)?;
    Ok(())
}

/// Whether [`leave_root`] would find another user to become. Changes nothing.
#[cfg(target_os = "linux")]
pub fn can_leave_root() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};

    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID;
    rustix::process::geteuid().is_root()
        && capabilities(None).is_ok_and(|sets| sets.effective.contains(needed))
        && is_mapped(FIRST_USER + USERS - 1)
}

/// Whether this user exists here: a container may have few.
#[cfg(target_os = "linux")]
fn is_mapped(user: u32) -> bool {
    let Ok(map) = std::fs::read_to_string("/proc/self/uid_map") else {
        return true;
    };
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(first)), _, Some(Ok(count))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return false;
        };
        (first..first.saturating_add(count)).contains(&u64::from(user))
    })
}

/// Kills this process when its parent dies. A change of user revokes it: this comes
/// after.
///
/// # Errors
///
/// If the parent, which has this number, is dead already, or the operating system
/// refuses.
#[cfg(target_os = "linux")]
pub fn die_with(parent: u32) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    match getppid().map(Pid::as_raw_pid) {
        Some(now) if u32::try_from(now) == Ok(parent) => Ok(()),
        _ => Err(io::Error::other("whoever started this process is dead")),
    }
}

/// Hides the memory of this process, and what `/proc` has of it, from others of the same
/// user: nobody but root may attach to it, and it leaves no core.
///
/// # Errors
///
/// If the operating system refuses.
#[cfg(target_os = "linux")]
pub fn hide_memory() -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)
}

/// There is nothing to hide from here: no run is confined on this system.
///
/// # Errors
///
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn hide_memory() -> io::Result<()> {
    Ok(())
}

/// Descriptors that are closed where the list of the open ones cannot be read: as many
/// as a process has by default.
#[cfg(target_os = "linux")]
const DESCRIPTORS: i32 = 1024;

/// Closes every descriptor but the three standard ones: whatever started the one that
/// started this process may have left some open.
#[cfg(target_os = "linux")]
pub fn close_others() {
    let named = std::fs::read_dir("/proc/self/fd").map(|names| {
        let names = names.flatten();
        let numbers = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        numbers.filter(|number| *number > 2).collect()
    });
    let open: Vec<i32> = named.unwrap_or_else(|_| (3..DESCRIPTORS).collect());
    for descriptor in open {
        // The list itself was among them, and is closed already.
        let _is_open = nix::unistd::close(descriptor);
    }
}

/// There is nothing to close for here: no run is confined on this system.
#[cfg(not(target_os = "linux"))]
pub fn close_others() {}

/// Offers this process first to a kernel that runs out of memory, so that it does not
/// take the grader. Where the kernel cannot be told so, it finds the largest itself.
#[cfg(target_os = "linux")]
pub fn be_first_out_of_memory() {
    let _told = std::fs::write("/proc/self/oom_score_adj", "1000");
}
