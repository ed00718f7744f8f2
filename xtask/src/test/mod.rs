//! `cargo xtask test`: five suites, one closing line.

mod browser;
mod core;
mod e2e;
mod interop;
mod library;
mod tally;

use crate::process;
use crate::trouble::{Done, Trouble};
use crate::workspace::{Workspace, in_ci};
use clap::ValueEnum;
use std::process::{Command, ExitCode};

pub use tally::Tally;

/// Options of `test`.
#[derive(clap::Args)]
pub struct Options {
    /// The suites to run; all of them when none is named
    suites: Vec<Suite>,
    /// Test the page as it is delivered, optimised
    #[arg(long)]
    release: bool,
    /// Arguments for the test programs, for example a part of a test's name
    #[arg(last = true)]
    rest: Vec<String>,
}

/// What can be tested apart.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// The pure core, the lab and these tasks, natively and with a virtual clock
    Core,
    /// What touches the browser, in a headless Chromium with fake devices
    Browser,
    /// The pages in Chromium and Firefox against the lab, as a person uses them
    E2e,
    /// xc_webrtc.js in pages of other people, behind nginx, in Chromium and Firefox, against the lab and a real Asterisk
    Library,
    /// The page in Chromium against a real Asterisk, alone and behind a real Kamailio, and with SIP.js and JsSIP
    Interop,
}

/// Runs the suites and prints the closing line; the code tells whether anything failed.
pub fn test(workspace: &Workspace, options: &Options) -> ExitCode {
    let tally = count(workspace, &options.suites, options.release, &options.rest);
    println!("\n{tally}");
    tally.exit_code()
}

/// Runs every suite and counts.
pub fn all(workspace: &Workspace, release: bool) -> Tally {
    count(workspace, &[], release, &[])
}

fn count(workspace: &Workspace, suites: &[Suite], release: bool, rest: &[String]) -> Tally {
    let wanted = Suite::value_variants().iter().filter(|suite| suites.is_empty() || suites.contains(suite));
    wanted.map(|suite| run(workspace, *suite, release, rest)).sum()
}

fn run(workspace: &Workspace, suite: Suite, release: bool, rest: &[String]) -> Tally {
    let name = suite.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default();
    println!("\n== {name} ==");
    let outcome = match suite {
        Suite::Core => core::run(workspace, rest),
        Suite::Browser => browser::run(workspace, rest),
        Suite::E2e => e2e::run(workspace, release, rest),
        Suite::Library => library::run(workspace, release, rest),
        Suite::Interop => interop::run(workspace, release, rest),
    };
    process::wait_if_stopping();
    match outcome {
        Ok(tally) => tally,
        Err(Trouble::Missing(sentence)) if !in_ci() => {
            eprintln!("\nSKIPPED: the suite {name}, for {sentence}");
            Tally::SKIPPED
        }
        Err(Trouble::Missing(sentence) | Trouble::Failed(sentence)) => {
            eprintln!("\nFAILED: the suite {name}: {sentence}");
            Tally::FAILED
        }
    }
}

/// Runs one cargo test command and counts what its test programs say.
fn cargo_test(mut command: Command, rest: &[String]) -> Done<Tally> {
    command.arg("--no-fail-fast").arg("--").args(rest);
    let mut tally = Tally::default();
    let status = process::run_reading("cargo test", &mut command, |line| {
        if let Some(counted) = Tally::read(line) {
            tally += counted;
        }
    })?;
    if !status.success() && tally.failed == 0 {
        // It did not come to the end of its tests: it did not build, or a test program crashed.
        tally += Tally::FAILED;
    }
    Ok(tally)
}
