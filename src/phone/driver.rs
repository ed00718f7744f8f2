//! Joins the phone to the browser: carries out what the core wants done, and hands it what happens.
//!
//! The one rule: the core is borrowed only for one step at a time, never while a listener or the browser runs, so that
//! whoever is told of an event may give a command at once.
//!
//! | File | What it holds |
//! |---|---|
//! | this one | the handle that pages hold |
//! | `shell` | what the phone owns in the browser; each wish of the core, and who fulfils it |
//! | [`cti`] | a CTI link's requests and websocket, for the phone's link and for that of `xc_webrtc.js` |
//! | `wire` | one websocket that is lost and opened again |
//! | [`drain`] | steps of a state machine until it waits |
//! | `kept` | what the tab keeps of a log-in and of calls, and its name for registrars |
//! | `one_tab` | which of a person's tabs is the phone |
//! | `reload` | keeps the calls for the page after this one in its tab |

pub mod cti;
pub mod drain;
pub mod kept;
mod one_tab;
mod reload;
mod shell;
mod wire;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::browser::console::{self, Kind};
use crate::browser::{clock, entropy, page};
use crate::cti::message::LineConfig;
use crate::cti::server::PageOrigin;
use crate::rtc::audio_output::AudioOutput;
use crate::rtc::ringer::Ringer;
use crate::rtc::tone::Tone;
use crate::secret::Secret;
use crate::time::Instant;

use self::shell::Shell;
use super::api::{Command, IceServer, Notice, Place, Refusal, View};
use super::core::{Core, Settings};
use super::effect::{Output, Ring};
use super::media::Media;

/// The phone of a page. Clones are handles on the same phone; dropping the last one releases everything.
#[derive(Clone)]
pub struct Phone {
    shell: Rc<Shell>,
}

/// Keeps a listener; dropping it ends the listening.
#[must_use = "dropping it ends the listening"]
pub struct Listening {
    shell: Weak<Shell>,
    number: u64,
}

/// Lets rings and the tones of keys be heard.
type Sounds = Box<dyn Fn(Output)>;

impl Phone {
    /// A phone for this page, logged out.
    ///
    /// `auto_init`: start as soon as the line is known, without [`Command::Init`]. The ids of the audio elements begin
    /// with `audio_remote`; pictures are seen in `video-local` and `video-remote`, where the page has them. With
    /// `?relay` in its address, calls go by way of TURN servers only. Its calls outlive a reload of the page.
    pub fn start(auto_init: bool) -> Self {
        let output = AudioOutput::default();
        let ringer = Ringer::new(output.clone());
        let sounds = move |output| match output {
            Output::Ring(ring) => match ring {
                Ring::Silent => ringer.stop(),
                Ring::Incoming => ringer.start(Tone::Ring),
                Ring::Waiting => ringer.start(Tone::Waiting),
                Ring::Ringback => ringer.start(Tone::Ringback),
            },
            Output::KeyTones(keys) => ringer.keys(&keys),
            _ => {}
        };
        let phone = Self::start_with(auto_init, output, Box::new(sounds), console::write);
        reload::survive(&phone.shell);
        phone
    }

    /// A phone for a page that makes its own rings: it plays the calls alone. What it has to say to developers goes to
    /// `log`.
    pub fn start_silent(output: AudioOutput, log: fn(Kind, &str)) -> Self {
        Self::start_with(false, output, Box::new(|_| {}), log)
    }

    fn start_with(auto_init: bool, output: AudioOutput, sounds: Sounds, log: fn(Kind, &str)) -> Self {
        let page::PageOrigin { secure, host } = page::origin();
        let settings = Settings { auto_init, page: PageOrigin { secure, host }, instance: kept::instance() };
        let core = Core::new(settings, entropy::seed());
        Self { shell: Shell::new(core, output, sounds, log) }
    }

    /// Has the phone do something, or says why it does not.
    pub fn command(&self, command: Command) -> Result<(), Refusal> {
        let now = clock::now();
        let result = match command {
            Command::Resume => {
                if let Some(kept) = kept::read() {
                    self.shell.core.borrow_mut().resume(kept, now);
                }
                Ok(())
            }
            Command::TakeOver => {
                self.shell.take_over();
                Ok(())
            }
            command => self.shell.core.borrow_mut().command(command, now),
        };
        self.shell.drain();
        result
    }

    /// All that a screen shows, at this moment.
    pub fn view(&self) -> View {
        self.shell.core.borrow().view()
    }

    /// The servers that help calls begun from now on to find a path.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        self.shell.core.borrow().ice_servers()
    }

    /// This moment on the clock of the times in [`View`].
    pub fn now(&self) -> Instant {
        clock::now()
    }

    /// Shows the pictures of calls in the elements `video-local` and `video-remote` that the page has now: for a page
    /// that makes them only when there is something to see.
    pub fn look_for_elements(&self) {
        self.shell.media.look_for_elements();
    }

    /// Starts the phone for this line at this place, without a log-in of ours.
    pub fn start_line(&self, line: LineConfig, place: Place) -> Result<(), Refusal> {
        let result = self.shell.core.borrow_mut().start_line(line, place, clock::now());
        self.shell.drain();
        result
    }

    /// Takes a message of the CTI link that the page has.
    pub fn page_cti(&self, frame: &str) {
        self.shell.core.borrow_mut().page_cti(frame, clock::now());
        self.shell.drain();
    }

    /// Takes a new CTI token, for the next time the SIP websocket is opened.
    pub fn set_token(&self, token: Secret) {
        self.shell.core.borrow_mut().set_token(token);
    }

    /// The media of calls, for a page that wants to have its hands on them.
    pub fn media(&self) -> &Media {
        &self.shell.media
    }

    /// Has `listener` told of everything, until the answer is dropped.
    pub fn listen(&self, listener: impl FnMut(&Notice) + 'static) -> Listening {
        self.shell.listen(Rc::new(RefCell::new(listener)))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(shell) = self.shell.upgrade() {
            shell.listeners.borrow_mut().retain(|(number, _)| *number != self.number);
            shell.log_handler("a handler has stopped listening");
        }
    }
}
