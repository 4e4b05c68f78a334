//! Which mistake of the catalogue a submission shows.
//!
//! A hole is graded by itself, with the reference's methods around it, and so is every
//! mutant of the catalogue. Whoever makes a known mistake there comes to the very ends and
//! first differences that its mutant comes to, on every trace of the hole: that is how it
//! is known again, without a look at the source.
//!
//! What is found names mistakes, which students are to find themselves, and rests on all
//! traces, sealed ones too: it is for instructors.
//!
//! In reading order:
//!
//! - [`symptom`]: what is seen of a kernel on a trace
//! - [`suspects`]: the mutants of the holes in question, and their symptoms
//! - [`diagnose`](mod@diagnose): whose symptoms are whose

pub mod symptom;

pub mod suspects;

pub mod diagnose;
