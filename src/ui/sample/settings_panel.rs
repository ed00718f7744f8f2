//! The methods that choose how calls are made from now on, and what is logged.

use super::bench::Bench;
use super::check::Check;
use super::choice::Choice;
use super::method_row::{Action, Asked, MethodRow};
use crate::json::Value;
use crate::phone::api::{Command, Debug, DtmfMethod, IceChoice, IceServer, Level, TransferMethod};
use crate::phone::event::Event;
use crate::sip::masked::masked;
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// The levels of the log, and their names in the API.
const LEVELS: [Level; 4] = [Level::Info, Level::Warn, Level::Error, Level::Fatal];
const LEVEL_NAMES: &[&str] = &["info", "warn", "error", "fatal"];

/// A list of servers as it has to be written.
const EXAMPLE: &str = r#"[{"urls": "stun:host:3478"}]"#;

/// ICE servers, tones, transfers, log.
#[component]
pub fn SettingsPanel() -> impl IntoView {
    let ui = Ui::current();
    let t = ui.sample_texts();
    let servers = RwSignal::new(String::new());
    let set = move || match read_servers(&servers.get_untracked()) {
        Some(servers) => Asked::Command(Command::SetIceServers(IceChoice::These(servers))),
        None => Asked::Refused((t.not_servers)(EXAMPLE)),
    };
    let get = move || Asked::Answer(shown_servers(&ui.ice_servers()));
    let dtmf = |method| move || Command::SetDtmfMethod(method);
    let transfer = |method| move || Command::SetTransferMethod(method);
    view! {
        <MethodRow
            signature="xc_webrtc.setIceUrls(urls) · disableICE() · getIceUrls()"
            actions=vec![
                Action::plain(t.set, set),
                Action::plain(t.no_servers, || Command::SetIceServers(IceChoice::None)),
                Action::plain(t.servers_of_server, || Command::SetIceServers(IceChoice::Server)),
                Action::plain(t.get, get),
            ]
        >
            <Field label=t.ice_servers id="webrtc-ice" value=servers />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setDtmfMethod(method)"
            actions=vec![
                Action::plain("RTP", dtmf(DtmfMethod::Rtp)),
                Action::plain("INFO", dtmf(DtmfMethod::Info)),
            ]
        />
        <MethodRow
            signature="xc_webrtc.setTransferMethod(method)"
            actions=vec![
                Action::plain("CTI", transfer(TransferMethod::Cti)),
                Action::plain("REFER", transfer(TransferMethod::Refer)),
            ]
        />
        <Log />
    }
}

#[component]
fn Log() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let bench = Bench::current();
    let now = bench.debug.get_value();
    let level = RwSignal::new(LEVELS.iter().position(|level| *level == now.level).unwrap_or_default());
    let [events, handlers, messages] =
        [now.events.is_some(), now.handlers, now.messages.is_some()].map(RwSignal::new);
    let set = move || {
        let debug = Debug {
            level: LEVELS.get(level.get_untracked()).copied().unwrap_or_default(),
            events: events.get_untracked().then_some(Event::to_line),
            handlers: handlers.get_untracked(),
            messages: messages.get_untracked().then_some(masked),
        };
        bench.debug.set_value(debug);
        Command::SetDebug(debug)
    };
    view! {
        <MethodRow
            signature="xc_webrtc.setDebug(level, event, handler, message)"
            actions=vec![Action::plain(t.log, set)]
        >
            <Choice label=t.level words=LEVEL_NAMES chosen=level />
            <Check label=t.log_events value=events />
            <Check label=t.log_handlers value=handlers />
            <Check label=t.sip_messages value=messages />
        </MethodRow>
    }
}

/// The servers of a JSON list as pages write it.
fn read_servers(typed: &str) -> Option<Vec<IceServer>> {
    IceServer::list(&typed.parse().ok()?)
}

/// The same list, without what is secret in it.
fn shown_servers(servers: &[IceServer]) -> String {
    Value::from(servers.iter().map(IceServer::to_shown).collect::<Vec<_>>()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_pages_write_them_and_shown_without_secrets() {
        let typed = r#"[{"url": "stun:s"}, {"urls": ["turn:t"], "username": "u", "credential": "c0"}]"#;
        let shown = shown_servers(&read_servers(typed).expect("servers"));
        assert!(shown.contains("stun:s") && shown.contains("turn:t") && !shown.contains("c0"), "{shown}");
        assert_eq!(shown_servers(&[]), "[]");
        for bad in ["", "[", "stun:s", "{}", "[{}]"] {
            assert_eq!(read_servers(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_level_has_its_name() {
        assert_eq!(LEVELS.len(), LEVEL_NAMES.len());
    }
}
