//! Random solutions, well formed and not.

use std::path::Path;

use handout::generate;
use handout::marker::Word;
use proptest::prelude::*;

/// A piece of a well-formed solution: its source and what it hands out.
#[derive(Clone, Debug)]
enum Piece {
    Text(Vec<String>),
    Hole {
        indent: usize,
        solution: Vec<String>,
        handout: Vec<String>,
    },
    SolutionOnly(Vec<String>),
}

/// Lines of which each begins with `tag`, so that it is known where one came
/// from.
fn lines(tag: &'static str) -> impl Strategy<Value = Vec<String>> {
    let line = "[ a-z(){};/\"']{0,12}".prop_map(move |text| format!("{tag}{text};"));
    prop::collection::vec(line, 1..4)
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        lines("given ").prop_map(Piece::Text),
        (0..9_usize, lines("secret "), lines("handed ")).prop_map(|(indent, solution, handout)| {
            Piece::Hole {
                indent,
                solution,
                handout,
            }
        }),
        lines("secret ").prop_map(Piece::SolutionOnly),
    ]
}

/// Writes the pieces as a solution, and as the skeleton it ought to give.
fn write(pieces: &[Piece]) -> (String, String) {
    let (mut source, mut skeleton) = (String::new(), String::new());
    for (number, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(lines) => {
                let text = lines.join("\n") + "\n";
                source += &text;
                skeleton += &text;
            }
            Piece::Hole {
                indent,
                solution,
                handout,
            } => {
                let spaces = " ".repeat(*indent);
                source += &format!("{spaces}// FAULTLINE-BEGIN hole{number}\n");
                source += &(solution.join("\n") + "\n");
                source += &format!("{spaces}// FAULTLINE-HANDOUT\n");
                for line in handout {
                    source += &format!("{spaces}// {line}\n");
                    skeleton += &format!("{spaces}{line}\n");
                }
                source += &format!("{spaces}// FAULTLINE-END hole{number}\n");
            }
            Piece::SolutionOnly(lines) => {
                source += &format!("// FAULTLINE-SOLUTION-ONLY-BEGIN only{number}\n");
                source += &(lines.join("\n") + "\n");
                source += &format!("// FAULTLINE-SOLUTION-ONLY-END only{number}\n");
            }
        }
    }
    (source, skeleton)
}

/// Lines that are markers, nearly markers, or text, in any order.
fn any_line() -> impl Strategy<Value = String> {
    let word = prop::sample::select(Word::ALL.map(Word::text).to_vec());
    let name = prop::sample::select(vec!["", " a", " b", " A", "  a", " a "]);
    let indent = prop::sample::select(vec!["", " ", "    "]);
    prop_oneof![
        3 => (indent, word, name)
            .prop_map(|(indent, word, name)| format!("{indent}// {word}{name}")),
        1 => Just("// handed".to_owned()),
        1 => Just("secret();".to_owned()),
        1 => "\\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn no_line_of_a_solution_is_handed_out(pieces in prop::collection::vec(piece(), 1..8)) {
        let (source, expected) = write(&pieces);
        let generated = generate(&source, Path::new("lab.rs")).unwrap();
        prop_assert!(!generated.text.contains("secret"));
        prop_assert_eq!(&generated.text, &expected);
        let holes = pieces.iter().filter(|piece| matches!(piece, Piece::Hole { .. })).count();
        prop_assert_eq!(generated.holes.len(), holes);
        for hole in generated.holes {
            let line = generated.text.lines().nth(hole.line - 1).unwrap_or_default();
            prop_assert!(line.trim_start().starts_with("handed"));
        }
    }

    #[test]
    fn a_well_formed_solution_without_one_line_lets_nothing_out(
        pieces in prop::collection::vec(piece(), 1..6),
        victim in any::<prop::sample::Index>(),
    ) {
        let (source, _) = write(&pieces);
        let mut lines: Vec<&str> = source.split_inclusive('\n').collect();
        lines.remove(victim.index(lines.len()));
        if let Ok(generated) = generate(&lines.concat(), Path::new("lab.rs")) {
            prop_assert!(!generated.text.contains("secret"));
        }
    }

    #[test]
    fn any_lines_are_refused_or_leave_no_marker(lines in prop::collection::vec(any_line(), 0..12)) {
        let source: String = lines.iter().map(|line| format!("{line}\n")).collect();
        if let Ok(generated) = generate(&source, Path::new("lab.rs")) {
            prop_assert!(!generated.text.contains("FAULTLINE"));
            let again = generate(&format!("{}\n", generated.text), Path::new("lab.rs")).unwrap();
            prop_assert!(again.holes.is_empty());
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(source in "(?s).{0,200}") {
        let _ = generate(&source, Path::new("lab.rs"));
    }
}
