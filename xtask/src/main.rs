//! The instructor's door, `cargo xtask`: one subcommand, one module.
//!
//! The work is done in libraries; a module here reads arguments, calls one of
//! them and prints what came back.

mod adjust;
mod audit;
mod autograder;
mod book;
mod ci;
mod cohort;
mod collected;
mod confinement;
mod conform;
mod course_system;
mod doctor;
mod exit;
mod explain;
mod export;
mod grade;
mod handout;
mod import;
mod interrupt;
mod leaderboard;
mod merge;
mod mistakes;
mod new_exam;
mod one_student;
mod outputs;
mod print;
mod progress;
mod record;
mod regrade;
mod sheet;
mod similarity;
mod skeleton;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the Faultline workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = exit::CODES)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    Grade(grade::Args),
    Merge(merge::Args),
    Export(export::Args),
    Explain(explain::Args),
    Adjust(adjust::Args),
    Regrade(regrade::Args),
    Sheet(sheet::Args),
    Import(import::Args),
    Cohort(cohort::Args),
    Audit(audit::Args),
    Leaderboard(leaderboard::Args),
    Skeleton(skeleton::Args),
    Handout(handout::Args),
    Autograder(autograder::Args),
    Book(book::Args),
    Conform(conform::Args),
    NewExam(new_exam::Args),
    Similarity(similarity::Args),
    Doctor(doctor::Args),
    Record(record::Args),
    #[command(hide = true, name = record::traced::NAME)]
    Traced(record::traced::Args),
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Grade(args) => grade::run(&args),
        Chore::Merge(args) => merge::run(&args),
        Chore::Export(args) => export::run(&args),
        Chore::Explain(args) => explain::run(&args),
        Chore::Adjust(args) => adjust::run(&args),
        Chore::Regrade(args) => regrade::run(&args),
        Chore::Sheet(args) => sheet::run(&args),
        Chore::Import(args) => import::run(&args),
        Chore::Cohort(args) => cohort::run(&args),
        Chore::Audit(args) => audit::run(&args),
        Chore::Leaderboard(args) => leaderboard::run(&args),
        Chore::Skeleton(args) => skeleton::run(&args),
        Chore::Handout(args) => handout::run(&args),
        Chore::Autograder(args) => autograder::run(&args),
        Chore::Book(args) => book::run(&args),
        Chore::Conform(args) => conform::run(&args),
        Chore::NewExam(args) => new_exam::run(&args),
        Chore::Similarity(args) => similarity::run(&args),
        Chore::Doctor(args) => doctor::run(&args),
        Chore::Record(args) => record::run(&args),
        Chore::Traced(args) => record::traced::run(&args),
        Chore::Ci(args) => ci::run(&args),
    };
    exit::report(outcome)
}
