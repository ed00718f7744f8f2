//! The log-in form.

use stylers_macro::style_sheet;

use super::button::{Button, Look};
use super::field::Field;
use super::shapes::*;
use super::state::{Ui, move_on};
use super::texts::Texts;
use crate::phone::api::{Client, Command, LoginProblem, Refusal, Session};
use crate::secret::Secret;

/// The id of the sentence that says what is wrong.
const PROBLEM: &str = "login-problem";
/// The id of the sentence about the server.
const HINT: &str = "server-hint";

/// Login, password and, under "Advanced", the server. What was typed stays, except the password.
#[component]
pub fn Login(
    /// What the program says it is; nothing where this is not asked.
    #[prop(optional)]
    client: Option<Ask<Client>>,
) -> impl IntoView {
    let class = style_sheet!("./style/login.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = &texts.login;

    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let server = RwSignal::new(String::new());
    // What the phone said when it was asked; what became of the log-in later is in the view.
    let refusal: StoredValue<Option<Refusal>> = StoredValue::new(None);
    let asked = RwSignal::new(0);

    let submit = on(move |event| {
        event.prevent_default();
        if ui.view_now(|view| view.session == Session::LoggingIn) {
            return;
        }
        let refused = ui.command(Command::LogIn {
            server: server.get_untracked(),
            login: login.get_untracked(),
            password: Secret::new(password.get_untracked()),
            client: client.map(|client| client.run(())).unwrap_or_default(),
        });
        if refused.is_ok() {
            password.set(String::new());
        }
        refusal.set_value(refused.err());
        move_on(asked);
    });

    let problem = move || {
        asked.track();
        match refusal.get_value() {
            Some(refusal) => Problem::Refused(refusal),
            None => ui.view(|view| Problem::of(&view.session)),
        }
    };
    let logging_in = move || ui.view(|view| view.session == Session::LoggingIn);
    // Before anything was sent from here, a log-in under way is the one of the tab's own token.
    let shows_form = move || asked.get() > 0 || !logging_in();
    let is_wrong = move |part| Callback::new(move |()| problem().concerns(part));

    view! { class = class,
        <p class="resuming" role="status" hidden=shows_form>{t.resuming}</p>
        <form
            class="login"
            method="post"
            novalidate
            hidden=move || !shows_form()
            aria-labelledby="login-title"
            on:submit=submit
        >
            <h2 class="title" id="login-title">{t.title}</h2>
            <Field
                label=t.login
                id="login"
                autocomplete="username"
                value=login
                explained_by=PROBLEM
                wrong=is_wrong(Part::Login)
            />
            <Field
                label=t.password
                id="password"
                kind="password"
                autocomplete="current-password"
                value=password
                explained_by=PROBLEM
                wrong=is_wrong(Part::Password)
            />
            <details class="advanced">
                <summary class="summary">{t.advanced}</summary>
                <Field
                    label=t.server
                    id="server"
                    value=server
                    explained_by=HINT
                    wrong=is_wrong(Part::Server)
                />
                <p class="hint" id=HINT>{t.server_hint}</p>
            </details>
            <p class="problem" id=PROBLEM role="alert">{move || problem().sentence(texts)}</p>
            <Button label=t.submit look=Look::Main submits=true />
            <p class="resuming" role="status" hidden=move || !logging_in()>{t.submitting}</p>
        </form>
    }
}

/// Why nobody is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    /// Nobody tried, or the server is being asked.
    None,
    /// It was not even asked.
    Refused(Refusal),
    /// It was asked in vain, or took the log-in back.
    Failed(LoginProblem),
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Login,
    Password,
    Server,
}

impl Problem {
    fn of(session: &Session) -> Self {
        match session {
            Session::LoggedOut { problem } => problem.clone().map_or(Self::None, Self::Failed),
            Session::LoggingIn | Session::LoggedIn { .. } => Self::None,
        }
    }

    /// What is wrong and what to do; empty when nothing is.
    fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::None => String::new(),
            Self::Refused(refusal) => texts.refusal(refusal).to_owned(),
            Self::Failed(problem) => texts.login_problem(problem).into_owned(),
        }
    }

    /// Whether that part of the form has to be corrected.
    fn concerns(&self, part: Part) -> bool {
        let wrong: &[Part] = match self {
            Self::Refused(Refusal::EmptyLogin) => &[Part::Login],
            Self::Refused(Refusal::EmptyPassword) => &[Part::Password],
            Self::Refused(Refusal::BadServer) => &[Part::Server],
            Self::Failed(LoginProblem::WrongCredentials) => &[Part::Login, Part::Password],
            Self::Failed(LoginProblem::Unreachable | LoginProblem::NotXuc) => &[Part::Server],
            Self::None | Self::Refused(_) | Self::Failed(_) => &[],
        };
        wrong.contains(&part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_to_correct_are_marked() {
        let of = |problem| Problem::of(&Session::LoggedOut { problem: Some(problem) });
        let parts = [Part::Login, Part::Password, Part::Server];
        let marked = |problem: Problem| parts.map(|part| problem.concerns(part));
        assert_eq!(marked(of(LoginProblem::WrongCredentials)), [true, true, false]);
        assert_eq!(marked(of(LoginProblem::Unreachable)), [false, false, true]);
        assert_eq!(marked(of(LoginProblem::Expired)), [false, false, false]);
        assert_eq!(marked(Problem::Refused(Refusal::EmptyPassword)), [false, true, false]);
        assert_eq!(marked(Problem::of(&Session::LoggingIn)), [false, false, false]);
    }
}
