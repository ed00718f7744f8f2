//! The connection to Asterisk: log-in, losses, and coming back.

use std::fmt;
use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Duration, sleep, timeout};

use super::{Action, Config, Message, Parser, TooLong};

/// How long a connection and its log-in may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// After so long without a word Asterisk is asked for one.
const QUIET: Duration = Duration::from_secs(30);

/// The wait after a first failure; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What the link has to tell.
#[derive(Debug)]
pub enum Notice {
    /// Actions can be sent. Nothing is known of Asterisk yet.
    Up,
    /// Something came.
    Heard(Message),
    /// Actions cannot be sent, and why; those without a response have none.
    Down(String),
}

/// Keeps a connection as long as this runs: what Asterisk says is told by `tell`, and it is asked for what comes by
/// `actions`, which are lines as [`Action::to_wire`] writes them.
pub async fn serve(config: Config, mut actions: UnboundedReceiver<String>, tell: impl Fn(Notice)) {
    let mut wait = FIRST_WAIT;
    let mut last_loss = String::new();
    loop {
        let loss = match timeout(PATIENCE, Connection::open(&config)).await {
            Ok(Ok(connection)) => {
                wait = FIRST_WAIT;
                last_loss.clear();
                // What was asked of a connection before this one means nothing here.
                while actions.try_recv().is_ok() {}
                tell(Notice::Up);
                match connection.run(&mut actions, &tell).await {
                    Err(loss) => loss,
                    // Nobody is left who could ask for anything.
                    Ok(()) => return,
                }
            }
            Ok(Err(loss)) => loss,
            Err(_) => Loss::Silent,
        };
        let loss = format!("the manager interface (AMI) of Asterisk at {} {loss}", config.address);
        if loss != last_loss {
            eprintln!("{loss}; it is tried again");
            last_loss.clone_from(&loss);
        }
        tell(Notice::Down(loss));
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Why there is no connection.
#[derive(Debug)]
enum Loss {
    Io(io::Error),
    Closed,
    Silent,
    Refused(String),
    Nonsense(TooLong),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be reached: {error}"),
            Self::Closed => f.write_str("has closed the connection"),
            Self::Silent => f.write_str("does not answer"),
            Self::Refused(why) => write!(f, "refuses the log-in: {why}"),
            Self::Nonsense(what) => write!(f, "sent {what}"),
        }
    }
}

impl From<io::Error> for Loss {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Connection {
    stream: TcpStream,
    parser: Parser,
}

impl Connection {
    /// Connects and logs in.
    async fn open(config: &Config) -> Result<Self, Loss> {
        let stream = TcpStream::connect(&config.address).await?;
        stream.set_nodelay(true)?;
        let mut connection = Self { stream, parser: Parser::default() };
        let challenge = connection.ask(&Action::new("Challenge").with("AuthType", "MD5")).await?;
        let challenge = challenge.get("Challenge").unwrap_or_default();
        connection.ask(&Action::log_in(&config.user, &config.secret, challenge)).await?;
        Ok(connection)
    }

    /// Asks one thing and waits for the response; before the log-in there is nothing else.
    async fn ask(&mut self, action: &Action) -> Result<Message, Loss> {
        self.stream.write_all(action.to_wire(0).as_bytes()).await?;
        loop {
            while let Some(message) = self.parser.poll() {
                match message.response() {
                    Some(Ok(())) => return Ok(message),
                    Some(Err(why)) => return Err(Loss::Refused(why.to_owned())),
                    None => {}
                }
            }
            self.read().await?;
        }
    }

    /// Hands on what comes and sends what is asked for, until the connection is lost or nobody asks any more.
    async fn run(
        mut self,
        actions: &mut UnboundedReceiver<String>,
        tell: &impl Fn(Notice),
    ) -> Result<(), Loss> {
        let mut asked = false;
        loop {
            while let Some(message) = self.parser.poll() {
                tell(Notice::Heard(message));
            }
            tokio::select! {
                action = actions.recv() => match action {
                    Some(action) => self.stream.write_all(action.as_bytes()).await?,
                    None => return Ok(()),
                },
                read = timeout(QUIET, self.read()) => match read {
                    Ok(read) => {
                        read?;
                        asked = false;
                    }
                    Err(_) if asked => return Err(Loss::Silent),
                    Err(_) => {
                        asked = true;
                        self.stream.write_all(Action::new("Ping").to_wire(0).as_bytes()).await?;
                    }
                },
            }
        }
    }

    async fn read(&mut self) -> Result<(), Loss> {
        let mut buffer = [0; 16 << 10];
        match self.stream.read(&mut buffer).await? {
            0 => Err(Loss::Closed),
            length => self.parser.push(&buffer[..length]).map_err(Loss::Nonsense),
        }
    }
}
