//! Children that end with us: each in a process group of its own, ended on Ctrl-C and when dropped.

use crate::short_lived;
use crate::trouble::{Done, OrSay, Trouble, failed};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a child may take to end by itself before it is killed.
pub const GRACE: Duration = Duration::from_secs(5);

/// The process groups that are alive.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Set once a signal asked us to stop.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, SIGTERM and SIGHUP end every child, then this program.
pub fn end_children_on_signals() -> Done {
    ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::SeqCst);
        signal_all(&lock(&GROUPS), Signal::SIGTERM);
        for _ in 0..GRACE.as_millis() / 20 {
            if lock(&GROUPS).is_empty() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        signal_all(&lock(&GROUPS), Signal::SIGKILL);
        short_lived::remove_all();
        // 128 + SIGINT, what a shell reports for an interrupted program.
        std::process::exit(130);
    })
    .or_say(|| "cannot listen for Ctrl-C".into())
}

/// Stays here for good when a signal is ending this program: the signal's thread has the last word.
pub fn wait_if_stopping() {
    while STOPPING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Runs a command to its end, its output on our terminal.
pub fn run(what: &str, command: &mut Command) -> Done {
    match Running::spawn(what, command.stdin(Stdio::null()))?.wait()? {
        status if status.success() => Ok(()),
        status => failed(format!("{what} failed ({status}); the messages above say why")),
    }
}

/// Runs a command to its end, its output on our terminal and each line of it handed on; tells how it ended.
pub fn run_reading(what: &str, command: &mut Command, mut line: impl FnMut(&str)) -> Done<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::spawn(what, command)?;
    let (from_stdout, lines) = mpsc::channel();
    let from_stderr = from_stdout.clone();
    running.each_line_of_stdout(move |text| {
        println!("{text}");
        drop(from_stdout.send(text));
    });
    running.each_line_of_stderr(move |text| {
        eprintln!("{text}");
        drop(from_stderr.send(text));
    });
    lines.iter().for_each(|text| line(&text));
    running.wait()
}

/// What a command prints, if it is there and succeeds.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// A child in a group of its own. Dropped before its end, the whole group is killed.
pub struct Running {
    /// The leader of the group.
    pub child: Child,
    group: Pid,
}

impl Running {
    /// Starts a command. A program that is not there is named in the sentence.
    pub fn spawn(what: &str, command: &mut Command) -> Done<Self> {
        // The lock is held while the child starts, so that a signal cannot slip between start and entry.
        let mut groups = lock(&GROUPS);
        let child = command.process_group(0).spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Trouble::Failed(format!("{} was not found on the PATH", command.get_program().display()))
            }
            _ => Trouble::Failed(format!("cannot start {what}: {error}")),
        })?;
        let group = Pid::from_raw(i32::try_from(child.id()).or_say(|| format!("cannot watch {what}"))?);
        groups.push(group);
        Ok(Running { child, group })
    }

    /// The group, to send signals to.
    pub fn group(&self) -> Pid {
        self.group
    }

    /// Waits for the leader's end.
    pub fn wait(&mut self) -> Done<ExitStatus> {
        let status = self.child.wait().or_say(|| "cannot wait for a child".into())?;
        lock(&GROUPS).retain(|group| *group != self.group);
        Ok(status)
    }

    /// Hands on each line of standard output, which must have been piped, from a thread of its own.
    pub fn each_line_of_stdout(&mut self, line: impl FnMut(String) + Send + 'static) {
        self.child.stdout.take().map(|pipe| each_line(pipe, line));
    }

    /// The same for standard error.
    pub fn each_line_of_stderr(&mut self, line: impl FnMut(String) + Send + 'static) {
        self.child.stderr.take().map(|pipe| each_line(pipe, line));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if lock(&GROUPS).contains(&self.group) {
            signal_all(&[self.group], Signal::SIGKILL);
            let _ = self.wait();
        }
    }
}

/// Sends a signal to whole groups. A group that is already gone needs none.
pub fn signal_all(groups: &[Pid], signal: Signal) {
    for group in groups {
        let _ = killpg(*group, signal);
    }
}

/// Locks even after a panic elsewhere: the lists here are whole after each statement.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn each_line(
    pipe: impl Read + Send + 'static,
    mut line: impl FnMut(String) + Send + 'static,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            line(String::from_utf8_lossy(&bytes).trim_end().to_string());
            bytes.clear();
        }
    })
}
