//! What comes over the channel of a run.

#[test]
fn without_the_secret() {
    bolero::check!()
        .with_iterations(2_000)
        .for_each(fuzz::channel::is_not_believed);
}

#[test]
fn in_front_of_the_end() {
    bolero::check!()
        .with_iterations(2_000)
        .with_type::<(Vec<u8>, u8)>()
        .for_each(|(bytes, claimed)| fuzz::channel::is_counted(bytes, *claimed));
}
