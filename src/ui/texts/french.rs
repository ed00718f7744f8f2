//! French, which the program does not hold: who speaks it loads it, nobody else does.

use std::sync::OnceLock;

use super::table::{Lines, Read};
use super::{Texts, en};

static TEXTS: OnceLock<Texts> = OnceLock::new();

/// The words, English before they are [learnt](learn).
pub fn texts() -> &'static Texts {
    #[cfg(not(target_arch = "wasm32"))]
    learn(FILE);
    TEXTS.get().unwrap_or(&en::TEXTS)
}

/// Whether they have to be [learnt](learn) first.
pub fn is_missing() -> bool {
    TEXTS.get().is_none()
}

/// Takes what is in `fr.txt`. A file that is not of this program, one with other lines, is refused: false.
pub fn learn(file: &'static str) -> bool {
    let mut lines = Lines::new(file);
    let mut texts = en::TEXTS;
    texts.read(&mut lines);
    let whole = !lines.ended_early;
    if whole {
        // Learnt twice, it stays as it was.
        let _ = TEXTS.set(texts);
    }
    whole
}

/// What browsers load; natively it is at hand.
#[cfg(not(target_arch = "wasm32"))]
const FILE: &str = include_str!("fr.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_stands_where_its_words_belong() {
        let places = FILE.lines().filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()));
        assert_eq!(places.collect::<Vec<_>>(), en::TEXTS.places(""));
    }

    #[test]
    fn a_file_with_a_line_too_few_is_refused() {
        let (shorter, _) = FILE.trim_end().rsplit_once('\n').expect("lines");
        assert!(!learn(shorter));
        assert!(learn(FILE));
    }

    #[test]
    fn sentences_have_the_gaps_of_the_english_ones() {
        let gaps = |texts: &Texts| format!("{texts:?}").split("{}").count();
        assert_eq!(gaps(texts()), gaps(&en::TEXTS));
    }
}
