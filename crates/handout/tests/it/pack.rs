//! What is shipped, what is not, and what stops it.

use std::os::unix::fs::symlink;

use handout::pack::Changed;

use crate::kit::{Kit, refused};

#[test]
fn a_file_that_nobody_has_decided_about_stops_it() {
    for stray in [
        "labs/02-lab2/lab2.rs",
        "labs/02-lab2/lab2.rs~",
        "labs/02-lab2/README.md.orig",
        "labs/everything.tar.gz",
        "labs/02-lab2/traces/.public2.trace.swp",
    ] {
        let kit = Kit::new();
        kit.write(stray, "pub fn hole2() {}\n");
        kit.refuses(&format!(
            "{stray}: neither shipped nor said to stay at home"
        ));
    }
    let kit = Kit::new();
    kit.write("crates/new/src/lib.rs", "");
    kit.refuses("crates/new: neither shipped nor said to stay at home");
}

#[test]
fn a_trace_that_no_registry_names_stops_it() {
    let kit = Kit::new();
    kit.write("labs/02-lab2/traces/more.trace", "read 1 0x3000\n");
    kit.refuses("labs/02-lab2/traces/more.trace: no trace of this lab has that name");
}

#[test]
fn a_trace_s_name_leads_nowhere_else() {
    for name in ["../../../grader/hidden/03-lab3/nobody-brings-it", "a b", ""] {
        let kit = Kit::new();
        let entry = format!("[[trace]]\nname = \"{name}\"\n");
        kit.append("labs/02-lab2/lab.toml", &entry);
        kit.refuses(&format!(
            "labs/02-lab2/lab.toml: `{name}` is no trace's name"
        ));
    }
}

#[test]
fn what_a_lab_lacks_stops_it() {
    for missing in [
        "labs/02-lab2/README.md",
        "labs/02-lab2/lab.toml",
        "labs/02-lab2/traces/public2.trace",
        "labs/02-lab2/keys/public2.snap",
    ] {
        let kit = Kit::new();
        kit.remove(missing);
        kit.refuses(&format!("{missing}: missing"));
    }
}

#[test]
fn a_stale_key_stops_it() {
    let key = "labs/02-lab2/keys/public2.snap";
    let kit = Kit::new();
    kit.replace(key, "2 read | K hit", "2 read | K minor reuse");
    kit.refuses(&format!("{key}:5: not what the reference does"));
    let kit = Kit::new();
    kit.append(key, "   3 read | K hit\n");
    kit.refuses(&format!("{key}:6: not what the reference does"));
    let kit = Kit::new();
    kit.replace(key, "   2 read | K hit\n", "");
    kit.refuses(&format!("{key}:5: not what the reference does"));
}

#[test]
fn a_pattern_of_what_may_be_alike_that_matches_nothing_stops_it() {
    for entry in [
        "[[shared]]\nwhy = \"x\"\nshipped = [\"labs/gone/*\"]\nwith = [\"grader/hidden/**\"]\n",
        "[[shared]]\nwhy = \"x\"\nshipped = [\"Cargo.toml\"]\nwith = [\"labs/gone/*\"]\n",
        "[[common]]\nwhy = \"x\"\nline = \"kernel.keep(3);\"\nfiles = [\"labs/gone/*\"]\n",
    ] {
        let kit = Kit::new();
        kit.append("crates/handout/allow.toml", entry);
        kit.refuses("crates/handout/allow.toml: `labs/gone/*` matches no file");
    }
}

#[test]
fn a_pattern_that_matches_nothing_stops_it() {
    let kit = Kit::new();
    kit.replace(
        "crates/handout/allow.toml",
        "\"Cargo.toml\"",
        "\"Cargo.toml\", \"LICENSE\"",
    );
    kit.refuses("crates/handout/allow.toml: `LICENSE` matches no file");
    let kit = Kit::new();
    kit.remove("crates/handout/template/README.md");
    kit.refuses("crates/handout/allow.toml: `crates/handout/template/README.md` matches no file");
}

#[test]
fn an_entry_without_a_reason_stops_it() {
    let kit = Kit::new();
    kit.replace("crates/handout/allow.toml", "\"the labs\"", "\" \"");
    kit.refuses("crates/handout/allow.toml: an entry without a reason");
}

#[test]
fn a_stale_skeleton_stops_it() {
    let kit = Kit::new();
    kit.replace(
        "labs/solution/src/lab3.rs",
        "/// Does it.",
        "/// Does all of it.",
    );
    kit.refuses("labs/skeleton/src/lab3.rs:1: differs from the solution");
}

#[test]
fn what_is_no_text_or_no_file_stops_it() {
    let kit = Kit::new();
    kit.write("labs/02-lab2/README.md", b"\x1f\x8b\xff\x00");
    kit.refuses("labs/02-lab2/README.md: not text");
    let kit = Kit::new();
    kit.remove("labs/02-lab2/README.md");
    symlink(
        "../solution/src/lab2.rs",
        kit.root().join("labs/02-lab2/README.md"),
    )
    .unwrap();
    kit.refuses("labs/02-lab2/README.md: a link");
}

#[test]
fn what_is_in_no_commit_stops_it_unless_it_is_wanted() {
    let kit = Kit::new();
    kit.commit();
    kit.append("labs/02-lab2/README.md", "and more\n");
    kit.refuses("labs/02-lab2/README.md: in no commit as it is here");
    let made = kit.make_of(None, &|_| Ok("{}\n".into()), Changed::Shipped);
    assert!(made.is_ok());
    let manifest = std::fs::read_to_string(kit.out().join("MANIFEST.toml")).unwrap();
    assert!(manifest.contains("+changed\""), "{manifest}");
}

#[test]
fn what_git_does_not_look_at_is_in_no_commit() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let kit = Kit::new();
        kit.commit();
        kit.git(&["update-index", flag, "labs/02-lab2/README.md"]);
        kit.append("labs/02-lab2/README.md", "and more\n");
        kit.refuses("labs/02-lab2/README.md: in no commit as it is here");
    }
}

#[test]
fn what_git_ignores_does_not_exist() {
    let kit = Kit::new();
    kit.write(".gitignore", "*.swp\n.gitignore\n");
    kit.write("labs/02-lab2/.README.md.swp", "pub fn hole2() {}\n");
    kit.make().unwrap();
    let kit = Kit::new();
    kit.write(".gitignore", "*.swp\n.gitignore\n");
    kit.commit();
    kit.write("labs/02-lab2/.README.md.swp", "pub fn hole2() {}\n");
    kit.make().unwrap();
}

#[test]
fn crates_are_shipped_that_are_needed_and_no_others() {
    let kit = Kit::new();
    kit.write(
        "crates/lab/Cargo.toml",
        "[package]\nname = \"lab\"\nedition = \"2024\"\n[dependencies]\nmore = { path = \"../more\" }\n",
    );
    kit.write(
        "crates/more/Cargo.toml",
        "[package]\nname = \"more\"\nedition = \"2024\"\n",
    );
    kit.write("crates/more/src/lib.rs", "");
    kit.replace(
        "crates/handout/allow.toml",
        "\"crates/handout\"",
        "\"crates/handout\", \"crates/more\"",
    );
    kit.refuses("crates/more: `lab` needs it, and it is not shipped");
    let kit = Kit::new();
    kit.write(
        "crates/more/Cargo.toml",
        "[package]\nname = \"more\"\nedition = \"2024\"\n",
    );
    kit.replace(
        "crates/handout/allow.toml",
        "\"Cargo.toml\"",
        "\"Cargo.toml\", \"crates/more/Cargo.toml\"",
    );
    kit.refuses("crates/more: shipped, and nothing that students build needs it");
}

#[test]
fn a_trace_without_a_film_stops_it() {
    let kit = Kit::new();
    let made = kit.make_of(None, &|_| Err("livelock".into()), Changed::Refused);
    refused(
        made,
        "labs/01-lab1/traces/public1.trace: the reference does not play it: livelock",
    );
}

#[test]
fn a_lab_that_there_is_not_stops_it() {
    let made = Kit::new().make_of(Some("2-9"), &|_| Ok("{}\n".into()), Changed::Refused);
    refused(made, "there is no lab 9");
}

#[test]
fn lists_of_labs_are_numbers_and_ranges() {
    use handout::labs::Numbers;
    let read = |text: &str| {
        text.parse::<Numbers>()
            .map(|Numbers(all)| all.into_iter().collect::<Vec<u8>>())
    };
    assert_eq!(read("1-3"), Ok(vec![1, 2, 3]));
    assert_eq!(read("5,1,3-4"), Ok(vec![1, 3, 4, 5]));
    for wrong in ["", "a", "1-", "3-1", "1,,2", "300", "1-2-3"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
