//! The class: a few honest students, a neighbour with a secret, and the attacks.

use std::path::Path;

use crate::corpus::Attack;
use crate::course::Course;
use crate::lay_out::{lay_out, lay_out_honest, right_file};

/// Those whose scores no attack may change.
pub const HONEST: [&str; 4] = [
    "honest-forgets-to-zero",
    "honest-half",
    "honest-right",
    "neighbour",
];

/// Writes the honest submissions.
pub fn honest(course: &mut Course, class: &Path) {
    let right = right_file();
    let secret = course.canary("another student's source");
    let files = [
        ("honest-right", right.clone()),
        (
            "honest-forgets-to-zero",
            right.replace("    k.zero(&frame);\n", ""),
        ),
        ("honest-half", half(&right)),
        ("neighbour", format!("// {secret}\n{right}")),
    ];
    for (id, text) in files {
        lay_out_honest(&class.join(id), &text);
    }
}

/// The last method is not written yet.
fn half(right: &str) -> String {
    let old = "    let old = k.unmap(page).shoot_down(k);";
    assert!(
        right.contains(old),
        "the solution is written differently now"
    );
    right.replace(
        old,
        "    todo!();\n    let old = k.unmap(page).shoot_down(k);",
    )
}

/// Writes the attacks.
pub fn hostile(attacks: &[Attack], course: &Course, class: &Path) {
    for attack in attacks {
        lay_out(attack, course, class);
    }
}
