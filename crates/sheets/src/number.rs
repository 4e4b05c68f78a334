//! Points as a sheet writes them.

/// What stands before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// `71.50`
    #[default]
    Point,
    /// `71,50`
    Comma,
}

impl Decimal {
    /// What these cells use: a comma if one of them has one and nothing else could be
    /// meant by it.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a str>) -> Self {
        let has_comma = |cell: &str| cell.contains(',') && Decimal::Comma.read(cell).is_some();
        match cells.into_iter().any(has_comma) {
            true => Decimal::Comma,
            false => Decimal::Point,
        }
    }

    /// What a cell says, if that is a number. Both decimal signs are read, as course systems
    /// read them; a sign that separates thousands is not one.
    pub fn read(self, cell: &str) -> Option<f64> {
        let cell = cell.trim();
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        let is_written = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
        let decimals = digits.matches(['.', ',']).count() <= 1;
        let is_number = digits.starts_with(|first: char| first.is_ascii_digit());
        (is_number && decimals && digits.chars().all(is_written))
            .then(|| cell.replace(',', ".").parse().ok())
            .flatten()
    }

    /// Points as a cell has them, with two decimals at most.
    pub fn write(self, points: f64) -> String {
        self.signed(&rounded(points).to_string())
    }

    /// The same with two decimals always.
    pub fn write_padded(self, points: f64) -> String {
        self.signed(&format!("{:.2}", rounded(points)))
    }

    fn signed(self, text: &str) -> String {
        match self {
            Decimal::Point => text.to_owned(),
            Decimal::Comma => text.replace('.', ","),
        }
    }
}

/// Points have two decimals, and zero has no sign.
pub fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0 + 0.0
}

/// Whether two numbers of points are the same where both have two decimals.
pub fn same(a: f64, b: f64) -> bool {
    rounded(a).to_bits() == rounded(b).to_bits()
}

/// How points of ours become points of the course system's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// They stay what they are, and somebody is told if the maximum is another one.
    #[default]
    AsTheyAre,
    /// All points are all points there.
    ToMaximum,
}

impl Scale {
    /// Points there for points of ours, of as many as there are.
    pub fn apply(self, points: f64, max: f64, theirs: Option<f64>) -> f64 {
        match (self, theirs) {
            (Scale::ToMaximum, Some(theirs)) if max > 0.0 => rounded(points * theirs / max),
            _ => rounded(points),
        }
    }
}
