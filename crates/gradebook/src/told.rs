//! An explanation, as text and as Markdown.

use std::fmt::Write;

use grader::report::sink::{markdown, terminal};
use roster::cost::Cents;

use crate::explanation::otherwise::counted;
use crate::explanation::{Explanation, Lost, Told};

/// Lines of a submission's own message that are shown.
const MESSAGE_LINES: usize = 20;

/// An explanation for the terminal.
pub fn text(explanation: &Explanation) -> String {
    let Explanation {
        student,
        end,
        message,
        steps,
        attempts,
        graded_with,
        other_gradings,
        lost,
        losses,
        runs,
        otherwise,
        ..
    } = explanation;
    let mut lines = vec![format!("{}: {end}", terminal::line(student))];
    lines.extend(
        steps
            .iter()
            .map(|step| format!("  {}", terminal::line(step))),
    );
    let message = terminal::quoted(message, MESSAGE_LINES);
    lines.extend(message.into_iter().map(|line| format!("    {line}")));
    section(&mut lines, "attempts", attempts);
    let with = graded_with.iter();
    let with: Vec<String> = with.map(|(name, fact)| format!("{name}: {fact}")).collect();
    section(&mut lines, "graded with", &with);
    section(
        &mut lines,
        "other gradings of the same source",
        other_gradings,
    );
    lines.push(String::new());
    if runs.is_empty() {
        lines.push(format!("missing: {}", counted(Cents::of(*lost))));
    }
    for loss in losses {
        lost_text(&mut lines, loss);
    }
    for run in runs {
        run_text(&mut lines, run, "  ");
    }
    section(&mut lines, "what would make it different", otherwise);
    terminal::report(&(lines.join("\n") + "\n"))
}

fn section(lines: &mut Vec<String>, title: &str, content: &[String]) {
    if content.is_empty() {
        return;
    }
    lines.extend([String::new(), title.to_owned()]);
    lines.extend(
        content
            .iter()
            .map(|line| format!("  {}", terminal::line(line))),
    );
}

fn lost_text(lines: &mut Vec<String>, loss: &Lost) {
    lines.push(String::new());
    lines.push(format!("  {}", terminal::line(&loss.what)));
    lines.push(format!("    {}", terminal::line(&loss.because)));
    for run in &loss.runs {
        run_text(lines, run, "    ");
    }
}

fn run_text(lines: &mut Vec<String>, run: &Told, indent: &str) {
    let Told {
        what,
        counts,
        also,
        lines: told,
    } = run;
    lines.push(format!("{indent}{}", terminal::line(what)));
    if !counts.is_empty() {
        lines.push(format!("{indent}  {counts}"));
    }
    lines.extend(told.iter().map(|line| format!("{indent}  {line}")));
    if !also.is_empty() {
        let names: Vec<String> = also.iter().map(|name| terminal::line(name)).collect();
        lines.push(format!("{indent}  the same in {}", names.join(", ")));
    }
}

/// An explanation in Markdown, to be sent to a student.
pub fn markdown(explanation: &Explanation) -> String {
    let Explanation {
        student,
        end,
        message,
        steps,
        attempts,
        graded_with,
        other_gradings,
        lost,
        losses,
        runs,
        otherwise,
        ..
    } = explanation;
    let mut page = format!("# {}\n\nEnded as: {end}\n\n", markdown::inline(student));
    list(&mut page, steps);
    if !message.is_empty() {
        page += &format!("\n{}", markdown::fenced(message));
    }
    titled(&mut page, "Attempts", attempts);
    let with = graded_with.iter();
    let with: Vec<String> = with.map(|(name, fact)| format!("{name}: {fact}")).collect();
    titled(&mut page, "Graded with", &with);
    titled(
        &mut page,
        "Other gradings of the same source",
        other_gradings,
    );
    let _infallible = write!(page, "\n## Missing: {}\n", counted(Cents::of(*lost)));
    for loss in losses {
        let _infallible = write!(page, "\n### {}\n\n", markdown::inline(&loss.what));
        page += &format!("{}\n", markdown::inline(&loss.because));
        loss.runs
            .iter()
            .for_each(|run| run_markdown(&mut page, run));
    }
    runs.iter().for_each(|run| run_markdown(&mut page, run));
    titled(&mut page, "What would make it different", otherwise);
    page
}

fn titled(page: &mut String, title: &str, content: &[String]) {
    if !content.is_empty() {
        let _infallible = write!(page, "\n## {title}\n\n");
        list(page, content);
    }
}

fn list(page: &mut String, content: &[String]) {
    for line in content {
        let _infallible = writeln!(page, "- {}", markdown::inline(line));
    }
}

fn run_markdown(page: &mut String, run: &Told) {
    let Told {
        what,
        counts,
        also,
        lines,
    } = run;
    let mut told = lines.clone();
    told.extend(Some(counts.clone()).filter(|counts| !counts.is_empty()));
    told.extend(Some(format!("the same in {}", also.join(", "))).filter(|_| !also.is_empty()));
    let _infallible = write!(
        page,
        "\n{}\n\n{}",
        markdown::inline(what),
        markdown::fenced(&told.join("\n"))
    );
}
