//! What a pane of events remembers, and which of it matches its filter: pure.

use std::collections::VecDeque;

/// More lines push the oldest out.
const KEPT: usize = 100_000;
/// Longer data is cut: no peer fills the memory of a page that stays open for weeks.
const LONGEST: usize = 4096;
/// For the same reason: lines whose texts are longer than this together push the oldest out.
const KEPT_BYTES: usize = 64 << 20;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Never used twice.
    pub id: u64,
    /// The time of day.
    pub time: String,
    /// Where it comes from: a group of events, `cti`, `sip in`, `sip out` or `diagnostic`.
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

    /// How much memory its texts take.
    fn bytes(&self) -> usize {
        self.time.len() + self.kind.len() + self.data.len()
    }
}

/// Whether `part` holds `word`, which is in small letters already. ASCII letters only: names of events are.
fn contains(part: &str, word: &str) -> bool {
    part.as_bytes().windows(word.len()).any(|here| here.eq_ignore_ascii_case(word.as_bytes()))
}

/// The last lines, oldest first.
///
/// A new line is compared with the filter once, when it comes; all of them only when the filter changes. So a full log
/// costs as little as an empty one.
#[derive(Debug, Default)]
pub struct Log {
    lines: VecDeque<Line>,
    bytes: usize,
    last_id: u64,
    /// The words of the filter, in small letters.
    words: Vec<String>,
    /// The ids of the lines that match.
    matching: VecDeque<u64>,
}

impl Log {
    /// Adds a line.
    pub fn push(&mut self, time: String, group: &'static str, kind: &str, data: &str) {
        self.last_id += 1;
        let line = Line { id: self.last_id, time, group, kind: cut(kind).into(), data: cut(data).into() };
        self.bytes += line.bytes();
        if line.matches(&self.words) {
            self.matching.push_back(line.id);
        }
        self.lines.push_back(line);
        while self.lines.len() > KEPT || self.bytes > KEPT_BYTES {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(line) = self.lines.pop_front() else { return };
        self.bytes -= line.bytes();
        if self.matching.front() == Some(&line.id) {
            self.matching.pop_front();
        }
    }

    /// Has only those lines match that hold every word of the filter.
    pub fn filter(&mut self, filter: &str) {
        self.words = filter.split_whitespace().map(str::to_ascii_lowercase).collect();
        let matching = self.lines.iter().filter(|line| line.matches(&self.words));
        self.matching = matching.map(|line| line.id).collect();
    }

    /// How many lines match.
    pub fn count(&self) -> usize {
        self.matching.len()
    }

    /// The ids of the lines that match, newest first.
    pub fn matching(&self) -> impl Iterator<Item = u64> {
        self.matching.iter().rev().copied()
    }

    /// The line of that id, unless it was pushed out.
    pub fn line(&self, id: u64) -> Option<&Line> {
        // Ids are given in the order of the lines, without a gap.
        let first = self.lines.front()?.id;
        self.lines.get(usize::try_from(id.checked_sub(first)?).ok()?)
    }

    /// The lines that match, oldest first, as text to keep elsewhere. The later lines of a message stand behind a tab.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.matching.iter().filter_map(|id| self.line(*id)) {
            let data = line.data.replace('\n', "\n\t");
            for part in [&line.time, "\t", line.group, "\t", &line.kind, "\t", &data, "\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.matching.clear();
        self.bytes = 0;
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

    fn kinds(log: &mut Log, filter: &str) -> Vec<String> {
        log.filter(filter);
        log.matching().filter_map(|id| log.line(id)).map(|line| line.kind.clone()).collect()
    }

    #[test]
    fn the_newest_line_comes_first() {
        let mut log = log(&[("general", "Started", ""), ("registration", "Registered", "")]);
        assert_eq!(kinds(&mut log, ""), ["Registered", "Started"]);
    }

    #[test]
    fn every_word_of_the_filter_must_be_there() {
        let mut log = log(&[
            ("outgoing", "Connected", r#"{"callee":"1002"}"#),
            ("incoming", "Connected", r#"{"caller":"1003"}"#),
        ]);
        assert_eq!(kinds(&mut log, "CONNECTED 1003").len(), 1);
        assert_eq!(kinds(&mut log, " outgoing  connected ").len(), 1);
        assert_eq!(kinds(&mut log, "10:42").len(), 2);
        assert_eq!(kinds(&mut log, "terminated").len(), 0);
        assert_eq!(kinds(&mut log, "é").len(), 0);
    }

    #[test]
    fn lines_that_come_later_are_filtered_too() {
        let mut log = log(&[("general", "Started", "")]);
        log.filter("regist");
        log.push(String::new(), "registration", "Registered", "");
        log.push(String::new(), "outgoing", "Establishing", "");
        assert_eq!(log.count(), 1);
        assert_eq!(log.matching().collect::<Vec<_>>(), [2]);
        log.filter("");
        assert_eq!(log.count(), 3);
    }

    #[test]
    fn a_hundred_thousand_lines_are_kept_and_the_oldest_go() {
        let mut log = Log::default();
        log.filter("even");
        for number in 0..KEPT + 6 {
            log.push(String::new(), "cti", if number % 2 == 0 { "even" } else { "odd" }, "{}");
        }
        assert_eq!(log.count(), KEPT / 2);
        log.filter("");
        assert_eq!(log.count(), KEPT);
        assert_eq!(log.line(6), None);
        assert_eq!(log.line(7).map(|line| line.id), Some(7));
        assert_eq!(log.line(KEPT as u64 + 7), None);
        assert_eq!(log.matching().next(), Some(KEPT as u64 + 6));
        log.clear();
        assert_eq!(log.count(), 0);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut log = Log::default();
        let long = "é".repeat(LONGEST);
        for _ in 0..KEPT_BYTES / LONGEST + 5 {
            log.push(String::new(), "cti", "", &long);
        }
        assert_eq!(log.count(), KEPT_BYTES / LONGEST);
        assert!(log.lines.iter().all(|line| line.data.len() <= LONGEST));
    }

    #[test]
    fn copied_text_reads_downwards() {
        let log = log(&[("general", "Started", ""), ("sip in", "SIP/2.0 200 OK", "Via: x\nCSeq: 1")]);
        let text =
            "10:42:07.118\tgeneral\tStarted\t\n10:42:07.118\tsip in\tSIP/2.0 200 OK\tVia: x\n\tCSeq: 1\n";
        assert_eq!(log.text(), text);
    }
}
