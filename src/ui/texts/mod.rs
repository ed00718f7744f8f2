//! All words of the programs that a person reads or hears, in every language; what is said before one runs stands in
//! `index.html` and the loader.
//!
//! A language is one value of [`Texts`]. English is part of the program, and the compiler asks for every sentence; French
//! is a file beside it, `fr.txt`, and a test asks. Words come from the user's world (call, mute, log in), and every
//! sentence about a problem says what to do about it.

mod en;
mod french;
mod sample;
mod table;

use std::borrow::Cow;

use super::format;
use crate::phone::api::{LineProblem, LoginProblem, Refusal};
use crate::phone::call::{
    Call, CallState, CameraProblem, Direction, Hold, MicrophoneProblem, Outcome, Transfer, TransferStep,
    Trouble,
};
use crate::phone::destination::DestinationError;
use crate::phone::event::CallEvent;

pub use sample::SampleTexts;
pub use table::Sentence;
use table::texts;

/// The languages of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    French,
}

impl Language {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The language for a tag of the browser such as `fr-CA` (BCP 47); English for any that we do not speak.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .unwrap_or(Self::English)
    }

    /// Its own tag, for `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// Its own name, in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// Its words; English while those are not loaded.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &en::TEXTS,
            Self::French => french::texts(),
        }
    }

    /// Whether its words have to be loaded first.
    pub fn is_missing(self) -> bool {
        match self {
            Self::English => false,
            Self::French => french::is_missing(),
        }
    }

    /// Takes the file with its words. False when it is not one, or not one of this program.
    pub fn learn(self, file: &'static str) -> bool {
        match self {
            Self::English => true,
            Self::French => french::learn(file),
        }
    }

    /// Its words for the developer's page. Apart, because an agent does not download them.
    pub const fn sample_texts(self) -> &'static SampleTexts {
        match self {
            Self::English => &sample::ENGLISH,
            Self::French => &sample::FRENCH,
        }
    }
}

/// The reasons that the phone gives by itself: in events, and so in English.
const REASONS: [&str; 25] = [
    "The connection to the server is lost",
    "Connection to the server lost",
    "The connection was lost",
    "The connection to the telephony server is closed",
    "The server does not answer",
    "No answer",
    "No audio path to the other side was found",
    "Microphone lost",
    "Microphone refused",
    "No microphone",
    "Microphone in use by another program",
    "The server did not transfer the call",
    "The CTI server cannot be reached now",
    "Nothing was told of the new call",
    "Wrong SIP name or password",
    "Stopped",
    "Another change is under way",
    "Busy Here",
    "Not Found",
    "Decline",
    "Call terminated",
    "the session description cannot be used",
    "no WebRTC in this browser",
    "No answer from the other side",
    "Session expired",
];

texts! {
/// The words of one language.
pub struct Texts {
    pub product: &'static str,
    pub settings: &'static str,
    pub language: &'static str,
    pub language_not_loaded: &'static str,
    pub microphone: &'static str,
    pub speaker: &'static str,
    pub by_system: &'static str,
    pub not_there: Sentence,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub notify: &'static str,
    pub notify_refused: &'static str,
    pub log_out: &'static str,
    pub to_sample: &'static str,
    pub to_agent: &'static str,
    pub close: &'static str,

    pub login: LoginTexts,
    pub dial: DialTexts,
    pub call: CallTexts,
    pub state: StateTexts,
    pub possible: PossibleTexts,
    pub trouble: TroubleTexts,
    pub quality: QualityTexts,
    pub outcome: OutcomeTexts,
    pub inbox: InboxTexts,
    pub readiness: ReadinessTexts,
    pub refusal: RefusalTexts,
    pub said: SaidTexts,
    pub keys: KeyTexts,
}

/// The log-in form.
pub struct LoginTexts {
    pub title: &'static str,
    pub login: &'static str,
    pub password: &'static str,
    pub submit: &'static str,
    pub submitting: &'static str,
    pub resuming: &'static str,
    pub advanced: &'static str,
    pub server: &'static str,
    pub server_hint: &'static str,
    pub wrong_credentials: &'static str,
    pub unreachable: &'static str,
    pub not_xuc: &'static str,
    pub expired: &'static str,
    pub no_session: &'static str,
    pub refused: Sentence,
}

/// The number field and its pad.
pub struct DialTexts {
    pub title: &'static str,
    pub number: &'static str,
    pub call: &'static str,
    pub video_call: &'static str,
    pub pad: &'static str,
    pub erase: &'static str,
    pub empty: &'static str,
    pub too_long: &'static str,
    pub not_a_number: &'static str,
    pub broken_address: &'static str,
}

/// Cards of calls, and the list of recent ones.
pub struct CallTexts {
    pub region: &'static str,
    pub none: &'static str,
    pub none_hint: Sentence,
    pub echo: &'static str,
    pub answer: &'static str,
    pub decline: &'static str,
    pub hang_up: &'static str,
    pub mute: &'static str,
    pub again: &'static str,
    pub unknown_caller: &'static str,
    pub queue: Sentence,
    pub forwarded_by: Sentence,
    pub recent: &'static str,
    pub incoming: &'static str,
    pub outgoing: &'static str,
    pub missed: &'static str,
    pub answer_video: &'static str,
    pub hold: &'static str,
    pub resume: &'static str,
    pub hold_all: &'static str,
    pub resume_all: &'static str,
    pub join: &'static str,
    pub keypad: &'static str,
    pub keypad_hint: &'static str,
    pub camera: &'static str,
    pub end_video: &'static str,
    pub full_screen: &'static str,
    pub in_picture: &'static str,
    pub video_offered: &'static str,
    pub transfer: &'static str,
    pub transfer_to: &'static str,
    pub consult: &'static str,
    pub transfer_now: &'static str,
    pub complete_transfer: &'static str,
    pub cancel_transfer: &'static str,
    pub transfer_holding: Sentence,
    pub transfer_consulting: Sentence,
    pub transfer_completing: Sentence,
    pub transfer_referring: Sentence,
    pub transfer_consultation: &'static str,
    pub hold_failed: Sentence,
    pub resume_failed: Sentence,
    pub video_failed: Sentence,
    pub tones_failed: Sentence,
    pub transfer_failed: Sentence,
    pub own_picture: &'static str,
    pub their_picture: &'static str,
}

/// Where a call stands, on its tag.
pub struct StateTexts {
    pub preparing: &'static str,
    pub calling: &'static str,
    pub ringing: &'static str,
    pub offered: &'static str,
    pub answering: &'static str,
    pub connected: &'static str,
    pub on_hold: &'static str,
    pub holding: &'static str,
    pub resuming: &'static str,
    pub in_conference: &'static str,
    pub held_by_peer: &'static str,
    pub muted: &'static str,
    pub ended: &'static str,
    pub returning: &'static str,
}

/// Why something cannot be done with a call now.
pub struct PossibleTexts {
    pub once_answered: &'static str,
    pub once_resumed: &'static str,
    pub being_asked: &'static str,
    pub not_in_conference: &'static str,
}

/// What keeps the two sides from hearing each other.
pub struct TroubleTexts {
    pub no_microphone: &'static str,
    pub nothing_comes: &'static str,
    pub nothing_goes: &'static str,
    pub silent_here: &'static str,
    pub silent_there: &'static str,
    pub poor: &'static str,
    pub over: &'static str,
    pub microphone: Sentence,
}

/// How well a call is heard.
pub struct QualityTexts {
    pub good: &'static str,
    pub fair: &'static str,
    pub poor: &'static str,
    pub nothing: &'static str,
    pub point: &'static str,
    pub figures: Sentence,
    pub save: &'static str,
}

/// What others have left.
pub struct InboxTexts {
    pub title: &'static str,
    pub new: Sentence,
    pub some: &'static str,
    pub dismiss: Sentence,
}

/// How a call ended.
pub struct OutcomeTexts {
    pub hung_up_by_us: &'static str,
    pub hung_up_by_them: &'static str,
    pub cancelled: &'static str,
    pub missed: &'static str,
    pub elsewhere: &'static str,
    pub not_taken_back: &'static str,
    pub transferred: &'static str,
    pub rejected: &'static str,
    pub busy: &'static str,
    pub no_such_number: &'static str,
    pub declined: &'static str,
    pub no_answer: &'static str,
    pub connection_lost: &'static str,
    pub ended_meanwhile: &'static str,
    pub failed: Sentence,
}

/// Whether calls can come, and what mends it.
pub struct ReadinessTexts {
    pub ready: &'static str,
    pub ready_hint: &'static str,
    pub connecting: &'static str,
    pub connecting_hint: &'static str,
    pub stopped: &'static str,
    pub stopped_hint: &'static str,
    pub elsewhere: &'static str,
    pub elsewhere_hint: &'static str,
    pub take_over: &'static str,
    pub unregistered: &'static str,
    pub unregistered_hint: Sentence,
    pub permanent_hint: &'static str,
    pub line: &'static str,
    pub no_microphone: &'static str,
    pub server_lost: &'static str,
    pub server_lost_hint: &'static str,
    pub next_try: Sentence,
    pub start: &'static str,
    pub again: &'static str,
}

/// Why something was not done.
pub struct RefusalTexts {
    pub not_logged_in: &'static str,
    pub empty_login: &'static str,
    pub empty_password: &'static str,
    pub bad_server: &'static str,
    pub not_started: &'static str,
    pub not_registered: &'static str,
    pub too_many_calls: &'static str,
    pub ambiguous: &'static str,
    pub not_two_calls: &'static str,
    pub bad_digits: &'static str,
    pub no_transfer: &'static str,
    pub transfer_in_progress: &'static str,
    pub bad_ice_server: &'static str,
    pub no_such_call: &'static str,
    pub wrong_state: &'static str,
    pub cti_not_ready: &'static str,
    pub bad_cti_command: &'static str,
    pub line_not_known_yet: &'static str,
    pub no_line: &'static str,
    pub line_without_password: &'static str,
    pub line_not_webrtc: &'static str,
    pub microphone_refused: &'static str,
    pub microphone_absent: &'static str,
    pub microphone_in_use: &'static str,
    pub microphone_insecure: &'static str,
    pub microphone_other: Sentence,
    pub camera_refused: &'static str,
    pub camera_absent: &'static str,
    pub camera_in_use: &'static str,
    pub camera_other: Sentence,
    /// Words that are somebody else's: the server's, the browser's.
    pub quoted: Sentence,
    /// The phone's own reasons inside sentences, in the order of [`REASONS`].
    pub reasons: [&'static str; REASONS.len()],
}

/// What screen readers announce, and the tab's title.
pub struct SaidTexts {
    pub incoming: Sentence,
    pub calling: Sentence,
    pub ringing: Sentence,
    pub connected: Sentence,
    pub ended: Sentence,
    pub muted: &'static str,
    pub unmuted: &'static str,
    pub on_hold: Sentence,
    pub resumed: Sentence,
    pub held_by_peer: Sentence,
    pub resumed_by_peer: Sentence,
    pub conference: Sentence,
    pub conference_over: &'static str,
    pub seen: Sentence,
    pub unseen: Sentence,
    pub camera_on: &'static str,
    pub camera_off: &'static str,
    pub title_incoming: Sentence,
    pub title_connected: Sentence,
}

/// The list of keyboard shortcuts.
pub struct KeyTexts {
    pub title: &'static str,
    pub dial: &'static str,
    pub answer: &'static str,
    pub mute: &'static str,
    pub hold: &'static str,
    pub tones: &'static str,
    pub close: &'static str,
    pub list: &'static str,
    pub on: &'static str,
    pub enter: &'static str,
    pub control: &'static str,
    pub shift: &'static str,
    pub escape: &'static str,
}
}

impl Texts {
    /// What keeps the two sides from hearing each other, and what to do.
    pub fn trouble(&self, trouble: Trouble) -> &'static str {
        let t = &self.trouble;
        match trouble {
            Trouble::NoMicrophone => t.no_microphone,
            Trouble::NothingComes => t.nothing_comes,
            Trouble::NothingGoes => t.nothing_goes,
            Trouble::SilentHere => t.silent_here,
            Trouble::SilentThere => t.silent_there,
            Trouble::Poor => t.poor,
        }
    }

    /// Why something that was asked was not done.
    pub fn refusal(&self, refusal: &Refusal) -> &'static str {
        let t = &self.refusal;
        match refusal {
            Refusal::Destination(error) => self.destination(*error),
            Refusal::NotLoggedIn => t.not_logged_in,
            Refusal::EmptyLogin => t.empty_login,
            Refusal::EmptyPassword => t.empty_password,
            Refusal::BadServer => t.bad_server,
            Refusal::NotStarted => t.not_started,
            Refusal::NotRegistered => t.not_registered,
            Refusal::TooManyCalls => t.too_many_calls,
            Refusal::Ambiguous => t.ambiguous,
            Refusal::NotTwoCalls => t.not_two_calls,
            Refusal::BadDigits => t.bad_digits,
            Refusal::NoTransfer => t.no_transfer,
            Refusal::TransferInProgress => t.transfer_in_progress,
            Refusal::BadIceServer => t.bad_ice_server,
            Refusal::NoSuchCall => t.no_such_call,
            Refusal::WrongState => t.wrong_state,
            Refusal::CtiNotReady => t.cti_not_ready,
            Refusal::BadCtiCommand(_) => t.bad_cti_command,
            Refusal::Line(problem) => self.line(*problem),
        }
    }

    /// Why what was typed cannot be dialled.
    pub fn destination(&self, error: DestinationError) -> &'static str {
        match error {
            DestinationError::Empty => self.dial.empty,
            DestinationError::TooLong => self.dial.too_long,
            DestinationError::NotANumber => self.dial.not_a_number,
            DestinationError::BrokenAddress => self.dial.broken_address,
        }
    }

    /// Why the line cannot be used from the browser.
    pub fn line(&self, problem: LineProblem) -> &'static str {
        match problem {
            LineProblem::NotKnownYet => self.refusal.line_not_known_yet,
            LineProblem::None => self.refusal.no_line,
            LineProblem::NoPassword => self.refusal.line_without_password,
            LineProblem::NotWebRtc => self.refusal.line_not_webrtc,
        }
    }

    /// Why there is no microphone.
    pub fn microphone(&self, problem: &MicrophoneProblem) -> Cow<'static, str> {
        match problem {
            MicrophoneProblem::Refused => self.refusal.microphone_refused.into(),
            MicrophoneProblem::Absent => self.refusal.microphone_absent.into(),
            MicrophoneProblem::InUse => self.refusal.microphone_in_use.into(),
            MicrophoneProblem::InsecurePage => self.refusal.microphone_insecure.into(),
            MicrophoneProblem::Other(words) => {
                self.refusal.microphone_other.with(&[&self.quoted(words)]).into()
            }
        }
    }

    /// Why there is no camera, and what becomes of the call.
    pub fn camera(&self, problem: &CameraProblem) -> Cow<'static, str> {
        match problem {
            CameraProblem::Refused => self.refusal.camera_refused.into(),
            CameraProblem::Absent => self.refusal.camera_absent.into(),
            CameraProblem::InUse => self.refusal.camera_in_use.into(),
            CameraProblem::InsecurePage => self.refusal.microphone_insecure.into(),
            CameraProblem::Other(words) => self.refusal.camera_other.with(&[&self.quoted(words)]).into(),
        }
    }

    /// A reason inside a sentence: the phone's own in the language of the page, the words of others as they came and
    /// marked as theirs.
    pub fn reason(&self, reason: &str) -> String {
        for (own, words) in REASONS.iter().zip(&self.refusal.reasons) {
            // What follows may be a number, or somebody else's words.
            if let Some(rest) = reason.strip_prefix(own)
                && (rest.is_empty() || rest.starts_with(" (") || rest.starts_with(": "))
            {
                return [*words, rest].concat();
            }
        }
        self.quoted(reason)
    }

    fn quoted(&self, words: &str) -> String {
        self.refusal.quoted.with(&[words])
    }

    /// How far a transfer is.
    pub fn transfer(&self, transfer: &Transfer) -> String {
        let t = &self.call;
        let sentence = match transfer.step {
            TransferStep::Holding => t.transfer_holding,
            TransferStep::Consulting => t.transfer_consulting,
            TransferStep::Completing => t.transfer_completing,
            TransferStep::Referring => t.transfer_referring,
        };
        sentence.with(&[&format::number(&transfer.destination)])
    }

    /// Why the log-in failed or was lost.
    pub fn login_problem(&self, problem: &LoginProblem) -> Cow<'static, str> {
        match problem {
            LoginProblem::WrongCredentials => self.login.wrong_credentials.into(),
            LoginProblem::Unreachable => self.login.unreachable.into(),
            LoginProblem::NotXuc => self.login.not_xuc.into(),
            LoginProblem::Expired => self.login.expired.into(),
            LoginProblem::NoSession => self.login.no_session.into(),
            LoginProblem::Refused { code, message } => {
                let words = if message.is_empty() { code } else { message };
                self.login.refused.with(&[&self.quoted(words)]).into()
            }
        }
    }

    /// Where a call stands.
    pub fn call_state(&self, state: &CallState) -> &'static str {
        match state {
            CallState::Preparing => self.state.preparing,
            CallState::Calling => self.state.calling,
            CallState::Ringing { .. } => self.state.ringing,
            CallState::Offered => self.state.offered,
            CallState::Answering => self.state.answering,
            CallState::Connected { .. } => self.state.connected,
            CallState::Ended { .. } => self.state.ended,
        }
    }

    /// Where a call stands, hold and conference included.
    pub fn call_standing(&self, call: &Call) -> &'static str {
        match call.hold {
            _ if call.returning => self.state.returning,
            _ if !call.state.is_connected() => self.call_state(&call.state),
            Hold::Holding => self.state.holding,
            Hold::Held => self.state.on_hold,
            Hold::Resuming => self.state.resuming,
            Hold::Active if call.in_conference => self.state.in_conference,
            Hold::Active => self.state.connected,
        }
    }

    /// What did not work in a call, where an event says that.
    pub fn call_problem(&self, event: &CallEvent) -> Option<String> {
        let t = &self.call;
        let (sentence, reason) = match event {
            CallEvent::HoldFailed { reason } => (t.hold_failed, reason),
            CallEvent::ResumeFailed { reason } => (t.resume_failed, reason),
            CallEvent::VideoFailed { reason } => (t.video_failed, reason),
            CallEvent::DtmfFailed { reason } => (t.tones_failed, reason),
            CallEvent::TransferFailed { reason } => (t.transfer_failed, reason),
            _ => return None,
        };
        Some(sentence.with(&[&self.reason(reason)]))
    }

    /// How a call ended.
    pub fn call_outcome(&self, outcome: &Outcome) -> Cow<'static, str> {
        let t = &self.outcome;
        match outcome {
            Outcome::HungUp { by_us: true } => t.hung_up_by_us.into(),
            Outcome::HungUp { by_us: false } => t.hung_up_by_them.into(),
            Outcome::Cancelled => t.cancelled.into(),
            Outcome::Missed => t.missed.into(),
            Outcome::AnsweredElsewhere => t.elsewhere.into(),
            Outcome::NotTakenBack => t.not_taken_back.into(),
            Outcome::Transferred => t.transferred.into(),
            Outcome::Rejected => t.rejected.into(),
            Outcome::Busy => t.busy.into(),
            Outcome::NoSuchNumber => t.no_such_number.into(),
            Outcome::Declined => t.declined.into(),
            Outcome::NoAnswer => t.no_answer.into(),
            Outcome::Microphone(problem) => self.microphone(problem),
            Outcome::ConnectionLost => t.connection_lost.into(),
            Outcome::EndedMeanwhile => t.ended_meanwhile.into(),
            Outcome::Failed { status: Some(status), reason } => {
                t.failed.with(&[&self.quoted(&format!("{status} {reason}"))]).into()
            }
            Outcome::Failed { status: None, reason } => t.failed.with(&[&self.reason(reason)]).into(),
        }
    }

    /// One line about a past call: who began it, or that it was missed.
    pub fn past_call(&self, direction: Direction, outcome: &Outcome) -> &'static str {
        match direction {
            Direction::Incoming if *outcome == Outcome::Missed => self.call.missed,
            Direction::Incoming => self.call.incoming,
            Direction::Outgoing => self.call.outgoing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sentence of a language that is not a function.
    fn sentences(language: Language) -> Vec<String> {
        let printed = format!("{:#?}{:#?}", language.texts(), language.sample_texts());
        let quoted = printed.lines().filter_map(|line| line.split_once(": \"")?.1.strip_suffix("\","));
        quoted.map(|text| text.replace("\\u{a0}", "\u{a0}").replace("\\u{202f}", "\u{202f}")).collect()
    }

    #[test]
    fn the_browser_s_language_is_taken_where_we_speak_it() {
        assert_eq!(Language::from_tag("fr-CA"), Language::French);
        assert_eq!(Language::from_tag("FR"), Language::French);
        assert_eq!(Language::from_tag("en-GB"), Language::English);
        assert_eq!(Language::from_tag("de"), Language::English);
        assert_eq!(Language::from_tag(""), Language::English);
    }

    #[test]
    fn no_sentence_is_empty_and_all_are_there() {
        for language in Language::ALL {
            let sentences = sentences(language);
            assert!(sentences.len() > 130, "{} of {language:?}", sentences.len());
            assert!(sentences.iter().all(|text| !text.trim().is_empty()));
        }
    }

    #[test]
    fn french_keeps_its_typography() {
        for text in sentences(Language::French) {
            assert!(!text.contains('\''), "straight apostrophe: {text}");
            let after = text.chars().skip(2).chain([' ']);
            for ((before, sign), after) in text.chars().zip(text.chars().skip(1)).zip(after) {
                match sign {
                    // An address such as stun:host is not ours to write otherwise.
                    ':' if after.is_alphanumeric() => {}
                    ':' => assert_eq!(before, '\u{a0}', "no-break space before a colon: {text}"),
                    '?' | '!' | ';' => assert_eq!(before, '\u{202f}', "thin space before {sign}: {text}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_phone_s_own_reasons_are_in_the_language_of_the_page_and_others_are_quoted() {
        let (english, french) = (Language::English.texts(), Language::French.texts());
        let closed = "The connection to the telephony server is closed (1006)";
        assert_eq!(english.reason(closed), closed);
        assert_eq!(french.reason(closed), "la liaison avec le serveur est coupée (1006)");
        assert_eq!(french.reason("No answer"), "pas de réponse");
        assert_eq!(english.reason("Not Foundry"), "“Not Foundry”");
        assert_eq!(french.reason("488 Not Acceptable Here"), "«\u{a0}488 Not Acceptable Here\u{a0}»");
        let unregistered = CallEvent::TransferFailed { reason: "Decline".into() };
        assert_eq!(
            french.call_problem(&unregistered).as_deref(),
            Some("L’appel n’a pas été transféré\u{a0}: refusé. Vous l’avez toujours.")
        );
    }

    #[test]
    fn the_server_s_words_are_shown_when_there_are_no_better_ones() {
        let texts = Language::English.texts();
        let refused = |code: &str, message: &str| {
            texts.login_problem(&LoginProblem::Refused { code: code.into(), message: message.into() })
        };
        assert!(refused("UserNotFound", "no such user").contains("no such user"));
        assert!(refused("UserNotFound", "").contains("UserNotFound"));
        let failed = Outcome::Failed { status: Some(503), reason: "Service Unavailable".into() };
        assert!(texts.call_outcome(&failed).contains("503 Service Unavailable"));
    }
}
