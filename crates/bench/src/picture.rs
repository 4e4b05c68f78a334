//! A dimension as a picture: what an operation takes, against how many there are.
//!
//! Both axes are logarithmic: what is flat stays flat, a slope of one decade in a decade
//! is linear in the size.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::combinators::{IntoLogRange, LogCoord};
use plotters::prelude::*;

use crate::growth::measure::{Point, Unit};
use crate::growth::operation::Operation;
use crate::growth::setting::Dimension;
use crate::table;

const SIZE: (u32, u32) = (1000, 460);

/// From a hit in the TLB to what nobody should have to wait for.
fn costs(unit: Unit) -> Range<f64> {
    match unit {
        Unit::Nanoseconds => 10.0..100_000.0,
        Unit::Instructions => 100.0..1_000_000.0,
    }
}

/// What is black or white by day and the other way round by night: see [`NIGHT`].
const INK: RGBColor = RGBColor(0x24, 0x29, 0x2f);
const FAINT: RGBColor = RGBColor(0xd8, 0xde, 0xe4);

/// Colours that can be told apart on white and on black.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0x8c, 0x8c, 0x8c),
    RGBColor(0x2f, 0x81, 0xf7),
    RGBColor(0xe0, 0x7b, 0x1a),
    RGBColor(0x2d, 0xa4, 0x4e),
    RGBColor(0xd6, 0x3a, 0x4a),
    RGBColor(0xa3, 0x71, 0xf7),
];

/// The ink's colours where the reader's page is dark.
const NIGHT: &str = "<style>@media (prefers-color-scheme: dark) {\
    text { fill: #e6edf3 } \
    [stroke='#24292F'] { stroke: #e6edf3 } \
    [stroke='#D8DEE4'] { stroke: #3d444d }}</style>";

type Failed = DrawingAreaErrorKind<std::io::Error>;

/// The picture as SVG: faults on the left, calls on the right.
///
/// # Errors
///
/// If plotters cannot draw it.
pub fn svg(dimension: Dimension, unit: Unit, points: &[Point]) -> Result<String, Failed> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let (left, right) = area.split_horizontally(SIZE.0 / 2);
        let (faults, calls): (Vec<_>, Vec<_>) =
            Operation::ALL.into_iter().partition(|o| o.is_fault());
        let axes = |what| Axes {
            dimension,
            unit,
            what,
        };
        panel(&left, axes("a fault"), &faults, points)?;
        panel(&right, axes("a page, or a call"), &calls, points)?;
        area.present()?;
    }
    Ok(readable_by_night(&svg))
}

fn readable_by_night(svg: &str) -> String {
    match svg.split_once(">\n") {
        Some((head, rest)) => format!("{head}>\n{NIGHT}\n{rest}"),
        None => svg.to_owned(),
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<LogCoord<f64>, LogCoord<f64>>>;

/// What the axes of a panel say.
struct Axes {
    dimension: Dimension,
    unit: Unit,
    /// What a cost is for.
    what: &'static str,
}

fn panel(
    area: &Area<'_>,
    axes: Axes,
    operations: &[Operation],
    points: &[Point],
) -> Result<(), Failed> {
    let sizes = points.iter().map(|point| point.size as f64);
    let largest = sizes.fold(10.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(34)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d((1.0..largest).log_scale(), costs(axes.unit).log_scale())?;
    chart
        .configure_mesh()
        .axis_style(INK)
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .label_style(("sans-serif", 13, &INK))
        .x_desc(axes.dimension.axis())
        .y_desc(format!("{} for {}", axes.unit.name(), axes.what))
        .x_label_formatter(&|size| table::thousands(*size as u64))
        .y_label_formatter(&|cost| table::thousands(*cost as u64))
        .draw()?;
    for (&operation, colour) in operations.iter().zip(COLOURS) {
        line(&mut chart, operation, colour, points)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(("sans-serif", 13, &INK))
        .draw()
}

fn line(
    chart: &mut Chart<'_, '_>,
    operation: Operation,
    colour: RGBColor,
    points: &[Point],
) -> Result<(), Failed> {
    let places = table::of(operation, points).map(|p| (p.size as f64, p.cost));
    let line = LineSeries::new(places, colour.stroke_width(2)).point_size(3);
    chart
        .draw_series(line)?
        .label(operation.name())
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(3)));
    Ok(())
}
