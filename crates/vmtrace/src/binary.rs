//! The binary form, for traces of millions of events.
//!
//! ```text
//! file    = magic version machine record… end
//! magic   = 8f 56 4d 54            no text starts with 8f; "VMT"
//! version = 02                      01 has no record of words
//! machine = one varint for each key, in the order of machine::KEYS
//! record  = tag [cpu] [pid] [step] operands
//! words   = tag 14 [cpu] [pid], how many as a varint, and so many words of 8 bytes,
//!           the lowest first: accesses of that process; see binary::word
//! end     = tag 00, the number of events as a varint, and nothing after it
//!
//! tag  bits 0 to 4: the kind of event     bit 5: a cpu follows (else the last one)
//!      bit 6: a pid follows (else the last one)     bit 7: an access of a size
//!      other than 1, which stands in front of the other operands
//! step the address less the last record's, as a zigzag varint
//! ```
//!
//! A varint has 7 bits a byte, the lowest first; all but its last byte have bit 7.
//! The count at the end tells a whole file from one that was cut between two records.

pub mod decode;
pub mod encode;
pub mod error;

pub(crate) mod kind;
mod source;
mod word;
