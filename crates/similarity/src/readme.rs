//! What stands in the exported folder for people.

use crate::export::{Ask, Exported, Sources};
use crate::tool::{Old, Tool};

/// What was exported, how the tool is called, and what its findings are worth.
pub(crate) fn readme(ask: Ask, exported: &Exported) -> String {
    let (tool, works) = (ask.tool, exported.works);
    let old = match exported.old {
        0 => Old::None,
        _ => Old::Some,
    };
    let parts = [
        format!("# {works} works for {tool}"),
        format!(
            "In this folder:\n\n    {}\n\n{}",
            tool.command(old),
            tool.about()
        ),
        layout(tool, old).to_owned(),
        who(ask.sources).to_owned(),
        macros(exported),
        WORTH.to_owned(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn layout(tool: Tool, old: Old) -> &'static str {
    match (tool, old) {
        (Tool::Dolos, Old::None) => {
            "`template.rs` is what everybody was given, `info.csv` lists the works: all files of \
             one student in one."
        }
        (Tool::Dolos, Old::Some) => {
            "`template.rs` is what everybody was given, `info.csv` lists the works: all files of \
             one student in one. Works of earlier years have the label `old`; they are compared \
             with each other, too."
        }
        (_, Old::None) => {
            "`base/` is what everybody was given, `submissions/` has a folder for each work. Files \
             that are as they were given are left out."
        }
        (_, Old::Some) => {
            "`base/` is what everybody was given, `submissions/` has a folder for each work, and \
             `old/` for each of earlier years. Files that are as they were given are left out."
        }
    }
}

fn who(sources: Sources) -> &'static str {
    match sources {
        Sources::Whole => {
            "**Who is who** is not in this folder: no file and no folder has a student's name. \
             The sources are as they were handed in, and names may stand in their comments and \
             strings: export with `--strip-comments` before you give them to somebody else. When \
             something was handed in may say, too, whose it is."
        }
        Sources::WithoutComments => {
            "**Who is who** is not in this folder: no file and no folder has a student's name, \
             and comments are gone. Names may still stand in strings and identifiers, and when \
             something was handed in may say, too, whose it is."
        }
    }
}

/// Whoever has much in macros is to be read, and not to be compared.
fn macros(exported: &Exported) -> String {
    if exported.in_macros.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = exported
        .in_macros
        .iter()
        .map(|(who, share)| format!("| {who} | {:.0}% |", share * 100.0))
        .collect();
    format!(
        "Tools see little of what stands in macros. Read these yourself:\n\n\
         | work | in macros |\n|---|---|\n{}",
        rows.join("\n")
    )
}

const WORTH: &str = "\
A finding is a reason to read two works side by side, and proves nothing: handlers are short, \
and many right solutions look alike. Compare first what is rare, such as the same mistake, the \
same needless line, the same names.";
