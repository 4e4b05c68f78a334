//! What is in the file, without a browser.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use film::scene::Outcome;
use film::state::State;
use flate2::read::ZlibDecoder;
use page::buckets::{Buckets, Level};
use page::difference::differences;

use crate::films::{film, page, page_compared};

/// The most that a page may weigh without its data, in bytes.
const SHELL_BYTES_MAX: usize = 200_000;

#[test]
fn without_data_a_page_is_small() {
    let mut film = film("fork-write");
    film.scenes.clear();
    let page = page(&film.text());
    assert!(page.len() < SHELL_BYTES_MAX, "{} bytes", page.len());
}

#[test]
fn a_page_names_no_other_place() {
    let text = String::from_utf8(page(&film("fork-write").text())).expect("text");
    for tag in ["<link", "<img", "<iframe", " src=", "@import", "url(http"] {
        assert!(!text.contains(tag), "{tag}");
    }
    let policy = text.split_once("http-equiv=\"Content-Security-Policy\" content=\"");
    let (policy, _) = policy
        .expect("a policy")
        .1
        .split_once('"')
        .expect("its end");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    assert!(!policy.contains("unsafe"));
}

/// An element of packed data, unpacked.
fn unpacked(page: &str, id: &str) -> Vec<u8> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).expect(id);
    let (data, _) = rest.split_once('<').expect("its end");
    let deflated = STANDARD.decode(data).expect("base64");
    let mut bytes = Vec::new();
    ZlibDecoder::new(&deflated[..])
        .read_to_end(&mut bytes)
        .expect("deflate");
    bytes
}

#[test]
fn chunks_have_every_scene_and_the_state_before_the_first() {
    let film = film("three-need-the-slot").repeated(2500);
    let text = String::from_utf8(page(&film.text())).expect("text");
    for (number, scenes) in [(0, 1000), (1, 1000), (2, 500)] {
        let chunk: serde_json::Value =
            serde_json::from_slice(&unpacked(&text, &format!("chunk-{number}"))).expect("JSON");
        let run = &chunk["runs"][0];
        assert_eq!(run["scenes"].as_array().expect("scenes").len(), scenes);
        assert_eq!(run["scenes"][0]["line"], 2 + 1000 * number);
        // The state is small here, so each chunk has one.
        let state: State = serde_json::from_value(run["state"].clone()).expect("a state");
        assert_eq!(state, film.state_after(1000 * number as usize));
    }
    assert_eq!(unpacked(&text, "flags").len(), 2500);
    assert_eq!(unpacked(&text, "classes").len(), 2500);
}

#[test]
fn a_film_of_another_form_is_refused() {
    for film in ["", "{\"schema\":\"faultline.film/99\"}\n", "no film\n"] {
        let refused = page::write::write(&mut Vec::new(), "a.trace", film.as_bytes());
        assert!(refused.is_err(), "{film}");
    }
}

#[test]
fn a_film_that_breaks_off_says_so() {
    let text = film("fork-write").text();
    let cut: Vec<&str> = text.lines().take(6).collect();
    let summary = page::write::write(&mut Vec::new(), "a.trace", cut.join("\n").as_bytes());
    let summary = summary.expect("what is there is a film");
    assert_eq!(summary.events, 5);
    assert!(summary.runs[0].stopped.is_some());
}

#[test]
fn without_a_script_the_sums_can_be_read() {
    let text = String::from_utf8(page(&film("fork-write").text())).expect("text");
    let (_, sums) = text.split_once("<noscript>").expect("noscript");
    assert!(sums.contains("<th scope=\"row\">minor copy-on-write</th><td>1</td>"));
    assert!(sums.contains("<th scope=\"row\">hit</th><td>9</td>"));
}

#[test]
fn buckets_widen_and_lose_nothing() {
    let mut buckets = Buckets::default();
    for event in 0..10_000 {
        let level = Level {
            minor: event,
            ..Level::default()
        };
        buckets.add(Outcome::Minor, level);
    }
    assert_eq!(buckets.width, 8);
    assert_eq!(buckets.all.len(), 1250);
    let sum: u64 = buckets
        .all
        .iter()
        .map(|b| b.outcomes[Outcome::Minor as usize])
        .sum();
    assert_eq!(sum, 10_000);
    assert_eq!(buckets.all[0].level.minor, 7);
    assert_eq!(buckets.all[1249].level.minor, 9999);
}

#[test]
fn flushes_are_no_difference_and_values_are() {
    let (mut yours, expected) = (film("fork-write"), film("fork-write"));
    yours.line(8).cost.insert("local-flushes".to_owned(), 99);
    yours.line(6).value = Some(8);
    let differing: Vec<_> = yours
        .scenes
        .iter()
        .zip(&expected.scenes)
        .flat_map(|(yours, expected)| differences(yours, expected))
        .collect();
    assert_eq!(differing.len(), 1);
    assert_eq!(differing[0].what, "the value that was read");
    assert_eq!((&*differing[0].yours, &*differing[0].expected), ("8", "7"));
}

#[test]
fn of_two_runs_the_first_difference_is_told() {
    let (mut yours, expected) = (film("fork-write"), film("fork-write"));
    yours.line(11).class = "minor copy-on-write".to_owned();
    let mut out = Vec::new();
    let (yours, expected) = (yours.text(), expected.text());
    let summary = page::write::write_compared(&mut out, "a", yours.as_bytes(), expected.as_bytes());
    assert_eq!(summary.expect("two films").first_difference, Some(9));
    assert!(page_compared(&yours, &expected).len() > out.len() / 2);
}
