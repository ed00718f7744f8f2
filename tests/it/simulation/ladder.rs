//! What passed in a run that broke a rule, as a diagram: who, what, when, and where a socket was cut.

use std::time::Duration;

use xc_webrtc::time::Instant;

/// Between one lifeline and the next.
const WIDTH: usize = 30;

/// Draws when it is wanted: the same seed is played once without and, if it fails, once with it.
pub struct Ladder {
    names: Vec<String>,
    lines: Option<Vec<String>>,
    /// The Call-IDs seen so far: `c1`, `c2`, … are easier to follow.
    calls: Vec<String>,
    began: Instant,
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Arrived,
    Lost,
}

impl Ladder {
    pub fn new(names: &[String], began: Instant, wanted: bool) -> Self {
        Self { names: names.to_vec(), lines: wanted.then(Vec::new), calls: Vec::new(), began }
    }

    /// The proxy stands between the first party and the others.
    fn column(party: usize) -> usize {
        if party == 0 { 0 } else { party + 1 }
    }

    fn clock(&self, at: Instant) -> String {
        format!("{:9.3}", at.saturating_since(self.began).as_secs_f64())
    }

    fn lifelines(&self) -> Vec<char> {
        let mut row = vec![' '; WIDTH * self.names.len() + 1];
        for column in 0..=self.names.len() {
            row[column * WIDTH] = '│';
        }
        row
    }

    /// A message between a party and the proxy: `up` to the proxy.
    pub fn message(&mut self, party: usize, up: bool, sent: Instant, now: Instant, text: &str, fate: Fate) {
        if self.lines.is_none() {
            return;
        }
        let label = self.label(text);
        let mut row = self.lifelines();
        let (party, proxy) = (Self::column(party) * WIDTH, WIDTH);
        let (left, right) = (party.min(proxy), party.max(proxy));
        for dash in &mut row[left + 1..right] {
            *dash = '─';
        }
        let head = if up == (party < proxy) { right - 1 } else { left + 1 };
        row[head] = match (fate, head == left + 1) {
            (Fate::Lost, _) => '×',
            (Fate::Arrived, true) => '<',
            (Fate::Arrived, false) => '>',
        };
        for (place, letter) in row[left + 3..right - 2].iter_mut().zip(label.chars()) {
            *place = letter;
        }
        let travelled = now.saturating_since(sent);
        let row: String = row.into_iter().collect();
        let late =
            if travelled > Duration::from_secs(1) { format!(" +{travelled:?}") } else { String::new() };
        let line = format!("{} {row}{late}", self.clock(now));
        self.lines.get_or_insert_default().push(line);
    }

    /// Something that a party or the network did.
    pub fn note(&mut self, party: Option<usize>, now: Instant, text: &str) {
        if self.lines.is_none() {
            return;
        }
        let row: String = self.lifelines().into_iter().collect();
        let who = party.map_or("", |party| &self.names[party]);
        let line = format!("{} {row}  {who}: {}", self.clock(now), self.with_short_names(text));
        self.lines.get_or_insert_default().push(line);
    }

    fn short_name(&mut self, call_id: &str) -> String {
        let known = self.calls.iter().position(|known| known == call_id);
        let at = known.unwrap_or_else(|| {
            self.calls.push(call_id.to_owned());
            self.calls.len() - 1
        });
        format!("c{}", at + 1)
    }

    /// Call-IDs as they stand in the diagram.
    pub fn with_short_names(&self, text: &str) -> String {
        let mut text = text.replace(['\r', '\n'], " ");
        for (at, call_id) in self.calls.iter().enumerate() {
            text = text.replace(call_id, &format!("c{}", at + 1));
        }
        text
    }

    /// `INVITE c1/2`, `200 INVITE c1/2`.
    fn label(&mut self, text: &str) -> String {
        if text.trim().is_empty() {
            return if text.len() > 2 { "ping".into() } else { "pong".into() };
        }
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim).unwrap_or_default().to_owned()
        };
        let call = self.short_name(&field("Call-ID:"));
        let cseq = field("CSeq:");
        let (number, method) = cseq.split_once(' ').unwrap_or_default();
        let status = text.strip_prefix("SIP/2.0 ").and_then(|rest| rest.split(' ').next());
        let body = if field("Content-Length:") == "0" { "" } else { " +sdp" };
        match status {
            Some(status) => format!("{status} {method} {call}/{number}{body}"),
            None => format!("{method} {call}/{number}{body}"),
        }
    }

    /// The whole diagram.
    pub fn drawn(&self) -> String {
        let mut heading = vec![' '; 10 + WIDTH * (self.names.len() + 1)];
        let names = self.names.iter().enumerate().map(|(party, name)| (Self::column(party), name.as_str()));
        for (column, name) in names.chain([(1, "proxy")]) {
            for (place, letter) in heading[10 + column * WIDTH..].iter_mut().zip(name.chars()) {
                *place = letter;
            }
        }
        let heading: String = heading.into_iter().collect();
        format!("{heading}\n{}", self.lines.as_deref().unwrap_or_default().join("\n"))
    }
}
