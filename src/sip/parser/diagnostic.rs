//! What was tolerated.

use std::fmt;

use crate::sip::grammar::excerpt;

/// So many things are reported of one message; a hostile one could hold thousands.
pub(super) const MOST_DIAGNOSTICS: usize = 8;

/// Something that was tolerated, in words for those who look after the system. Holds text from the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The words.
    pub text: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What was tolerated so far.
#[derive(Default)]
pub(super) struct Diagnostics {
    list: Vec<Diagnostic>,
    left_out: usize,
}

impl Diagnostics {
    /// Reports one more, with the beginning of the text that it is about.
    pub(super) fn add(&mut self, what: &str, wire: &str) {
        if self.list.len() == MOST_DIAGNOSTICS {
            self.left_out += 1;
            return;
        }
        let mut text = what.to_owned();
        if !wire.is_empty() {
            text.push_str(": ");
            text.push_str(&excerpt(wire));
        }
        self.list.push(Diagnostic { text });
    }

    /// What there is to report, and of what is too much how much.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            self.list.push(Diagnostic { text: format!("and {} more", self.left_out) });
        }
        self.list
    }
}
