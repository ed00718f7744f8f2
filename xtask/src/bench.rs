//! `cargo xtask bench`: our phone, SIP.js and JsSIP side by side, in the same Chromium, against the same Asterisk.

use crate::asterisk;
use crate::compress;
use crate::lab;
use crate::library;
use crate::page;
use crate::process;
use crate::server::Servers;
use crate::stage::{self, AsteriskSite};
use crate::tools::{self, Tool};
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use clap::{Args, ValueEnum};
use std::fmt::Write;
use std::fs;
use std::thread;
use time::OffsetDateTime;

/// What people read of it.
const DOCUMENT: &str = "docs/benchmarks.md";

/// How the document begins.
const BEFORE: &str = "# Benchmarks\n\n\
    Our phone, SIP.js and JsSIP in turn, each in a fresh Chromium on the same machine, against the same Asterisk over the loopback\n\
    interface, microphone allowed. Medians, and quartiles in parentheses. `cargo xtask bench` repeats it and writes this page and\n\
    `target/bench/report.json`; run it on a machine that does nothing else.\n\n";

/// Options of the task.
#[derive(Args)]
pub struct Options {
    /// Only try whether everything can be measured: a single turn, no times to be reached, no document
    #[arg(long)]
    pub quick: bool,
    /// Measure that part only, and write no document
    #[arg(long, value_enum)]
    pub only: Option<Part>,
}

/// What can be measured alone.
#[derive(Clone, Copy, ValueEnum)]
pub enum Part {
    /// Our phone beside the others, and how it opens
    Stacks,
    /// Call after call in one page
    Soak,
    /// The events pane of the sample page
    Pane,
}

impl Part {
    /// As the measuring program knows it.
    const fn name(self) -> &'static str {
        match self {
            Self::Stacks => "stacks",
            Self::Soak => "soak",
            Self::Pane => "pane",
        }
    }
}

/// Measures.
pub fn bench(workspace: &Workspace, options: &Options) -> Done {
    tools::need_for_the_page(workspace, true, &[Tool::Chromium, Tool::Nginx])?;
    let peers = tools::need_peers(workspace)?;
    let installed = asterisk::install(workspace)?;
    lab::build(workspace)?;
    let (site, program) = (workspace.scratch("bench-site")?, workspace.scratch("bench-program")?);
    page::bundle(workspace, &site)?;
    library::build_measured(workspace, &program)?;
    compress::folder(workspace, &site)?;

    let servers = Servers::new(workspace, "bench")?;
    let stage = AsteriskSite::set(workspace, "bench-asterisk", &installed, &site)?;
    let (_driver, driver) = stage::start_driver(workspace, &servers)?;
    let folder = workspace.scratch("bench")?;
    let mut command =
        workspace.cargo(["test", "--package", "xc-lab", "--test", "bench", "--", "--nocapture"]);
    command.envs(stage.asterisk.environment());
    command.env("XC_PAGE_URL", &stage.page).env("XC_LAB_URL", stage.lab_url()).env("XC_CHROMEDRIVER", driver);
    command.env("XC_PEERS", peers).env("XC_LIBRARY", site.join("lib")).env("XC_BENCH_PROGRAM", program);
    command.env("XC_BENCH_REPORT", &folder);
    if options.quick {
        command.env("XC_BENCH_QUICK", "1");
    }
    if let Some(part) = options.only {
        command.env("XC_BENCH_ONLY", part.name());
    }
    process::run("measuring", &mut command)?;
    let path = folder.join("table.md");
    let table = fs::read_to_string(&path).or_say(|| format!("cannot read {}", path.display()))?;
    println!("\n{table}");
    if options.quick || options.only.is_some() {
        return Ok(());
    }
    let document = workspace.root.join(DOCUMENT);
    fs::write(&document, format!("{BEFORE}{}{table}", surroundings(workspace)))
        .or_say(|| format!("cannot write {}", document.display()))?;
    println!("It is in {DOCUMENT} and {}", folder.join("report.json").display());
    Ok(())
}

/// The machine and the versions.
fn surroundings(workspace: &Workspace) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, name)| name);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut text = format!(
        "Measured on {} on a machine with {threads} cores ({model}).",
        OffsetDateTime::now_utc().date()
    );
    let mut said = |words: &str, program: &str, argument: &str| {
        let output = workspace.command(program).arg(argument).output();
        let output = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        if let Some(version) = output.ok().filter(|version| !version.is_empty()) {
            write!(text, " {words}{version}.").expect("a string takes all");
        }
    };
    said("", "chromium", "--version");
    for (name, version) in tools::peers() {
        write!(text, " {name} {version}.").expect("a string takes all");
    }
    text.push_str("\n\n");
    text
}
