//! `cargo lab watch`: a check on every save.
//!
//! - [`sources`]: the student's files as they are, and what of them has changed
//! - [`wake`]: what ends a wait: the operating system's notice, a key, the clock
//! - [`run`]: a check under way, in processes of its own
//! - [`keys`]: the terminal, for `q`
//!
//! The operating system only wakes; what was saved is seen by looking. So it does not
//! matter how an editor saves, whether a notice is lost, and whether there are any. A
//! check is `cargo lab check`, started anew each time: nothing is remembered but the
//! points of the last check, and whatever goes wrong in it, this process goes on.

mod keys;
mod run;
mod sources;
mod wake;

use std::io::{self, IsTerminal};
use std::time::Duration;

use self::run::{Board, Run};
use self::sources::Sources;
use self::wake::{Wake, Waker};
use crate::report::Failure;
use crate::workspace::{SOURCES, Workspace};

/// How long files must be as they are: editors empty a file before they write it, or
/// take it away.
const SETTLED: Duration = Duration::from_millis(10);

/// How long a file may be missing before it is missing.
const MISSING: Duration = Duration::from_millis(300);

/// How often to look where nobody gives notice, and where somebody should.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_ANYWAY: Duration = Duration::from_secs(2);

/// Moves the cursor home and clears the screen, and what was scrolled away.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lab; without it, the one whose file is saved.
    lab: Option<u8>,
    /// Look at the files again and again, instead of waiting for notice: for folders on
    /// other computers.
    #[arg(long)]
    poll: bool,
}

pub(crate) fn command(args: &Args) -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    workspace.labs(args.lab)?;
    let internal = |error: io::Error| Failure::Internal(format!("cannot watch: {error}"));
    let _terminal = keys::unbuffered();
    let folder = workspace.root.join(SOURCES);
    let waker = Waker::new(&folder, args.poll).map_err(internal)?;
    let mut watch = Watch {
        lab: args.lab,
        seen: Sources::read(&folder),
        board: Board::default(),
        look: if waker.is_notified { LOOK_ANYWAY } else { LOOK },
        waker,
        workspace,
    };
    watch.watch().map_err(internal)
}

struct Watch {
    workspace: Workspace,
    lab: Option<u8>,
    /// The files of the last check.
    seen: Sources,
    board: Board,
    waker: Waker,
    look: Duration,
}

impl Watch {
    fn watch(&mut self) -> io::Result<()> {
        let mut changed = Vec::new();
        loop {
            let before = self.board.lab;
            let saved = || sources::lab_of(&changed, before);
            let lab = self.lab.or_else(saved).or(before);
            let lab = lab.unwrap_or_else(|| self.first());
            self.announce(&changed);
            let mut run = Run::start(&self.workspace.root, lab, &mut self.board)?;
            match self.until_saved(&mut run)? {
                Some(saved) => changed = saved,
                None => return Ok(()),
            }
        }
    }

    /// The first lab in which something is left to write.
    fn first(&self) -> u8 {
        let labs = &self.workspace.catalogue.labs;
        let is_open =
            |it: &course::catalogue::HolePoints| self.workspace.unwritten(it.hole).is_some();
        let open = labs.iter().find(|lab| lab.holes.iter().any(is_open));
        open.or(labs.first()).map_or(1, |lab| lab.number)
    }

    fn announce(&self, changed: &[String]) {
        if io::stdout().is_terminal() {
            anstream::print!("{CLEAR}");
        }
        let time = jiff::ZonedDateTime::now().strftime("%H:%M:%S");
        let what = match changed {
            [] => "watching".to_owned(),
            files => format!("saved {}", files.join(", ")),
        };
        anstream::println!("{time}  {what}  (q leaves)\n");
    }

    /// Waits for the next save, which ends the run if it is still under way. Returns what
    /// was saved; none if the student leaves.
    fn until_saved(&mut self, run: &mut Run) -> io::Result<Option<Vec<String>>> {
        loop {
            if run.go_on(&mut self.board)? {
                anstream::println!("\nwaiting for a save");
            }
            match self.waker.wait(run.patience().unwrap_or(self.look)) {
                Wake::Leave => {
                    run.cancel()?;
                    return Ok(None);
                }
                Wake::Look => {}
            }
            let now = self.settled();
            let changed = now.changed_since(&self.seen);
            if !changed.is_empty() {
                run.cancel()?;
                self.seen = now;
                return Ok(Some(changed));
            }
        }
    }

    /// The files, once they stay as they are and all of them are there.
    fn settled(&self) -> Sources {
        let folder = self.workspace.root.join(SOURCES);
        let mut now = Sources::read(&folder);
        let mut waited = Duration::ZERO;
        while now != self.seen {
            std::thread::sleep(SETTLED);
            waited += SETTLED;
            let then = std::mem::replace(&mut now, Sources::read(&folder));
            if then == now && (waited >= MISSING || !now.lacks_any_of(&self.seen)) {
                break;
            }
        }
        now
    }
}
