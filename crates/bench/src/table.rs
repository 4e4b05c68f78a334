//! What was measured, as tables: Markdown for people, CSV for programs.

use std::fmt::Write;

use crate::growth::measure::Point;
use crate::growth::operation::Operation;
use crate::growth::setting::Dimension;

/// A row for each operation, a column for each size, and how many times more the largest
/// takes than the smallest.
pub fn markdown(dimension: Dimension, points: &[Point]) -> String {
    let sizes = dimension.sizes();
    let mut text = String::from("| nanoseconds |");
    for &size in sizes {
        let _ = write!(text, " {} |", thousands(size));
    }
    text.push_str(" growth |\n|---|");
    text.push_str(&"---:|".repeat(sizes.len() + 1));
    text.push('\n');
    for operation in Operation::ALL {
        let _ = write!(text, "| {} |", operation.name());
        let row: Vec<f64> = of(operation, points).map(|p| p.nanoseconds).collect();
        for &nanoseconds in &row {
            let _ = write!(text, " {} |", thousands(nanoseconds.round() as u64));
        }
        if let (Some(first), Some(last)) = (row.first(), row.last()) {
            let _ = write!(text, " {:.1} |", last / first);
        }
        text.push('\n');
    }
    text
}

/// The points of an operation, from the smallest size up.
pub fn of(operation: Operation, points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().filter(move |p| p.operation == operation)
}

/// A record for each point.
///
/// # Errors
///
/// If `out` does not take them.
pub fn csv(out: impl std::io::Write, all: &[(Dimension, Vec<Point>)]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["dimension", "size", "operation", "nanoseconds"])?;
    for (dimension, points) in all {
        for point in points {
            let (size, time) = (point.size.to_string(), format!("{:.1}", point.nanoseconds));
            let name = point.operation.name();
            writer.write_record([dimension.name(), &size, name, &time])?;
        }
    }
    Ok(writer.flush()?)
}

/// A number with commas.
pub fn thousands(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}
