//! A reader that knows accesses only and believes what it reads: the yardstick.

/// One access, in 16 bytes.
#[derive(Clone, Copy)]
pub struct Record {
    addr: u64,
    pid: u32,
    size: u16,
    verb: u8,
    has_value: bool,
}

/// Adds up the addresses of a text's accesses.
pub fn sum(text: &[u8]) -> u64 {
    let (mut rest, mut sum) = (text, 0);
    while let Some((record, next)) = record(rest) {
        sum ^= touched(record);
        rest = next;
    }
    sum
}

/// A text's accesses.
pub fn records(text: &[u8]) -> Vec<Record> {
    let (mut rest, mut records) = (text, Vec::new());
    while let Some((record, next)) = record(rest) {
        records.push(record);
        rest = next;
    }
    records
}

/// Adds up the addresses of records.
pub fn sum_records(records: &[Record]) -> u64 {
    let known = records.iter().map(|&record| touched(record));
    known.fold(0, |sum, addr| sum ^ addr)
}

/// The address, of what is an access.
fn touched(record: Record) -> u64 {
    let is_access = matches!(record.verb, b'r' | b'w' | b'e') && record.pid != 0;
    std::hint::black_box((record.size, record.has_value));
    if is_access { record.addr } else { 0 }
}

/// The first line of a text, if it is an access; other lines are skipped.
fn record(mut text: &[u8]) -> Option<(Record, &[u8])> {
    while !matches!(text.first()?, b'r' | b'w' | b'e') {
        let end = text.iter().position(|&byte| byte == b'\n')?;
        text = &text[end + 1..];
    }
    let verb = text[0];
    let mut at = if verb == b'w' { 6 } else { 5 };
    let pid = number(text, &mut at) as u32;
    at += 3;
    let addr = address(text, &mut at);
    let (mut size, mut has_value) = (1, false);
    while text[at] == b' ' {
        at += 1;
        match text[at] {
            b'=' => {
                has_value = true;
                at += text[at..].iter().position(|&byte| byte <= b' ')?;
            }
            _ => {
                size = number(text, &mut at) as u16;
                at += 1;
            }
        }
    }
    let record = Record {
        addr,
        pid,
        size,
        verb,
        has_value,
    };
    Some((record, &text[at + 1..]))
}

#[inline]
fn number(text: &[u8], at: &mut usize) -> u64 {
    let mut number = 0;
    while text[*at].is_ascii_digit() {
        number = 10 * number + u64::from(text[*at] - b'0');
        *at += 1;
    }
    number
}

#[inline]
fn address(text: &[u8], at: &mut usize) -> u64 {
    let mut number = 0;
    while text[*at] > b' ' {
        let digit = text[*at];
        number = number << 4 | u64::from((digit & 0xf) + 9 * (digit >> 6));
        *at += 1;
    }
    number
}
