//! The terminal, which is left as it was: when somebody leaves, at a signal, and when the
//! program panics.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEventKind};
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::DefaultTerminal;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::reel::{End, Shared, Sink};
use crate::viewer::{Then, Viewer};
use crate::{Feed, Left, Show, draw};

/// How often the screen follows a film that grows: each picture costs bytes, and they may
/// have a long way to go.
const PICTURE: Duration = Duration::from_millis(200);

/// Whether it was told already that films have grown, and nobody has looked since.
type Told = Arc<AtomicBool>;

/// What may happen while a film is shown.
enum Happened {
    Input(Event),
    Signal(i32),
    /// A film has more lines, or has ended.
    Grown,
    /// The terminal is gone.
    Lost(io::Error),
}

/// Shows a film until somebody leaves.
pub(crate) fn run(show: Show) -> io::Result<Left> {
    let (sender, receiver) = mpsc::channel();
    // Before the terminal is changed: a signal must find somebody who changes it back.
    watch_signals(sender.clone())?;
    let told = Told::default();
    let own = play(show.own, sender.clone(), &told)?;
    let expected = show.expected;
    let expected = expected
        .map(|feed| play(feed, sender.clone(), &told))
        .transpose()?;
    let viewer = Viewer::new(show.title, own, expected, show.look);
    let mut terminal = ratatui::try_init()?;
    watch_line(sender.clone());
    watch_keys(sender);
    let left = sit(&mut terminal, viewer, &receiver, &told, show.panics_at);
    ratatui::try_restore()?;
    terminal.show_cursor()?;
    left
}

fn sit(
    terminal: &mut DefaultTerminal,
    mut viewer: Viewer,
    receiver: &Receiver<Happened>,
    told: &Told,
    panics_at: Option<char>,
) -> io::Result<Left> {
    let (mut drawn, mut stale) = (Instant::now(), true);
    loop {
        if stale && (drawn.elapsed() >= PICTURE || is_first(&viewer)) {
            viewer.grown();
            picture(terminal, &mut viewer)?;
            (drawn, stale) = (Instant::now(), false);
        }
        let happened = match stale {
            true => receiver.recv_timeout(PICTURE.saturating_sub(drawn.elapsed())),
            false => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match happened {
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Left::Quit),
            Ok(Happened::Grown) => {
                told.store(false, Ordering::Release);
                stale = true;
            }
            Ok(Happened::Signal(number)) => return Ok(Left::Signalled(number)),
            Ok(Happened::Lost(error)) => return Err(error),
            Ok(Happened::Input(event)) => {
                if let Event::Key(key) = event
                    && key.kind != KeyEventKind::Release
                {
                    let code = panics_at.map(KeyCode::Char);
                    assert!(code != Some(key.code), "asked to panic at this key");
                    if viewer.press(key) == Then::Leave {
                        return Ok(Left::Quit);
                    }
                }
                picture(terminal, &mut viewer)?;
            }
        }
    }
}

/// Draws a picture; a terminal that can, shows it when it is whole.
fn picture(terminal: &mut DefaultTerminal, viewer: &mut Viewer) -> io::Result<()> {
    execute!(io::stdout(), BeginSynchronizedUpdate)?;
    terminal.draw(|frame| draw::draw(frame, viewer))?;
    execute!(io::stdout(), EndSynchronizedUpdate)
}

/// Whether nothing was drawn yet.
fn is_first(viewer: &Viewer) -> bool {
    viewer.area.is_empty()
}

/// A film that is played into memory on a thread of its own.
fn play(feed: Feed, sender: Sender<Happened>, told: &Told) -> io::Result<Shared> {
    let reel = Shared::new()?;
    let (played, told) = (reel.clone(), Arc::clone(told));
    thread::spawn(move || {
        let grown = || {
            if !told.swap(true, Ordering::AcqRel) {
                // If nobody looks any more, nobody needs to be told.
                let _ = sender.send(Happened::Grown);
            }
        };
        let mut sink = Sink::new(reel.clone(), &grown);
        let ended = feed(&mut sink);
        let end = match (ended, sink.broken()) {
            (_, Some(error)) => End::Stopped(format!("the film cannot be read: {error}")),
            (Err(why), None) => End::Stopped(why),
            (Ok(()), None) => End::Whole,
        };
        reel.lock().end = Some(end);
        grown();
    });
    Ok(played)
}

fn watch_signals(sender: Sender<Happened>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for number in signals.forever() {
            if sender.send(Happened::Signal(number)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Tells that the terminal is gone. A signal says so too, but only to whoever the terminal
/// controls; and a read of keys from a terminal that is gone never comes back.
fn watch_line(sender: Sender<Happened>) {
    if !io::stdin().is_terminal() {
        return;
    }
    thread::spawn(move || {
        let stdin = io::stdin();
        // Nothing is waited for, and an end is told all the same.
        let mut line = [PollFd::new(&stdin, PollFlags::empty())];
        while let Err(Errno::INTR) = poll(&mut line, None) {}
        if line[0].revents().contains(PollFlags::HUP) {
            let _nobody_looks = sender.send(Happened::Signal(SIGHUP));
        }
    });
}

fn watch_keys(sender: Sender<Happened>) {
    thread::spawn(move || {
        loop {
            let happened = match crossterm::event::read() {
                Ok(event) => Happened::Input(event),
                Err(error) => Happened::Lost(error),
            };
            let lost = matches!(happened, Happened::Lost(_));
            if sender.send(happened).is_err() || lost {
                return;
            }
        }
    });
}
