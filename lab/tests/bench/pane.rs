//! The events pane of the sample page, while a thousand events come each second.

use serde_json::{Value, json};

use crate::report::Report;
use crate::support::browser::Setup;
use crate::support::stage::Stage;
use crate::{ASTERISK, Extent, Stack};

/// Events in a second; each request that comes makes two, itself and its answer.
const RATE: u32 = 1_000;

/// What a driver waits for at once, in seconds.
const AT_ONCE: u32 = 20;

/// Has SIP messages shown: what comes here is nothing else.
const SHOW_MESSAGES: &str = "const all = [...document.querySelectorAll('label')];
    all.find(label => label.innerText.includes('SIP messages')).click();
    [...document.querySelectorAll('button')].find(button => button.innerText.trim() === 'Log').click()";

/// How many lines the pane says that it has, once it has drawn those that came last.
const LINES: &str = "for (let frame = 0; frame < 8; frame += 1)
        await new Promise(requestAnimationFrame);
    return Number(/\\d+$/.exec(document.querySelector('#webrtc-events p:last-child').innerText)?.[0])";

const MEASURE: &str = include_str!("pages/measure.js");

/// Lets them come.
pub async fn run(stage: &Stage, extent: &Extent, report: &mut Report) {
    let phone = stage.phone_at_login(&ASTERISK, Setup::default()).await;
    let tools = phone.driver().cdp();
    let source = json!({ "source": MEASURE });
    tools.send_raw("Page.enable", json!({})).await.expect("Chromium answers");
    tools.send_raw("Page.addScriptToEvaluateOnNewDocument", source).await.expect("Chromium answers");
    phone.open("/sample").await;
    phone.starts_at_sample_page().await;
    phone.run(SHOW_MESSAGES, json!({})).await;
    let mut frames: Vec<f64> = Vec::new();
    let mut left = extent.events;
    while left > 0 {
        let seconds = left.min(AT_ONCE);
        let script = "return measured.frames(given.each, given.seconds)";
        let told = phone.run(script, json!({ "each": RATE / 2, "seconds": seconds })).await;
        let told = told.json().as_array().cloned().unwrap_or_default();
        frames.extend(told.iter().filter_map(Value::as_f64));
        left -= seconds;
    }
    let lines = phone.run(LINES, json!({})).await.json().as_f64().unwrap_or_default();
    let expected = f64::from(RATE * extent.events);
    // A frame that nothing is drawn in is always in time. A few at the end of each part may still be on their way.
    assert!(lines > 0.98 * expected, "{lines} lines of {expected} are in the pane");
    frames.sort_by(f64::total_cmp);
    let at = |share: f64| frames[((frames.len() - 1) as f64 * share) as usize];
    report.add("pane-frame-95", Stack::Ours, &json!(at(0.95)));
    report.add("pane-frame-median", Stack::Ours, &json!(at(0.5)));
    phone.quit().await;
}
