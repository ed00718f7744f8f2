//! The manager interface (AMI), by which a CTI server drives Asterisk.

use std::collections::BTreeMap;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::support::patience;
use crate::support::settings::setting;

/// What comes over the interface: header fields by name. Of fields that repeat, the values are joined by newlines.
type Message = BTreeMap<String, String>;

/// An open connection.
pub struct Ami {
    stream: BufReader<TcpStream>,
}

impl Ami {
    /// Connects and logs in, as soon as Asterisk listens.
    pub async fn connect() -> Self {
        patience::until("Asterisk answers by AMI", 30, async || Self::try_connect().await).await
    }

    async fn try_connect() -> Option<Self> {
        let stream = TcpStream::connect(setting("XC_ASTERISK_AMI")).await.ok()?;
        let mut ami = Self { stream: BufReader::new(stream) };
        let (user, secret) = (setting("XC_ASTERISK_AMI_USER"), setting("XC_ASTERISK_AMI_SECRET"));
        ami.write(&[("Action", "Login"), ("Username", &user), ("Secret", &secret), ("Events", "off")])
            .await?;
        // What Asterisk says first is in the same block of lines.
        let answer = ami.read().await?;
        (answer.get("Response").map(String::as_str) == Some("Success")).then_some(ami)
    }

    /// Has Asterisk call someone and let them hear a number of the dial plan.
    pub async fn call(&mut self, login: &str, caller_id: &str, number: &str) {
        let channel = format!("PJSIP/{login}");
        let fields = [
            ("Action", "Originate"),
            ("Channel", &channel),
            ("CallerID", caller_id),
            ("Context", "default"),
            ("Exten", number),
            ("Priority", "1"),
            ("Async", "true"),
        ];
        self.succeed(&fields).await;
    }

    /// Ends the calls of someone, as if the other side had.
    pub async fn hang_up(&mut self, login: &str) {
        let channels = format!("/^PJSIP/{login}-.*$/");
        self.succeed(&[("Action", "Hangup"), ("Channel", &channels)]).await;
    }

    /// Ends the calls that another story has left someone in: Asterisk keeps those of a closed browser for a while.
    pub async fn end_calls_of(&mut self, login: &str) {
        if self.channels(login).await.is_empty() {
            return;
        }
        self.hang_up(login).await;
        let gone = async || self.channels(login).await.is_empty().then_some(());
        patience::until("no call is left", 15, gone).await;
    }

    /// The channels of someone's phones.
    pub async fn channels(&mut self, login: &str) -> Vec<String> {
        let output = self.output_of("core show channels concise").await;
        let names = output.lines().filter_map(|line| line.split('!').next());
        names.filter(|name| name.starts_with(&format!("PJSIP/{login}-"))).map(str::to_owned).collect()
    }

    /// Tells someone's phone that somebody else is there now.
    pub async fn connect_line(&mut self, login: &str, name: &str, number: &str) {
        let [channel] = &self.channels(login).await[..] else { panic!("{login} has not one call") };
        let line = format!("\"{name}\" <{number}>");
        let fields = [
            ("Action", "Setvar"),
            ("Channel", channel),
            ("Variable", "CONNECTEDLINE(all)"),
            ("Value", &line),
        ];
        self.succeed(&fields).await;
    }

    /// Tells someone's phones of voice messages, as a mailbox does that has changed.
    pub async fn tell_messages(&mut self, login: &str, waiting: bool, counts: &str) {
        let waiting = format!("Content=Messages-Waiting: {}", if waiting { "yes" } else { "no" });
        let fields = [
            ("Action", "PJSIPNotify"),
            ("Endpoint", login),
            ("Variable", "Event=message-summary"),
            ("Variable", "Content-type=application/simple-message-summary"),
            ("Variable", &waiting),
            ("Variable", &format!("Content={counts}")),
        ];
        self.succeed(&fields).await;
    }

    /// What is kept of someone's registrations.
    pub async fn registrations(&mut self, login: &str) -> String {
        let output = self.output_of("database show registrar").await;
        output.lines().filter(|line| line.contains(&format!("/{login};"))).collect()
    }

    async fn output_of(&mut self, command: &str) -> String {
        self.send(&[("Action", "Command"), ("Command", command)]).await;
        self.receive().await.remove("Output").unwrap_or_default()
    }

    /// How many phones of someone are registered.
    pub async fn contacts(&mut self, login: &str) -> usize {
        let output = self.output_of("pjsip show contacts").await;
        output.lines().filter(|line| line.contains(&format!(" {login}/sip:"))).count()
    }

    /// Waits until none of someone's phones is registered.
    pub async fn until_without_contacts(&mut self, login: &str) {
        let gone = async || (self.contacts(login).await == 0).then_some(());
        patience::until("no contact is left", 15, gone).await;
    }

    /// What a global variable holds, once it holds something.
    pub async fn variable(&mut self, name: &str) -> String {
        patience::until(name, 30, async || {
            self.send(&[("Action", "Getvar"), ("Variable", name)]).await;
            self.receive().await.remove("Value").filter(|value| !value.is_empty())
        })
        .await
    }

    /// Gives a global variable a value.
    pub async fn set_variable(&mut self, name: &str, value: &str) {
        self.succeed(&[("Action", "Setvar"), ("Variable", name), ("Value", value)]).await;
    }

    /// Starts Asterisk anew, which ends all its connections.
    pub async fn restart(mut self) {
        self.send(&[("Action", "Command"), ("Command", "core restart now")]).await;
        // Whether it has time to answer before is not told.
        while self.read().await.is_some() {}
    }

    async fn succeed(&mut self, fields: &[(&str, &str)]) {
        self.send(fields).await;
        let answer = self.receive().await;
        assert_eq!(answer.get("Response").map(String::as_str), Some("Success"), "{fields:?} gave {answer:?}");
    }

    async fn send(&mut self, fields: &[(&str, &str)]) {
        self.write(fields).await.expect("Asterisk listens");
    }

    /// The next answer; what else it has to tell, as the list of the channels that it ends, is none.
    async fn receive(&mut self) -> Message {
        loop {
            let message = self.read().await.expect("Asterisk answers");
            if message.contains_key("Response") {
                return message;
            }
        }
    }

    async fn write(&mut self, fields: &[(&str, &str)]) -> Option<()> {
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        self.stream.write_all(format!("{lines}\r\n").as_bytes()).await.ok()
    }

    /// The next block of lines; `None` when Asterisk has closed the connection.
    async fn read(&mut self) -> Option<Message> {
        let mut message = Message::new();
        loop {
            let mut line = String::new();
            let length = self.stream.read_line(&mut line).await.ok()?;
            match line.trim_end() {
                _ if length == 0 => return None,
                "" => return Some(message),
                field => {
                    let (name, value) = field.split_once(": ").unwrap_or((field, ""));
                    let so_far = message.entry(name.to_owned()).or_default();
                    if !so_far.is_empty() {
                        so_far.push('\n');
                    }
                    so_far.push_str(value);
                }
            }
        }
    }
}
