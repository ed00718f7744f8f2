//! Whether calls can come, in one word, with what is wrong and what mends it: pure.

use super::clock::next_try;
use super::format;
use super::texts::Texts;
use crate::phone::api::{Command, CtiLink, LineProblem, Registration, Session, View};
use crate::phone::call::MicrophoneProblem;
use crate::time::Instant;

/// Whether calls can come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// They can.
    Ready,
    /// They can, but the CTI link is down.
    ServerLost,
    /// They can, but could not be talked in.
    NoMicrophone(MicrophoneProblem),
    /// In a moment.
    Connecting,
    /// The phone is off.
    Stopped,
    /// Another tab is the phone.
    Elsewhere,
    /// The line is not for browsers.
    Line(LineProblem),
    /// The registrar or the way to it fails.
    Unregistered {
        /// Why.
        reason: String,
        /// Another try will hardly help.
        permanent: bool,
    },
}

/// How good or bad it is: chooses the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Warn,
    Bad,
}

impl Tone {
    /// Its name in `data-tone`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

impl Readiness {
    /// Reads it off the view: what keeps calls away comes before what only hampers them.
    pub fn of(view: &View) -> Self {
        match &view.registration {
            Registration::Stopped => Self::Stopped,
            Registration::Elsewhere => Self::Elsewhere,
            Registration::Unusable(problem) => Self::Line(*problem),
            Registration::Connecting => Self::Connecting,
            Registration::Unregistered { reason, permanent, .. } => {
                Self::Unregistered { reason: reason.clone(), permanent: *permanent }
            }
            Registration::Registered { .. } => match (&view.microphone, &view.session) {
                (Some(problem), _) => Self::NoMicrophone(problem.clone()),
                (None, Session::LoggedIn { cti: CtiLink::Waiting { .. } }) => Self::ServerLost,
                (None, Session::LoggedIn { cti: CtiLink::Up | CtiLink::Connecting })
                | (None, Session::LoggedOut { .. } | Session::LoggingIn) => Self::Ready,
            },
        }
    }

    /// The colour.
    pub const fn tone(&self) -> Tone {
        match self {
            Self::Ready => Tone::Good,
            Self::ServerLost | Self::NoMicrophone(_) | Self::Connecting | Self::Stopped | Self::Elsewhere => {
                Tone::Warn
            }
            Self::Line(_) | Self::Unregistered { .. } => Tone::Bad,
        }
    }

    /// The word on the pill.
    pub const fn word(&self, texts: &'static Texts) -> &'static str {
        let t = &texts.readiness;
        match self {
            Self::Ready => t.ready,
            Self::ServerLost => t.server_lost,
            Self::NoMicrophone(_) => t.no_microphone,
            Self::Connecting => t.connecting,
            Self::Stopped => t.stopped,
            Self::Elsewhere => t.elsewhere,
            Self::Line(_) => t.line,
            Self::Unregistered { .. } => t.unregistered,
        }
    }

    /// What is wrong and what to do, in sentences.
    pub fn sentence(&self, texts: &'static Texts) -> String {
        let t = &texts.readiness;
        match self {
            Self::Ready => t.ready_hint.to_owned(),
            Self::ServerLost => t.server_lost_hint.to_owned(),
            Self::NoMicrophone(problem) => texts.microphone(problem).into_owned(),
            Self::Connecting => t.connecting_hint.to_owned(),
            Self::Stopped => t.stopped_hint.to_owned(),
            Self::Elsewhere => t.elsewhere_hint.to_owned(),
            Self::Line(problem) => texts.line(*problem).to_owned(),
            Self::Unregistered { reason, permanent } => {
                let mut sentence = t.unregistered_hint.with(&[&texts.reason(reason)]);
                if *permanent {
                    sentence.push(' ');
                    sentence.push_str(t.permanent_hint);
                }
                sentence
            }
        }
    }

    /// The button that mends it, where one does: its label and its command.
    pub fn remedy(&self, texts: &'static Texts) -> Option<(&'static str, Command)> {
        match self {
            Self::Stopped => Some((texts.readiness.start, Command::Init)),
            Self::Elsewhere => Some((texts.readiness.take_over, Command::TakeOver)),
            Self::Line(_) | Self::Unregistered { .. } => Some((texts.readiness.again, Command::Init)),
            Self::Ready | Self::ServerLost | Self::NoMicrophone(_) | Self::Connecting => None,
        }
    }
}

/// The countdown to the phone's own next try; empty when none is planned.
pub fn countdown(view: &View, now: Instant, texts: &'static Texts) -> String {
    next_try(view)
        .map(|until| texts.readiness.next_try.with(&[&format::seconds_left(until, now).to_string()]))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::phone::inbox::Inbox;
    use std::time::Duration;

    use super::*;
    use crate::ui::texts::Language;

    fn view(registration: Registration, cti: CtiLink) -> View {
        View {
            session: Session::LoggedIn { cti },
            user: None,
            registration,
            microphone: None,
            camera: None,
            phone_status: None,
            line_known: true,
            calls: Vec::new(),
            inbox: Inbox::default(),
        }
    }

    fn registered() -> Registration {
        Registration::Registered { expires: Duration::from_secs(60) }
    }

    fn refused(permanent: bool) -> Registration {
        let retry_at = Some(Instant::from_origin(Duration::from_secs(20)));
        Registration::Unregistered { reason: "403 Forbidden".into(), permanent, retry_at }
    }

    #[test]
    fn a_registered_line_is_ready() {
        let readiness = Readiness::of(&view(registered(), CtiLink::Up));
        assert_eq!((readiness.tone(), &readiness), (Tone::Good, &Readiness::Ready));
        assert!(readiness.remedy(Language::English.texts()).is_none());
    }

    #[test]
    fn a_lost_cti_link_only_hampers() {
        let until = Instant::from_origin(Duration::from_secs(9));
        let view = view(registered(), CtiLink::Waiting { until });
        assert_eq!(Readiness::of(&view), Readiness::ServerLost);
        let now = Instant::from_origin(Duration::from_millis(4_500));
        assert_eq!(countdown(&view, now, Language::English.texts()), "Next try in 5 s.");
    }

    #[test]
    fn a_refused_line_says_why_and_offers_another_try() {
        let texts = Language::English.texts();
        let readiness = Readiness::of(&view(refused(true), CtiLink::Up));
        assert!(readiness.sentence(texts).contains("403 Forbidden"));
        assert!(readiness.sentence(texts).ends_with(texts.readiness.permanent_hint));
        assert!(
            matches!(readiness.remedy(texts), Some((label, Command::Init)) if label == texts.readiness.again)
        );
        let readiness = Readiness::of(&view(refused(false), CtiLink::Up));
        assert!(!readiness.sentence(texts).contains(texts.readiness.permanent_hint));
    }

    #[test]
    fn a_missing_microphone_shows_although_the_line_is_registered() {
        let mut view = view(registered(), CtiLink::Up);
        view.microphone = Some(MicrophoneProblem::Absent);
        assert_eq!(Readiness::of(&view), Readiness::NoMicrophone(MicrophoneProblem::Absent));
        view.registration = Registration::Stopped;
        assert_eq!(Readiness::of(&view), Readiness::Stopped);
    }
}
