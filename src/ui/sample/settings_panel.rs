//! The methods that choose how calls are made from now on, and what is logged.

use super::bench::{Bench, LEVELS, Logged};
use super::check::Check;
use super::choice::Choice;
use super::method_call::MethodCall;
use super::method_row::{Action, MethodRow};
use crate::json::Value;
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// A list of servers as it has to be written.
const EXAMPLE: &str = r#"[{"urls": "stun:host:3478"}]"#;

/// ICE servers, tones, transfers, log.
#[component]
pub fn SettingsPanel() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let servers = RwSignal::new(String::new());
    let set = move || {
        let method = MethodCall::xc_webrtc("setIceUrls");
        match servers.get_untracked().parse() {
            Ok(servers @ Value::Array(_)) => method.with(servers),
            _ => method.refused(|| (t.not_servers)(EXAMPLE)),
        }
    };
    let plain = |method| move || MethodCall::xc_webrtc(method);
    let switch = |method, on: bool| move || MethodCall::xc_webrtc(method).with(on);
    view! {
        <MethodRow
            signature="xc_webrtc.setIceUrls([urls]) · disableICE() · getIceUrls()"
            actions=vec![
                Action::plain(t.set, set),
                Action::plain(t.no_servers, plain("disableICE")),
                Action::plain(t.servers_of_server, plain("setIceUrls")),
                Action::plain(t.get, plain("getIceUrls")),
            ]
        >
            <Field label=t.ice_servers id="webrtc-ice" value=servers />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setDtmfByInfo(on)"
            actions=vec![
                Action::plain("RTP", switch("setDtmfByInfo", false)),
                Action::plain("INFO", switch("setDtmfByInfo", true)),
            ]
        />
        <MethodRow
            signature="xc_webrtc.setTransferByRefer(on)"
            actions=vec![
                Action::plain("CTI", switch("setTransferByRefer", false)),
                Action::plain("REFER", switch("setTransferByRefer", true)),
            ]
        />
        <Log />
    }
}

#[component]
fn Log() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let bench = Bench::current();
    let now = bench.logged.get_value();
    let level = RwSignal::new(now.level);
    let [events, handlers, messages] = [now.events, now.handlers, now.messages].map(RwSignal::new);
    let set = move || {
        bench.apply(Logged {
            level: level.get_untracked(),
            events: events.get_untracked(),
            handlers: handlers.get_untracked(),
            messages: messages.get_untracked(),
        })
    };
    view! {
        <MethodRow
            signature="xc_webrtc.setDebug(level, event, handler) · setSipHandler(handler)"
            actions=vec![Action::plain(t.log, set)]
        >
            <Choice label=t.level words=LEVELS chosen=level />
            <Check label=t.log_events value=events />
            <Check label=t.log_handlers value=handlers />
            <Check label=t.sip_messages value=messages />
        </MethodRow>
    }
}
