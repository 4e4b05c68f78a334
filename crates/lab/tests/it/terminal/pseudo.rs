//! A program in a pseudo-terminal, and what its screen shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtyPair, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long a text may take to appear: programs are built in between.
const PATIENCE: Duration = Duration::from_secs(240);

/// A terminal and a program in it.
pub struct Terminal {
    shared: Arc<Shared>,
    pair: PtyPair,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// The modes of the terminal before the program began.
    modes: String,
}

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    parser: vt100::Parser,
    /// All bytes that were ever written.
    bytes: Vec<u8>,
    ended: bool,
}

impl Seen {
    /// Whether the last picture has been written to its end.
    fn is_whole(&self) -> bool {
        let last = |mark: &[u8]| {
            self.bytes
                .windows(mark.len())
                .rposition(|part| part == mark)
        };
        last(b"\x1b[?2026h") <= last(b"\x1b[?2026l")
    }
}

fn number(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Terminal {
    /// Starts a program in a terminal of so many columns and rows.
    pub fn start(columns: u16, rows: u16, command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let shared = Arc::new(Shared {
            seen: Mutex::new(Seen {
                parser: vt100::Parser::new(number(rows), number(columns), 0),
                bytes: Vec::new(),
                ended: false,
            }),
            changed: Condvar::new(),
        });
        let mut output = pair.master.try_clone_reader().unwrap();
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let read = output.read(&mut bytes).unwrap_or(0);
                let mut seen = watched.seen.lock().unwrap();
                seen.parser.process(&bytes[..read]);
                seen.bytes.extend_from_slice(&bytes[..read]);
                seen.ended = read == 0;
                watched.changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self {
            shared,
            pair,
            keyboard,
            child,
            modes,
        }
    }

    /// Waits until the screen shows a text.
    pub fn shows(&self, text: &str) -> &Self {
        self.wait(text, |screen| screen.contents().contains(text))
    }

    /// Waits until the screen does not show a text any more.
    pub fn hides(&self, text: &str) -> &Self {
        self.wait(text, |screen| !screen.contents().contains(text))
    }

    fn wait(&self, what: &str, fits: impl Fn(&vt100::Screen) -> bool) -> &Self {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().unwrap();
        while !seen.is_whole() || !fits(seen.parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let contents = seen.parser.screen().contents();
            let gone = seen.ended || left.is_zero();
            assert!(!gone, "waited in vain for `{what}`:\n{contents}");
            seen = self.shared.changed.wait_timeout(seen, left).unwrap().0;
        }
        self
    }

    /// Types.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
        self
    }

    /// Gives the terminal another size.
    pub fn resizes(&mut self, columns: u16, rows: u16) -> &mut Self {
        let parser = |seen: &mut Seen| {
            seen.parser.set_size(number(rows), number(columns));
        };
        parser(&mut self.shared.seen.lock().unwrap());
        self.pair.master.resize(size(columns, rows)).unwrap();
        self
    }

    /// Sends the program a signal.
    pub fn signals(&self, signal: Signal) {
        let number = self.child.process_id().unwrap() as i32;
        kill_process(Pid::from_raw(number).unwrap(), signal).unwrap();
    }

    /// What the screen shows, line by line.
    pub fn contents(&self) -> String {
        let contents = self.shared.seen.lock().unwrap().parser.screen().contents();
        let lines = contents.lines().map(str::trim_end);
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether anything was ever written in a colour: SGR 30 to 49, or 90 to 107, that is
    /// not the reset to the terminal's own (39, 49).
    pub fn has_colours(&self) -> bool {
        let seen = self.shared.seen.lock().unwrap();
        let text = String::from_utf8_lossy(&seen.bytes).into_owned();
        let sequences = text
            .split("\u{1b}[")
            .filter_map(|rest| rest.split_once('m'));
        let sequences: Vec<&str> = sequences.map(|(numbers, _)| numbers).collect();
        let numbers = sequences.iter().flat_map(|numbers| numbers.split(';'));
        numbers
            .filter_map(|number| number.parse::<u8>().ok())
            .any(|number| matches!(number, 30..=38 | 40..=48 | 90..=107))
    }

    /// How many bytes were written so far.
    pub fn bytes(&self) -> usize {
        self.shared.seen.lock().unwrap().bytes.len()
    }

    /// Waits until the program has ended, and returns its exit code. The terminal must be
    /// as it was: its modes, the screen, and the cursor.
    pub fn leaves_all_as_it_was(mut self) -> (u32, String) {
        let code = self.child.wait().unwrap().exit_code();
        assert_eq!(
            modes(&*self.pair.master),
            self.modes,
            "the terminal's modes"
        );
        // What was written last may still be under way, until nobody holds the other end.
        drop(self.pair.slave);
        let mut seen = self.shared.seen.lock().unwrap();
        while !seen.ended {
            seen = self.shared.changed.wait(seen).unwrap();
        }
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste() && !screen.application_cursor());
        (code, screen.contents())
    }
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}
