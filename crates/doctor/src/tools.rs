//! Programs that some chores need, and most users do not.

use crate::answer::Answer;
use crate::answer::Standing::{Good, Weaker};

/// A program that may be missing.
struct Tool {
    names: &'static [&'static str],
    serves: &'static str,
    package: &'static str,
}

const TOOLS: [Tool; 5] = [
    Tool {
        names: &["valgrind"],
        serves: "`cargo xtask record` runs programs under it",
        package: "on Debian, apt-get install valgrind",
    },
    Tool {
        names: &["mdbook"],
        serves: "`cargo xtask book` makes pages of the handouts with it",
        package: "cargo install mdbook",
    },
    Tool {
        names: &["chromium", "google-chrome"],
        serves: "tests look at the pages for browsers with it",
        package: "on Debian, apt-get install chromium",
    },
    Tool {
        names: &["cargo-insta"],
        serves: "answer keys are reviewed with it",
        package: "cargo install cargo-insta",
    },
    Tool {
        names: &["cargo-bolero"],
        serves: "fuzzing with coverage needs it, and a nightly toolchain",
        package: "cargo install cargo-bolero",
    },
];

/// All of them.
pub fn answers() -> Vec<Answer> {
    let mut answers: Vec<Answer> = TOOLS.iter().map(Tool::answer).collect();
    answers.push(conform());
    answers
}

impl Tool {
    fn answer(&self) -> Answer {
        let topic = self.names[0];
        let path = self.names.iter().find_map(|name| which::which(name).ok());
        match path {
            Some(path) => Answer::new(topic, Good, path.display().to_string(), self.serves),
            None => {
                let follows = format!("optional: {}. {}", self.serves, self.package);
                Answer::new(topic, Weaker, "not found", follows)
            }
        }
    }
}

/// What `cargo xtask conform` needs of the kernel.
fn conform() -> Answer {
    let topic = "conform";
    if !cfg!(target_os = "linux") {
        let follows = "optional: a kernel to compare with must be Linux";
        return Answer::new(topic, Weaker, "no Linux", follows);
    }
    match rustix::process::geteuid().is_root() {
        true => Answer::new(
            topic,
            Good,
            "root",
            "`cargo xtask conform --with-swap` compares everything with this kernel",
        ),
        false => Answer::new(
            topic,
            Weaker,
            "not root",
            "optional: `cargo xtask conform` leaves out what needs swap or a dropped cache",
        ),
    }
}
