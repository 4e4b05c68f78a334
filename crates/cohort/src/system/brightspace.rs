//! Brightspace: a folder for each attempt, with name and time.

use std::io;

use super::files;
use crate::plan::{HandIn, Member};
use crate::sink::Sink;

/// The assignment's number.
const ASSIGNMENT: u32 = 2_557_369;

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    let gone = |c: &char| !"\\/:*?\"<>|".contains(*c);
    let name: String = member.person.name().chars().filter(gone).collect();
    let at = hand_in.at.strftime("%b %-d, %Y %-I%M %p");
    let folder = format!("{}-{ASSIGNMENT} - {name} - {at}", member.person.number);
    for (name, content) in files(hand_in) {
        sink.file(&format!("{folder}/{name}"), content)?;
    }
    Ok(())
}
