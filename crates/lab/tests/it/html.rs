//! `cargo lab view --html`: a page, or why there is none.

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

/// A page that was asked for.
struct Asked {
    assert: Assert,
    folder: TempDir,
}

/// Asks for a page of a public trace of lab 5.
fn view(trace: &str, options: &[&str]) -> Asked {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let traces = root.join("labs/05-cow/traces");
    let folder = TempDir::new().unwrap();
    let mut lab = Command::cargo_bin("lab").unwrap();
    lab.current_dir(&root).arg("view").arg(traces.join(trace));
    lab.arg("--html").arg(folder.path().join("page.html"));
    Asked {
        assert: lab.args(options).assert(),
        folder,
    }
}

impl Asked {
    fn page(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join("page.html")).ok()
    }

    fn error(&self) -> String {
        String::from_utf8_lossy(&self.assert.get_output().stderr).into_owned()
    }
}

#[test]
fn a_trace_becomes_one_page_with_its_sums() {
    let asked = view("fork-write.trace", &["--with", "solution"]);
    assert_eq!(asked.assert.get_output().status.code(), Some(0));
    let page = asked.page().unwrap();
    assert!(page.contains("<title>05-cow/fork-write.trace – Faultline</title>"));
    assert!(page.contains("<th scope=\"row\">minor copy-on-write</th><td>1</td>"));
}

#[test]
fn a_run_that_stops_early_becomes_a_page_that_says_where() {
    let asked = view("fork-write.trace", &["--with", "skeleton", "--compare"]);
    assert_eq!(asked.assert.get_output().status.code(), Some(0));
    assert!(asked.error().contains("the run stops early"));
    let page = asked.page().unwrap();
    assert!(page.contains("\"stopped\":\"not written yet at labs/skeleton/src/lab1.rs:"));
    assert!(page.contains("\"name\":\"expected\""));
    assert!(page.contains("\"first_difference\":1,"));
}

#[test]
fn of_a_trace_that_is_none_no_page_is_left() {
    let folder = TempDir::new().unwrap();
    let (trace, page) = (folder.path().join("a.trace"), folder.path().join("a.html"));
    std::fs::write(&trace, "mmap 1 zzz\n").unwrap();
    let mut lab = Command::cargo_bin("lab").unwrap();
    lab.args(["view", "--with", "solution"]).arg(&trace);
    let refused = lab.arg("--html").arg(&page).assert().code(65);
    let error = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(
        error.contains("a.trace:1:8: expected an address"),
        "{error}"
    );
    assert!(!page.exists());
}

#[test]
fn a_page_that_cannot_be_written_is_told_with_a_remedy() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut lab = Command::cargo_bin("lab").unwrap();
    lab.current_dir(&root).args([
        "view",
        "labs/05-cow/traces/fork-write.trace",
        "--with",
        "solution",
        "--html",
        "/no/such/folder/page.html",
    ]);
    let refused = lab.assert().code(65);
    let error = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(error.contains("help: does the folder exist?"), "{error}");
}
