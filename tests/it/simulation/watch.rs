//! What always holds of the messages of one user agent, whatever happens.

use std::collections::BTreeMap;

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;

/// The rules of the wire, for one party.
#[derive(Default)]
pub struct Watch {
    /// The last CSeq number of each dialog, or of what may become one: Call-ID and our tag.
    numbers: BTreeMap<String, u32>,
    /// The INVITE of each that is not answered: its branch.
    inviting: BTreeMap<String, String>,
    /// The final responses that were given: by branch and method.
    answered: BTreeMap<String, String>,
}

/// A rule was broken.
pub type Broken = String;

impl Watch {
    /// Something was sent.
    pub fn sent(&mut self, text: &str) -> Result<(), Broken> {
        if parser::is_keep_alive(text) {
            return Ok(());
        }
        let parsed =
            parser::parse(text).map_err(|error| format!("sent what cannot be read: {error}: {text}"))?;
        if !parsed.diagnostics.is_empty() {
            return Err(format!("sent against the grammar: {:?}: {text}", parsed.diagnostics));
        }
        if parsed.message.to_string() != text {
            return Err(format!("sent what is printed in another way again: {text}"));
        }
        match parsed.message {
            Message::Request(request) => self.asked(&request),
            Message::Response(response) => self.answered(&response, text),
        }
    }

    fn asked(&mut self, request: &Request) -> Result<(), Broken> {
        request.check().map_err(|error| format!("sent an unusable request: {error}"))?;
        if matches!(request.method, Method::Ack | Method::Cancel) {
            return Ok(());
        }
        let headers = &request.headers;
        let dialog = dialog(request);
        let number = headers.cseq_number().unwrap_or_default();
        // RFC 3261 §12.2.1.1: they only grow. Of the early dialogs of a forked call each counts for itself.
        let counted = format!("{dialog} {}", headers.tag(&Name::TO).unwrap_or_default());
        if self.numbers.insert(counted, number).is_some_and(|last| last >= number) {
            return Err(format!("{} has the number {number} again", request.method));
        }
        if request.method == Method::Invite {
            let branch = headers.top_via().map(|via| via.branch().to_owned()).unwrap_or_default();
            // RFC 3261 §14.1: one at a time.
            if self.inviting.insert(dialog, branch).is_some() {
                return Err("an INVITE while another is not answered".into());
            }
        }
        Ok(())
    }

    fn answered(&mut self, response: &Response, text: &str) -> Result<(), Broken> {
        if response.status.is_provisional() {
            return Ok(());
        }
        let headers = &response.headers;
        let branch = headers.top_via().map(|via| via.branch().to_owned()).unwrap_or_default();
        let method = headers.cseq().map(|cseq| cseq.method.to_string()).unwrap_or_default();
        let first = self.answered.entry(format!("{branch} {method}")).or_insert_with(|| text.to_owned());
        if first != text {
            return Err(format!("a request is answered in two ways: {text}"));
        }
        Ok(())
    }

    /// Something has arrived.
    pub fn received(&mut self, text: &str) {
        let Ok(Message::Response(response)) = parser::parse(text).map(|parsed| parsed.message) else {
            return;
        };
        if response.status.is_final()
            && let Ok(via) = response.headers.top_via()
        {
            self.inviting.retain(|_, branch| branch != via.branch());
        }
    }

    /// The websocket is gone, and whatever was asked over it.
    pub fn lost(&mut self) {
        self.inviting.clear();
    }
}

/// Call-ID and our tag.
fn dialog(request: &Request) -> String {
    let tag = request.headers.tag(&Name::FROM).unwrap_or_default();
    format!("{} {tag}", request.headers.call_id().unwrap_or_default())
}
