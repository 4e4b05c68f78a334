//! The trace language.

#[test]
fn any_bytes() {
    bolero::check!()
        .with_iterations(2_000)
        .for_each(fuzz::trace::is_read_or_refused);
}
