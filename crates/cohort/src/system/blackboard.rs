//! Blackboard: flat, with a text beside each attempt.

use std::io;

use super::files;
use crate::plan::{HandIn, Member};
use crate::sink::Sink;

/// What the assignment is called: with an underscore, as some are.
const ASSIGNMENT: &str = "Page faults_2";

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    let person = &member.person;
    let at = hand_in.at.strftime("%Y-%m-%d-%H-%M-%S");
    let prefix = format!("{ASSIGNMENT}_{}_attempt_{at}", person.login);
    let long = hand_in.at.strftime("%A, %B %-d, %Y %-I:%M:%S %p UTC");
    let mut text = format!(
        "Name: {} ({})\nAssignment: {ASSIGNMENT}\nDate Submitted: {long}\nCurrent Grade: Needs \
         Grading\n\nSubmission Field:\nThere is no student submission text data for this \
         assignment.\n\nComments:\nThere are no student comments for this assignment.\n\nFiles:\n",
        person.name(),
        person.login
    );
    for (name, content) in files(hand_in) {
        let now = format!("{prefix}_{name}");
        sink.file(&now, content)?;
        text += &format!("\tOriginal filename: {name}\n\tFilename: {now}\n\n");
    }
    sink.file(&format!("{prefix}.txt"), text.as_bytes())
}
