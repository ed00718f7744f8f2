//! The user's line: whether it can be used from the browser, and the SIP identity it gives.
//!
//! Reference: `LineConfig` and `IceConfig` of the CTI protocol, "SIP identity" of the `xc_webrtc` API.

use std::time::Duration;

use crate::cti::message::LineConfig;
use crate::sip::uri::Uri;
use crate::sip::user_agent::{Config, Transport};

use super::api::LineProblem;

/// How long a registration holds unless refreshed; what the original asks for.
const REGISTRATION: Duration = Duration::from_secs(60);

/// The user agent's settings for this line; `name` is the display name, `secure` whether the websocket runs over TLS.
pub(super) fn user_agent_config(line: &LineConfig, name: &str, secure: bool) -> Result<Config, LineProblem> {
    if !line.exists() {
        return Err(LineProblem::None);
    }
    if !line.web_rtc {
        return Err(LineProblem::NotWebRtc);
    }
    let username = line.name.clone().ok_or(LineProblem::None)?;
    let password = line.password.clone().ok_or(LineProblem::NoPassword)?;
    let domain = line.domain().ok_or(LineProblem::None)?;
    let registrar = format!("sip:{}", line.registrar().ok_or(LineProblem::None)?);
    let aor = format!("sip:{username}@{domain}");
    Ok(Config {
        aor: aor.parse::<Uri>().map_err(|_| LineProblem::None)?,
        display_name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        registrar: registrar.parse::<Uri>().map_err(|_| LineProblem::None)?,
        username,
        password,
        user_agent: concat!("xc-webrtc/", env!("CARGO_PKG_VERSION")).to_owned(),
        transport: if secure { Transport::Wss } else { Transport::Ws },
        instance: None,
        expires: REGISTRATION,
    })
}

/// Why this line cannot be used from the browser; `None`: it can.
pub fn problem(line: &LineConfig) -> Option<LineProblem> {
    user_agent_config(line, "", true).err()
}

/// The English words that the event `Failed` carries.
pub(super) fn reason(problem: LineProblem) -> &'static str {
    match problem {
        LineProblem::NotKnownYet => "The line configuration has not arrived yet",
        LineProblem::None => "The user has no line",
        LineProblem::NoPassword => "The line configuration has no password",
        LineProblem::NotWebRtc => "The line is not a WebRTC line",
    }
}
