//! How the student's program is built: by the compiler alone, or by cargo.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::student::{Said, Student};

/// The trace that the handlers are run on.
const TRACE: &str = "labs/02-lazy/traces/first-touch.trace";

/// What there is in the place of cargo: nothing.
const NO_CARGO: (&str, &str) = ("CARGO", "/no/cargo");

/// Somebody whose program cargo has built, and told how.
fn acquainted() -> Student {
    let student = Student::perfect();
    let _unknown = fs::remove_dir_all(student.sources().join("../../../target/lab"));
    save(&student, "// cargo compiles this");
    assert_eq!(student.lab(&["run", TRACE]).code, 0);
    student
}

/// Appends a line to the student's file.
fn save(student: &Student, line: &str) {
    let file = student.sources().join("lab2.rs");
    let text = fs::read_to_string(&file).expect("a handler file");
    fs::write(&file, format!("{text}\n{line}\n")).expect("a written file");
}

fn run_without_cargo(student: &Student) -> Said {
    let mut command = student.command(&["run", TRACE]);
    let output = command.env(NO_CARGO.0, NO_CARGO.1).output();
    Said::from(&output.expect("cargo lab starts"))
}

#[test]
fn a_save_needs_the_compiler_and_no_cargo() {
    let student = acquainted();
    save(&student, "// the compiler compiles this");
    let said = run_without_cargo(&student);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("minor zero-page"), "{}", said.out);
}

#[test]
fn what_is_saved_while_the_compiler_works_is_cargos_business() {
    let student = acquainted();
    let file = student.sources().join("lab2.rs");
    let lab = student.sources().join("../../../target/lab");
    let of_workspace = fs::read_dir(&lab).expect("a folder").next();
    let recipe = of_workspace
        .expect("one workspace")
        .expect("an entry")
        .path();
    let recipe = recipe.join("recipe.json");
    let text = fs::read_to_string(&recipe).expect("a recipe");
    let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rustc = json["command"][0]
        .as_str()
        .expect("the compiler")
        .to_owned();
    // A compiler that somebody saves a file beside.
    let saving = lab.join("saving");
    let script = format!(
        "#!/bin/sh\necho '// saved meanwhile' >> '{}'\nexec '{rustc}' \"$@\"\n",
        file.display()
    );
    fs::write(&saving, script).expect("a script");
    fs::set_permissions(&saving, fs::Permissions::from_mode(0o755)).expect("a program");
    json["command"][0] = saving.to_str().expect("a path").into();
    fs::write(&recipe, json.to_string()).expect("a written recipe");
    save(&student, "// begun");
    let said = run_without_cargo(&student);
    assert_eq!(said.code, 70, "{}", said.err);
    assert!(said.err.contains("cannot start cargo"), "{}", said.err);
}

#[test]
fn whatever_else_changes_is_cargos_business() {
    let student = acquainted();
    let manifest = student.sources().with_file_name("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, format!("{text}\n# changed\n")).expect("a written manifest");
    let said = run_without_cargo(&student);
    fs::write(&manifest, text).expect("a written manifest");
    assert_eq!(said.code, 70, "{}", said.err);
    assert!(said.err.contains("cannot start cargo"), "{}", said.err);
}

#[test]
fn other_flags_for_the_compiler_are_cargos_business() {
    let student = acquainted();
    let mut command = student.command(&["run", TRACE]);
    command
        .env("RUSTFLAGS", "-C opt-level=1")
        .env(NO_CARGO.0, NO_CARGO.1);
    let said = Said::from(&command.output().expect("cargo lab starts"));
    assert_eq!(said.code, 70, "{}", said.err);
}

#[test]
fn a_variable_of_cargos_is_there_for_who_asks_for_it() {
    let student = acquainted();
    save(
        &student,
        "pub const OF_CARGO: &str = env!(\"CARGO_PKG_NAME\");",
    );
    let said = student.lab(&["run", TRACE]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_mistake_is_told_by_the_compiler_at_its_line() {
    let student = acquainted();
    save(&student, "fn unfinished( {");
    let said = run_without_cargo(&student);
    assert_eq!(said.code, 1, "{}", said.err);
    let lines = fs::read_to_string(student.sources().join("lab2.rs")).expect("a handler file");
    let place = format!("labs/skeleton/src/lab2.rs:{}:", lines.lines().count());
    assert!(said.err.contains(&place), "{place} is not in: {}", said.err);
    assert!(
        said.err
            .contains("error: labs/skeleton does not compile, so nothing was run\n"),
        "{}",
        said.err
    );
}

#[test]
fn a_warning_is_told_each_time() {
    let student = acquainted();
    save(&student, "fn warned() { let unused = 1; }");
    for _ in 0..2 {
        let said = run_without_cargo(&student);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(
            said.err.contains("unused variable: `unused`"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_panic_names_the_students_own_line() {
    let student = acquainted();
    let student = student.but(
        "lab2.rs",
        "    k.zero(&frame);\n",
        "    panic!(\"mine\");\n",
    );
    let text = fs::read_to_string(student.sources().join("lab2.rs")).expect("a handler file");
    let line = text
        .lines()
        .position(|line| line.contains("panic!(\"mine\")"))
        .expect("it is there");
    let said = run_without_cargo(&student);
    let place = format!("labs/skeleton/src/lab2.rs:{}: mine", line + 1);
    assert!(said.err.contains(&place), "{place} is not in: {}", said.err);
}
