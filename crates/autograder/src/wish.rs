//! What an instructor decides.

use std::fmt;

use course::feedback::Feedback;
use grader::report::gradescope::Visibility;

/// What is to be graded, and how much of it is told to whom.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The labs; all if none is named.
    pub labs: Vec<u8>,
    /// How much students are told of hidden traces.
    pub feedback: Feedback,
    /// When students see the tests.
    pub show: Visibility,
    /// What there is beside the results.
    pub extras: Vec<Extra>,
}

/// What is not done unless somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Ranks points on the assignment's leaderboard.
    Leaderboard,
    /// Grades where the container has no landlock or seccomp, with another user and limits.
    AllowUnsandboxed,
}

impl Wish {
    /// The options of `gradescope grade`.
    pub fn options(&self) -> String {
        let show = match self.show {
            Visibility::Visible => "visible",
            Visibility::AfterDueDate => "after-due-date",
            Visibility::AfterPublished => "after-published",
            Visibility::Hidden => "hidden",
        };
        let mut options = format!("--feedback {} --show {show}", self.feedback);
        for extra in &self.extras {
            options += &format!(" {extra}");
        }
        options
    }

    /// What student code is confined to, in words.
    pub fn sandbox(&self) -> &'static str {
        match self.extras.contains(&Extra::AllowUnsandboxed) {
            true => "another user and limits; landlock and seccomp where the container has them",
            false => "landlock, seccomp, another user and limits, or nothing is graded",
        }
    }
}

impl fmt::Display for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Extra::Leaderboard => "--leaderboard",
            Extra::AllowUnsandboxed => "--allow-unsandboxed",
        })
    }
}
