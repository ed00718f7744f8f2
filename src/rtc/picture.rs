//! Where pictures are seen: an element of the page, found by its id.

use std::cell::RefCell;

use web_sys::{HtmlMediaElement, MediaStream};

use super::sink;

/// Pictures in an element of the page. Dropping it empties the element.
pub struct Picture {
    stream: MediaStream,
    id: &'static str,
    element: RefCell<Option<HtmlMediaElement>>,
}

impl Picture {
    /// Shows the stream in the page's element of that id; see [`Self::look_again`] for a page that has none yet.
    pub fn show(stream: &MediaStream, id: &'static str) -> Self {
        let picture = Self { stream: Clone::clone(stream), id, element: RefCell::default() };
        picture.look_again();
        picture
    }

    /// Shows it in the element that the page has now: pages make elements when they are told that there is video, and
    /// make them anew when they change.
    pub fn look_again(&self) {
        let Some(element) = sink::existing(self.id) else { return };
        if element.src_object().as_ref() != Some(&self.stream) {
            // Speech comes another way; and what makes no sound may play before the person has touched the page.
            element.set_muted(true);
            element.set_autoplay(true);
            // Or an iPhone takes the whole screen for it.
            let _ = element.set_attribute("playsinline", "");
            element.set_src_object(Some(&self.stream));
        }
        self.element.replace(Some(element));
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // Another call may be seen in the page's element by now.
        if let Some(element) = &*self.element.borrow()
            && element.src_object().as_ref() == Some(&self.stream)
        {
            element.set_src_object(None);
        }
    }
}
