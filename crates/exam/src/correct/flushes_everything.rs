//! `grader/alternatives/flushes-everything`.

#[path = "../../../../grader/alternatives/flushes-everything/lab1.rs"]
mod lab1;
#[path = "../../../../grader/alternatives/flushes-everything/lab2.rs"]
mod lab2;
#[path = "../../../../grader/alternatives/flushes-everything/lab3.rs"]
mod lab3;
#[path = "../../../../grader/alternatives/flushes-everything/lab4.rs"]
mod lab4;
#[path = "../../../../grader/alternatives/flushes-everything/lab5.rs"]
mod lab5;
#[path = "../../../../grader/alternatives/flushes-everything/lab6.rs"]
mod lab6;
#[path = "../../../../grader/alternatives/flushes-everything/lab7.rs"]
mod lab7;
#[path = "../../../../grader/alternatives/flushes-everything/lab8.rs"]
mod lab8;

/// Its methods.
pub(crate) struct FlushesEverything;

vmsim::handlers_from_labs!(FlushesEverything);
