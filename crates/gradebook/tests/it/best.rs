//! Which attempt counts where the best one does.

use gradebook::attempts::{Entered, Role};
use gradebook::best::choose;
use gradebook::book::Book;
use gradebook::rules::Rules;
use gradebook::sittings::Sitting;
use grader::grade::not_graded;
use grader::result::SubmissionResult;
use roster::class::{AttemptRule, Class};
use roster::student::StudentId;
use verdict::end::End;

use crate::{Shelf, entered, found, result, sit, source};

/// A book in which ada's attempts came to these results; the last one counts so far.
fn with_attempts(shelf: &Shelf, results: &[SubmissionResult]) -> (Book, Sitting) {
    let mut book = shelf.open();
    let attempts = (1..).zip(results);
    let class: Vec<Entered> = attempts
        .clone()
        .map(|(number, _)| Entered {
            role: match number as usize == results.len() {
                true => Role::Counts,
                false => Role::MayCount,
            },
            ..entered("ada", number)
        })
        .collect();
    let sitting = sit(&mut book, 'a', &class);
    for (number, result) in attempts {
        let code = format!("attempt {number}");
        book.note(&[found("ada", number, &code)]).expect("noted");
        book.record(&sitting, &source(&code), result)
            .expect("recorded");
    }
    (book, sitting)
}

/// Which of ada's attempts counts under this rule.
fn counting(rule: AttemptRule, results: &[SubmissionResult]) -> Option<u32> {
    let shelf = Shelf::new();
    let (mut book, sitting) = with_attempts(&shelf, results);
    let mut class = Class::default();
    class.attempt = rule;
    let rules = Rules::new(class, &[1]).expect("rules");
    choose(&mut book, &sitting, &rules).expect("chosen");
    let ada = StudentId("ada".to_owned());
    book.counting(&ada).expect("read").map(|entry| entry.number)
}

#[test]
fn the_best_attempt_counts_where_that_is_the_rule() {
    let results = [
        result(End::Failed, 3.0),
        result(End::Failed, 9.0),
        result(End::Failed, 5.0),
    ];
    assert_eq!(counting(AttemptRule::Best, &results), Some(2));
    assert_eq!(counting(AttemptRule::Latest, &results), Some(3));
}

#[test]
fn an_attempt_that_was_not_graded_is_not_better_than_none() {
    let results = [result(End::Failed, 0.0), not_graded("no memory".to_owned())];
    assert_eq!(counting(AttemptRule::Best, &results), Some(1));
}
