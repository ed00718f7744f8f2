//! The page that the phone runs in.

use web_sys::Element;

use super::listener::Listener;
use super::window;

const HREF: &str = "href";

/// Where the page came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOrigin {
    /// Served over TLS.
    pub secure: bool,
    /// `host` or `host:port`, as in the address bar.
    pub host: String,
}

/// Where this page came from.
pub fn origin() -> PageOrigin {
    let location = window().location();
    PageOrigin {
        secure: location.protocol().is_ok_and(|protocol| protocol == "https:"),
        host: location.host().unwrap_or_default(),
    }
}

/// Whether the address of this page has that word among its options, as in `?relay` or `?other&relay`.
pub fn has_option(name: &str) -> bool {
    let search = window().location().search().unwrap_or_default();
    search.trim_start_matches('?').split('&').any(|option| option == name)
}

/// Calls `callback` when the page goes away: closed, left or loaded again. What is sent then may still arrive.
pub fn when_left(mut callback: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "pagehide", move |_| callback())
}

/// The title in the tab.
pub fn title() -> String {
    window().document().map(|document| document.title()).unwrap_or_default()
}

/// Changes the title in the tab.
pub fn set_title(title: &str) {
    if let Some(document) = window().document() {
        document.set_title(title);
    }
}

/// Another icon in the tab than the page's own. Dropping it brings that back.
#[must_use = "the page's own icon is back when this is dropped"]
pub struct TabIcon {
    link: Element,
    own: String,
}

impl TabIcon {
    /// Shows the picture at that address.
    pub fn show(address: &str) -> Option<Self> {
        let link = window().document()?.query_selector("link[rel=icon]").ok()??;
        let own = link.get_attribute(HREF)?;
        link.set_attribute(HREF, address).ok()?;
        Some(Self { link, own })
    }
}

impl Drop for TabIcon {
    fn drop(&mut self) {
        // It was taken before.
        let _ = self.link.set_attribute(HREF, &self.own);
    }
}

/// The language that the person set in the browser, as a BCP 47 tag such as `fr-FR`; empty when it does not tell.
pub fn language() -> String {
    window().navigator().language().unwrap_or_default()
}

/// What the page says about itself under that name, in a `<meta>`; empty when it says nothing.
pub fn meta(name: &str) -> String {
    let element = window()
        .document()
        .and_then(|document| document.query_selector(&["meta[name=", name, "]"].concat()).ok()?);
    element.and_then(|element| element.get_attribute("content")).unwrap_or_default()
}

/// Whether the browser gives this page what it keeps for pages served over TLS, the microphone above all. `localhost`
/// counts as such.
pub fn is_secure_context() -> bool {
    window().is_secure_context()
}

/// Whether the person can see the page now.
pub fn is_visible() -> bool {
    window().document().is_some_and(|document| !document.hidden())
}
