//! `cargo xtask adjust`: what a person has to say of a grade.

use std::env;
use std::process::Command;

use course::feedback::Feedback;
use gradebook::book::Book;
use gradebook::dossier::Dossier;
use gradebook::overlay::{Said, Saying, in_force};
use gradebook::rules::Rules;
use grader::report::sink::terminal;
use jiff::Timestamp;
use roster::cost::Cents;
use roster::student::StudentId;

use crate::exit::{Exit, Trouble};
use crate::grade::levels;
use crate::one_student::{Place, find, read, trouble};

/// Gives a student points by hand, with a remark that they read.
///
/// Nothing that was said is ever changed or removed; `--undo` says that it does not hold.
/// Points come after what being late costs, and are never less than none. The files beside
/// the gradebook are as they were, until `cargo xtask grade` writes them again.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct Args {
    /// The student: their id, or their address or account, if there is a roster.
    student: String,
    /// Points more, or less: `+2.5`, `-1`.
    #[arg(
        long,
        value_name = "POINTS",
        group = "what",
        allow_hyphen_values = true
    )]
    points: Option<Cents>,
    /// So many points, whatever they were: also where it could not be graded.
    #[arg(long, value_name = "POINTS", group = "what")]
    set: Option<Cents>,
    /// Takes back what stands in the list under this number.
    #[arg(long, value_name = "N", group = "what")]
    undo: Option<usize>,
    /// Lists what was said of the student.
    #[arg(long, group = "what")]
    list: bool,
    /// The lab that it is about; the whole unless said.
    #[arg(long, value_name = "N", conflicts_with_all = ["undo", "list"])]
    lab: Option<u8>,
    /// Why: the student reads it.
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "undo"])]
    remark: Option<String>,
    /// Who says so; git's `user.name` unless said, or the account's name.
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    place: Place,
    /// How much is counted of hidden traces in the points that are shown before and after:
    /// sealed ones are only with `full`.
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = levels())]
    feedback: Feedback,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let path = args.place.book();
    let book = read(&path)?;
    let rules = args.place.rules(&book)?;
    let student = find(&book, &rules, &args.student)?;
    let said = book.overlay_of(&student).map_err(trouble)?;
    if args.list {
        list(&student, &said);
        return Ok(Exit::Done);
    }
    let new = args.said(&student, &said)?;
    let before = standing(&book, &student, &rules, args.feedback)?;
    drop(book);
    let mut book = Book::open(&path).map_err(trouble)?;
    book.say(&new).map_err(trouble)?;
    println!("{}: before", terminal::line(&student.0));
    println!("{before}\nafter");
    println!("{}", standing(&book, &student, &rules, args.feedback)?);
    eprintln!(
        "`cargo xtask grade` writes the sheets and reports again; nothing is graded for that"
    );
    Ok(Exit::Done)
}

impl Args {
    fn said(&self, student: &StudentId, said: &[Said]) -> Result<Said, Trouble> {
        let at = Timestamp::now();
        let (saying, lab, remark) = match (self.points, self.set, self.undo) {
            (Some(points), ..) => (Saying::Add(points), self.lab, self.remark()?),
            (_, Some(points), _) => (Saying::Set(points), self.lab, self.remark()?),
            (.., number) => self.taken_back(said, number.unwrap_or_default())?,
        };
        if matches!(saying, Saying::Set(Cents(..0))) {
            return bad("nobody gets less than no points\nhelp: `--set 0`, or `--points -1`");
        }
        Ok(Said {
            student: student.clone(),
            lab,
            saying,
            remark,
            author: self.author()?,
            at,
        })
    }

    fn remark(&self) -> Result<String, Trouble> {
        match self.remark.as_deref().unwrap_or_default().trim() {
            "" => bad("the remark is empty\nhelp: say why, in words that the student may read"),
            remark => Ok(remark.to_owned()),
        }
    }

    /// That something does not hold, and what.
    fn taken_back(
        &self,
        said: &[Said],
        number: usize,
    ) -> Result<(Saying, Option<u8>, String), Trouble> {
        let Some(one) = number.checked_sub(1).and_then(|index| said.get(index)) else {
            let known = said.len();
            return bad(&format!(
                "nothing was said under the number {number}\nhelp: `--list` has {known}, from 1"
            ));
        };
        let why = match self.remark.as_deref().map(str::trim) {
            None | Some("") => String::new(),
            Some(why) => format!(": {why}"),
        };
        let remark = format!("takes back number {number}, \"{}\"{why}", one.remark);
        Ok((Saying::Undo(one.at), one.lab, remark))
    }

    fn author(&self) -> Result<String, Trouble> {
        let git = || {
            let output = Command::new("git")
                .args(["config", "user.name"])
                .output()
                .ok()?;
            String::from_utf8(output.stdout).ok()
        };
        let named = self
            .author
            .clone()
            .or_else(git)
            .filter(|name| !name.trim().is_empty());
        match named
            .or_else(|| env::var("USER").ok())
            .as_deref()
            .map(str::trim)
        {
            None | Some("") => bad("nobody says who you are\nhelp: `--author NAME`"),
            Some(name) => Ok(name.to_owned()),
        }
    }
}

fn list(student: &StudentId, said: &[Said]) {
    if said.is_empty() {
        println!("nobody has said anything of {}", terminal::line(&student.0));
    }
    let force = in_force(said);
    for (number, one) in (1..).zip(said) {
        let Said {
            lab,
            saying,
            remark,
            author,
            at,
            ..
        } = one;
        let what = match saying {
            Saying::Add(points @ Cents(0..)) => format!("+{points}"),
            Saying::Add(points) => points.to_string(),
            Saying::Set(points) => format!("set {points}"),
            Saying::Undo(_) => "undo".to_owned(),
        };
        let lab = lab.map_or(String::new(), |lab| format!(" in lab {lab}"));
        let holds = match saying {
            Saying::Undo(_) => "",
            _ if force.contains(&one) => "",
            _ => ", taken back",
        };
        let line = format!("{number}: {what}{lab}: {remark} ({author}, {at}){holds}");
        println!("{}", terminal::line(&line));
    }
}

/// What the student gets, line by line.
fn standing(
    book: &Book,
    student: &StudentId,
    rules: &Rules,
    feedback: Feedback,
) -> Result<String, Trouble> {
    let dossier = Dossier::read(book, student, rules, feedback).map_err(trouble)?;
    let standing = dossier
        .as_ref()
        .and_then(|it| it.submission().standing.as_ref());
    let lines = standing.map_or(Vec::new(), |standing| standing.told());
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("  {}", terminal::line(line)))
        .collect();
    Ok(lines.join("\n"))
}

fn bad<T>(message: &str) -> Result<T, Trouble> {
    Err(Trouble::BadInput(message.into()))
}
