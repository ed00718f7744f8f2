//! One HTTP request and its answer.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

use super::clock::{self, Alarm};
use super::promise::settled;
use super::{error_text, window};

/// A longer answer is not read.
const LONGEST_ANSWER: u32 = 1024 * 1024;

/// Why there is no answer: the server is away, its name is unknown, its certificate is not trusted, the browser forbids
/// the request, or it took too long. The browser does not tell these apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    /// The browser's words, or ours.
    pub reason: String,
}

/// Sends a request and waits for the whole answer: its status and its body. `timeout` is for both together.
///
/// Dropping the future abandons the request.
pub async fn send(
    method: &str,
    url: &str,
    headers: &[(&'static str, String)],
    body: Option<&str>,
    timeout: Duration,
) -> Result<(u16, String), NoAnswer> {
    let request = Request::new(timeout).map_err(|thrown| no_answer(&thrown))?;
    let answer = request.send(method, url, headers, body).await;
    answer.map_err(|thrown| match request.timed_out.get() {
        true => NoAnswer { reason: format!("no answer within {} s", timeout.as_secs()) },
        false => no_answer(&thrown),
    })
}

fn no_answer(thrown: &JsValue) -> NoAnswer {
    NoAnswer { reason: error_text(thrown) }
}

/// A request under way, abandoned when dropped.
struct Request {
    controller: AbortController,
    timed_out: Rc<Cell<bool>>,
    _alarm: Alarm,
}

impl Request {
    fn new(timeout: Duration) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let timed_out = Rc::new(Cell::new(false));
        let alarm = Alarm::new({
            let (controller, timed_out) = (controller.clone(), timed_out.clone());
            move || {
                timed_out.set(true);
                controller.abort();
            }
        });
        alarm.set(Some(clock::now() + timeout));
        Ok(Self { controller, timed_out, _alarm: alarm })
    }

    async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: Option<&str>,
    ) -> Result<(u16, String), JsValue> {
        let sent = Headers::new()?;
        for (name, value) in headers {
            sent.append(name, value)?;
        }
        let options = RequestInit::new();
        options.set_method(method);
        options.set_headers_headers(&sent);
        options.set_body_opt_str(body);
        // An answer to a log-in is for this log-in only; a file of the page may be kept.
        if !headers.is_empty() {
            options.set_cache(RequestCache::NoStore);
        }
        options.set_signal(Some(&self.controller.signal()));
        let answer = settled(&window().fetch_with_str_and_init(url, &options)).await?;
        let answer: Response = answer.unchecked_into();
        let text = settled(&answer.text()?).await?;
        let text: js_sys::JsString = text.unchecked_into();
        if text.length() > LONGEST_ANSWER {
            return Err(JsValue::from_str("the answer is too long"));
        }
        Ok((answer.status(), String::from(text)))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
