//! What came over the channel of a run.

use runner::channel::{END_MARK, TIER_MARK, parse_end, parse_tier};
use runner::end::End as Told;
use runner::log::Record;
use sandbox::tier::Tier;

/// Bytes that the observations of one trace may have, whatever its length: the grader
/// keeps them, for as many runs as there are at a time.
const OBSERVATION_BYTES_MAX: u64 = 64 << 20;

/// Bytes of observations for each byte of the trace: an event may have two in a binary
/// trace, and its record has a line.
const OBSERVATION_BYTES_PER_BYTE: u64 = 256;

/// Bytes of observations on top: the sandbox's layers, the end, and a panic's message.
const OBSERVATION_BYTES_LEAST: u64 = 64 << 10;

/// How much there can be to observe on a trace. Whoever writes more has taken the channel.
pub fn observation_bytes(trace: &[u8]) -> u64 {
    let bytes = trace.len() as u64 * OBSERVATION_BYTES_PER_BYTE + OBSERVATION_BYTES_LEAST;
    bytes.min(OBSERVATION_BYTES_MAX)
}

/// What came over the channel of a run.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The layers of the sandbox that were in force when student code began.
    pub tier: Option<Tier>,
    /// What was observed, up to the first line that is no record.
    pub records: Vec<Record>,
    /// How the run ended, if that was told: by the last line, with the secret, after as
    /// many lines as it says, all of which are what they should be.
    pub end: Option<Told>,
}

/// Reads all that came over the channel of a run. Any bytes may come, from a process that
/// student code has taken over; what they do not say, they do not say.
pub fn read_channel(bytes: &[u8], nonce: &str) -> Received {
    let text = String::from_utf8_lossy(bytes);
    // The first end is the last line and has the signature; otherwise somebody else
    // wrote to the channel. Lines are never kept: there may be as many as bytes.
    let before_end = || text.lines().take_while(|line| !line.starts_with(END_MARK));
    let count = before_end().count();
    let mut from_end = text.lines().skip(count);
    let last = from_end.next().filter(|_| from_end.next().is_none());
    let told = last.and_then(|line| parse_end(line, nonce));
    let first = before_end().next();
    let begins = first.is_some_and(|line| line.starts_with(TIER_MARK));
    let tier = first.and_then(|line| parse_tier(line, nonce));
    let body = before_end().skip(usize::from(begins));
    let records: Vec<Record> = body.map_while(Record::parse).collect();
    let is_whole = records.len() + usize::from(begins) == count && begins == tier.is_some();
    let told = told.filter(|(said, _)| is_whole && *said == count as u64);
    Received {
        tier,
        records,
        end: told.map(|(_, end)| end),
    }
}

/// The layers that the first line tells, whatever comes after it.
pub fn tier_told(bytes: &[u8], nonce: &str) -> Option<Tier> {
    first_line(bytes).and_then(|line| parse_tier(line, nonce))
}

/// Whether the last line that came is there to its end, and is signed: nothing more comes
/// of that run.
pub fn is_at_end(bytes: &[u8], nonce: &str) -> bool {
    let Some((b'\n', lines)) = bytes.split_last() else {
        return false;
    };
    let start = lines.iter().rposition(|&byte| byte == b'\n');
    let last = &lines[start.map_or(0, |newline| newline + 1)..];
    let signed = last.strip_prefix(END_MARK.as_bytes());
    signed.is_some_and(|signed| signed.starts_with(nonce.as_bytes()))
}

/// What a run told that came to the end of its trace: in which layers, and its log, whatever
/// is in that. Whoever knows the log need not have [`read_channel`] read it line by line.
pub fn told_whole<'a>(bytes: &'a [u8], nonce: &str) -> Option<(Tier, &'a str)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (first, rest) = text.split_once('\n')?;
    let rest = rest.strip_suffix('\n')?;
    let end = rest.rfind('\n').map_or(0, |newline| newline + 1);
    let (log, last) = rest.split_at(end);
    let tier = parse_tier(first, nonce)?;
    let (count, end) = parse_end(last, nonce)?;
    let lines = log.bytes().filter(|&byte| byte == b'\n').count() as u64 + 1;
    (end == Told::Finished && count == lines).then_some((tier, log))
}

fn first_line(bytes: &[u8]) -> Option<&str> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    std::str::from_utf8(&bytes[..end]).ok()
}

#[cfg(test)]
mod tests {
    use runner::end::End as Told;

    use super::{is_at_end, read_channel, told_whole};

    const TIER: &str = r#"{"limits":true,"user":true,"landlock":6,"seccomp":true}"#;
    const LOG: &str = "   1 read 1 0x1000 | K hit | V | G | S | I | T | C\n";

    fn whole(log: &str, lines: usize, end: &str) -> String {
        format!("=== sandbox s3cret {TIER}\n{log}=== end s3cret {lines} {{\"end\":\"{end}\"}}\n")
    }

    fn is_told(channel: &str) -> bool {
        let told = told_whole(channel.as_bytes(), "s3cret");
        told.is_some_and(|(_, log)| log == LOG)
    }

    #[test]
    fn a_run_is_at_its_end_when_the_signed_line_is_there_and_not_before() {
        let channel = whole(LOG, 2, "finished");
        for length in 0..channel.len() {
            assert!(
                !is_at_end(&channel.as_bytes()[..length], "s3cret"),
                "{length}"
            );
        }
        assert!(is_at_end(channel.as_bytes(), "s3cret"));
        assert!(!is_at_end(channel.as_bytes(), "another"));
    }

    #[test]
    fn a_log_that_is_told_whole_is_one_that_is_read() {
        let channel = whole(LOG, 2, "finished");
        assert!(is_told(&channel));
        let received = read_channel(channel.as_bytes(), "s3cret");
        assert_eq!(received.end, Some(Told::Finished));
        assert_eq!(received.records.len(), 1);
    }

    #[test]
    fn a_log_that_differs_in_anything_is_not_told_whole() {
        let other = LOG.replace("hit", "minor");
        for (log, lines, end) in [
            (other.as_str(), 2, "finished"),
            (LOG, 1, "finished"),
            (LOG, 2, "bad-trace\",\"message\":\""),
            ("", 1, "finished"),
            (&LOG.repeat(2), 3, "finished"),
        ] {
            assert!(!is_told(&whole(log, lines, end)), "{log}{lines} {end}");
        }
        let channel = whole(LOG, 2, "finished");
        assert!(!is_told(&channel.replace("s3cret", "secret")));
        assert!(!is_told(&format!("{channel}more\n")));
        for length in 0..channel.len() {
            assert!(!is_told(&channel[..length]), "{length}");
        }
    }
}
