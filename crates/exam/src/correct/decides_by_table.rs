//! `grader/alternatives/decides-by-table`.

#[path = "../../../../grader/alternatives/decides-by-table/lab1.rs"]
mod lab1;
#[path = "../../../../grader/alternatives/decides-by-table/lab2.rs"]
mod lab2;
#[path = "../../../../grader/alternatives/decides-by-table/lab3.rs"]
mod lab3;
#[path = "../../../../grader/alternatives/decides-by-table/lab4.rs"]
mod lab4;
#[path = "../../../../grader/alternatives/decides-by-table/lab5.rs"]
mod lab5;
#[path = "../../../../grader/alternatives/decides-by-table/lab6.rs"]
mod lab6;
#[path = "../../../../grader/alternatives/decides-by-table/lab7.rs"]
mod lab7;
#[path = "../../../../grader/alternatives/decides-by-table/lab8.rs"]
mod lab8;

/// Its methods.
pub(crate) struct DecidesByTable;

vmsim::handlers_from_labs!(DecidesByTable);
