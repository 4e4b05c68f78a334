//! Moodle: `get_student_prefix` and `load_submissionplugin_filelist` of
//! mod/assign/classes/downloader.php.

use std::io;

use super::files;
use crate::plan::{Form, HandIn, Member};
use crate::sink::Sink;

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    write_joined(member, hand_in, "/", sink)
}

pub fn write_flat(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    write_joined(member, hand_in, "_", sink)
}

fn write_joined(member: &Member, hand_in: &HandIn, joint: &str, sink: &mut Sink) -> io::Result<()> {
    let prefix = format!("{}_{}", clean(&member.person.name()), member.person.number);
    if hand_in.form == Form::Text {
        let name = format!("{prefix}_assignsubmission_onlinetext{joint}onlinetext.html");
        return sink.file(&name, b"<p>see my repository</p>\n");
    }
    for (name, content) in files(hand_in) {
        sink.file(
            &format!("{prefix}_assignsubmission_file{joint}{name}"),
            content,
        )?;
    }
    Ok(())
}

/// An underscore becomes a space; then `clean_filename`.
fn clean(name: &str) -> String {
    let gone = |c: &char| !c.is_control() && !"&<>\"`|':\\/".contains(*c);
    name.replace('_', " ")
        .chars()
        .filter(gone)
        .collect::<String>()
        .replace("..", "")
}
