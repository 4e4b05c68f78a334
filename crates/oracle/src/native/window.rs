//! Fault-around, as a trace wants it (rule R8).

/// How many pages a read fault maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    /// As the kernel does.
    Linux,
    /// The page alone: for the time of an access it gets a VMA of its own, which
    /// ends the window (rule R8).
    OnePage,
}

    /// Does something while each page of the range that shows a file or shared
    /// memory is a VMA of its own, if the trace wants no fault-around.
    fn isolated<T>(
        &mut self,
        process: &mut Process,
        addr: VirtAddr,
        len: u64,
        act: impl FnOnce(&mut Process) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let end = addr.0.saturating_add(len.max(1)).div_ceil(PAGE_SIZE);
        let pages: Vec<Vpn> = match self.window {
            Window::Linux => Vec::new(),
            Window::OnePage => (addr.page().0..end.min(TASK_SIZE / PAGE_SIZE))
                .map(Vpn)
                .filter(|page| self.object_pages.contains(page))
                .collect(),
        };
        for &page in &pages {
            call::advise(page.start(), PAGE_SIZE, apart(page).0).make(&mut process.tracee)?;
        }
        let done = act(process)?;
        for &page in &pages {
            call::advise(page.start(), PAGE_SIZE, apart(page).1).make(&mut process.tracee)?;
        }
        Ok(done)
    }
}

/// Two flags that make neighbouring pages differ, so that their VMAs do not merge,
/// and nothing else while no process forks or dumps core; and how to take them away.
fn apart(page: Vpn) -> (i32, i32) {
    match page.0 % 2 {
        0 => (libc::MADV_DONTDUMP, libc::MADV_DODUMP),
        _ => (libc::MADV_DONTFORK, libc::MADV_DOFORK),
    }
}

