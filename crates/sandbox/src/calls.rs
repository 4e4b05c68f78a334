//! Which system calls are left (seccomp).
