//! One HTTP request and its answer.

use std::cell::Cell;
use std::rc::Rc;
use std::str::FromStr;
use std::time::Duration;

use gloo_net::Error;
use gloo_net::http::{Method, RequestBuilder};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestCache};

use super::clock::{self, Alarm};
use super::error_text;

/// A longer answer is not read.
const LONGEST_ANSWER: usize = 1024 * 1024;

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
    answer.map_err(|error| match request.timed_out.get() {
        true => NoAnswer { reason: format!("no answer within {} s", timeout.as_secs()) },
        false => NoAnswer { reason: error.to_string() },
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
    ) -> Result<(u16, String), Error> {
        let mut request = RequestBuilder::new(url)
            .method(Method::from_str(method).unwrap_or_default())
            // An answer to a log-in is for this log-in only.
            .cache(RequestCache::NoStore)
            .abort_signal(Some(&self.controller.signal()));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = match body {
            Some(body) => request.body(body)?,
            None => request.build()?,
        };
        let answer = request.send().await?;
        let text = answer.text().await?;
        if text.len() > LONGEST_ANSWER {
            return Err(Error::GlooError("the answer is too long".to_owned()));
        }
        Ok((answer.status(), text))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
