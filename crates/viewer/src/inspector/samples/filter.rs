//! Which samples the table shows: words that a row has to contain, and comparisons of its numbers.

use super::facts::{Column, Facts};

/// Columns whose numbers can be compared.
const NUMBERS: [Column; 5] = [
    Column::Number,
    Column::Decode,
    Column::Bytes,
    Column::Pts,
    Column::Duration,
];

/// What a row has to fulfil: each of its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter(Vec<Word>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// One of the values contains it.
    Contains(String),
    /// A value is below, at or above a number.
    Compare(Column, std::cmp::Ordering, i64),
}

impl Filter {
    /// From what a person typed: `key`, `bytes>10000`, `1234`. What is no comparison is a text.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.split_whitespace().map(Word::parse).collect())
    }

    /// True if all rows pass.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if a row passes.
    pub(crate) fn passes(&self, facts: &Facts) -> bool {
        self.0.iter().all(|word| word.passes(facts))
    }
}

impl Word {
    fn parse(text: &str) -> Self {
        Self::comparison(text).unwrap_or_else(|| Self::Contains(text.to_owned()))
    }

    fn comparison(text: &str) -> Option<Self> {
        let at = text.find(['<', '>', '='])?;
        let (name, rest) = text.split_at(at);
        let named = |column: &Column| column.name().eq_ignore_ascii_case(name);
        let column = NUMBERS.into_iter().find(named)?;
        let (sign, number) = rest.split_at(1);
        let ordering = match sign {
            "<" => std::cmp::Ordering::Less,
            ">" => std::cmp::Ordering::Greater,
            _ => std::cmp::Ordering::Equal,
        };
        Some(Self::Compare(column, ordering, number.parse().ok()?))
    }

    fn passes(&self, facts: &Facts) -> bool {
        match self {
            Self::Contains(text) => Column::ALL
                .iter()
                .any(|column| contains(facts, *column, text)),
            Self::Compare(column, ordering, number) => {
                facts.value(*column).cmp(number) == *ordering
            }
        }
    }
}

fn contains(facts: &Facts, column: Column, text: &str) -> bool {
    let value = facts.text(column);
    match column {
        Column::Type => value.eq_ignore_ascii_case(text),
        _ => value.contains(text),
    }
}
