//! `grader/alternatives/asks-the-accessed-bit`.

#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab1.rs"]
mod lab1;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab2.rs"]
mod lab2;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab3.rs"]
mod lab3;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab4.rs"]
mod lab4;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab5.rs"]
mod lab5;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab6.rs"]
mod lab6;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab7.rs"]
mod lab7;
#[path = "../../../../grader/alternatives/asks-the-accessed-bit/lab8.rs"]
mod lab8;

/// Its methods.
pub(crate) struct AsksTheAccessedBit;

vmsim::handlers_from_labs!(AsksTheAccessedBit);
