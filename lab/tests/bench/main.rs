//! Our phone and others, side by side: one Chromium after the other, against the same Asterisk, in turn.
//!
//! Run by `cargo xtask bench`, which starts all that, says where it is, and where the report goes.
#![allow(clippy::panic, clippy::unwrap_used, reason = "what cannot be measured ends the run with the reason")]

#[path = "../interop/ami.rs"]
#[allow(dead_code, reason = "this program uses a part of it")]
mod ami;
mod contest;
mod opening;
mod pane;
mod parsing;
mod report;
#[path = "../interop/peers/site.rs"]
mod site;
mod soak;
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::sync::LazyLock;

use support::people::People;
use support::settings::setting;
use support::stage::story_alone;

use crate::report::Report;

/// The accounts that xtask gave the Asterisk.
static ASTERISK: LazyLock<People> = LazyLock::new(|| People::everybody(|_| setting("XC_ASTERISK_PASSWORD")));

/// Whose stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stack {
    Ours,
    SipJs,
    JsSip,
}

impl Stack {
    const ALL: [Self; 3] = [Self::Ours, Self::SipJs, Self::JsSip];

    const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::SipJs => "SIP.js",
            Self::JsSip => "JsSIP",
        }
    }

    /// Its module, with the functions that `measure.js` calls.
    const fn script(self) -> &'static str {
        match self {
            Self::Ours => "/bench/ours.mjs",
            Self::SipJs => "/sipjs.mjs",
            Self::JsSip => "/jssip.mjs",
        }
    }
}

/// How much is measured.
struct Extent {
    /// Each stack has as many turns.
    rounds: u32,
    /// Calls each way in each turn.
    calls: u32,
    /// How long messages are read and requests answered, in milliseconds.
    messages: u32,
    /// Calls one after the other in one page.
    soak: u32,
    /// How long events come at a thousand a second, in seconds.
    events: u32,
}

impl Extent {
    const FULL: Self = Self { rounds: 5, calls: 4, messages: 2_000, soak: 1_000, events: 100 };

    /// Only whether it can be measured.
    const QUICK: Self = Self { rounds: 1, calls: 1, messages: 200, soak: 5, events: 2 };

    fn is_quick(&self) -> bool {
        self.rounds == 1
    }
}

/// Whether that part is to be measured: all are, unless some are named.
fn is_wanted(part: &str) -> bool {
    env::var("XC_BENCH_ONLY").map_or(true, |only| only.split(',').any(|named| named == part))
}

#[tokio::test]
async fn side_by_side() {
    let extent = if env::var_os("XC_BENCH_QUICK").is_some() { Extent::QUICK } else { Extent::FULL };
    let rounds = if is_wanted("stacks") { extent.rounds } else { 0 };
    story_alone(async |stage| {
        let mut report = Report::default();
        for round in 1..=rounds {
            for stack in Stack::ALL {
                eprintln!("round {round} of {rounds}: {}", stack.name());
                contest::turn(stage, stack, &extent, &mut report).await;
                parsing::turn(stage, stack, &extent, &mut report).await;
            }
            opening::turn(stage, &mut report).await;
        }
        if is_wanted("soak") {
            eprintln!("{} calls in one page", extent.soak);
            soak::run(stage, &extent, &mut report).await;
        }
        if is_wanted("pane") {
            eprintln!("events for {} s", extent.events);
            pane::run(stage, &extent, &mut report).await;
        }
        report.write();
    })
    .await;
}
