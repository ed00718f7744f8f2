//! The pictures of a call, and what can be done with them.

use stylers_macro::style_sheet;

use super::icons::{Icon, icon};
use super::possible;
use super::shapes::*;
use super::state::Ui;
use super::{call_acts, focus};
use crate::browser::screen::{self, FULL_SCREEN, IN_PICTURE};
use crate::phone::api::Command;

/// The ids of the whole, and of the other side's picture.
const STAGE: &str = "pictures";
const REMOTE: &str = "video-remote";

/// The remote picture, and one's own mirrored in a corner. Hidden while the call in front has none.
#[component]
pub fn Video() -> impl IntoView {
    let class = style_sheet!("./style/video.css");
    let ui = Ui::current();
    let t = &ui.texts().call;
    let is_seen = move || ui.view(|view| possible::seen(&view.calls).is_some());
    let own = move || ui.view(|view| possible::seen(&view.calls).is_some_and(|call| call.video.sending));
    let corner = RwSignal::new(0);
    let ways = [(FULL_SCREEN, STAGE), (IN_PICTURE, REMOTE)];
    let way_changed = RwSignal::new(());
    keep(Box::new(screen::on_change(move || way_changed.set(()))));

    let tools = [
        (t.camera, Icon::Camera),
        (t.end_video, Icon::NoCamera),
        (t.full_screen, Icon::FullScreen),
        (t.in_picture, Icon::InPicture),
    ];
    let is_possible = move |tool: usize| tool < 2 || ways[tool - 2].0.is_possible();
    let pressed = move |tool: usize| match tool {
        0 => Some(own()),
        1 => None,
        _ => {
            way_changed.track();
            Some(ways[tool - 2].0.is_on())
        }
    };
    let use_tool = move |tool: usize| {
        let Some(key) = ui.view_now(|view| possible::seen(&view.calls).map(|call| call.key)) else { return };
        match tool {
            0 => call_acts::switch_camera(ui, key),
            1 => ui.ask_of_call(Command::SetVideo { call: Some(key), on: false }),
            _ => switch(ways[tool - 2]),
        }
    };
    let tools = (0..tools.len()).filter(|tool| is_possible(*tool)).map(move |tool| {
        let (name, picture) = tools[tool];
        let state = move || pressed(tool).map(|pressed| if pressed { "true" } else { "false" });
        view! { class = class,
            <button class="tool" type="button" aria-label=name title=name aria-pressed=state on:click=on(move |_| use_tool(tool))>
                {icon(picture)}
            </button>
        }
    });
    let move_own = on(move |_| corner.update(|corner| *corner += 1));
    // The page was drawn anew, in another language, while the pictures of a call were shown.
    next_frame(move || ui.look_for_elements());
    // A screen or window without pictures is in the way.
    watch(move || {
        if !is_seen() {
            ways.into_iter().filter(|(way, _)| way.is_on()).for_each(switch);
        }
    });
    view! { class = class,
        <div class="stage" id=STAGE hidden=move || !is_seen()>
            <video class="remote" id=REMOTE autoplay playsinline aria-label=t.their_picture></video>
            <button
                class="own"
                type="button"
                aria-label=t.own_picture
                title=t.own_picture
                data-corner=move || ["0", "1", "2", "3"][corner.get() % 4]
                hidden=move || !own()
                on:click=move_own
            >
                // Muted by property as well: the attribute of an element made by script does not mute.
                <video class="local" id="video-local" autoplay playsinline muted prop:muted=move || true></video>
            </button>
            <div class="tools">{several(tools)}</div>
        </div>
    }
}

/// Brings the element of that id out that way, or back.
fn switch((way, id): (screen::Way, &str)) {
    if let Some(element) = focus::element(id) {
        way.switch(&element);
    }
}
