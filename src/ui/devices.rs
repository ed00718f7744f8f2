//! Which microphone and loudspeaker calls use: chosen in the settings, and remembered by this browser.

use super::shapes::*;
use super::state::Ui;
use crate::browser::{spawn, storage};
use crate::rtc::devices::{self, Listed};

/// What can be chosen: where it is remembered.
const MICROPHONE: &str = "xc.microphone";
const SPEAKER: &str = "xc.speaker";
/// Between the name of a device for programs and that for people, where both are kept. No name has one.
const BETWEEN: char = '\t';
/// What browsers list besides the devices: those that the system prefers, which is what no choice means.
const OF_THE_SYSTEM: [&str; 3] = ["", "default", "communications"];

/// Has calls use what was chosen in this browser before.
pub fn use_remembered(ui: Ui) {
    for place in [MICROPHONE, SPEAKER] {
        if let Some(device) = storage::local_get(place) {
            employ(ui, place, &device);
        }
    }
}

fn employ(ui: Ui, place: &str, device: &str) {
    let (id, _) = device.split_once(BETWEEN).unwrap_or_default();
    ui.use_device(place == SPEAKER, id);
}

/// The two fields, in the class of the menu that they stand in. What there is to choose is listed anew when `opened`
/// moves on.
pub fn fields(ui: Ui, class: &'static str, opened: RwSignal<u32>) -> AnyView {
    let t = ui.texts();
    let fields = [(MICROPHONE, t.microphone), (SPEAKER, t.speaker)];
    several(fields.map(|(place, label)| {
        // A line for each device.
        let there = RwSignal::new(String::new());
        watch(move || {
            opened.track();
            spawn(async move {
                let listed = if place == SPEAKER { Listed::Speakers } else { Listed::Microphones };
                let mut lines = String::new();
                for device in
                    devices::list(listed).await.iter().filter(|device| !OF_THE_SYSTEM.contains(&&*device.id))
                {
                    for part in [&device.id, "\t", &device.label, "\n"] {
                        lines.push_str(part);
                    }
                }
                // Gone with the menu, when the page was drawn anew meanwhile.
                let _ = there.try_set(lines);
            });
        });
        let options = move || {
            let chosen = storage::local_get(place).unwrap_or_default();
            let there = there.get();
            let mut lines: Vec<&str> = there.lines().collect();
            if !chosen.is_empty() && !lines.contains(&&*chosen) {
                lines.push(&chosen);
            }
            let option = |line: &str| {
                let name = match line.split_once(BETWEEN) {
                    None => t.by_system.to_owned(),
                    Some((_, label)) if there.contains(line) => label.to_owned(),
                    Some((_, label)) => t.not_there.with(&[label]),
                };
                view! { <option value=line.to_owned() selected=line == chosen>{name}</option> }
            };
            several([""].into_iter().chain(lines).map(option))
        };
        let choose = on(move |event| {
            let device = event_target_value(&event);
            storage::local_set(place, &device);
            employ(ui, place, &device);
        });
        view! { class = class,
            <label class="row">
                <span>{label}</span>
                <select class="choice" on:change=choose>{options}</select>
            </label>
        }
    }))
}
