//! Names that would like to be markup.

use browser::shown::{is_there, show};

use crate::films::{film, page};

const NAMES: [&str; 4] = [
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=\"document.title='broken'\">",
    "<!--<script>",
    "\"'&lt;\u{2028}{}",
];

#[test]
fn whatever_a_file_is_called_it_stays_text() {
    let mut film = film("fork-write");
    for (line, name) in (3..).zip(NAMES) {
        film.line(line).text = name.to_owned();
        film.line(line).class = name.to_owned();
    }
    film.stopped = Some(NAMES[0].to_owned());
    let mut out = Vec::new();
    page::write::write(&mut out, NAMES[0], film.text().as_bytes()).expect("a film");
    show(&out, "#line=4", |page| {
        page.hear(NAMES[1]);
        assert_eq!(page.text("#event-title code"), NAMES[1]);
        assert_eq!(page.text("h1"), format!("Faultline {}", NAMES[0]));
        assert_eq!(
            page.eval("document.title"),
            format!("{} – Faultline", NAMES[0])
        );
        assert_eq!(page.count("img"), 0);
    });
}

#[test]
fn a_script_that_is_not_ours_does_not_run() {
    let text = String::from_utf8(page(&film("fork-write").text())).expect("text");
    let planted = text.replace("<body>", "<body><b id=b onclick=\"this.id='ran'\"></b>");
    assert_ne!(planted, text);
    // The page is shown all the same; the policy refuses the handler when it is needed.
    let refused = std::panic::catch_unwind(|| {
        show(planted.as_bytes(), "", |page| {
            page.eval("void document.getElementById('b').click()");
            assert_eq!(page.count("#ran"), 0);
        });
    });
    if is_there() {
        let complaint = refused.expect_err("the browser had nothing to say");
        let complaint = complaint.downcast_ref::<String>().expect("a message");
        assert!(complaint.contains("Content Security Policy"), "{complaint}");
    }
}
