//! Symbols for pairs of symbols that are often beside each other.
//!
//! Compilers write the same few opcodes in a row over and over, and brotli has a hard time with repetitions of two or
//! three bytes: they are hardly longer than what it takes to point at them.

/// How many pairs get a symbol: more of them bring nothing.
const MOST: usize = 64;

/// The symbols, and the table of those that stand for a pair: the symbol, the first, the second. Either may stand for a
/// pair itself, of an earlier row.
pub fn joined(mut symbols: Vec<u8>) -> (Vec<[u8; 3]>, Vec<u8>) {
    let mut table = Vec::new();
    while table.len() < MOST {
        let (Some(free), Some([first, second])) = (unused(&symbols, &table), most_frequent(&symbols)) else {
            break;
        };
        symbols = replaced(&symbols, [first, second], free);
        table.push([free, first, second]);
    }
    (table, symbols)
}

/// A symbol that stands for nothing yet.
fn unused(symbols: &[u8], table: &[[u8; 3]]) -> Option<u8> {
    let mut used = [false; 256];
    symbols.iter().chain(table.as_flattened()).for_each(|symbol| used[usize::from(*symbol)] = true);
    (0..=u8::MAX).find(|symbol| !used[usize::from(*symbol)])
}

/// The pair that is there most often, and more than once; the first of several in the order of their symbols.
fn most_frequent(symbols: &[u8]) -> Option<[u8; 2]> {
    let mut counts = vec![0_u32; 1 << 16];
    for pair in symbols.windows(2) {
        counts[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1;
    }
    let (pair, count) = (0..=u16::MAX).zip(counts).max_by_key(|(pair, count)| (*count, u16::MAX - pair))?;
    (count > 1).then(|| pair.to_be_bytes())
}

fn replaced(symbols: &[u8], pair: [u8; 2], by: u8) -> Vec<u8> {
    let (mut shorter, mut rest) = (Vec::with_capacity(symbols.len()), symbols);
    while let [symbol, behind @ ..] = rest {
        let is_pair = rest.starts_with(&pair);
        shorter.push(if is_pair { by } else { *symbol });
        rest = if is_pair { &behind[1..] } else { behind };
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_often_together_becomes_one_symbol_and_pairs_of_pairs_too() {
        let (table, symbols) = joined(b"abab.abab".to_vec());
        assert_eq!(table[..2], [[0, b'a', b'b'], [1, 0, 0]]);
        assert_eq!(symbols, [1, b'.', 1]);
    }

    #[test]
    fn nothing_is_joined_where_nothing_repeats() {
        assert_eq!(joined(b"abc".to_vec()), (Vec::new(), b"abc".to_vec()));
        assert_eq!(joined(Vec::new()), (Vec::new(), Vec::new()));
    }
}
