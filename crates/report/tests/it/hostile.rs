//! Names that would like to be markup, formulas, or somebody else's.

use browser::shown::{DESKTOP, show, show_file};
use diagnosis::diagnose::Likeness;
use report::options::Options;

use crate::made::{careless, diagnosis, shown, standing, student, written};

const NAMES: [&str; 6] = [
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=\"document.title='broken'\">",
    "=cmd|' /C calc'!A0",
    "\"'&lt;<!--{}",
    "</style><b style='color:red' onclick=\"document.title='broken'\">",
    "\u{202e}gpj.exe",
];

/// How the last one is shown: nothing turns the direction of writing.
const TURNED: &str = "\\u{202e}gpj.exe";

#[test]
fn whatever_somebody_is_called_it_stays_text() {
    let submissions = NAMES.map(|name| {
        let mut submission = careless(name);
        submission.message = name.to_owned();
        submission.ignored = vec![name.to_owned()];
        for trace in &mut submission.traces {
            trace.message = name.to_owned();
            trace.at = Some(name.to_owned());
        }
        let difference = submission.traces[1].difference.as_mut().expect("one");
        difference.got = name.to_owned();
        submission
    });
    let shown = shown(submissions.into()).with_standings(|it| standing(it, 1, &it.id));
    let roster = NAMES.map(|name| student(name, name, name));
    let diagnoses = NAMES.map(|name| diagnosis(name, Likeness::Same));
    let options = Options {
        course: Some(NAMES[0]),
        roster: &roster,
        diagnoses: &diagnoses,
        ..Options::default()
    };
    let folder = written(&shown, &options);
    show_file(DESKTOP, &folder.path().join("report.html"), "", |page| {
        let names = page.eval(
            "[...document.querySelectorAll('#class tbody tr')].map((row) => row.cells[0].textContent).sort().join('\\n')",
        );
        let mut wanted = NAMES.map(|name| {
            if name.contains('\u{202e}') {
                TURNED
            } else {
                name
            }
        });
        wanted.sort_unstable();
        assert_eq!(names, wanted.join("\n"));
        assert_eq!(page.text("h1"), NAMES[0]);
        assert_eq!(page.count("img, b[style], body script:not(:last-child)"), 0);
    });
    let pages = std::fs::read_dir(folder.path().join("students")).expect("a folder");
    let pages = pages.map(|it| it.expect("an entry").path());
    for file in pages.filter(|path| path.extension().is_some_and(|it| it == "html")) {
        show_file(DESKTOP, &file, "", |page| {
            assert_ne!(page.eval("document.title"), "broken");
            assert_eq!(page.count("img, script, [style], [onclick]"), 0);
        });
    }
}

#[test]
fn a_script_that_is_not_ours_does_not_run() {
    let report = report::class::render(&shown(vec![careless("u1")]), &Options::default());
    let planted = report.replace("<body>", "<body><b id=b onclick=\"this.id='ran'\">b</b>");
    assert_ne!(planted, report);
    let refused = std::panic::catch_unwind(|| {
        show(planted.as_bytes(), "", |page| {
            page.eval("void document.getElementById('b').click()");
            assert_eq!(page.count("#ran"), 0);
        });
    });
    if browser::shown::is_there() {
        let complaint = refused.expect_err("the browser had nothing to say");
        let complaint = complaint.downcast_ref::<String>().expect("a message");
        assert!(complaint.contains("Content Security Policy"), "{complaint}");
    }
}
