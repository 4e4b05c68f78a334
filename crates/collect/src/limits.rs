//! What an export may cost before it is refused.
//!
//! Whoever runs the import has downloaded the export themselves; what is in it was
//! written by students. So an export as a whole may be large, and each file of it may
//! not: nothing is read further than [`grader::intake`] would take it.

use course::handed_in::SOURCE_BYTES_MAX;
use grader::intake::limits::ARCHIVE_BYTES_MAX;

/// Files and folders of an export. A class of 300 that hands in whole workspaces, each
/// with what a build leaves behind, has a hundred thousand.
pub const ENTRIES_MAX: usize = 500_000;

/// Bytes that are unpacked from one export. Only what a submission can contain is
/// unpacked, and of each file no more than is taken of any.
pub const UNPACKED_BYTES_MAX: u64 = 8 << 30;

/// Bytes of a file in which a course system tells what it has exported. Gradescope's
/// has the whole output of each student's last run.
pub const METADATA_BYTES_MAX: u64 = 256 << 20;

/// Folders around a file. What a submission may have is in `grader::intake`; around it
/// are the folders of a course system.
pub const DEPTH_MAX: usize = 24;

/// Bytes of one part of a name, which is what file systems allow.
pub const NAME_BYTES_MAX: usize = 255;

/// Bytes of a name with all its folders.
pub const PATH_BYTES_MAX: usize = 2_048;

/// What is unpacked of a source: one byte more than is taken, so that the grader sees
/// that there is too much, and says so.
pub const SOURCE_UNPACKED_MAX: u64 = SOURCE_BYTES_MAX + 1;

/// The same of a student's own archive.
pub const ARCHIVE_UNPACKED_MAX: u64 = ARCHIVE_BYTES_MAX + 1;
