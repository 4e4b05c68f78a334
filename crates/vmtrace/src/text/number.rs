//! Numbers: decimal, hex, and sizes with a suffix.

/// Why some bytes are not the number that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// They are no number, or one in another notation.
    Malformed,
    /// The number does not fit into 64 bits.
    TooLarge,
}

/// So many decimal digits always fit into 64 bits.
const DECIMAL_DIGITS_SAFE: usize = 19;

/// So many hex digits always fit into 64 bits.
const HEX_DIGITS_SAFE: usize = 16;

/// What [`HEX_VALUES`] has for a byte that is no digit.
const NO_DIGIT: u8 = 0xff;

/// The value of each byte as a hex digit. Addresses are half of a trace, and one
/// look-up a digit is the cheapest way to read them.
const HEX_VALUES: [u8; 256] = hex_values();

/// Reads a decimal number.
#[inline]
pub(crate) fn decimal(digits: &[u8]) -> Result<u64, NumberError> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberError::Malformed);
    }
    if digits.len() > DECIMAL_DIGITS_SAFE {
        return long_decimal(digits);
    }
    Ok(digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Reads a hex number; `0x` is a must.
#[inline]
pub(crate) fn prefixed_hex(text: &[u8]) -> Result<u64, NumberError> {
    let digits = text.strip_prefix(b"0x").ok_or(NumberError::Malformed)?;
    if digits.is_empty() {
        return Err(NumberError::Malformed);
    }
    let mut number = 0;
    let mut seen = 0;
    for &digit in digits {
        let value = HEX_VALUES[usize::from(digit)];
        seen |= value;
        number = number << 4 | u64::from(value & 0xf);
    }
    if seen > 0xf {
        return Err(NumberError::Malformed);
    }
    match digits.len() > HEX_DIGITS_SAFE && has_high_digits(digits) {
        true => Err(NumberError::TooLarge),
        false => Ok(number),
    }
}

/// Reads a decimal number, or a hex one with `0x`.
#[inline]
pub(crate) fn either(text: &[u8]) -> Result<u64, NumberError> {
    match text.starts_with(b"0x") {
        true => prefixed_hex(text),
        false => decimal(text),
    }
}

/// Reads a number of bytes: either notation, and `K`, `M` or `G` after decimal digits.
pub(crate) fn size(text: &[u8]) -> Result<u64, NumberError> {
    let shift = match text.last() {
        Some(b'K') => 10,
        Some(b'M') => 20,
        Some(b'G') => 30,
        _ => return either(text),
    };
    let units = decimal(&text[..text.len() - 1])?;
    let bytes = units << shift;
    match bytes >> shift == units {
        true => Ok(bytes),
        false => Err(NumberError::TooLarge),
    }
}

#[cold]
fn long_decimal(digits: &[u8]) -> Result<u64, NumberError> {
    let sum = digits.iter().try_fold(0_u64, |number, digit| {
        number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    });
    sum.ok_or(NumberError::TooLarge)
}

fn has_high_digits(digits: &[u8]) -> bool {
    let high = &digits[..digits.len() - HEX_DIGITS_SAFE];
    high.iter().any(|&digit| digit != b'0')
}

const fn hex_values() -> [u8; 256] {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit] as usize] = digit as u8;
        values[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
}
