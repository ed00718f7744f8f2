//! The link to the manager interface of an Asterisk: how it logs in and what it makes of losses. A TCP server plays the
//! Asterisk here; the interop tests have a real one.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use xc_lab::ami::{self, Action, Config, Notice};
use xc_webrtc::secret::Secret;

use crate::support::soon;

/// An interface, and the link to it.
struct Manager {
    listener: TcpListener,
    notices: UnboundedReceiver<Notice>,
    actions: tokio::sync::mpsc::UnboundedSender<String>,
    link: JoinHandle<()>,
}

impl Manager {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let config = Config { address, user: "xc-lab".into(), secret: Secret::new("s3cret") };
        let ((tell, notices), (actions, asked)) = (unbounded_channel(), unbounded_channel());
        let link = tokio::spawn(ami::serve(config, asked, move |notice| tell.send(notice).unwrap()));
        Self { listener, notices, actions, link }
    }

    async fn accept(&self) -> Asterisk {
        let (stream, _) = soon("the link", self.listener.accept()).await.unwrap();
        let mut asterisk = Asterisk(BufReader::new(stream));
        asterisk.say("Asterisk Call Manager/11.0.0\r\n").await;
        asterisk
    }

    /// Accepts the link and lets it in.
    async fn let_in(&mut self) -> Asterisk {
        let mut asterisk = self.accept().await;
        asterisk.challenge().await;
        asterisk.say("Response: Success\r\nMessage: Authentication accepted\r\n\r\n").await;
        while !matches!(self.notice().await, Notice::Up) {}
        asterisk
    }

    async fn notice(&mut self) -> Notice {
        soon("a notice", self.notices.recv()).await.unwrap()
    }

    async fn loss(&mut self) -> String {
        loop {
            if let Notice::Down(reason) = self.notice().await {
                return reason;
            }
        }
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.link.abort();
    }
}

struct Asterisk(BufReader<TcpStream>);

impl Asterisk {
    async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next action, line by line.
    async fn hear(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            soon("an action", self.0.read_line(&mut line)).await.unwrap();
            match line.trim_end() {
                "" => return lines,
                line => lines.push(line.to_owned()),
            }
        }
    }

    /// Gives a challenge and takes the log-in.
    async fn challenge(&mut self) {
        assert!(self.hear().await.contains(&"Action: Challenge".to_owned()));
        self.say("Response: Success\r\nChallenge: 168033\r\n\r\n").await;
        let login = self.hear().await;
        assert!(login.contains(&"Username: xc-lab".to_owned()), "{login:?}");
        // MD5 of `168033s3cret`, as `md5sum` says.
        assert!(login.contains(&"Key: a6d997d3e28af270df036109caf8a647".to_owned()), "{login:?}");
    }
}

#[tokio::test]
async fn actions_and_events_go_both_ways() {
    let mut manager = Manager::open().await;
    let mut asterisk = manager.let_in().await;
    manager.actions.send(Action::new("Hangup").with("Channel", "PJSIP/a-1").to_wire(7)).unwrap();
    assert_eq!(asterisk.hear().await, ["Action: Hangup", "ActionID: 7", "Channel: PJSIP/a-1"]);
    asterisk.say("Event: Hang").await;
    asterisk.say("up\r\nUniqueid: 1.1\r\n\r\n").await;
    let Notice::Heard(event) = manager.notice().await else { panic!("no event") };
    assert_eq!((event.event(), event.get("Uniqueid")), (Some("Hangup"), Some("1.1")));
}

#[tokio::test]
async fn a_lost_link_is_told_and_comes_back_without_old_actions() {
    let mut manager = Manager::open().await;
    drop(manager.let_in().await);
    assert!(manager.loss().await.ends_with("has closed the connection"));
    manager.actions.send(Action::new("Hangup").to_wire(7)).unwrap();
    let mut asterisk = manager.let_in().await;
    manager.actions.send(Action::new("Ping").to_wire(8)).unwrap();
    assert_eq!(asterisk.hear().await, ["Action: Ping", "ActionID: 8"]);
}

#[tokio::test]
async fn a_refused_log_in_is_told_and_tried_again() {
    let mut manager = Manager::open().await;
    let mut asterisk = manager.accept().await;
    asterisk.challenge().await;
    asterisk.say("Response: Error\r\nMessage: Authentication failed\r\n\r\n").await;
    assert!(manager.loss().await.ends_with("refuses the log-in: Authentication failed"));
    manager.let_in().await;
}

#[tokio::test]
async fn something_else_at_that_port_does_no_harm() {
    let mut manager = Manager::open().await;
    let mut other = manager.let_in().await;
    let endless = vec![b'x'; 2 << 20];
    // It is cut off in the middle.
    let _ = other.0.write_all(&endless).await;
    assert!(manager.loss().await.ends_with("sent a message of more than 1048576 bytes"));
}
