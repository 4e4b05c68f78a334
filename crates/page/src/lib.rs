//! A film as one HTML file: a picture of memory that one can step through.
//!
//! The file needs no network and asks for none: scripts, styles and data are in it, and its
//! content security policy allows nothing else. What comes from a trace is data, never
//! markup: JSON, and packed chunks that the page unpacks when they are looked at.
//!
//! Writing streams: a film may be longer than memory. What grows with it is the [`index`]
//! alone, by less than a byte an event.
//!
//! What is read:
//! - [`reel`]: a film under way, and the state that it has come to
//!
//! What is made of it:
//! - [`told`]: a scene in a form that a browser can read
//! - [`difference`]: what two runs of one event differ in, in words
//! - [`chunk`]: some scenes and the state before them, packed
//! - [`index`]: two bytes for every event, packed
//! - [`buckets`]: sums over all events, for the charts
//!
//! What is written:
//! - [`assets`]: scripts and styles, and the policy that allows them and nothing else
//! - [`shell`]: the markup around the data
//! - [`write`]: all of it in order

pub mod assets;
pub mod buckets;
pub mod chunk;
pub mod difference;
pub mod error;
pub mod index;
pub mod reel;
pub mod shell;
pub mod told;
pub mod write;
