//! `LineConfig`: the user's SIP account (xuc-cti §6.3).

use super::fields::{Fields, Writer};
use crate::json::Value;
use crate::secret::Secret;

/// The name of the main media server; it is not written into addresses.
const MAIN_SERVER: &str = "default";

/// The user's line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineConfig {
    /// The line's identifier; `-` when the user has no line.
    pub id: Option<String>,
    /// The SIP account: authentication user and user part of the address of record.
    pub name: Option<String>,
    /// The SIP password; absent when the line cannot be used from the browser.
    pub password: Option<Secret>,
    /// The number that others dial. Not documented; taken when it is there.
    pub number: Option<String>,
    /// The address of the telephony server.
    pub xivo_ip: Option<String>,
    /// The SIP domain; other than `default` it also names the media server.
    pub sip_proxy_name: Option<String>,
    /// The port of the registrar.
    pub sip_port: Option<u16>,
    /// The line is made for WebRTC.
    pub web_rtc: bool,
    /// A desk phone hangs on the line.
    pub has_device: bool,
    /// Who made the desk phone.
    pub vendor: Option<String>,
}

impl LineConfig {
    /// The line that a page holds, as the server told it to the page; `None`: that is no line.
    pub fn of_payload(payload: &Value) -> Option<Self> {
        Self::read(payload, &mut Vec::new())
    }

    /// Whether the user has a line at all.
    pub fn exists(&self) -> bool {
        self.id.as_deref() != Some("-")
    }

    /// The media server that holds the line, when it is not the main one: the `X` of `/wssip-X`.
    pub fn media_server(&self) -> Option<&str> {
        self.sip_proxy_name.as_deref().filter(|name| *name != MAIN_SERVER)
    }

    /// The SIP domain. Underscores, which a host name cannot hold, become hyphens (xc_webrtc-api §5.5); without a
    /// proxy name it is the server's address.
    pub fn domain(&self) -> Option<String> {
        let name = self.sip_proxy_name.as_deref().or(self.xivo_ip.as_deref())?;
        Some(name.replace('_', "-"))
    }

    /// Whom REGISTER asks: the domain, with the port when there is one.
    pub fn registrar(&self) -> Option<String> {
        let domain = self.domain()?;
        Some(match self.sip_port {
            Some(port) => format!("{domain}:{port}"),
            None => domain,
        })
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("LineConfig", payload, complaints)?;
        let sip_port = fields
            .value("sipPort")
            .is_some_and(|port| port.as_str() != Some(""))
            .then(|| fields.integer("sipPort"));
        Some(Self {
            id: fields.filled("id"),
            name: fields.filled("name"),
            // Only a string is a password: its digits could have been changed on the way to a number.
            password: fields
                .value("password")
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(Secret::new),
            number: fields.filled("number"),
            xivo_ip: fields.filled("xivoIp"),
            sip_proxy_name: fields.filled("sipProxyName"),
            sip_port: sip_port.flatten().and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0),
            web_rtc: fields.flag("webRtc").unwrap_or(false),
            has_device: fields.flag("hasDevice").unwrap_or(false),
            vendor: fields.filled("vendor"),
        })
    }

    pub(super) fn write(&self) -> Value {
        Writer::default()
            .put_some("id", self.id.as_deref())
            .put_some("name", self.name.as_deref())
            .put_some("password", self.password.as_ref().map(Secret::expose))
            .put_some("number", self.number.as_deref())
            .put_some("xivoIp", self.xivo_ip.as_deref())
            .put_some("sipProxyName", self.sip_proxy_name.as_deref())
            .put_some("sipPort", self.sip_port.map(|port| port.to_string()))
            .put("webRtc", self.web_rtc)
            .put("hasDevice", self.has_device)
            .put_some("vendor", self.vendor.as_deref())
            .done()
    }
}
