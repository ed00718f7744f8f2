//! The calls there are, with all that the phone knows of each.

use stylers_macro::style_sheet;

use crate::phone::api::Command;
use crate::phone::call::{Call, CallKey, Hold};
use crate::ui::announce::who;
use crate::ui::button::Button;
use crate::ui::shapes::*;
use crate::ui::state::{Ui, screen_order};

/// One line of words for each call, ended ones until they are taken away.
#[component]
pub fn CallsPanel() -> impl IntoView {
    let class = style_sheet!("./style/calls_panel.css");
    let ui = Ui::current();
    let texts = ui.texts();
    let t = ui.sample_texts();
    let keys = move || ui.view(|view| screen_order(&view.calls).map(|call| call.key.0.into()).collect());
    let draw = move |key: u64| {
        // Keys of calls are 32 bits wide.
        let key = CallKey(key as u32);
        let name = move || ui.call(key, |call| who(&call.party, texts));
        // Where there is no name, the number stands in its place.
        let number = move || ui.call(key, |call| call.party.name.as_ref().map(|_| call.party.number.clone()));
        let state = move || ui.call(key, |call| texts.call_state(&call.state).to_owned());
        let id = ui.view_now(|view| {
            view.calls
                .iter()
                .find(|call| call.key == key)
                .map(|call| call.sip_call_id.clone())
                .unwrap_or_default()
        });
        let goes_on = move || ui.call(key, |call| call.state.is_live());
        // A call that goes on has no such button; one that is gone has no card.
        let dismiss = move |()| _ = ui.command(Command::Dismiss(key));
        view! { class = class,
            <div class="call">
                <p class="who"><b class="name">{move || name()}</b> " "
                    {move || number().unwrap_or_default()} " " <span class="state">{move || state()}</span></p>
                <p class="id">{id}</p>
                <p class="facts">{move || ui.call(key, |call| facts(call).join(" · "))}</p>
                <div class="dismiss" hidden=goes_on><Button label=t.dismiss press=dismiss /></div>
            </div>
        }
        .into_any()
    };
    view! { class = class,
        <div class="calls">{keyed(keys, draw)}</div>
        <p class="none" hidden=move || ui.view(|view| !view.calls.is_empty())>{t.no_calls}</p>
    }
}

/// What is not as at the beginning of a call, by the names of the API.
fn facts(call: &Call) -> Vec<String> {
    let hold = match call.hold {
        Hold::Active => None,
        Hold::Holding => Some("holding"),
        Hold::Held => Some("held"),
        Hold::Resuming => Some("resuming"),
    };
    let flags = [
        (call.held_by_peer, "heldByPeer"),
        (call.muted, "muted"),
        (call.in_conference, "inConference"),
        (call.video.sending, "video: sending"),
        (call.video.receiving, "video: receiving"),
        (call.video.offered, "video: offered"),
    ];
    let mut facts: Vec<String> = hold.into_iter().map(str::to_owned).collect();
    facts.extend(flags.into_iter().filter(|(is_so, _)| *is_so).map(|(_, name)| name.to_owned()));
    if let Some(transfer) = &call.transfer {
        facts.push(format!("transfer: {:?} {}", transfer.step, transfer.destination));
    }
    if call.consults_for.is_some() {
        facts.push("consultation".to_owned());
    }
    facts.extend(call.queue.iter().map(|queue| format!("queue: {queue}")));
    facts.extend(call.attached.iter().map(|(name, value)| format!("{name}: {value}")));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::call::{CallState, Direction, Party, Transfer, TransferStep};

    #[test]
    fn only_what_is_special_is_told() {
        let mut call =
            Call::new(CallKey(1), "id".into(), Direction::Incoming, Party::default(), CallState::Offered);
        assert_eq!(facts(&call), Vec::<String>::new());
        call.hold = Hold::Held;
        call.muted = true;
        call.video.receiving = true;
        call.transfer = Some(Transfer { destination: "1003".into(), step: TransferStep::Consulting });
        call.attached = vec![("ticket".into(), "<b>".into())];
        let told = ["held", "muted", "video: receiving", "transfer: Consulting 1003", "ticket: <b>"];
        assert_eq!(facts(&call), told);
    }
}
