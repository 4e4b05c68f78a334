//! Where the workspace is.

use std::env;
use std::path::PathBuf;

/// Returns the workspace's root.
///
/// Cargo says where this package is when it runs it; a binary that was started by
/// hand falls back on where it was built.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or(package.clone(), PathBuf::from)
}
