//! How late a hand-in is, and what that costs.
//!
//! Everything is counted from the end of grace after the due date that holds for the
//! student. A day is one of a calendar: it ends at the same time of day, also where clocks
//! are turned in between (where only an offset is known, after 24 hours). A day that is
//! begun is a day. Slip days take days away, as few as make it cheapest. When the last day
//! is over, no slip day helps any more.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit, ZonedDateTime, ZonedDateTimeDifference};

use crate::cost::{Cents, PerDay};
use crate::moment;

/// What a course says of late hand-ins.
#[derive(Clone, Debug)]
pub struct LatePolicy {
    /// When it is due, unless a student has an extension.
    pub due: Timestamp,
    /// Whose clocks are meant.
    pub zone: TimeZone,
    /// How much later is no later.
    pub grace: Span,
    /// Slip days that a student has for the whole course.
    pub slip_days: u32,
    /// What a day costs.
    pub per_day: PerDay,
    /// After how many days there are no points any more.
    pub closes: Option<Span>,
    /// What to make of a hand-in of which only a mark of the course system is known.
    pub marked_late: MarkedLate,
}

/// What to make of a hand-in that the course system calls late, without saying when it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkedLate {
    /// It is in time.
    InTime,
    /// It is a day late: less it cannot be.
    #[default]
    OneDay,
    /// There are no points for it.
    NoPoints,
}

/// What is known of a hand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// When it came, if the course system says so.
    pub at: Option<Timestamp>,
    /// Whether the course system calls it late.
    pub marked_late: bool,
}

/// What a student has that others have not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// A due date of their own. One that is earlier than everybody's changes nothing.
    pub due: Option<Timestamp>,
    /// Slip days that are gone.
    pub slip_used: u32,
}

/// What a hand-in is worth before anything is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Its points.
    pub raw: Cents,
    /// The most that it could get.
    pub max: Cents,
}

/// How late a hand-in is, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// Seconds behind the due date of this student.
    pub seconds: u64,
    /// Days that are begun, less slip days.
    pub days: u32,
    /// Slip days that it uses.
    pub slip_days: u32,
    /// What that costs: never more than there is.
    pub penalty: Cents,
    /// Whether it came when there were no points any more.
    pub closed: bool,
    /// All of this in a sentence for the student, with every number.
    pub because: String,
}

impl LatePolicy {
    /// The due date that holds for a student.
    pub fn due_for(&self, allowance: Allowance) -> Timestamp {
        allowance.due.map_or(self.due, |own| own.max(self.due))
    }

    /// The last moment at which a hand-in of a student's is in time.
    pub fn limit_for(&self, allowance: Allowance) -> Timestamp {
        self.limit(allowance).timestamp()
    }

    /// A time as the course's clocks show it.
    pub fn shown(&self, moment: Timestamp) -> String {
        moment::shown(&self.zoned(moment))
    }

    /// The last moment at which a hand-in gets points; none if there always are.
    pub fn closing_for(&self, allowance: Allowance) -> Option<Timestamp> {
        let limit = self.limit(allowance);
        Some(moment::after(&limit, self.closes?))
    }

    /// Whether a hand-in came when there were no points any more.
    pub fn is_closed(&self, handed_in: HandedIn, allowance: Allowance) -> bool {
        match handed_in.at {
            Some(at) => self
                .closing_for(allowance)
                .is_some_and(|closing| at > closing),
            None => {
                let known = self.due_for(allowance) == self.due;
                handed_in.marked_late && known && self.marked_late == MarkedLate::NoPoints
            }
        }
    }

    /// How late a hand-in is, and what that costs.
    pub fn judge(&self, handed_in: HandedIn, allowance: Allowance, worth: Worth) -> Late {
        match handed_in.at {
            Some(at) => self.judge_time(at, allowance, worth),
            None if handed_in.marked_late => self.judge_mark(allowance, worth),
            None => Late::none(
                "the course system does not say when it was handed in, and does not call it late"
                    .to_owned(),
            ),
        }
    }

    /// Until when nothing is late.
    fn limit(&self, allowance: Allowance) -> ZonedDateTime {
        let due = self.zoned(self.due_for(allowance));
        self.zoned(moment::after(&due, self.grace))
    }

    fn zoned(&self, moment: Timestamp) -> ZonedDateTime {
        moment.to_zoned_datetime(self.zone.clone())
    }

    fn judge_time(&self, at: Timestamp, allowance: Allowance, worth: Worth) -> Late {
        let due = self.due_for(allowance);
        let facts = self.when(at, allowance);
        if at <= due {
            return Late::none(format!("{facts}: in time"));
        }
        let seconds = u64::try_from(due.duration_until(at).as_secs()).unwrap_or(0);
        let days = begun_days(&self.limit(allowance), at);
        if days == 0 {
            let grace = words_of(&self.zoned(due), self.limit(allowance).timestamp());
            return Late {
                seconds,
                ..Late::none(format!("{facts}; {grace} of grace: in time"))
            };
        }
        match self.closing_for(allowance).filter(|closing| at > *closing) {
            Some(closing) => {
                let closing = self.shown(closing);
                let because = format!("{facts}; no points for what comes after {closing}");
                Late::closed(seconds, days, worth, because)
            }
            None => self.bill(
                seconds,
                days,
                allowance,
                worth,
                &self.with_grace(facts, allowance),
            ),
        }
    }

    fn judge_mark(&self, allowance: Allowance, worth: Worth) -> Late {
        let facts = "the course system calls it late and does not say when it was handed in";
        if self.due_for(allowance) != self.due {
            let because = format!("{facts}; it does not know of the extension: in time");
            return Late::none(because);
        }
        match self.marked_late {
            MarkedLate::InTime => Late::none(format!("{facts}: taken as in time")),
            MarkedLate::OneDay => self.bill(
                0,
                1,
                allowance,
                worth,
                &format!("{facts}: taken as one day"),
            ),
            MarkedLate::NoPoints => Late::closed(0, 1, worth, format!("{facts}: no points")),
        }
    }

    /// When it was handed in, and when it was due.
    fn when(&self, at: Timestamp, allowance: Allowance) -> String {
        let due = self.due_for(allowance);
        let extension = match due > self.due {
            true => ", the date of an extension",
            false => "",
        };
        let shown = moment::shown(&self.zoned(due));
        match at > due {
            true => {
                let behind = words_of(&self.zoned(due), at);
                format!("handed in {behind} after {shown}{extension}")
            }
            false => {
                let at = moment::shown(&self.zoned(at));
                format!("handed in {at}, due {shown}{extension}")
            }
        }
    }

    fn with_grace(&self, facts: String, allowance: Allowance) -> String {
        let (due, limit) = (self.due_for(allowance), self.limit(allowance).timestamp());
        match limit > due {
            true => format!("{facts}; {} of grace", words_of(&self.zoned(due), limit)),
            false => facts,
        }
    }

    /// What days cost: with as few slip days as make it cheapest.
    fn bill(
        &self,
        seconds: u64,
        begun: u32,
        allowance: Allowance,
        worth: Worth,
        facts: &str,
    ) -> Late {
        let Worth { raw, max } = worth;
        let left = self.slip_days.saturating_sub(allowance.slip_used);
        let cost = |slip: u32| self.per_day.cost(begun - slip, raw, max);
        // Costs fall with every slip day, so that the first of the cheapest is found by its
        // cost alone.
        let cheapest = cost(left.min(begun));
        let slip_days = first(left.min(begun), |slip| cost(slip) == cheapest);
        let days = begun - slip_days;
        let mut because = facts.to_owned();
        if self.slip_days > 0 {
            let used = counted(slip_days, "slip day");
            because += &format!("; {used} used, {} left", left - slip_days);
        }
        because += "; ";
        because += &match days {
            0 => "nothing to pay".to_owned(),
            days => self.told(days, cheapest, worth),
        };
        Late {
            seconds,
            days,
            slip_days,
            penalty: cheapest,
            closed: false,
            because,
        }
    }

    fn told(&self, days: u32, penalty: Cents, worth: Worth) -> String {
        let Worth { raw, max } = worth;
        let each = self.per_day.words(raw, max);
        let days_late = counted(days, "day");
        let costs = match days {
            1 => format!("{days_late} late costs {each}"),
            _ => format!("{days_late} late cost {each} each"),
        };
        let room = Worth {
            raw: Cents(i64::MAX),
            max,
        };
        let capped = match self.per_day {
            PerDay::OfPoints(_) => false,
            _ => self.per_day.cost(days, room.raw, max) > raw,
        };
        match capped {
            true => format!("{costs}, but no more than the {raw} points that it earned"),
            false => format!("{costs}: {}", counted_points(penalty)),
        }
    }
}

impl Late {
    fn none(because: String) -> Self {
        Self {
            seconds: 0,
            days: 0,
            slip_days: 0,
            penalty: Cents(0),
            closed: false,
            because,
        }
    }

    fn closed(seconds: u64, days: u32, worth: Worth, because: String) -> Self {
        Self {
            seconds,
            days,
            penalty: worth.raw.max(Cents(0)),
            closed: true,
            ..Self::none(because)
        }
    }
}

/// The first of `0..=last` of which something is true that stays true.
fn first(last: u32, is_true: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        match is_true(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    low
}

/// Days that are begun after a limit.
fn begun_days(limit: &ZonedDateTime, at: Timestamp) -> u32 {
    if at <= limit.timestamp() {
        return 0;
    }
    let at = at.to_zoned_datetime(limit.time_zone().clone());
    let whole = difference(limit, &at).get_days();
    // Where clocks are turned, a day more or less may fit: the calendar decides.
    let mut days = whole.saturating_sub(1).max(0);
    while moment::after(limit, days.days()) < at.timestamp() {
        days += 1;
    }
    u32::try_from(days).unwrap_or(u32::MAX)
}

fn difference(from: &ZonedDateTime, to: &ZonedDateTime) -> Span {
    let difference = ZonedDateTimeDifference::new(to).largest(Unit::Day);
    from.until(difference).unwrap_or_default()
}

/// How long it is from one time to another: `2 days, 3 hours and 1 second`.
fn words_of(from: &ZonedDateTime, to: Timestamp) -> String {
    let span = difference(from, &to.to_zoned_datetime(from.time_zone().clone()));
    let parts = [
        (i64::from(span.get_days()), "day"),
        (i64::from(span.get_hours()), "hour"),
        (span.get_minutes(), "minute"),
        (span.get_seconds(), "second"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count != 0);
    let mut parts: Vec<String> = parts.map(|(count, noun)| counted(count, noun)).collect();
    match (parts.pop(), parts.is_empty()) {
        (None, _) => "less than a second".to_owned(),
        (Some(last), true) => last,
        (Some(last), false) => format!("{} and {last}", parts.join(", ")),
    }
}

fn counted<T: Into<i64>>(count: T, noun: &str) -> String {
    match count.into() {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

fn counted_points(points: Cents) -> String {
    match points {
        Cents(100) => "1 point".to_owned(),
        points => format!("{points} points"),
    }
}
