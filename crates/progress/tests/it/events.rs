//! Events for programs, and their schema.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use progress::event::How;
use progress::schema::json_schema;
use progress::sink::events::Events;
use progress::stage::{Outcome, Stage, Step};
use serde_json::{Value, json};
use verdict::end::End;

use crate::scene::{Scene, secs};

/// The events of a run in which everything happens once.
fn all_events() -> Vec<Value> {
    let scene = Scene::default();
    let job = scene.job(Events::to(scene.clone()));
    let stage = job.stage(Stage::GRADE, Some(3));
    scene.pass(secs(2));
    stage.did(Step::new("ada", End::Livelock, secs(2)).because("hidden-3: line 7"));
    stage.did(Step::new("bob", End::Refused, secs(0)).because("a link"));
    drop(stage);
    let stage = job.stage(Stage::new("conform", "accesses"), None);
    stage.reached(7);
    drop(stage);
    job.warn("no roster");
    job.end(How::Trouble, Some("no such folder".to_owned()));
    let text = scene.text();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&json_schema()).expect("JSON");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is a schema")
}

/// `UPDATE_SCHEMA=1 cargo test -p progress schema` writes the schema.
#[test]
fn the_committed_schema_is_that_of_the_code() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema");
    let committed = folder.join("progress.schema.json");
    let now = json_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&committed, &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(committed).expect("a schema is committed");
    assert_eq!(
        then, now,
        "help: UPDATE_SCHEMA=1 cargo test -p progress schema"
    );
}

#[test]
fn every_event_is_what_the_schema_says() {
    let (events, validator) = (all_events(), validator());
    let names: Vec<&str> = events
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "started",
            "stage-started",
            "step",
            "step",
            "stage-ended",
            "stage-started",
            "reached",
            "stage-ended",
            "warning",
            "ended"
        ]
    );
    for event in events {
        let errors: Vec<String> = validator
            .iter_errors(&event)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{event}: {}", errors.join("\n"));
    }
}

#[test]
fn the_schema_refuses_events_that_lack_something() {
    let validator = validator();
    for event in all_events() {
        let fields: Vec<String> = event
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        for required in [
            "schema", "run", "at", "event", "stage", "done", "how", "text",
        ] {
            if fields.iter().any(|field| field == required) {
                let mut lacking = event.clone();
                lacking.as_object_mut().expect("an object").remove(required);
                assert!(
                    !validator.is_valid(&lacking),
                    "valid without `{required}`: {lacking}"
                );
            }
        }
    }
}

#[test]
fn a_step_tells_how_far_it_is_and_nothing_of_hidden_traces() {
    let step = &all_events()[2];
    assert_eq!(step["what"], "ada");
    assert_eq!(step["outcome"], "graded");
    assert_eq!((&step["done"], &step["total"]), (&json!(1), &json!(3)));
    assert_eq!(step["left_ms"], 4000);
    assert_eq!(step["at"], "2026-11-27T22:00:02Z");
    assert_eq!(step["schema"], "faultline.progress/1");
    assert!(!step.to_string().contains("hidden-3"), "{step}");
    assert!(!step.to_string().contains("livelock"), "{step}");
}

#[test]
fn a_name_that_hides_something_is_escaped_and_the_same_when_read() {
    let scene = Scene::default();
    let text = scene.run(Events::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(1));
        stage.did(Step::untimed("a\u{202e}b\u{1b}", Outcome::Done));
    });
    assert!(text.contains("a\\u202eb\\u001b"), "{text}");
    let line = text.lines().nth(2).expect("the step");
    let step: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(step["what"], "a\u{202e}b\u{1b}");
}

/// Somebody who reads one line and goes.
struct Gone(usize);

impl Write for Gone {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        assert!(self.0 <= 2, "nothing is written after an error");
        match self.0 {
            1 => Ok(bytes.len()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_job_goes_on_when_nobody_reads_its_events() {
    let scene = Scene::default();
    scene.run(Events::to(Gone(0)), |job| {
        let stage = job.stage(Stage::GRADE, Some(2));
        stage.did(Step::untimed("ada", Outcome::Done));
        stage.did(Step::untimed("bob", Outcome::Done));
    });
}
