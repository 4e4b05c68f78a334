//! `grader/alternatives/takes-all-in-hand-first`.

#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab1.rs"]
mod lab1;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab2.rs"]
mod lab2;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab3.rs"]
mod lab3;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab4.rs"]
mod lab4;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab5.rs"]
mod lab5;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab6.rs"]
mod lab6;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab7.rs"]
mod lab7;
#[path = "../../../../grader/alternatives/takes-all-in-hand-first/lab8.rs"]
mod lab8;

/// Its methods.
pub(crate) struct TakesAllInHandFirst;

vmsim::handlers_from_labs!(TakesAllInHandFirst);
