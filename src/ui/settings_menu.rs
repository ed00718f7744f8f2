//! Devices, language, theme, notifications, shortcuts, the other page, log out.

use stylers_macro::style_sheet;

use super::button::Button;
use super::devices;
use super::focus;
use super::icons::{Icon, icon};
use super::keys_list::KEYS_LIST;
use super::preferences::Theme;
use super::shapes::*;
use super::state::{Ui, move_on};
use super::texts::Language;
use super::words;
use crate::browser::notification;
use crate::phone::api::Command;

/// The id of what the button opens.
const MENU: &str = "settings";
/// The id of the language's field.
const LANGUAGE: &str = "language";

/// A button, and the menu that it opens.
#[component]
pub fn SettingsMenu(
    /// Where the link to the other page leads, and its words.
    other_page: (&'static str, &'static str),
    /// Whether microphone and loudspeaker are chosen here.
    #[prop(optional)]
    devices: bool,
) -> impl IntoView {
    let class = style_sheet!("./style/settings_menu.css");
    let ui = Ui::current();
    let t = ui.texts();

    let chosen = untrack(|| ui.preferences());
    let problem = RwSignal::new(String::new());
    let shown = RwSignal::new(chosen.language.tag().to_owned());
    let choose_language = on(move |event| {
        let language = Language::from_tag(&event_target_value(&event));
        shown.set(language.tag().to_owned());
        words::load(language, move |are_there| match are_there {
            true => speak(ui, language),
            false => {
                problem.set(t.language_not_loaded.to_owned());
                shown.set(chosen.language.tag().to_owned());
            }
        });
    });
    let choose_theme = on(move |event| {
        let theme = Theme::from_name(&event_target_value(&event));
        ui.prefer(|preferences| preferences.theme = theme);
    });
    let choose_notify = on(move |event| {
        let chosen = event_target_checked(&event);
        ui.prefer(|preferences| preferences.notify = chosen);
        problem.set(String::new());
        if chosen {
            notification::ask(Box::new(move |allowed| {
                if !allowed {
                    ui.prefer(|preferences| preferences.notify = false);
                    problem.set(t.notify_refused.to_owned());
                }
            }));
        }
    });
    let theme_name = |theme| match theme {
        Theme::System => t.theme_system,
        Theme::Light => t.theme_light,
        Theme::Dark => t.theme_dark,
    };
    let languages = Language::ALL.map(|language| {
        let is_chosen = language == chosen.language;
        view! { <option value=language.tag() selected=is_chosen>{language.name()}</option> }
    });
    let themes = Theme::ALL.map(|theme| {
        view! { <option value=theme.as_str() selected=theme == chosen.theme>{theme_name(theme)}</option> }
    });
    // Leaving without a log-in is no mistake that the person should read about.
    let log_out = move |()| _ = ui.command(Command::LogOut);

    let opened = RwSignal::new(0);
    let fields = devices.then(|| devices::fields(ui, class, opened));
    let open = on(move |_| move_on(opened));

    view! { class = class,
        <button class="opener" type="button" popovertarget=MENU aria-label=t.settings>{icon(Icon::Settings)}</button>
        <div class="menu" id=MENU popover="auto" role="dialog" aria-label=t.settings on:toggle=open>
            {maybe(fields)}
            <label class="row">
                <span>{t.language}</span>
                <select class="choice" id=LANGUAGE prop:value=move || shown.get() on:change=choose_language>{several(languages)}</select>
            </label>
            <label class="row">
                <span>{t.theme}</span>
                <select class="choice" on:change=choose_theme>{several(themes)}</select>
            </label>
            <label class="row" hidden=!notification::is_possible()>
                <span>{t.notify}</span>
                <input class="box" type="checkbox" prop:checked=move || ui.preferences().notify on:change=choose_notify />
            </label>
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button class="entry" type="button" popovertarget=KEYS_LIST>{t.keys.title}</button>
            <a class="entry" href=other_page.0>{other_page.1}</a>
            <div class="leave" hidden=move || !ui.logged_in.get()>
                <Button label=t.log_out press=log_out />
            </div>
        </div>
    }
}

/// Draws the page anew in that language; the person stays where they were.
fn speak(ui: Ui, language: Language) {
    ui.prefer(|preferences| preferences.language = language);
    next_frame(|| {
        if focus::element(MENU).is_some_and(|menu| menu.show_popover().is_ok()) {
            focus::focus(LANGUAGE);
        }
    });
}
