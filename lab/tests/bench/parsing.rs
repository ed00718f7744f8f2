//! Reading a message.

use serde_json::json;

use crate::report::Report;
use crate::support::browser::Setup;
use crate::support::stage::Stage;
use crate::{Extent, Stack, site};

/// An INVITE of 1.9 KB, as Asterisk sends it.
const INVITE: &str = include_str!("../../../tests/data/sip/invite_from_asterisk.sip");

/// One turn of one stack.
pub async fn turn(stage: &Stage, stack: Stack, extent: &Extent, report: &mut Report) {
    let browser = stage.browser(Setup::default()).await;
    browser.open_address(&format!("{}/bench/phone.html", site::address().await)).await;
    let script = "const { read } = await import('/bench/parse.mjs'); \
                  return read(given.stack, given.text, given.milliseconds)";
    let text = INVITE.replace("\r\n", "\n").replace('\n', "\r\n");
    let given = json!({ "stack": stack.name(), "text": text, "milliseconds": extent.messages });
    report.add("parse", stack, browser.run(script, given).await.json());
    browser.quit().await;
}
