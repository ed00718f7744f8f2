//! The pictures of a call.

use stylers_macro::style_sheet;

use super::shapes::*;
use super::state::Ui;

/// The remote picture, and one's own mirrored in its corner. Both wait, hidden, for a call with video.
#[component]
pub fn Video() -> impl IntoView {
    let class = style_sheet!("./style/video.css");
    let t = &Ui::current().texts().call;
    view! { class = class,
        <div class="stage" hidden>
            <video class="remote" id="video-remote" autoplay playsinline aria-label=t.their_picture></video>
            // Muted by property as well: the attribute of an element made by script does not mute.
            <video
                class="local"
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
