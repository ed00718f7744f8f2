//! The pictures of a call.

use stylers_macro::style_sheet;

use super::possible;
use super::shapes::*;
use super::state::Ui;

/// The remote picture, and one's own mirrored in its corner. Hidden while the call in front has none.
#[component]
pub fn Video() -> impl IntoView {
    let class = style_sheet!("./style/video.css");
    let ui = Ui::current();
    let t = &ui.texts().call;
    let is_seen = move || ui.view(|view| possible::seen(&view.calls).is_some());
    let own = move || ui.view(|view| possible::seen(&view.calls).is_some_and(|call| call.video.sending));
    // The page was drawn anew, in another language, while the pictures of a call were shown.
    next_frame(move || ui.look_for_elements());
    view! { class = class,
        <div class="stage" hidden=move || !is_seen()>
            <video class="remote" id="video-remote" autoplay playsinline aria-label=t.their_picture></video>
            // Muted by property as well: the attribute of an element made by script does not mute.
            <video
                class="local"
                hidden=move || !own()
                id="video-local"
                autoplay
                playsinline
                muted
                prop:muted=move || true
                aria-label=t.own_picture
            ></video>
        </div>
    }
}
