//! How text is read by whoever looks for something in it: without case, and without what
//! pages, strings and addresses put in the place of a character. Whatever is looked for
//! is read in the same way. Lines stay lines, so that a place can be named.

/// What HTML writes for characters that mean something to it.
const ENTITIES: [(&str, char); 6] = [
    ("amp;", '&'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("apos;", '\''),
    ("nbsp;", ' '),
];

/// Digits that a character's number may have.
const DIGITS_MAX: usize = 6;

/// Text in lower case, with each character written as itself.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escaped = match first {
            '&' => entity(&rest[1..]),
            '%' => percent(&rest[1..]),
            '\\' => escape(&rest[1..]),
            _ => None,
        };
        let (letter, behind) = match escaped {
            Some((letter, behind)) => (letter, behind),
            None => (first, &rest[first.len_utf8()..]),
        };
        match escaped.is_some() && letter.is_whitespace() {
            // Only what is a line's end on the page counts as one.
            true => plain.push(' '),
            false => plain.extend(letter.to_lowercase()),
        }
        rest = behind;
    }
    plain
}

/// `amp;`, `#38;` or `#x26;`, behind the `&`.
fn entity(rest: &str) -> Option<(char, &str)> {
    if let Some(number) = rest.strip_prefix('#') {
        let (number, behind) = number.split_at_checked(number.find(';')?)?;
        let letter = match number.strip_prefix(['x', 'X']) {
            Some(digits) => numbered(digits, 16)?,
            None => numbered(number, 10)?,
        };
        return Some((letter, &behind[1..]));
    }
    let mut named = ENTITIES.iter();
    named.find_map(|(name, letter)| Some((*letter, rest.strip_prefix(name)?)))
}

/// `28`, behind a `%`.
fn percent(rest: &str) -> Option<(char, &str)> {
    let (digits, behind) = rest.split_at_checked(2)?;
    let letter = numbered(digits, 16)?;
    letter.is_ascii().then_some((letter, behind))
}

/// `n`, `x28`, `u0028` or `u{28}`, behind a `\`.
fn escape(rest: &str) -> Option<(char, &str)> {
    let (kind, behind) = rest.split_at_checked(1)?;
    match kind {
        "n" | "r" | "t" if !behind.starts_with(char::is_lowercase) => Some((' ', behind)),
        "x" => behind
            .split_at_checked(2)
            .and_then(|(digits, behind)| Some((numbered(digits, 16)?, behind))),
        "u" => match behind.strip_prefix('{') {
            Some(inside) => {
                let (digits, behind) = inside.split_at_checked(inside.find('}')?)?;
                Some((numbered(digits, 16)?, &behind[1..]))
            }
            None => behind
                .split_at_checked(4)
                .and_then(|(digits, behind)| Some((numbered(digits, 16)?, behind))),
        },
        _ => None,
    }
}

fn numbered(digits: &str, base: u32) -> Option<char> {
    let is_number = (1..=DIGITS_MAX).contains(&digits.len())
        && digits.chars().all(|digit| digit.is_digit(base));
    let number = u32::from_str_radix(digits, base).ok().filter(|_| is_number);
    number.and_then(char::from_u32)
}

/// A line without the number that a listing puts before it: `12: `, `7 | `.
pub fn unnumbered(line: &str) -> &str {
    let line = line.trim_start();
    let behind = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_number = behind.len() < line.len() && !behind.starts_with(char::is_alphanumeric);
    match is_number {
        true => behind.trim_start_matches([' ', ':', '|', '.', ')']),
        false => line,
    }
}

/// Whether a character is not seen: it stands between others, turns them round, or says
/// something that no page shows.
pub fn is_unseen(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' => true,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => letter.is_control(),
    }
}
