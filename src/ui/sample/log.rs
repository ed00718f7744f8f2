//! What a pane of events remembers: pure.

use std::collections::VecDeque;

/// More lines push the oldest out.
const KEPT: usize = 10_000;
/// Longer data is cut: no peer fills the memory of a page that stays open for weeks.
const LONGEST: usize = 4096;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Never used twice.
    pub id: u64,
    /// The time of day.
    pub time: String,
    /// Where it comes from: a group of events, `cti`, or `diagnostic`.
    pub group: &'static str,
    /// The event's type or the message's name.
    pub kind: String,
    /// The rest, as JSON or words.
    pub data: String,
}

impl Line {
    /// Whether every word of the filter, in small letters, is somewhere in the line.
    fn matches(&self, words: &[String]) -> bool {
        words.iter().all(|word| {
            [self.group, &self.kind, &self.data, &self.time].iter().any(|part| contains(part, word))
        })
    }
}

/// Whether `part` holds `word`, which is in small letters already. ASCII letters only: names of events are.
fn contains(part: &str, word: &str) -> bool {
    part.len() >= word.len()
        && (0..=part.len() - word.len())
            .any(|at| part.as_bytes()[at..at + word.len()].eq_ignore_ascii_case(word.as_bytes()))
}

/// The last lines, oldest first.
#[derive(Debug, Default)]
pub struct Log {
    lines: VecDeque<Line>,
    next_id: u64,
}

impl Log {
    /// Adds a line.
    pub fn push(&mut self, time: String, group: &'static str, kind: &str, data: &str) {
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.next_id += 1;
        self.lines.push_back(Line {
            id: self.next_id,
            time,
            group,
            kind: cut(kind).into(),
            data: cut(data).into(),
        });
    }

    /// The lines that match, newest first.
    pub fn matching(&self, filter: &str) -> impl Iterator<Item = &Line> {
        let words: Vec<String> = filter.split_whitespace().map(str::to_ascii_lowercase).collect();
        self.lines.iter().rev().filter(move |line| line.matches(&words))
    }

    /// The line of that id, unless it was pushed out.
    pub fn line(&self, id: u64) -> Option<&Line> {
        // Ids are given in the order of the lines, without a gap.
        let first = self.lines.front()?.id;
        self.lines.get(usize::try_from(id.checked_sub(first)?).ok()?)
    }

    /// The lines that match, oldest first, as text to paste elsewhere.
    pub fn text(&self, filter: &str) -> String {
        let mut lines: Vec<String> = self
            .matching(filter)
            .map(|line| format!("{}\t{}\t{}\t{}\n", line.time, line.group, line.kind, line.data))
            .collect();
        lines.reverse();
        lines.concat()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.lines.clear();
    }
}

/// At most [`LONGEST`] bytes of it, ending between characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: &[(&'static str, &str, &str)]) -> Log {
        let mut log = Log::default();
        for (group, kind, data) in lines {
            log.push("10:42:07.118".into(), group, kind, data);
        }
        log
    }

    fn kinds(log: &Log, filter: &str) -> Vec<String> {
        log.matching(filter).map(|line| line.kind.clone()).collect()
    }

    #[test]
    fn the_newest_line_comes_first() {
        let log = log(&[("general", "Started", ""), ("registration", "Registered", "")]);
        assert_eq!(kinds(&log, ""), ["Registered", "Started"]);
    }

    #[test]
    fn every_word_of_the_filter_must_be_there() {
        let log = log(&[
            ("outgoing", "Connected", r#"{"callee":"1002"}"#),
            ("incoming", "Connected", r#"{"caller":"1003"}"#),
        ]);
        assert_eq!(kinds(&log, "CONNECTED 1003").len(), 1);
        assert_eq!(kinds(&log, " outgoing  connected ").len(), 1);
        assert_eq!(kinds(&log, "10:42").len(), 2);
        assert_eq!(kinds(&log, "terminated").len(), 0);
        assert_eq!(kinds(&log, "é").len(), 0);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut log = Log::default();
        for _ in 0..KEPT + 5 {
            log.push(String::new(), "cti", "é".repeat(LONGEST).as_str(), "");
        }
        assert_eq!(log.matching("").count(), KEPT);
        assert!(log.matching("").all(|line| line.kind.len() <= LONGEST));
        assert_eq!(log.line(5), None);
        assert_eq!(log.line(6).map(|line| line.id), Some(6));
        assert_eq!(log.line(KEPT as u64 + 6), None);
        assert_eq!(log.matching("").next().map(|line| line.id), Some(KEPT as u64 + 5));
        log.clear();
        assert_eq!(log.matching("").count(), 0);
    }

    #[test]
    fn copied_text_reads_downwards() {
        let log = log(&[("general", "Started", ""), ("registration", "Registered", "{}")]);
        let text = log.text("");
        assert_eq!(text, "10:42:07.118\tgeneral\tStarted\t\n10:42:07.118\tregistration\tRegistered\t{}\n");
    }
}
