//! The lab's test door: what it knows, and what one can make happen there.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::patience;
use crate::support::people::Person;
use crate::support::settings::setting;

/// How long the lab may take to notice something, in seconds.
const PATIENCE: u64 = 10;

/// How long a call may last whose browser an earlier story has closed: the lab keeps it for 35 s, in seconds.
const CALLS_END_WITHIN: u64 = 45;

/// A way in.
pub struct Door {
    client: Client,
    url: String,
}

impl Door {
    /// At the lab that xtask started.
    pub fn new() -> Self {
        Self { client: Client::new(), url: format!("{}/lab", setting("XC_LAB_URL")) }
    }

    /// Drops someone's SIP websockets, as a broken network would.
    pub async fn drop_sip_sockets(&self, person: &Person) {
        self.post("faults", json!({ "what": "drop_sip_sockets", "user": person.login })).await;
    }

    /// Drops someone's CTI websockets, as a broken network would.
    pub async fn drop_cti_sockets(&self, person: &Person) {
        self.post("faults", json!({ "what": "drop_cti_sockets", "user": person.login })).await;
    }

    /// Ends someone's tokens before their time.
    pub async fn expire_tokens(&self, person: &Person) {
        self.post("faults", json!({ "what": "expire_tokens", "user": person.login })).await;
    }

    /// Sends someone's phone a text in place of a SIP message.
    pub async fn send_sip(&self, person: &Person, text: &str) {
        self.send("send_sip", person, text).await;
    }

    /// Sends someone's phone a text in place of a CTI message.
    pub async fn send_cti(&self, person: &Person, text: &str) {
        self.send("send_cti", person, text).await;
    }

    /// Has someone called from outside. The caller is heard as a tone of 1000 Hz.
    pub async fn call(&self, person: &Person, number: &str, name: &str) {
        self.post("call", json!({ "user": person.login, "from_number": number, "from_name": name })).await;
    }

    /// Tells someone's page of these STUN and TURN servers when it asks next.
    pub async fn ice(&self, person: &Person, servers: Value) {
        self.post("ice", json!({ "user": person.login, "servers": servers })).await;
    }

    /// Asks someone's phone to act.
    pub async fn webrtc_cmd(&self, person: &Person, mut command: Value) {
        command["user"] = person.login.as_str().into();
        self.post("webrtc_cmd", command).await;
    }

    /// The Call-ID of someone's phone in their newest call. Older ones may be left by another story.
    pub async fn newest_sip_call_id_of(&self, person: &Person) -> String {
        let calls = self.list("calls").await;
        let ends = calls.iter().flat_map(|call| [&call["caller"], &call["callee"]]);
        ends.filter(|end| end["user"] == person.login.as_str())
            .filter_map(|end| end["sipCallId"].as_str().map(str::to_owned))
            .next_back()
            .unwrap_or_else(|| panic!("{} is in no call", person.login))
    }

    /// Whether calls to someone would reach a phone.
    pub async fn is_registered(&self, person: &Person) -> bool {
        let registrations = self.list("registrations").await;
        registrations.iter().any(|registration| registration["user"] == person.login.as_str())
    }

    /// Waits until calls to someone would reach no phone.
    pub async fn until_unregistered(&self, person: &Person) {
        let gone = async || (!self.is_registered(person).await).then_some(());
        patience::until("no registration is left", PATIENCE, gone).await;
    }

    /// How many calls someone is in, ringing ones included.
    pub async fn calls_of(&self, person: &Person) -> usize {
        self.call_ids_of(person).await.len()
    }

    /// Asserts that someone was in no call that is not among `before`. A person whose browser was closed in a call
    /// stays in it for a while, lest a reload end it; an earlier story may have left one behind.
    pub async fn assert_no_new_call(&self, person: &Person, before: &[Value], why: &str) {
        let now = self.call_ids_of(person).await;
        assert!(now.iter().all(|id| before.contains(id)), "{why}: {now:?}, before it {before:?}");
    }

    /// The ids of the calls that someone is in.
    pub async fn call_ids_of(&self, person: &Person) -> Vec<Value> {
        let is_in =
            |call: &&Value| ["caller", "callee"].iter().any(|end| call[end]["user"] == person.login.as_str());
        self.list("calls").await.iter().filter(is_in).map(|call| call["id"].clone()).collect()
    }

    /// Waits until someone is in no call.
    pub async fn until_without_calls(&self, person: &Person) {
        let gone = async || (self.calls_of(person).await == 0).then_some(());
        patience::until("no call is left", CALLS_END_WITHIN, gone).await;
    }

    async fn send(&self, path: &str, person: &Person, text: &str) {
        let answer = self.post(path, json!({ "user": person.login, "text": text })).await;
        let sent: Value = answer.json().await.expect("the lab answers in JSON");
        assert_ne!(sent["sockets"], 0, "{} has no websocket for {path}", person.login);
    }

    async fn post(&self, path: &str, body: Value) -> Response {
        ask(self.client.post(format!("{}/{path}", self.url)).json(&body)).await
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        ask(self.client.get(format!("{}/{path}", self.url)))
            .await
            .json()
            .await
            .expect("the lab answers with a list")
    }
}

async fn ask(request: RequestBuilder) -> Response {
    let answer = request.send().await.unwrap_or_else(|cause| panic!("the lab does not answer: {cause}"));
    answer.error_for_status().unwrap_or_else(|cause| panic!("the lab refuses: {cause}"))
}
