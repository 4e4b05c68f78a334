//! A trace on which the two differ, with fewer events.

use vmtrace::Line;

/// Takes events away as long as what is left still `differs`: delta debugging
/// (Zeller and Hildebrandt 2002), first large pieces, then single events.
///
/// `differs` returns the events up to the difference.
pub fn shrink(
    lines: Vec<Line>,
    mut differs: impl FnMut(&[Line]) -> Option<Vec<Line>>,
) -> Vec<Line> {
    let mut smallest = lines;
    loop {
        let before = smallest.len();
        let mut piece = before.div_ceil(2);
        while piece > 0 {
            smallest = without_pieces(smallest, piece, &mut differs);
            piece /= 2;
        }
        if smallest.len() == before {
            return smallest;
        }
    }
}

/// Takes away each piece of this size without which the rest still differs, from
/// the end on: what comes late is needed least.
fn without_pieces(
    mut lines: Vec<Line>,
    piece: usize,
    differs: &mut impl FnMut(&[Line]) -> Option<Vec<Line>>,
) -> Vec<Line> {
    let mut end = lines.len();
    while end > 0 {
        let start = end.saturating_sub(piece);
        let mut rest = lines.clone();
        rest.drain(start..end);
        if let Some(fewer) = differs(&rest) {
            lines = fewer;
        }
        end = start.min(lines.len());
    }
    lines
}
