//! Points to the hundredth, and what a day costs.
//!
//! Sums are made of whole hundredths: a tenth of 87.35 points has a third decimal, and
//! whether it is half of a hundredth must not be a question of binary fractions.

use std::fmt;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// Hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

impl Cents {
    /// Points to the hundredth; a half of one counts as a whole.
    pub fn of(points: f64) -> Self {
        // 1.005 is a little less in binary: as much is given to everybody.
        let cents = (points * 100.0 + 0.5 + 1e-6).floor();
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and NaN is 0")]
        Self(cents as i64)
    }

    /// The number of points. Zero has no sign.
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 hundredths")]
    pub fn points(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Cents {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Cents {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0), Self::add)
    }
}

/// As few decimals as are needed: `10`, `2.5`, `-0.25`.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match cents {
            0 => write!(f, "{sign}{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{sign}{whole}.{}", tenths / 10),
            cents => write!(f, "{sign}{whole}.{cents:02}"),
        }
    }
}

/// A text is no number of points.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no number with at most two decimals")]
pub struct NoNumber(String);

impl FromStr for Cents {
    type Err = NoNumber;

    fn from_str(text: &str) -> Result<Self, NoNumber> {
        let wrong = || NoNumber(text.to_owned());
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let digits = [whole, decimals];
        if decimals.len() > 2 || whole.len() > 9 || digits.concat().is_empty() {
            return Err(wrong());
        }
        if !digits.into_iter().all(is_number) {
            return Err(wrong());
        }
        let cents: i64 = format!("{whole}{decimals:0<2}")
            .parse()
            .map_err(|_| wrong())?;
        Ok(Self(if text.starts_with('-') { -cents } else { cents }))
    }
}

/// What a day costs that is begun after the due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerDay {
    /// Hundredths of a percent of the most that can be got: everybody loses the same.
    OfMaximum(Cents),
    /// Hundredths of a percent of the points of the hand-in, each day of the same points.
    OfPoints(Cents),
    /// Points.
    Points(Cents),
}

/// All of it, in hundredths of a percent.
const WHOLE: i64 = 10_000;

impl PerDay {
    /// What so many days cost of `raw` points of `max`: never more than there are. Half of
    /// a hundredth is the student's.
    pub fn cost(self, days: u32, raw: Cents, max: Cents) -> Cents {
        let days = i128::from(days);
        let (all, whole) = match self {
            Self::OfMaximum(Cents(share)) => (i128::from(share) * i128::from(max.0), WHOLE),
            Self::OfPoints(Cents(share)) => (i128::from(share) * i128::from(raw.0), WHOLE),
            Self::Points(Cents(points)) => (i128::from(points), 1),
        };
        let (all, whole) = (all.max(0) * days, i128::from(whole));
        let nearest = (2 * all + whole - 1) / (2 * whole);
        Cents(i64::try_from(nearest).unwrap_or(i64::MAX)).min(raw.max(Cents(0)))
    }

    /// Of what it is how much, for a sentence: `10 % of 100 points`.
    pub fn words(self, raw: Cents, max: Cents) -> String {
        match self {
            Self::OfMaximum(share) => format!("{share} % of {max} points"),
            Self::OfPoints(share) => format!("{share} % of the {raw} points that it earned"),
            Self::Points(points) => format!("{points} points"),
        }
    }
}

/// A text does not say what a day costs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not say what a day costs")]
pub struct NoCost(String);

/// What to write instead.
pub(crate) const HELP_PER_DAY: &str = "\"10%\" of the most that can be got (also \"10% of max\"), \
     \"10% of points\" of what the hand-in earned, \"2.5 points\", or \"0%\" for nothing";

impl FromStr for PerDay {
    type Err = NoCost;

    fn from_str(text: &str) -> Result<Self, NoCost> {
        let wrong = || NoCost(text.to_owned());
        let positive = |number: &str| match number.trim().parse() {
            Ok(cents @ Cents(0..)) => Ok(cents),
            _ => Err(wrong()),
        };
        if let Some((share, of)) = text.split_once('%') {
            let share = positive(share).ok().filter(|share| share.0 <= WHOLE);
            let share = share.ok_or_else(wrong)?;
            return match of.trim() {
                "" | "of max" => Ok(Self::OfMaximum(share)),
                "of points" => Ok(Self::OfPoints(share)),
                _ => Err(wrong()),
            };
        }
        let points = text.trim().strip_suffix("points").ok_or_else(wrong)?;
        Ok(Self::Points(positive(points)?))
    }
}
