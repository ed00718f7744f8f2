//! The tasks of the project: what people type is what CI calls.
//!
//! `cargo xtask run` for a phone to try, `cargo xtask test` for every test, `cargo xtask dist` for the files
//! to put on a server. Each task installs what it needs first and says what it installs.

mod asterisk;
mod bench;
mod cert;
mod ci;
mod compress;
mod dist;
mod fuzz;
mod kamailio;
mod lab;
mod library;
mod net;
mod nginx;
mod page;
mod parts;
mod process;
mod run;
mod screenshot;
mod server;
mod short_lived;
mod squeeze;
mod stage;
mod test;
mod tools;
mod trouble;
mod turn;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use trouble::Done;
use workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The tasks of xc-webrtc",
    disable_help_subcommand = true
)]
struct Tasks {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Serve the phone over TLS, with the lab, a XiVO server or an Asterisk behind it
    Run(run::Options),
    /// Run the tests: all suites, or the ones named
    Test(test::Options),
    /// Measure the phone and others side by side, and write docs/benchmarks.md
    Bench(bench::Options),
    /// Look for input that hurts, guided by what code it reaches (libFuzzer)
    Fuzz(fuzz::Options),
    /// Build the files to put on a web server into dist/ and print what a browser downloads
    Dist,
    /// All that CI checks: format, clippy, every test, the size of the download
    Ci,
    /// Take the pictures in docs/ from the pages as they are delivered
    Screenshot,
    /// Only install what the other tasks need
    Setup,
    /// What trunk calls at the end of each build
    #[command(hide = true)]
    FinishPage,
}

fn main() -> ExitCode {
    let tasks = Tasks::parse();
    let done = process::end_children_on_signals().and_then(|()| perform(tasks.task));
    match done {
        Ok(code) => code,
        Err(trouble) => {
            // A child that was ended by Ctrl-C looks like a failure; the signal is the only news.
            process::wait_if_stopping();
            eprintln!("\nxtask: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Done<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Run(options) => run::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Test(options) => Ok(test::test(&workspace, &options)),
        Task::Bench(options) => bench::bench(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Fuzz(options) => fuzz::fuzz(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Dist => dist::dist(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Ci => Ok(ci::ci(&workspace)),
        Task::Screenshot => screenshot::screenshot(&workspace).map(|()| ExitCode::SUCCESS),
        Task::FinishPage => page::finish(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Setup => tools::setup(&workspace).map(|()| ExitCode::SUCCESS),
    }
}
