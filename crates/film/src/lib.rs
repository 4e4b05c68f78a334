//! A replay as a film: what each event did, step by step, and what it changed in the
//! machine.
//!
//! The process that student code runs in writes a film, one JSON object a line: a
//! [`scene::Opening`], a [`scene::Scene`] for each event, and a [`scene::Closing`]. A scene
//! holds changes, not states; whoever shows a film keeps a [`state::State`] and applies
//! them. Everything is plain data, so that a page in a browser can do the same.
//!
//! - [`scene`]: what is told of an event
//! - [`state`]: what a machine holds between two events
//! - [`read`]: a film read scene by scene

pub mod read;
pub mod scene;
pub mod state;
