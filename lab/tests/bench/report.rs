//! What was measured: `report.json` for programs, `benchmarks.md` for people.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};

use crate::Stack;
use crate::support::settings::setting;

/// What must be reached.
#[derive(Clone, Copy)]
enum Goal {
    /// Our median, as a share of the best of the others' at most.
    Share(f64),
    /// Our median at most.
    AtMost(f64),
    /// Both.
    ShareAndAtMost(f64, f64),
    /// None: it is to be known.
    Told,
}

/// One thing that is measured.
struct Quantity {
    name: &'static str,
    words: &'static str,
    unit: &'static str,
    goal: Goal,
}

const fn quantity(name: &'static str, words: &'static str, unit: &'static str, goal: Goal) -> Quantity {
    Quantity { name, words, unit, goal }
}

/// All of them, in the order of the table.
const QUANTITIES: [Quantity; 19] = [
    quantity("dial-invite", "dial → INVITE on the wire, no ICE server", "ms", Goal::Share(0.33)),
    quantity("dial-invite-stun", "the same with a STUN server that never answers", "ms", Goal::AtMost(300.0)),
    quantity("dial-established", "dial → established", "ms", Goal::Told),
    quantity("dial-rtp", "dial → first RTP packet in", "ms", Goal::Share(0.6)),
    quantity("answer-200", "answer → 200 on the wire", "ms", Goal::Share(0.33)),
    quantity("answer-rtp", "answer → first RTP packet in and out", "ms", Goal::Share(0.6)),
    quantity("register", "REGISTER → registered", "ms", Goal::Share(1.0)),
    quantity(
        "parse",
        "reading an INVITE of 1.9 KB, handed over from JavaScript",
        "µs",
        Goal::ShareAndAtMost(0.1, 30.0),
    ),
    quantity("requests", "reading, matching and answering a request", "µs", Goal::AtMost(100.0)),
    quantity("blocked", "longest task while a call is set up (0: none over 50 ms)", "ms", Goal::AtMost(50.0)),
    quantity("open-program", "page opened, cold, CPU 4 times slower → program loaded", "ms", Goal::Told),
    quantity("open-form", "… → log-in form usable", "ms", Goal::AtMost(1_500.0)),
    quantity("login-registered", "log-in → ready for calls, CPU 4 times slower", "ms", Goal::Told),
    quantity(
        "soak-growth",
        "many calls in one page: heap and program memory grow by",
        "MB",
        Goal::AtMost(2.0),
    ),
    quantity("soak-connections", "… peer connections left", "", Goal::AtMost(0.0)),
    quantity("soak-sounds", "… audio and video elements left", "", Goal::AtMost(0.0)),
    quantity("soak-listeners", "… listeners left", "", Goal::AtMost(0.0)),
    quantity("pane-frame-median", "events pane at 1,000 events/s: median frame", "ms", Goal::Told),
    quantity("pane-frame-95", "… 95 % of the frames within", "ms", Goal::AtMost(17.0)),
];

/// All that was measured so far.
#[derive(Default)]
pub struct Report {
    samples: BTreeMap<(&'static str, &'static str), Vec<f64>>,
}

impl Report {
    /// Takes one measurement of a quantity.
    pub fn add(&mut self, name: &'static str, stack: Stack, measured: &Value) {
        assert!(QUANTITIES.iter().any(|quantity| quantity.name == name), "{name} is not in the table");
        let value = measured.as_f64().unwrap_or_else(|| panic!("{name} of {}: {measured}", stack.name()));
        eprintln!("  {name}: {value:.2}");
        self.samples.entry((name, stack.name())).or_default().push(value);
    }

    /// Writes both files: of what was measured at all.
    pub fn write(&self) {
        let rows = QUANTITIES.iter().map(|quantity| self.row(quantity));
        let rows: Vec<Row> = rows.filter(|row| row.each.iter().any(|(_, spread)| spread.is_some())).collect();
        let folder = setting("XC_BENCH_REPORT");
        let report = serde_json::to_string_pretty(&rows.iter().map(Row::to_json).collect::<Vec<_>>());
        let save = |name: &str, text: String| {
            let path = format!("{folder}/{name}");
            fs::write(&path, text).unwrap_or_else(|cause| panic!("cannot write {path}: {cause}"));
        };
        save("report.json", report.expect("a report is JSON"));
        save("table.md", table(&rows));
    }

    fn row(&self, quantity: &'static Quantity) -> Row {
        let of =
            |stack: Stack| self.samples.get(&(quantity.name, stack.name())).and_then(|all| Spread::of(all));
        Row { quantity, each: Stack::ALL.map(|stack| (stack, of(stack))) }
    }
}

/// Median and quartiles.
#[derive(Clone, Copy)]
struct Spread {
    median: f64,
    low: f64,
    high: f64,
    count: usize,
}

impl Spread {
    fn of(all: &[f64]) -> Option<Self> {
        let mut sorted = all.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |share: f64| sorted[(last as f64 * share).round() as usize];
        Some(Self { median: at(0.5), low: at(0.25), high: at(0.75), count: sorted.len() })
    }
}

/// One quantity, measured.
struct Row {
    quantity: &'static Quantity,
    each: [(Stack, Option<Spread>); 3],
}

impl Row {
    fn ours(&self) -> Option<f64> {
        self.each[0].1.map(|spread| spread.median)
    }

    /// Our median as a share of the best of the others'.
    fn ratio(&self) -> Option<f64> {
        let others = self.each[1..].iter().filter_map(|(_, spread)| *spread).map(|spread| spread.median);
        let best = others.min_by(f64::total_cmp).filter(|best| *best > 0.0)?;
        Some(self.ours()? / best)
    }

    fn is_reached(&self) -> Option<bool> {
        let share = |most: f64| self.ratio().map(|ratio| ratio <= most);
        let at_most = |most: f64| self.ours().map(|ours| ours <= most);
        match self.quantity.goal {
            Goal::Share(most) => share(most),
            Goal::AtMost(most) => at_most(most),
            Goal::ShareAndAtMost(part, most) => Some(share(part)? && at_most(most)?),
            Goal::Told => None,
        }
    }

    fn goal(&self) -> String {
        let unit = self.quantity.unit;
        match self.quantity.goal {
            Goal::Share(most) => format!("≤ {most} × best"),
            Goal::AtMost(most) => format!("≤ {most} {unit}").trim_end().to_owned(),
            Goal::ShareAndAtMost(part, most) => format!("≤ {part} × best, ≤ {most} {unit}"),
            Goal::Told => String::new(),
        }
    }

    fn to_json(&self) -> Value {
        let spreads = self.each.iter().filter_map(|(stack, spread)| {
            let Spread { median, low, high, count } = (*spread)?;
            Some((
                stack.name().to_owned(),
                json!({ "median": median, "quartiles": [low, high], "count": count }),
            ))
        });
        json!({
            "name": self.quantity.name,
            "unit": self.quantity.unit,
            "measured": Value::Object(spreads.collect()),
            "ratio": self.ratio(),
            "goal": self.goal(),
            "reached": self.is_reached(),
        })
    }
}

/// The table of `docs/benchmarks.md`.
fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| | ours | SIP.js | JsSIP | ours ÷ best | goal | |\n|---|---|---|---|---|---|---|\n");
    for row in rows {
        let cell = |spread: Option<Spread>| {
            spread.map_or_else(String::new, |Spread { median, low, high, .. }| {
                format!("{} ({}–{})", number(median), number(low), number(high))
            })
        };
        let [ours, sipjs, jssip] = row.each.map(|(_, spread)| cell(spread));
        let ratio = row.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let verdict = match row.is_reached() {
            Some(true) => "reached",
            Some(false) => "**missed**",
            None => "",
        };
        let Quantity { words, unit, .. } = row.quantity;
        let unit = if unit.is_empty() { String::new() } else { format!(" [{unit}]") };
        let goal = row.goal();
        writeln!(text, "| {words}{unit} | {ours} | {sipjs} | {jssip} | {ratio} | {goal} | {verdict} |")
            .expect("a string takes all");
    }
    text
}

fn number(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
