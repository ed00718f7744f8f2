//! The log-in form.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::field::Field;
use super::state::Ui;
use crate::phone::api::{Command, LoginProblem, Refusal, Session};
use crate::secret::Secret;

/// The id of the sentence that says what is wrong.
const PROBLEM: &str = "login-problem";
/// The id of the sentence about the server.
const HINT: &str = "server-hint";

/// Login, password and, under "Advanced", the server. What was typed stays, except the password.
#[component]
pub fn Login() -> impl IntoView {
    let class = style_sheet!("./style/login.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.login;

    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let server = RwSignal::new(String::new());
    let refusal: RwSignal<Option<Refusal>> = RwSignal::new(None);
    // Before anything was typed, a log-in under way is the one of the tab's own token.
    let was_sent = RwSignal::new(false);

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if ui.view_now(|view| view.session == Session::LoggingIn) {
            return;
        }
        let sent = ui.command(Command::LogIn {
            server: server.get_untracked(),
            login: login.get_untracked(),
            password: Secret::new(password.get_untracked()),
        });
        if sent.is_ok() {
            was_sent.set(true);
            password.set(String::new());
        }
        refusal.set(sent.err());
    };

    let logging_in = Memo::new(move |_| ui.view(|view| view.session == Session::LoggingIn));
    let problem = Memo::new(move |_| ui.view(|view| problem_of(&view.session)));
    let sentence = Signal::derive(move || {
        let words = refusal.with(|refusal| refusal.as_ref().map(|refusal| texts.refusal(refusal).to_owned()));
        let told = || problem.with(|problem| problem.as_ref().map(|p| texts.login_problem(p).into_owned()));
        words.or_else(told).unwrap_or_default()
    });
    let credentials_wrong = move || problem.get() == Some(LoginProblem::WrongCredentials);
    let login_wrong = move || refusal.get() == Some(Refusal::EmptyLogin) || credentials_wrong();
    let password_wrong = move || refusal.get() == Some(Refusal::EmptyPassword) || credentials_wrong();
    let server_wrong = move || {
        refusal.get() == Some(Refusal::BadServer)
            || matches!(problem.get(), Some(LoginProblem::NotXuc | LoginProblem::Unreachable))
    };
    let label = Signal::derive(move || if logging_in.get() { t.submitting } else { t.submit });
    let resuming = move || logging_in.get() && !was_sent.get();

    view! { class = class,
        <p class="resuming" role="status" hidden=move || !resuming()>{t.resuming}</p>
        <form class="login" method="post" novalidate hidden=resuming aria-labelledby="login-title" on:submit=submit>
            <h2 class="title" id="login-title">{t.title}</h2>
            <Field
                label=t.login
                id="login"
                autocomplete="username"
                value=login
                explained_by=PROBLEM
                wrong=Signal::derive(login_wrong)
            />
            <Field
                label=t.password
                id="password"
                kind="password"
                autocomplete="current-password"
                value=password
                explained_by=PROBLEM
                wrong=Signal::derive(password_wrong)
            />
            <details class="advanced">
                <summary class="summary">{t.advanced}</summary>
                <Field
                    label=t.server
                    id="server"
                    value=server
                    explained_by=HINT
                    wrong=Signal::derive(server_wrong)
                />
                <p class="hint" id=HINT>{t.server_hint}</p>
            </details>
            <p class="problem" id=PROBLEM role="alert">{sentence}</p>
            <Button label=label look=Look::Main submits=true />
        </form>
    }
}

/// Why nobody is logged in, when there is a reason to tell.
fn problem_of(session: &Session) -> Option<LoginProblem> {
    match session {
        Session::LoggedOut { problem } => problem.clone(),
        Session::LoggingIn | Session::LoggedIn { .. } => None,
    }
}
