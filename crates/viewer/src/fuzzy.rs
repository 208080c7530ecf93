//! How well a few letters stand for a text: all of them in order, better where words begin and where
//! they stand together.

/// A match of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Match {
    /// How good it is; more is better.
    pub(crate) score: i32,
    /// Which characters of the text were meant, by their number.
    pub(crate) letters: Vec<usize>,
}

/// A letter that begins a word.
const BEGINS: i32 = 8;
/// A letter right after the one before.
const FOLLOWS: i32 = 8;
/// A letter anywhere.
const THERE: i32 = 1;
/// No letter further from the one before than this costs more.
const LONGEST_GAP: usize = 6;
/// Characters of a text that are looked at; the work grows with their square.
const LONGEST: usize = 96;

/// How the letters of `query` are found in `text`, whatever their case; `None` if not all are there.
/// Spaces only part words.
pub(crate) fn find(query: &str, text: &str) -> Option<Match> {
    let wanted: Vec<char> = lower(query).filter(|it| !it.is_whitespace()).collect();
    let text: Vec<char> = lower(text).take(LONGEST).collect();
    // The best way to place the letters so far, by where the last of them stands.
    let mut best: Vec<Option<Match>> = Vec::new();
    for (nth, letter) in wanted.iter().enumerate() {
        let places = text.iter().enumerate().map(|(at, there)| {
            if there != letter {
                return None;
            }
            let own = THERE + if begins_word(&text, at) { BEGINS } else { 0 };
            if nth == 0 {
                return Some(Match {
                    score: own - gap_cost(at),
                    letters: vec![at],
                });
            }
            let before = best.iter().take(at).enumerate();
            let candidates = before.filter_map(|(from, found)| {
                let gap = at - from - 1;
                let step = if gap == 0 { FOLLOWS } else { -gap_cost(gap) };
                found.as_ref().map(|it| (it.score + own + step, it))
            });
            let (score, found) = candidates.max_by_key(|(score, _)| *score)?;
            let mut letters = found.letters.clone();
            letters.push(at);
            Some(Match { score, letters })
        });
        best = places.collect();
    }
    if wanted.is_empty() {
        return Some(Match::default());
    }
    best.into_iter().flatten().max_by_key(|found| found.score)
}

/// In small letters, character by character, so that their numbers stay.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(|it| it.to_lowercase().next().unwrap_or(it))
}

fn begins_word(text: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_none_or(|before| !before.is_alphanumeric())
}

fn gap_cost(gap: usize) -> i32 {
    i32::try_from(gap.min(LONGEST_GAP)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_to_come_in_order() {
        assert!(find("sf", "Step forward").is_some());
        assert!(find("fs", "Step forward").is_none());
        assert!(find("steppp", "Step forward").is_none());
        assert_eq!(find("", "anything"), Some(Match::default()));
    }

    #[test]
    fn the_starts_of_words_are_meant_first() {
        let found = find("ps", "Loop shows").unwrap();
        assert_eq!(found.letters, [3, 5]);
        assert_eq!(find("NK", "Next keyframe").unwrap().letters, [0, 5]);
    }

    #[test]
    fn what_stands_together_beats_what_is_scattered() {
        let together = find("key", "Next keyframe").unwrap();
        let scattered = find("key", "Keep every yard").unwrap();
        assert_eq!(together.letters, [5, 6, 7]);
        assert!(together.score > scattered.score);
    }

    #[test]
    fn long_texts_take_no_longer_than_that() {
        let text = "a".repeat(10_000);
        assert!(find(&"a".repeat(90), &text).is_some());
    }
}
