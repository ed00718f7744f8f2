//! The pictures on buttons: one path each, drawn in the colour of the text.

use super::shapes::*;

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Phone,
    HangUp,
    Microphone,
    Pause,
    Keypad,
    Transfer,
    Camera,
    NoCamera,
    FullScreen,
    InPicture,
    Join,
    Settings,
    Person,
    Erase,
}

impl Icon {
    /// Its path on a field of 24 × 24.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Phone => {
                "M5.5 4h3.7l1.9 4.7-2.6 1.8a11 11 0 0 0 5 5l1.8-2.6 4.7 1.9v3.7a1.5 1.5 0 0 1-1.5 1.5A15.5 15.5 0 0 1 4 5.5 1.5 1.5 0 0 1 5.5 4z"
            }
            Self::HangUp => "M3 13.5c5-5 13-5 18 0l-2.4 3.2-4.1-1.6v-2.5a10.5 10.5 0 0 0-5 0v2.5l-4.1 1.6z",
            Self::Microphone => {
                "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21"
            }
            Self::Pause => "M9 5v14M15 5v14",
            Self::Keypad => {
                "M5.5 3.5h1v1h-1zm6 0h1v1h-1zm6 0h1v1h-1zm-12 5.5h1v1h-1zm6 0h1v1h-1zm6 0h1v1h-1zm-12 5.5h1v1h-1zm6 0h1v1h-1zm6 0h1v1h-1zm-6 5.5h1v1h-1z"
            }
            Self::Transfer => "M4 12h14M13 7l5 5-5 5",
            Self::Camera => {
                "M5 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM15 10.5l6-3v9l-6-3"
            }
            Self::NoCamera => {
                "M9 6h4a2 2 0 0 1 2 2v4M15 16a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 1-1.7M15 10.5l6-3v9l-3-1.5M3 3l18 18"
            }
            Self::FullScreen => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::InPicture => "M3 5h18v14H3zM12 12h6v4h-6z",
            Self::Join => {
                "M11 9a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM19 10a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 0 1 4.8 0zM3 19a5 5 0 0 1 10 0M15 15a5 5 0 0 1 6 4"
            }
            Self::Settings => {
                "M4 7h10M18 7h2M4 17h2M10 17h10M18 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM10 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0z"
            }
            Self::Person => "M15.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM5 20a7 7 0 0 1 14 0",
            Self::Erase => "M9 6h11v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5",
        }
    }
}

/// Draws it. What it means is said by the text beside it or by the button's label.
pub fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
    .into_any()
}
