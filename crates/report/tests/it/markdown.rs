//! What a student gets as Markdown, as another reader of Markdown sees it.

use grader::result::SubmissionResult;
use pulldown_cmark::{Event, Options as Syntax, Parser, Tag};
use report::markdown::{BYTES_MAX, render};
use report::student::About;
use roster::student::Student;

use crate::made::{careless, not_graded, run, shown, standing, student};

fn told(submission: SubmissionResult, student: Option<&Student>, remark: &str) -> String {
    let shown = shown(vec![submission]).with_standings(|it| standing(it, 2, remark));
    let about = About {
        student,
        course: Some("OS"),
        median: None,
    };
    render(shown.submissions().next().expect("one"), &about)
}

#[test]
fn it_reads_well_where_nobody_renders_it() {
    let text = told(careless("ada"), None, "showed it in class");
    for line in [
        "OS: ` ada `",
        "**14.00 of 20 points** (failed)",
        "- 17.00 Attempt 2 of 3: ` handed in 2026-11-20 17:00 UTC `",
        "- −4.00 Late: 2 days: ` 2 days behind the due date `",
        "- +1.00 Adjustment, lab 5: ` showed it in class (K. Tutor, 2026-11-23 09:30 UTC) `",
        "### Lab 5, `copy_on_write` (copy-on-write): 3.00 of 5 points missing",
        "Look at this first: public trace ` fork-write `: failed.",
        "  rule: R5: a write to a private page: copied if others use it",
        "Hint: Who else uses the `frame`?",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}: {text}");
    }
}

#[test]
fn whatever_is_written_it_is_no_markup() {
    let nasty = [
        "<script>alert(1)</script>",
        "![x](http://x/y.png) [a](javascript:x) <http://x>",
        "``` `````\n# heading\n<b>",
        "@everyone #12",
        "\u{202e}evil",
    ];
    for text in nasty {
        let mut submission = careless(text);
        submission.message = text.to_owned();
        submission.traces[1].message = text.to_owned();
        submission.traces[1].at = Some(text.to_owned());
        submission.traces[1].difference.as_mut().expect("one").got = text.to_owned();
        let written = told(submission, Some(&student("x", text, text)), text);
        let markup = |event: &Event<'_>| {
            matches!(
                event,
                Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::Start(Tag::Link { .. } | Tag::Image { .. })
            )
        };
        let found: Vec<Event<'_>> = Parser::new_ext(&written, Syntax::all())
            .filter(markup)
            .collect();
        assert!(found.is_empty(), "{found:?} in {written}");
        let headings = Parser::new(&written)
            .filter(|event| matches!(event, Event::Start(Tag::Heading { .. })));
        // The part that is lost, and no other.
        assert_eq!(headings.count(), 1, "{written}");
        assert!(!written.contains('\u{202e}'));
    }
}

#[test]
fn it_has_a_length_and_says_what_is_missing() {
    let mut submission = careless(&"i".repeat(5000));
    submission.message = "m\n".repeat(100_000);
    for number in 10..60 {
        let mut lab = submission.labs[1].clone();
        lab.number = number;
        submission.labs.push(lab);
        let mut trace = run(number, "copy_on_write", "long");
        trace.end = verdict::end::End::Panicked;
        trace.message = format!("{number} {}", "x".repeat(1000));
        submission.traces.push(trace);
    }
    let text = told(submission, None, &"r".repeat(50_000));
    assert!(text.len() <= BYTES_MAX, "{}", text.len());
    assert!(
        text.contains("more parts: your page has them all"),
        "{text}"
    );
}

#[test]
fn what_could_not_be_graded_is_no_zero() {
    let shown = shown(vec![not_graded("ada")]);
    let text = render(shown.submissions().next().expect("one"), &About::default());
    assert!(text.contains("**not graded**, through no fault of yours: this is no zero"));
    assert!(!text.contains("0.00"), "{text}");
}
