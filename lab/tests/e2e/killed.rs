//! The process of the server is killed, and started again.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::LAB;
use crate::support::browser::{Setup, Site};
use crate::support::phone::{CALLS, READY};
use crate::support::settings::setting;
use crate::support::stage::story;

/// Starts the server's process, and waits until it listens. It is killed when dropped.
async fn started() -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_xc-lab"))
        .args(["--listen", &setting("XC_LAB_TO_START"), "--media-ip", "127.0.0.1"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the lab was built with the stories");
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let line = lines.next_line().await.expect("the lab's words are text");
    assert!(line.as_deref().is_some_and(|line| line.starts_with("lab listening on ")), "{line:?}");
    process
}

#[tokio::test]
async fn a_server_that_is_killed_in_a_call_is_used_again_after_logging_in() {
    story(async |stage| {
        let mut server = started().await;
        let phone =
            stage.phone_with(&LAB, Setup { site: Site::WithoutLab, tone: 700, ..Setup::default() }).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;

        server.kill().await.expect("the process is ours");
        phone.sees_no_more(READY).await;
        phone.hears_nothing().await;
        // Of log-ins, line passwords and calls nothing is left; whoever is in a call is not taken to the form.
        let _server = started().await;
        phone.sees("Not registered").await;
        phone.sees_in(CALLS, "Nothing arrives from the other side.").await;
        phone.press_in(CALLS, "Hang up").await;
        phone.sees("Your session has expired. Log in again.").await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}
