//! The channel of a run: who does not know its secret tells no end.

use runner::end::End;
use verdict::received::read_channel;

/// A secret, in the form of a real one.
const NONCE: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";

/// Reads what a process wrote that does not know the secret.
///
/// # Panics
///
/// If that tells an end, or which layers were in force.
pub fn is_not_believed(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if text.contains(NONCE) {
        return;
    }
    let received = read_channel(bytes, NONCE);
    assert!(received.end.is_none() && received.tier.is_none());
}

/// Reads the same in front of the true end: only the lines that were counted are
/// believed.
///
/// # Panics
///
/// If an end is told for other lines than there are.
pub fn is_counted(bytes: &[u8], claimed: u8) {
    let end = format!("=== end {NONCE} {claimed} {{\"end\":\"finished\"}}\n");
    let all = [bytes, end.as_bytes()].concat();
    let received = read_channel(&all, NONCE);
    if let Some(end) = received.end {
        assert!(end == End::Finished);
        assert!(received.records.len() == usize::from(claimed));
    }
}
