//! What the compiler says, as JSON, a message a line.

use std::path::Path;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};

/// Errors of a compiler whose libraries are not those that it is told of.
const OF_LIBRARIES: [&str; 8] = [
    "E0460", "E0461", "E0462", "E0463", "E0464", "E0514", "E0519", "E0786",
];

/// The messages about a crate.
pub(super) struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Reads what the compiler has written to its standard error; whatever else is
    /// written there is nobody's message.
    pub fn read(text: &str) -> Self {
        let lines = text.lines();
        Self(
            lines
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect(),
        )
    }

    /// As people read them, in colour.
    pub fn rendered(&self) -> String {
        self.0
            .iter()
            .filter(|it| !is_sum(it))
            .filter_map(|it| it.rendered.as_deref())
            .collect()
    }

    /// Whether the errors are mistakes in files below this folder, as the compiler
    /// names it, and would be the same if cargo had called the compiler.
    pub fn blame(&self, folder: &Path) -> bool {
        let mut errors = self.0.iter().filter(|it| is_error(it)).peekable();
        errors.peek().is_some() && errors.all(|error| is_in(error, folder))
    }
}

fn is_error(message: &Diagnostic) -> bool {
    let is_error = matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice);
    is_error && !is_sum(message)
}

/// The last message of a failure says how many there were, and has no place.
pub(super) fn is_sum(message: &Diagnostic) -> bool {
    message.message.starts_with("aborting due to")
}

fn is_in(error: &Diagnostic, folder: &Path) -> bool {
    let code = error.code.as_ref().map_or("", |code| code.code.as_str());
    let mut places = error.spans.iter().filter(|span| span.is_primary);
    places.any(|span| Path::new(&span.file_name).starts_with(folder))
        && !OF_LIBRARIES.contains(&code)
        && !error.message.contains("environment variable")
}
