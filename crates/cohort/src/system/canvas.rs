//! Canvas: `sanitize_user_name`, `get_filename` and `sanitize_attachment_filename` of
//! lib/content_zipper.rb, and `make_unique_filename` for what was handed in before.

use std::io;
use std::sync::LazyLock;

use regex::Regex;

use super::files;
use crate::plan::{Form, HandIn, Member};
use crate::sink::Sink;

/// Attachments have numbers; each student's begin here, so far apart.
const FIRST: usize = 900_000;
const APART: usize = 100;

pub fn write(member: &Member, hand_in: &HandIn, sink: &mut Sink) -> io::Result<()> {
    let prefix = prefix(member, hand_in);
    if hand_in.form == Form::Text {
        return sink.file(
            &format!("{prefix}_text.html"),
            b"<p>see my repository</p>\n",
        );
    }
    let first = FIRST + member.person.index * APART;
    // Some have handed in before: Canvas has renamed what they gave.
    let again = member.person.index % 3;
    for (attachment, (name, content)) in (first..).zip(files(hand_in)) {
        let name = match (again, name.rsplit_once('.')) {
            (1.., Some((stem, end))) if !name.ends_with(".trace") => {
                format!("{stem}-{again}.{end}")
            }
            _ => name,
        };
        sink.file(&format!("{prefix}_{attachment}_{name}"), content)?;
    }
    Ok(())
}

/// Name, whether late, and number.
fn prefix(member: &Member, hand_in: &HandIn) -> String {
    static INNER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"_(\d+)_").expect("a pattern"));
    static NO_WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[^\w]").expect("a pattern"));
    let sortable = member.person.sortable();
    let name = INNER.replace_all(&sortable, "$1").to_lowercase();
    let late = if hand_in.late { "_LATE" } else { "" };
    let all = format!("{name}{late}_{}", member.person.number);
    NO_WORD.replace_all(&all, "").into_owned()
}
