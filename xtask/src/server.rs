//! Servers that a task needs while it runs: started, waited for by a line they print, ended when dropped.

use crate::process::{GRACE, Running, lock, signal_all};
use crate::trouble::{Done, OrSay, Trouble, failed};
use crate::workspace::Workspace;
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How many lines of a server's output are shown when it fails.
const SHOWN_LINES: usize = 30;

/// Runs `"$@"` until it ends or standard input does, which happens when the task ends in whatever way, even
/// killed: so nothing stays behind.
pub const UNTIL_INPUT_ENDS: &str = r#"
exec 3<&0
"$@" <&3 3<&- &
child=$!
{ read -r _ <&3; kill "$child"; } >/dev/null 2>&1 &
trap : TERM
while kill -0 "$child" 2>/dev/null; do wait "$child"; done
"#;

/// The servers of one task. Their output goes to files, so that the terminal stays readable.
pub struct Servers {
    task: String,
    logs: PathBuf,
    ended: Sender<String>,
    endings: Receiver<String>,
}

impl Servers {
    /// None yet. What they write goes to `target/logs/TASK`.
    pub fn new(workspace: &Workspace, task: impl Into<String>) -> Done<Self> {
        let task = task.into();
        let (ended, endings) = mpsc::channel();
        Ok(Servers { logs: workspace.scratch(&format!("logs/{task}"))?, task, ended, endings })
    }

    /// The name that keeps the files of two tasks apart.
    pub fn task(&self) -> &str {
        &self.task
    }

    /// Starts one. Its standard input is a pipe that is open exactly as long as we live.
    pub fn start(&self, name: &str, command: &Command) -> Done<Server> {
        let log_path = self.logs.join(format!("{name}.log"));
        let log = File::create(&log_path).or_say(|| format!("cannot write {}", log_path.display()))?;
        let mut guarded = guarded(command);
        guarded.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Running::spawn(name, &mut guarded)?;
        let (sender, lines) = mpsc::channel();
        let output =
            Arc::new(Output { log: Mutex::new(log), last: Mutex::default(), shown: AtomicBool::new(false) });
        let (to_stdout, to_stderr) = (output.clone(), output.clone());
        let from_stdout = sender.clone();
        running.each_line_of_stdout(move |line| to_stdout.take(line, &from_stdout));
        running.each_line_of_stderr(move |line| to_stderr.take(line, &sender));

        let server = Server {
            name: name.to_string(),
            log_path,
            output,
            lines,
            group: running.group(),
            lifeline: running.child.stdin.take(),
            gone: Arc::default(),
        };
        let (gone, ended, name) = (server.gone.clone(), self.ended.clone(), name.to_string());
        thread::spawn(move || {
            let _ = running.wait();
            *lock(&gone.0) = true;
            gone.1.notify_all();
            drop(ended.send(name));
        });
        Ok(server)
    }

    /// Waits until one of them ends, and names it.
    pub fn wait_for_an_end(&self) -> Option<String> {
        self.endings.recv().ok()
    }
}

/// The same command under [`UNTIL_INPUT_ENDS`].
fn guarded(command: &Command) -> Command {
    let mut guarded = Command::new("sh");
    guarded.args(["-c", UNTIL_INPUT_ENDS, "sh"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        guarded.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => guarded.env(name, value),
            None => guarded.env_remove(name),
        };
    }
    guarded
}

/// A running server.
pub struct Server {
    name: String,
    log_path: PathBuf,
    output: Arc<Output>,
    lines: Receiver<String>,
    group: Pid,
    lifeline: Option<ChildStdin>,
    gone: Arc<(Mutex<bool>, Condvar)>,
}

struct Output {
    log: Mutex<File>,
    last: Mutex<VecDeque<String>>,
    shown: AtomicBool,
}

impl Output {
    fn take(&self, line: String, waiting: &Sender<String>) {
        // A full disk must not stop the server, which would block on a pipe that nobody reads.
        let _ = writeln!(lock(&self.log), "{line}");
        if self.shown.load(Ordering::SeqCst) {
            println!("{line}");
        }
        let mut last = lock(&self.last);
        if last.len() == SHOWN_LINES {
            last.pop_front();
        }
        last.push_back(line.clone());
        drop(waiting.send(line));
    }
}

impl Server {
    /// Waits until a line of its output says what the caller is waiting for.
    pub fn wait_for<T>(&self, limit: Duration, mut wanted: impl FnMut(&str) -> Option<T>) -> Done<T> {
        let deadline = std::time::SystemTime::now() + limit;
        loop {
            let left = deadline.duration_since(std::time::SystemTime::now()).unwrap_or_default();
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return failed(self.sentence(&format!("was not ready after {} s", limit.as_secs())));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    /// The sentence about a server that ended although it was needed.
    pub fn ended(&self) -> Trouble {
        Trouble::Failed(self.sentence("ended although it was still needed"))
    }

    /// From now on its output also goes to the terminal.
    pub fn show_output(&self) {
        self.output.shown.store(true, Ordering::SeqCst);
    }

    /// Its name, as given at the start.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A sentence about this server, with what it said last.
    pub fn sentence(&self, what: &str) -> String {
        let last = lock(&self.output.last);
        let lines = last.iter().map(|line| format!("  {line}\n")).collect::<String>();
        format!(
            "{} {what}; its last lines:\n{lines}All of them are in {}",
            self.name,
            self.log_path.display()
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        signal_all(&[self.group], Signal::SIGTERM);
        let (gone, changed) = &*self.gone;
        let outcome = changed.wait_timeout_while(lock(gone), GRACE, |gone| !*gone);
        let (_gone, waited) = outcome.unwrap_or_else(PoisonError::into_inner);
        // Also what the leader left behind in its group.
        signal_all(&[self.group], Signal::SIGKILL);
        if waited.timed_out() {
            eprintln!("{} did not end by itself and was killed", self.name);
        }
    }
}
