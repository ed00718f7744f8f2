//! The methods of `Cti`: what the CTI server carries out.

use super::method_call::MethodCall;
use super::method_row::{Action, MethodRow};
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// What tells how a call of the CTI side goes.
const DIALLED: &[&str] = &["EventDialing", "EventEstablished", "EventReleased", "EventFailure", "Error"];

/// What tells that the user's settings are others now.
const CONFIGURED: &[&str] = &["UserConfigUpdate", "Error"];

/// Calls, transfers, data, lines and lists, services, hints, and any other command.
#[component]
pub fn PhonePanel() -> impl IntoView {
    view! {
        <Calls />
        <Transfers />
        <Data />
        <Settings />
        <Services />
        <Hints />
        <Others />
    }
}

/// A field's text.
fn text() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// A method without arguments.
fn plain(method: &'static str) -> impl Fn() -> MethodCall + Send + Sync + 'static {
    move || MethodCall::cti(method)
}

#[component]
fn Calls() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [destination, variables, unique_id, key] = [(); 4].map(|()| text());
    let dial = move |method, argument| {
        move || {
            MethodCall::cti(method).required(argument, &destination.get_untracked(), t).object(
                "variables",
                &variables.get_untracked(),
                t,
            )
        }
    };
    let of_call = move |method| move || MethodCall::cti(method).optional(&unique_id.get_untracked());
    let send = move || MethodCall::cti("sendDtmf").required("key", &key.get_untracked(), t);
    view! {
        <MethodRow
            signature="Cti.dial(destination, [variables]) · dialFromMobile(…) · dialByUsername(username, [variables])"
            actions=vec![
                Action::main(t.dial, dial("dial", "destination")).until(DIALLED),
                Action::plain(t.dial_from_mobile, dial("dialFromMobile", "destination")).until(DIALLED),
                Action::plain(t.dial_by_name, dial("dialByUsername", "username")).until(DIALLED),
            ]
        >
            <Field label=t.destination id="cti-destination" value=destination />
            <Field label=t.variables id="cti-variables" value=variables />
        </MethodRow>
        <MethodRow
            signature="Cti.answer([uniqueId]) · hangup(…) · hold(…) · toggleMicrophone(…)"
            actions=vec![
                Action::plain(t.answer, of_call("answer")).until(&["EventEstablished", "Error"]),
                Action::plain(t.hang_up, of_call("hangup")).until(&["EventReleased", "Error"]),
                Action::plain(t.toggle_hold, of_call("hold")).until(&["EventOnHold", "EventEstablished", "Error"]),
                Action::plain(t.toggle, of_call("toggleMicrophone")).until(&["WebRTCCmd", "Error"]),
            ]
        >
            <Field label=t.unique_id id="cti-unique-id" value=unique_id />
        </MethodRow>
        <MethodRow
            signature="Cti.sendDtmf(key)"
            actions=vec![Action::plain(t.send, send).until(&["WebRTCCmd", "Error"])]
        >
            <Field label=t.key id="cti-key" value=key />
        </MethodRow>
        <MethodRow
            signature="Cti.getCurrentCallsPhoneEvents()"
            actions=vec![
                Action::plain(t.ask, plain("getCurrentCallsPhoneEvents"))
                    .until(&["CurrentCallsPhoneEvents", "Error"]),
            ]
        />
    }
}

#[component]
fn Transfers() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [destination, device] = [(); 2].map(|()| text());
    let to = move |method| {
        move || MethodCall::cti(method).required("destination", &destination.get_untracked(), t)
    };
    let attended = move || to("attendedTransfer")().optional(&device.get_untracked());
    const MOVED: &[&str] = &["EventReleased", "Error"];
    view! {
        <MethodRow
            signature="Cti.directTransfer(destination) · attendedTransfer(destination, [device]) · completeTransfer() · cancelTransfer()"
            actions=vec![
                Action::plain(t.transfer, to("directTransfer")).until(MOVED),
                Action::plain(t.consult, attended).until(DIALLED),
                Action::plain(t.complete, plain("completeTransfer")).until(MOVED),
                Action::plain(t.cancel, plain("cancelTransfer")).until(MOVED),
            ]
        >
            <Field label=t.transfer_to id="cti-transfer" value=destination />
            <Field label=t.device id="cti-device" value=device />
        </MethodRow>
        <MethodRow
            signature="Cti.conference()"
            actions=vec![Action::plain(t.conference, plain("conference")).until(&["Error"])]
        />
    }
}

#[component]
fn Data() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [variables, term] = [(); 2].map(|()| text());
    let set = move || match variables.get_untracked() {
        empty if empty.trim().is_empty() => MethodCall::cti("setData").required("variables", "", t),
        typed => MethodCall::cti("setData").object("variables", &typed, t),
    };
    let search = move || MethodCall::cti("searchContacts").required("term", &term.get_untracked(), t);
    view! {
        <MethodRow
            signature="Cti.setData(variables)"
            actions=vec![Action::plain(t.set, set).until(&["EventEstablished", "Error"])]
        >
            <Field label=t.variables id="cti-data" value=variables />
        </MethodRow>
        <MethodRow
            signature="Cti.searchContacts(term)"
            actions=vec![Action::plain(t.search, search).until(&["ContactSheet", "DirectoryResult", "Error"])]
        >
            <Field label=t.term id="cti-term" value=term />
        </MethodRow>
    }
}

#[component]
fn Settings() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let object_type = RwSignal::new("line".to_owned());
    let list = RwSignal::new("queue".to_owned());
    let of = move |method, kind: RwSignal<String>| {
        move || MethodCall::cti(method).required("objectType", &kind.get_untracked(), t)
    };
    view! {
        <MethodRow
            signature="Cti.getConfig(objectType)"
            actions=vec![Action::plain(t.ask, of("getConfig", object_type)).until(&["LineConfig", "Error"])]
        >
            <Field label=t.object_type id="cti-config" value=object_type />
        </MethodRow>
        <MethodRow
            signature="Cti.getIceConfig()"
            actions=vec![Action::plain(t.ask, plain("getIceConfig")).until(&["IceConfig", "Error"])]
        />
        <MethodRow
            signature="Cti.getList(objectType)"
            actions=vec![
                Action::plain(t.ask, of("getList", list))
                    .until(&["QueueList", "AgentList", "QueueMemberList", "MeetmeList", "ConferenceList", "Error"]),
            ]
        >
            <Field label=t.object_type id="cti-list" value=list />
        </MethodRow>
    }
}

#[component]
fn Services() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [destination, device] = [(); 2].map(|()| text());
    let dnd = move |on: bool| move || MethodCall::cti("dnd").with(on);
    let forward = move |method| {
        move || MethodCall::cti(method).required("destination", &destination.get_untracked(), t).with(true)
    };
    let toggle = move || {
        MethodCall::cti("toggleUniqueAccountDevice").required("deviceType", &device.get_untracked(), t)
    };
    view! {
        <MethodRow
            signature="Cti.dnd(state)"
            actions=vec![
                Action::plain(t.on, dnd(true)).until(CONFIGURED),
                Action::plain(t.off, dnd(false)).until(CONFIGURED),
            ]
        />
        <MethodRow
            signature="Cti.naFwd(destination, true) · uncFwd(…) · busyFwd(…)"
            actions=vec![
                Action::plain(t.not_answered, forward("naFwd")).until(CONFIGURED),
                Action::plain(t.always, forward("uncFwd")).until(CONFIGURED),
                Action::plain(t.busy, forward("busyFwd")).until(CONFIGURED),
            ]
        >
            <Field label=t.destination id="cti-forward" value=destination />
        </MethodRow>
        <MethodRow
            signature="Cti.toggleUniqueAccountDevice(deviceType) · unregisterMobileApp()"
            actions=vec![
                Action::plain(t.set, toggle).until(&["LineConfig", "Error"]),
                Action::plain(t.unregister, plain("unregisterMobileApp")).until(CONFIGURED),
            ]
        >
            <Field label=t.device id="cti-device-type" value=device />
        </MethodRow>
    }
}

#[component]
fn Hints() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let numbers = text();
    let subscribe =
        move || MethodCall::cti("subscribeToPhoneHints").list("phoneNumbers", &numbers.get_untracked(), t);
    view! {
        <MethodRow
            signature="Cti.subscribeToPhoneHints(phoneNumbers) · unsubscribeFromAllPhoneHints()"
            actions=vec![
                Action::plain(t.subscribe, subscribe).until(&["PhoneHintStatusEvent", "Error"]),
                Action::plain(t.unsubscribe, plain("unsubscribeFromAllPhoneHints")),
            ]
        >
            <Field label=t.numbers id="cti-numbers" value=numbers />
        </MethodRow>
    }
}

#[component]
fn Others() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let command = text();
    let send = move || match command.get_untracked() {
        empty if empty.trim().is_empty() => MethodCall::cti("sendCallback").required("command", "", t),
        typed => MethodCall::cti("sendCallback").object(t.command, &typed, t),
    };
    view! {
        <MethodRow signature="Cti.sendCallback(command)" actions=vec![Action::plain(t.send, send)]>
            <Field label=t.command id="cti-command" value=command />
        </MethodRow>
    }
}
