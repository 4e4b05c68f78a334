//! What was measured, as tables: Markdown for people, CSV for programs.

use std::fmt::Write;

use crate::growth::measure::{Point, Unit};
use crate::growth::operation::Operation;
use crate::growth::setting::Dimension;

/// A row for each operation, a column for each size, and how many times more the largest
/// takes than the smallest.
pub fn markdown(unit: Unit, points: &[Point]) -> String {
    let mut text = format!("| {} |", unit.name());
    let sizes: Vec<u64> = of(Operation::ALL[0], points).map(|p| p.size).collect();
    for &size in &sizes {
        let _ = write!(text, " {} |", thousands(size));
    }
    text.push_str(" growth |\n|---|");
    text.push_str(&"---:|".repeat(sizes.len() + 1));
    text.push('\n');
    for operation in Operation::ALL {
        let costs: Vec<f64> = of(operation, points).map(|p| p.cost).collect();
        text.push_str(&row(operation.name(), &costs));
    }
    text
}

fn row(name: &str, costs: &[f64]) -> String {
    let mut text = format!("| {name} |");
    for &cost in costs {
        let _ = write!(text, " {} |", thousands(cost.round() as u64));
    }
    if let (Some(first), Some(last)) = (costs.first(), costs.last()) {
        let _ = write!(text, " {:.1} |", last / first);
    }
    text.push('\n');
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
pub fn csv(
    out: impl std::io::Write,
    unit: Unit,
    all: &[(Dimension, Vec<Point>)],
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["dimension", "size", "operation", unit.name()])?;
    for (dimension, points) in all {
        for point in points {
            let (size, cost) = (point.size.to_string(), format!("{:.1}", point.cost));
            let name = point.operation.name();
            writer.write_record([dimension.name(), &size, name, &cost])?;
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
