//! What this browser remembers of a person's taste: language, theme, shortcuts, notifications. Nothing secret.

use leptos::prelude::document;

use super::texts::Language;
use crate::browser::{notification, page, storage};

/// What a person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// The language of the page.
    pub language: Language,
    /// Its colours.
    pub theme: Theme,
    /// Whether keys do anything outside of fields.
    pub shortcuts: bool,
    /// Whether the system tells of a call that rings while the page is hidden.
    pub notify: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    Light,
    Dark,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in storage and in `<html data-theme>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name; the system's for any other.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name).unwrap_or(Self::System)
    }
}

const ON: &str = "on";
const OFF: &str = "off";
const LANGUAGE: &str = "xc.language";
const THEME: &str = "xc.theme";
const SHORTCUTS: &str = "xc.shortcuts";
const NOTIFY: &str = "xc.notify";

/// Reads what was remembered. Where nothing was, the language is the browser's.
pub fn load() -> Preferences {
    Preferences {
        language: Language::from_tag(&storage::local_get(LANGUAGE).unwrap_or_else(page::language)),
        theme: Theme::from_name(&storage::local_get(THEME).unwrap_or_default()),
        shortcuts: storage::local_get(SHORTCUTS).is_none_or(|kept| kept != OFF),
        notify: notification::is_allowed() && storage::local_get(NOTIFY).is_some_and(|kept| kept == ON),
    }
}

/// Remembers them.
pub fn save(preferences: &Preferences) {
    storage::local_set(LANGUAGE, preferences.language.tag());
    storage::local_set(THEME, preferences.theme.as_str());
    for (key, on) in [(SHORTCUTS, preferences.shortcuts), (NOTIFY, preferences.notify)] {
        storage::local_set(key, if on { ON } else { OFF });
    }
}

/// Tells the document: the style sheets and screen readers look there.
pub fn apply(preferences: &Preferences) {
    if let Some(root) = document().document_element() {
        // Neither attribute has a reason to be refused; a page without them still works.
        let _ = root.set_attribute("lang", preferences.language.tag());
        let _ = root.set_attribute("data-theme", preferences.theme.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_found_by_its_name() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_name(theme.as_str()), theme);
        }
        assert_eq!(Theme::from_name("solarized"), Theme::System);
    }
}
