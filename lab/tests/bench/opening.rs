//! The agent page, from its address to calls: nothing in the cache, a processor of a quarter of the speed.

use serde_json::{Value, json};

use crate::report::Report;
use crate::support::browser::Setup;
use crate::support::phone::READY;
use crate::support::stage::Stage;
use crate::{ASTERISK, Stack};

/// How many times slower the processor is.
const SLOWER: u32 = 4;

/// Notes when the log-in form can be used, before anything of the page runs.
const WATCH: &str = "new MutationObserver((_, observer) => {
  if (document.querySelector('input[type=password]:enabled')) {
    window.formUsable = performance.now();
    observer.disconnect();
  }
}).observe(document, { childList: true, subtree: true })";

/// One turn.
pub async fn turn(stage: &Stage, report: &mut Report) {
    let phone = stage.phone_at_login(&ASTERISK, Setup::default()).await;
    let tools = phone.driver().cdp();
    let tell =
        async |command: &str, what: Value| tools.send_raw(command, what).await.expect("Chromium answers");
    tell("Network.enable", json!({})).await;
    tell("Network.clearBrowserCache", json!({})).await;
    tell("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
    tell("Page.enable", json!({})).await;
    tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
    phone.reload().await;
    phone.sees("Log in").await;
    let script = "const [program] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm'));
                  return { form: formUsable, program: program.responseEnd }";
    let opened = phone.run(script, Value::Null).await;
    let opened = opened.json();
    report.add("open-program", Stack::Ours, &opened["program"]);
    report.add("open-form", Stack::Ours, &opened["form"]);

    phone.fill("Login", &phone.person.login).await;
    phone.fill("Password", &phone.person.password).await;
    let script = "const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Log in'));
                  const begun = performance.now();
                  button.click();
                  return new Promise(there => {
                    const observer = new MutationObserver(() => {
                      if (document.body.textContent.includes(given)) {
                        observer.disconnect();
                        there(performance.now() - begun);
                      }
                    });
                    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
                  });";
    let ready = phone.run(script, json!(READY)).await;
    report.add("login-registered", Stack::Ours, ready.json());
    phone.quit().await;
}
