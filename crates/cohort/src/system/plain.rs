//! A folder for each student, or the archive that they made.

use std::io;

use super::files;
use crate::plan::{Form, HandIn, Member};
use crate::sink::Sink;

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    let login = &member.person.login;
    if let Form::Archive(content) = &hand_in.form {
        return sink.file(&format!("{login}.zip"), content);
    }
    for (name, content) in files(hand_in) {
        sink.file(&format!("{login}/{name}"), content)?;
    }
    Ok(())
}
