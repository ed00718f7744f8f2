//! `cargo xtask fuzz`: libFuzzer on everything that reads what came from outside (`fuzz/`).
//!
//! The stable compiler can instrument code for it, so neither a nightly one nor cargo-fuzz is needed; with those,
//! `cargo fuzz run TARGET` works too. There is no AddressSanitizer: the code under test has no `unsafe`.

use crate::process::{self, Running};
use crate::trouble::{Done, OrSay, failed, missing};
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc;
use std::{fmt, fs};

/// Options of `fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// What is fuzzed; one after the other when nothing is named
    target: Option<Target>,
    /// For how many seconds each
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// What can be fuzzed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// SIP messages, and all that is read of them
    Parser,
    /// Session descriptions
    Sdp,
    /// CTI messages
    Cti,
    /// Whole conversations with the user agent: server messages, commands, time
    Conversation,
}

impl Target {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The folders below `tests/data` that it begins with; what was once found is in the last.
    fn seeds(self) -> [&'static str; 3] {
        match self {
            Self::Parser => ["torture/rfc4475", "torture/rfc5118", "fuzz/parser"],
            Self::Sdp => ["sip", "torture/rfc4475", "fuzz/sdp"],
            Self::Cti => ["cti", "cti", "fuzz/cti"],
            Self::Conversation => ["sip", "fuzz/conversation", "fuzz/conversation"],
        }
    }
}

/// What libFuzzer wants to be told by the code: where it goes, and what it compares.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// Builds the targets and runs them.
pub fn fuzz(workspace: &Workspace, options: &Options) -> Done {
    if workspace.which("c++").is_none() {
        return missing(
            "libFuzzer is written in C++, and there is no compiler `c++` for it: install g++ or clang",
        );
    }
    let built = build(workspace)?;
    let mut finds = 0;
    for target in
        Target::value_variants().iter().filter(|target| options.target.is_none_or(|one| one == **target))
    {
        let ran = run(workspace, *target, &built, options.seconds)?;
        println!("{}: {ran}", target.name());
        finds += usize::from(!ran.find.is_empty());
    }
    if finds == 0 {
        Ok(())
    } else {
        failed(format!("{finds} found something; the files named above repeat it"))
    }
}

/// The folder with the programs.
fn build(workspace: &Workspace) -> Done<PathBuf> {
    let target = workspace.target.join("fuzz");
    // The machine must be named: otherwise build scripts are instrumented too, and do not link.
    let Some(host) = process::output_of(workspace.command("rustc").args(["--print", "host-tuple"])) else {
        return failed("rustc does not say for which machine it compiles; is it older than 1.84?");
    };
    let mut cargo =
        workspace.cargo(["build", "--release", "--target", &host, "--manifest-path", "fuzz/Cargo.toml"]);
    cargo.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", INSTRUMENTED);
    process::run("cargo build of the fuzz targets", &mut cargo)?;
    Ok(target.join(host).join("release"))
}

/// What a run came to.
#[derive(Default)]
struct Ran {
    executions: u64,
    seconds: u32,
    /// Edges of the code that were reached.
    covered: u64,
    /// Inputs that are kept, for each reaches something.
    corpus: usize,
    /// What went wrong; empty: nothing.
    find: String,
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { executions, seconds, covered, corpus, find } = self;
        write!(f, "{executions} executions in {seconds} s, {covered} edges reached, {corpus} inputs kept; ")?;
        f.write_str(if find.is_empty() { "nothing found" } else { find })
    }
}

fn run(workspace: &Workspace, target: Target, built: &Path, seconds: u32) -> Done<Ran> {
    let name = target.name();
    let corpus = workspace.scratch(&format!("fuzz/corpus/{name}"))?;
    let finds = workspace.scratch(&format!("fuzz/finds/{name}"))?;
    let mut command = workspace.command(built.join(&name));
    command.arg(&corpus).args(target.seeds().map(|seeds| workspace.root.join("tests/data").join(seeds)));
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", finds.display()));
    command.args(["-max_len=4096", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut running = Running::spawn(&name, &mut command)?;
    let (sender, lines) = mpsc::channel::<String>();
    running.each_line_of_stderr(move |line| drop(sender.send(line)));
    let mut ran = Ran { seconds, ..Ran::default() };
    for line in lines {
        ran.read(&line);
    }
    let status = running.wait()?;
    process::wait_if_stopping();
    if !status.success() && ran.find.is_empty() {
        ran.find = format!("it ended with {status}");
    }
    ran.corpus = fs::read_dir(&corpus).or_say(|| format!("cannot read {}", corpus.display()))?.count();
    Ok(ran)
}

impl Ran {
    /// Takes what a line of libFuzzer says; lines that are no news of progress are shown.
    fn read(&mut self, line: &str) {
        let after = |name: &str| line.split_once(name)?.1.split_whitespace().next()?.parse().ok();
        if line.starts_with('#') {
            self.covered = after("cov: ").unwrap_or(self.covered);
            return;
        }
        self.executions = after("stat::number_of_executed_units:").unwrap_or(self.executions);
        if let Some((_, file)) = line.split_once("Test unit written to ") {
            self.find = format!("FOUND {file}");
        }
        if !line.starts_with("INFO: ") && !line.starts_with("stat::") {
            eprintln!("{line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_says_is_counted() {
        let mut ran = Ran { seconds: 60, ..Ran::default() };
        for line in [
            "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 29Mb",
            "#98461\tDONE   cov: 345 ft: 1548 corp: 553/368Kb lim: 1873 exec/s: 6153 rss: 28Mb",
            "stat::number_of_executed_units: 98461",
        ] {
            ran.read(line);
        }
        assert_eq!(
            ran.to_string(),
            "98461 executions in 60 s, 345 edges reached, 0 inputs kept; nothing found"
        );
        ran.read("artifact_prefix='a/'; Test unit written to a/crash-1");
        assert!(ran.to_string().ends_with("FOUND a/crash-1"));
    }

    #[test]
    fn every_target_has_its_program_and_its_seeds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap_or_default();
        for target in Target::value_variants() {
            assert!(manifest.contains(&format!("name = \"{}\"", target.name())), "{}", target.name());
            for seeds in target.seeds() {
                assert!(root.join("tests/data").join(seeds).is_dir(), "{seeds}");
            }
        }
    }
}
