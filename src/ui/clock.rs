//! The page's one timer: it moves the shown times on, when a shown second changes and not otherwise.

use super::format;
use super::shapes::*;
use super::state::Ui;
use crate::phone::api::{CtiLink, Registration, Session, View};
use crate::phone::call::CallState;
use crate::time::Instant;

/// Keeps [`Ui::now`] going while something on the page counts seconds.
pub fn run(ui: Ui) {
    let mut armed: Option<TimeoutHandle> = None;
    watch(move || {
        ui.now();
        if let Some(handle) = armed.take() {
            handle.clear();
        }
        if let Some(reference) = ui.view(what_counts) {
            let wait = format::until_next_second(reference, ui.moment());
            armed = set_timeout_with_handle(move || ui.tick(), wait).ok();
        }
    });
}

/// The moment from which, or to which, seconds are shown: the talk first, then the next try.
fn what_counts(view: &View) -> Option<Instant> {
    let talk = view.calls.iter().find_map(|call| match call.state {
        CallState::Connected { since } => Some(since),
        CallState::Preparing
        | CallState::Calling
        | CallState::Ringing { .. }
        | CallState::Offered
        | CallState::Answering
        | CallState::Ended { .. } => None,
    });
    talk.or_else(|| next_try(view))
}

/// When the phone tries again what failed.
pub fn next_try(view: &View) -> Option<Instant> {
    let registration = match view.registration {
        Registration::Unregistered { retry_at, .. } => retry_at,
        Registration::Stopped
        | Registration::Elsewhere
        | Registration::Unusable(_)
        | Registration::Connecting
        | Registration::Registered { .. } => None,
    };
    let link = match view.session {
        Session::LoggedIn { cti: CtiLink::Waiting { until } } => Some(until),
        Session::LoggedIn { cti: CtiLink::Up | CtiLink::Connecting }
        | Session::LoggedOut { .. }
        | Session::LoggingIn => None,
    };
    registration.or(link)
}
