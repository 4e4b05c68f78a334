//! What is where in the container.

use std::path::{Path, PathBuf};

/// Gradescope's folder, and ours in it ("Autograder Specifications", file hierarchy).
#[derive(clap::Args)]
pub struct Place {
    /// Gradescope's folder
    #[arg(long, value_name = "DIR", default_value = "/autograder")]
    autograder: PathBuf,
}

impl Place {
    /// The workspace: root's alone, for it has the hidden traces.
    pub fn workspace(&self) -> PathBuf {
        self.autograder.join("faultline")
    }

    /// What was handed in.
    pub fn submission(&self) -> PathBuf {
        self.autograder.join("submission")
    }

    /// What Gradescope says of it.
    pub fn metadata(&self) -> PathBuf {
        self.autograder.join("submission_metadata.json")
    }

    /// Where the results go.
    pub fn results(&self) -> PathBuf {
        self.autograder.join("results").join("results.json")
    }
}

/// A folder of root's alone, so that no user whom student code becomes sees its names.
pub fn close(folder: &Path) -> std::io::Result<()> {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    set_permissions(folder, Permissions::from_mode(0o700))
}
