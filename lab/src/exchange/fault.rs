//! Faults that tests can plan: `POST /lab/faults`.

use std::collections::BTreeSet;

use serde::Deserialize;
use tokio::time::Duration;
use xc_webrtc::sip::status::StatusCode;

use super::auto_answer::AutoAnswer;

/// One fault, as it is asked for: `{"what": "drop_sip_sockets", "user": "alice"}`. Without `user` it is for everyone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Fault {
    /// Drop SIP websockets now, without a closing handshake.
    DropSipSockets {
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Drop CTI websockets now, without a closing handshake.
    DropCtiSockets {
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Hold back every SIP message to the phones.
    DelaySip {
        /// For so long; 0 ends it.
        ms: u32,
    },
    /// Refuse to open SIP websockets (503).
    RefuseSip {
        /// Begin or end.
        on: bool,
    },
    /// Refuse to open CTI websockets (503).
    RefuseCti {
        /// Begin or end.
        on: bool,
    },
    /// Read SIP messages and do nothing about them.
    SilenceSip {
        /// Begin or end.
        on: bool,
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Read CTI commands and pings and do nothing about them; send nothing either.
    SilenceCti {
        /// Begin or end.
        on: bool,
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Lose everything that goes by the media paths of calls, until the phone looks for others (RFC 8839 §4.4.1.1).
    BreakPaths {
        /// Until it looks for paths by way of TURN servers alone, as when a firewall has been closed.
        #[serde(default)]
        but_relays: bool,
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Forget calls without a word to the phones.
    ForgetCalls {
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// What a server knows no more that was killed and started again: websockets, registrations, calls. Tokens hold.
    Restart,
    /// Lose speech and pictures on their way to the phone, in the calls that there are.
    LoseMedia {
        /// So many of a hundred packets; 0 ends it.
        of_hundred: u8,
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Say `LoggedOnError` instead of `LoggedOn`.
    RefuseLogon {
        /// Begin or end.
        on: bool,
    },
    /// End tokens at once.
    ExpireTokens {
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Make every digest nonce stale.
    ExpireNonces,
    /// Grant registrations for no longer than this.
    ShortRegistrations {
        /// In seconds; 0 ends it.
        seconds: u32,
        /// Whose; everyone's when absent.
        user: Option<String>,
    },
    /// Offer MD5 only, as an Asterisk does.
    Md5Only {
        /// Begin or end.
        on: bool,
    },
    /// Refuse the next re-INVITE or UPDATE with a session description.
    RefuseReinvite {
        /// With this status.
        status: u16,
        /// Whose; anyone's when absent.
        user: Option<String>,
    },
    /// Hold back the answer to the next re-INVITE or UPDATE with a session description.
    DelayReinvite {
        /// For so long.
        ms: u32,
        /// Whose; anyone's when absent.
        user: Option<String>,
    },
    /// Have the next re-INVITE or UPDATE with a session description cross one of the lab's own: 491 for both
    /// (RFC 3261 §14.1).
    CrossReinvite {
        /// Whose; anyone's when absent.
        user: Option<String>,
    },
    /// Refuse the next INVITE with Replaces: a call that somebody wants back after a reload.
    RefuseReplaces {
        /// With this status.
        status: u16,
        /// Whose; anyone's when absent.
        user: Option<String>,
    },
    /// Send a re-INVITE that changes nothing, in every call of someone.
    SendReinvite {
        /// Whose.
        user: String,
    },
    /// Do not pass on holds, as an Asterisk does not: the other side only hears music.
    KeepHolds {
        /// Begin or end.
        on: bool,
    },
    /// Ask phones to answer of themselves in another way.
    AutoAnswer {
        /// Which.
        form: AutoAnswer,
    },
    /// Answer the next login or check with this.
    AnswerHttp {
        /// The status code.
        status: u16,
        /// The body, sent as it is.
        body: String,
    },
    /// End all faults that last.
    Clear,
}

/// What stands in the way of a phone's re-INVITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is refused.
    Refusal(StatusCode),
    /// It is answered late.
    Delay(Duration),
    /// It crosses a re-INVITE of the lab.
    Crossing,
}

/// The faults that last, and those that wait for their moment.
#[derive(Debug, Default)]
pub struct Faults {
    /// Holds are not passed on.
    pub keep_holds: bool,
    /// What the next re-INVITEs meet, and whose.
    pub obstacles: Vec<(Option<String>, Obstacle)>,
    /// What the next INVITEs with Replaces are refused with, and whose.
    pub kept_back: Vec<(Option<String>, StatusCode)>,
    /// Registrations are granted for so many seconds at most, and whose.
    pub longest_registrations: Vec<(Option<String>, u32)>,
    /// SIP websockets are refused.
    pub refuse_sip: bool,
    /// CTI websockets are refused.
    pub refuse_cti: bool,
    /// `LoggedOnError` is said.
    pub refuse_logon: bool,
    /// The next REST request is answered with this.
    pub http: Option<(u16, String)>,
    /// SIP messages of these are ignored.
    pub silent_sip: Silence,
    /// CTI commands of these are ignored.
    pub silent_cti: Silence,
}

impl Faults {
    /// Takes what the re-INVITE of a login meets.
    pub fn obstacle_for(&mut self, login: &str) -> Option<Obstacle> {
        take_for(&mut self.obstacles, login)
    }

    /// Takes what the INVITE with Replaces of a login is refused with.
    pub fn refusal_for(&mut self, login: &str) -> Option<StatusCode> {
        take_for(&mut self.kept_back, login)
    }

    /// What a login gets that asks for so many seconds of registration.
    pub fn shortened(&self, asked: Option<u32>, login: &str) -> Option<u32> {
        let meant = |(user, _): &&(Option<String>, u32)| user.as_deref().is_none_or(|user| user == login);
        let longest = self.longest_registrations.iter().find(meant).map(|(_, longest)| *longest);
        longest.map(|longest| asked.map_or(longest, |asked| asked.min(longest))).or(asked)
    }
}

/// Takes the first that is meant for a login.
fn take_for<T>(planned: &mut Vec<(Option<String>, T)>, login: &str) -> Option<T> {
    let meant = |(user, _): &(Option<String>, T)| user.as_deref().is_none_or(|user| user == login);
    let index = planned.iter().position(meant)?;
    Some(planned.remove(index).1)
}

/// Who meets silence.
#[derive(Debug, Default)]
pub struct Silence {
    everyone: bool,
    some: BTreeSet<String>,
}

impl Silence {
    /// Begins or ends it for one or for everyone.
    pub fn set(&mut self, on: bool, user: Option<String>) {
        match user {
            None => *self = Self { everyone: on, some: BTreeSet::new() },
            Some(user) if on => {
                self.some.insert(user);
            }
            Some(user) => {
                self.some.remove(&user);
            }
        }
    }

    /// Whether this login meets it.
    pub fn meets(&self, login: Option<&str>) -> bool {
        self.everyone || login.is_some_and(|login| self.some.contains(login))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_by_its_name() {
        let read = |text| serde_json::from_str::<Fault>(text);
        assert_eq!(
            read(r#"{"what": "drop_sip_sockets", "user": "alice"}"#).unwrap(),
            Fault::DropSipSockets { user: Some("alice".into()) }
        );
        assert_eq!(read(r#"{"what": "drop_cti_sockets"}"#).unwrap(), Fault::DropCtiSockets { user: None });
        assert_eq!(read(r#"{"what": "delay_sip", "ms": 250}"#).unwrap(), Fault::DelaySip { ms: 250 });
        assert!(read(r#"{"what": "explode"}"#).is_err());
    }

    #[test]
    fn silence_for_one_is_not_silence_for_others() {
        let mut silence = Silence::default();
        silence.set(true, Some("alice".into()));
        assert!(silence.meets(Some("alice")));
        assert!(!silence.meets(Some("bob")) && !silence.meets(None));
        silence.set(true, None);
        assert!(silence.meets(Some("bob")) && silence.meets(None));
        silence.set(false, None);
        assert!(!silence.meets(Some("alice")));
    }
}
