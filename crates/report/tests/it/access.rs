//! What axe-core finds on the pages.

use browser::access::{axe, violations};
use browser::shown::{DESKTOP, PHONE, show_on};
use diagnosis::diagnose::Likeness;
use report::options::Options;

use crate::made::{careless, diagnosis, not_graded, page, perfect, shown, standing, student};

#[test]
fn axe_finds_nothing_in_light_and_dark_on_desktop_and_phone() {
    let Some(axe) = axe() else { return };
    let shown = shown(vec![perfect("u1"), careless("u2"), not_graded("u3")]);
    let shown = shown.with_standings(|it| standing(it, 1, "well explained"));
    let roster = [student("u1", "Ada Lovelace", "OS-01")];
    let diagnoses = [diagnosis("u2", Likeness::Same)];
    let options = Options {
        roster: &roster,
        diagnoses: &diagnoses,
        ..Options::default()
    };
    let report = report::class::render(&shown, &options);
    let mut panicked = careless("u4");
    panicked.message = "lab3.rs does not compile".to_owned();
    panicked.traces[1].message = "index out of bounds".to_owned();
    panicked.traces[1].at = Some("labs/skeleton/src/lab5.rs:7".to_owned());
    for page in [report, page(careless("u2")), page(panicked)] {
        for screen in [DESKTOP, DESKTOP.dark(), PHONE, PHONE.dark()] {
            show_on(screen, page.as_bytes(), "", |page| {
                assert_eq!(violations(&axe, page), "");
            });
        }
    }
}
