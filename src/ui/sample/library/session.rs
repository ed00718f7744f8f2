//! Logging in and out by the library's own `Cti`, and what the tab keeps of it.

use super::Library;
use crate::browser::{page, spawn};
use crate::json::Object;
use crate::phone::api::{Client, CtiLink, LoginProblem, Refusal, Session, User};
use crate::phone::driver::kept;
use crate::phone::effect::Kept;
use crate::secret::Secret;
use crate::ui::sample::method_call::{MethodCall, Owner};
use crate::ui::sample::xc_webrtc::{self, Outcome};

/// What `Cti.login` says by these words, [`LoginProblem`] says in the language of the page.
const PROBLEMS: [LoginProblem; 5] = [
    LoginProblem::WrongCredentials,
    LoginProblem::Unreachable,
    LoginProblem::NotXuc,
    LoginProblem::Expired,
    LoginProblem::NoSession,
];

impl Library {
    /// Logs in by password.
    pub(super) fn log_in(
        &self,
        server: String,
        login: &str,
        password: &Secret,
        client: &Client,
    ) -> Result<(), Refusal> {
        let login = login.trim();
        if login.is_empty() {
            return Err(Refusal::EmptyLogin);
        }
        if password.is_empty() {
            return Err(Refusal::EmptyPassword);
        }
        let mut says = Object::default();
        says.insert("softwareType", client.software_type.as_str());
        says.insert("applicationType", client.application_type.as_str());
        let arguments =
            [server.as_str().into(), login.into(), password.expose().into(), xc_webrtc::of(&says.into())];
        self.begin(server, login, || xc_webrtc::invoke(Owner::Cti, "login", &arguments));
        Ok(())
    }

    /// Goes on with the token that the tab kept, if it did.
    pub(super) fn resume(&self) {
        let Some(Kept { server, login, token }) = kept::read() else { return };
        let page::PageOrigin { host, .. } = page::origin();
        let address = if server.trim().is_empty() { host.as_str() } else { server.trim_end_matches('/') };
        let url = [address, "/xuc/api/2.0/cti?token=", &xc_webrtc::in_address(token.expose())].concat();
        let arguments = [url.as_str().into(), login.as_str().into()];
        self.begin(server, &login, || xc_webrtc::invoke_of(Owner::Cti, "WebSocket", "init", &arguments));
    }

    /// Ends calls and registration, leaves the server, forgets the token.
    pub(super) fn log_out(&self) {
        self.0.attempt.set(self.0.attempt.get() + 1);
        // Neither throws.
        let _ = self.call(&MethodCall::xc_webrtc("stop"));
        let _ = self.call(&MethodCall::cti("close"));
        self.leave(None);
    }

    fn begin(&self, server: String, login: &str, open: impl FnOnce() -> Outcome) {
        let attempt = self.0.attempt.get() + 1;
        self.0.attempt.set(attempt);
        self.0.server.replace(server);
        {
            let mut view = self.0.view.borrow_mut();
            view.session = Session::LoggingIn;
            view.user = Some(User { login: login.to_owned(), full_name: login.to_owned(), number: None });
        }
        self.changed();
        let (library, opened) = (self.clone(), open());
        spawn(async move {
            let outcome = match opened {
                Ok(promise) => xc_webrtc::settled(promise).await,
                thrown => thrown,
            };
            if library.0.attempt.get() == attempt {
                library.on_log_in(outcome);
            }
        });
    }

    fn on_log_in(&self, outcome: Outcome) {
        match outcome {
            Ok(_) => {
                self.0.view.borrow_mut().session = Session::LoggedIn { cti: CtiLink::Up };
                self.keep_token();
                self.changed();
            }
            Err(error) => self.leave(Some(problem(&xc_webrtc::reason(&error)))),
        }
    }

    /// The link to the CTI server was opened, or is closed.
    pub(super) fn on_link(&self, status: Option<&str>, reason: Option<&str>) {
        if !matches!(self.0.view.borrow().session, Session::LoggedIn { .. }) {
            return;
        }
        // Without a token it does not come back.
        if xc_webrtc::text_of_cti("token").is_empty() {
            self.leave(reason.map(problem));
        } else {
            let cti = if status == Some("opened") { CtiLink::Up } else { CtiLink::Connecting };
            self.0.view.borrow_mut().session = Session::LoggedIn { cti };
        }
    }

    fn leave(&self, problem: Option<LoginProblem>) {
        kept::forget();
        self.0.token.take();
        {
            let mut view = self.0.view.borrow_mut();
            view.session = Session::LoggedOut { problem };
            view.user = None;
            view.phone_status = None;
        }
        self.changed();
    }

    /// Keeps the token for a reload of the page; it is another one now and then.
    pub(super) fn keep_token(&self) {
        let token = xc_webrtc::text_of_cti("token");
        if token.is_empty() || token == *self.0.token.borrow() {
            return;
        }
        let view = self.0.view.borrow();
        if let (Session::LoggedIn { .. }, Some(user)) = (&view.session, &view.user) {
            let (server, login) = (self.0.server.borrow().clone(), user.login.clone());
            kept::keep(&Kept { server, login, token: Secret::new(token.as_str()) });
            self.0.token.replace(token);
        }
    }
}

/// Why nobody is logged in, from the library's words.
fn problem(reason: &str) -> LoginProblem {
    let known = PROBLEMS.into_iter().find(|problem| problem.to_string() == reason);
    known.unwrap_or_else(|| LoginProblem::Refused { code: String::new(), message: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_library_are_known() {
        for known in PROBLEMS {
            assert_eq!(problem(&known.to_string()), known);
        }
        let other = LoginProblem::Refused { code: String::new(), message: "<b>no</b>".into() };
        assert_eq!(problem("<b>no</b>"), other);
    }
}
