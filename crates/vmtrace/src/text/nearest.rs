//! The word that somebody meant.

/// Longer words are not worth a guess.
const WORD_LEN_MAX: usize = 32;

/// The candidate that is fewest typing mistakes away from `word`, if so few that
/// it is a good guess: one, or a third of the word.
pub(crate) fn nearest<'a>(
    word: &[u8],
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > WORD_LEN_MAX {
        return None;
    }
    let near_enough = (word.len() / 3).max(1);
    candidates
        .into_iter()
        // A short form is near to any word of two letters: no good guess.
        .filter(|candidate| (2..=WORD_LEN_MAX).contains(&candidate.len()))
        .map(|candidate| (mistakes(word, candidate.as_bytes()), candidate))
        .filter(|(count, _)| *count <= near_enough)
        .min_by_key(|(count, _)| *count)
        .map(|(_, candidate)| candidate)
}

/// The number of mistakes between two words: a letter too many, one too few, one
/// wrong, or two swapped (the optimal string alignment distance).
fn mistakes(a: &[u8], b: &[u8]) -> usize {
    let mut table = [[0; WORD_LEN_MAX + 1]; WORD_LEN_MAX + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => fewest(&table, (a, i), (b, j)),
            };
        }
    }
    table[a.len()][b.len()]
}

type Table = [[usize; WORD_LEN_MAX + 1]; WORD_LEN_MAX + 1];

fn fewest(table: &Table, (a, i): (&[u8], usize), (b, j): (&[u8], usize)) -> usize {
    let wrong = usize::from(a[i - 1] != b[j - 1]);
    let edited = (table[i - 1][j] + 1)
        .min(table[i][j - 1] + 1)
        .min(table[i - 1][j - 1] + wrong);
    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
    match swapped {
        true => edited.min(table[i - 2][j - 2] + 1),
        false => edited,
    }
}
