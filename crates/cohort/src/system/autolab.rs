//! Autolab: `handin_file_long_filename` of app/models/submission.rb.

use std::io;

use super::files;
use crate::plan::{HandIn, Member};
use crate::sink::Sink;

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    let prefix = format!("{}_{}", member.person.email, hand_in.number);
    for (_, content) in files(hand_in) {
        sink.file(&format!("{prefix}_handin.zip"), content)?;
    }
    Ok(())
}
