//! Numbers in a row: median, quartiles, bars.

/// How numbers are spread.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// A quarter has no more.
    pub lower: f64,
    /// Half has no more, and half has no less.
    pub median: f64,
    /// A quarter has no less.
    pub upper: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// How these numbers are spread; none if there are none.
    pub fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let quantile = |share: f64| quantile(&numbers, share);
        Some(Self {
            least: *numbers.first()?,
            lower: quantile(0.25),
            median: quantile(0.5),
            upper: quantile(0.75),
            most: *numbers.last()?,
        })
    }
}

/// The number below which this share is, between its neighbours where there is none:
/// what spreadsheets call `QUARTILE.INC`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place among some thousand numbers"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor(), place.ceil());
    let (low, high) = (sorted[below as usize], sorted[above as usize]);
    low + (high - low) * (place - below)
}

/// A bar: how many numbers are from here up to the next bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The least number that counts here.
    pub from: f64,
    /// Up to where; the last bar includes it.
    pub to: f64,
    /// How many.
    pub count: usize,
}

/// Widths of bars, for numbers that people compare.
const WIDTHS: [f64; 9] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0];

/// Bars that a chart has at most.
const BARS_MAX: f64 = 20.0;

/// How many of these numbers are where, from 0 to `max`. Who is outside counts at the end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "some twenty bars"
)]
pub fn bars(numbers: &[f64], max: f64) -> Vec<Bar> {
    let fits = |width: &f64| max / width <= BARS_MAX;
    let width = WIDTHS.into_iter().find(fits).unwrap_or(max / BARS_MAX);
    let count = ((max / width).ceil() as usize).max(1);
    let bar = |index: usize| Bar {
        from: index as f64 * width,
        to: (index + 1) as f64 * width,
        count: 0,
    };
    let mut bars: Vec<Bar> = (0..count).map(bar).collect();
    for number in numbers {
        // A cast of what is below 0 is 0.
        let index = (number / width) as usize;
        bars[index.min(count - 1)].count += 1;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        // LibreOffice: QUARTILE({1;2;4;7};1) = 1.75, MEDIAN = 3, QUARTILE(…;3) = 4.75
        let spread = Spread::of(vec![7.0, 1.0, 4.0, 2.0]).expect("numbers");
        let Spread {
            least,
            lower,
            median,
            upper,
            most,
        } = spread;
        assert_eq!(
            [least, lower, median, upper, most],
            [1.0, 1.75, 3.0, 4.75, 7.0]
        );
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn every_number_is_in_one_bar_and_the_most_is_in_the_last() {
        let counts = |numbers: &[f64], max| -> Vec<usize> {
            bars(numbers, max).iter().map(|bar| bar.count).collect()
        };
        assert_eq!(
            counts(&[0.0, 9.99, 10.0, 20.0, -1.0, 25.0], 20.0)
                .iter()
                .sum::<usize>(),
            6
        );
        assert_eq!(bars(&[], 180.0).len(), 18);
        assert_eq!(
            bars(&[180.0], 180.0)[17],
            Bar {
                from: 170.0,
                to: 180.0,
                count: 1
            }
        );
        assert_eq!(counts(&[], 0.0), [0]);
    }
}
