//! `grader/alternatives/combinators-only`.

#[path = "../../../../grader/alternatives/combinators-only/lab1.rs"]
mod lab1;
#[path = "../../../../grader/alternatives/combinators-only/lab2.rs"]
mod lab2;
#[path = "../../../../grader/alternatives/combinators-only/lab3.rs"]
mod lab3;
#[path = "../../../../grader/alternatives/combinators-only/lab4.rs"]
mod lab4;
#[path = "../../../../grader/alternatives/combinators-only/lab5.rs"]
mod lab5;
#[path = "../../../../grader/alternatives/combinators-only/lab6.rs"]
mod lab6;
#[path = "../../../../grader/alternatives/combinators-only/lab7.rs"]
mod lab7;
#[path = "../../../../grader/alternatives/combinators-only/lab8.rs"]
mod lab8;

/// Its methods.
pub(crate) struct CombinatorsOnly;

vmsim::handlers_from_labs!(CombinatorsOnly);
