//! The picture of the machine.

use grader::result::SubmissionResult;
use scraper::{Html, Selector};

use crate::made::{careless, page};

/// The picture's texts by class, each on its line, and what is said of it aloud.
fn drawn(change: impl FnOnce(&mut SubmissionResult)) -> (String, String) {
    let mut submission = careless("ada");
    change(&mut submission);
    let page = Html::parse_document(&page(submission));
    let selector = |text| Selector::parse(text).expect("a selector");
    let Some(picture) = page.select(&selector("svg.machine")).next() else {
        return Default::default();
    };
    let texts = selector("text");
    let lines = picture.select(&texts).map(|text| {
        let around = text
            .parent()
            .and_then(scraper::ElementRef::wrap)
            .expect("a group");
        let class = around.value().attr("class").unwrap_or_default();
        format!("{class}: {}", text.text().collect::<String>())
    });
    let aloud = picture.value().attr("aria-label").unwrap_or_default();
    (lines.collect::<Vec<_>>().join("\n"), aloud.to_owned())
}

#[test]
fn bits_show_what_linux_changed_and_where_the_own_entry_differs() {
    let (drawn, aloud) = drawn(|_| ());
    for line in [
        "access: write 1 0x10000000 =3",
        "access: the TLB forbids it",
        "vma: [0x10000000, 0x10001000)",
        "bit set: P",
        "bit set changed: W",
        "place frame : frame f0",
        "place frame changed: frame f1",
        "place frame differs: frame f0",
    ] {
        assert!(drawn.lines().any(|drawn| drawn == line), "{line}: {drawn}");
    }
    for told in [
        "private anon",
        "before: f0, read-only",
        "Expected: the page is in frame f1",
        "Got: the page is in frame f0",
    ] {
        assert!(aloud.contains(told), "{told}: {aloud}");
    }
}

#[test]
fn a_signal_is_drawn_where_the_entry_would_lead() {
    let (drawn, aloud) = drawn(|submission| {
        let difference = submission.traces[1].difference.as_mut().expect("one");
        difference.oracle = 'G';
        difference.expected = "SIGSEGV maperr 0x1000 killed".to_owned();
        difference.got = String::new();
        difference.explanation.vma = Some("none covers the address".to_owned());
        difference.explanation.before = Some("empty".to_owned());
        difference.explanation.after = Some("empty".to_owned());
        difference.explanation.signal = Some("SIGSEGV maperr 0x1000 killed".to_owned());
    });
    for line in [
        "vma none: none covers the address",
        "place signal: SIGSEGV maperr",
        "place nowhere : nothing",
        "said: no signal and no error",
    ] {
        assert!(drawn.lines().any(|drawn| drawn == line), "{line}: {drawn}");
    }
    assert!(aloud.contains("It ends with SIGSEGV"), "{aloud}");
}

#[test]
fn where_no_fault_explains_it_there_is_no_picture() {
    let (drawn, _) = drawn(|submission| {
        let difference = submission.traces[1].difference.as_mut().expect("one");
        difference.explanation = verdict::explanation::Explanation::default();
    });
    assert_eq!(drawn, "");
}

#[test]
fn a_text_that_is_too_long_is_cut_in_the_picture_and_whole_beside_it() {
    let long = "x".repeat(300);
    let (drawn, aloud) = drawn(|submission| {
        let difference = submission.traces[1].difference.as_mut().expect("one");
        (difference.oracle, difference.got) = ('K', long.clone());
    });
    assert!(drawn.contains("xxx…") && !drawn.contains(&long), "{drawn}");
    assert!(aloud.contains(&long), "{aloud}");
}
