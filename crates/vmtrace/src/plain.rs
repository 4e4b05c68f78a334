//! Plain accesses: what nearly all events of a long trace are.
//!
//! Whoever replays millions of them takes them from the reader's buffer, where they lie
//! ([`Decoder::plain`](crate::binary::decode::Decoder::plain),
//! [`Parser::plain`](crate::text::parser::Parser::plain)), and makes no event of each.

use vmsim::event::UserAccess;

/// The plain accesses that come next, as far as a reader's buffer holds them.
pub trait Plain: Iterator<Item = UserAccess> {
    /// The [number](crate::Line::number) of the access that was given last; before the
    /// first, of the event before.
    fn number(&self) -> u64;
}
