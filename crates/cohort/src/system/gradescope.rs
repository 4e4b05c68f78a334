//! Gradescope: a folder for each submission, and what Ruby writes of its symbols.

use std::fmt::Write;
use std::io;

use super::files;
use crate::person::Person;
use crate::plan::{HandIn, Member};
use crate::sink::Sink;

/// The folder that all is in, and the file that says whose it is.
const EXPORT: &str = "assignment_8046601_export";
pub const METADATA: &str = "assignment_8046601_export/submission_metadata.yml";

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    for (name, content) in files(hand_in) {
        sink.file(&format!("{EXPORT}/{}/{name}", folder(member)), content)?;
    }
    Ok(())
}

fn folder(member: &Member) -> String {
    format!("submission_{}", 409_000_000 + member.person.index)
}

pub fn tell(member: &Member, told: &mut String) {
    let Some(hand_in) = member.hand_ins.last() else {
        return;
    };
    *told += &format!("{}:\n  :submitters:\n", folder(member));
    for person in [Some(&member.person), member.partner.as_ref()]
        .into_iter()
        .flatten()
    {
        *told += &submitter(person);
    }
    let at = hand_in.at.strftime("%Y-%m-%d %H:%M:%S");
    let _infallible = write!(
        told,
        "  :created_at: {at}.000000000 Z\n  :score: 0.0\n  :status: processed\n  :results:\n    \
         score: 0.0\n    output: |-\n      ===== Autograder =====\n      :submitters: nobody\n  \
         :history: []\n"
    );
}

fn submitter(person: &Person) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let (name, sid, email) = (quoted(&person.name()), &person.sis, &person.email);
    format!("  - :name: {name}\n    :sid: {sid}\n    :email: {email}\n")
}
