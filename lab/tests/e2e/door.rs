//! The lab's test door: what it knows, and what one can make happen there.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::patience;
use crate::support::people::Person;
use crate::support::settings::setting;

/// How long the lab may take to notice that nobody is there, in seconds: a registration that a story made short may have
/// to expire first.
const EXPIRES_WITHIN: u64 = 30;

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

    /// Loses so many of a hundred packets of what goes to someone in a call.
    pub async fn lose_media(&self, person: &Person, of_hundred: u8) {
        self.post("faults", json!({ "what": "lose_media", "user": person.login, "of_hundred": of_hundred }))
            .await;
    }

    /// Drops someone's SIP websockets, as a broken network would.
    pub async fn drop_sip_sockets(&self, person: &Person) {
        self.post("faults", json!({ "what": "drop_sip_sockets", "user": person.login })).await;
    }

    /// Reads what someone's phone says over SIP and does nothing about it, as behind a broken network.
    pub async fn silence_sip(&self, person: &Person, on: bool) {
        self.post("faults", json!({ "what": "silence_sip", "user": person.login, "on": on })).await;
    }

    /// Loses what goes by the media paths of someone's calls, until others are looked for.
    pub async fn break_paths(&self, person: &Person) {
        self.post("faults", json!({ "what": "break_paths", "user": person.login })).await;
    }

    /// The same, until paths by way of TURN servers alone are looked for.
    #[allow(dead_code, reason = "for stories about TURN servers")]
    pub async fn break_paths_but_relays(&self, person: &Person) {
        let fault = json!({ "what": "break_paths", "but_relays": true, "user": person.login });
        self.post("faults", fault).await;
    }

    /// Forgets someone's calls without a word.
    pub async fn forget_calls(&self, person: &Person) {
        self.post("faults", json!({ "what": "forget_calls", "user": person.login })).await;
    }

    /// Drops all websockets and forgets all calls and registrations.
    pub async fn restart(&self) {
        self.post("faults", json!({ "what": "restart" })).await;
    }

    /// Drops someone's CTI websockets, as a broken network would.
    pub async fn drop_cti_sockets(&self, person: &Person) {
        self.post("faults", json!({ "what": "drop_cti_sockets", "user": person.login })).await;
    }

    /// Ends someone's tokens before their time.
    pub async fn expire_tokens(&self, person: &Person) {
        self.post("faults", json!({ "what": "expire_tokens", "user": person.login })).await;
    }

    /// Refuses to give someone the next call back that they want after a reload.
    pub async fn refuse_replaces(&self, person: &Person, status: u16) {
        let fault = json!({ "what": "refuse_replaces", "status": status, "user": person.login });
        self.post("faults", fault).await;
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
        self.registration_of(person).await.is_some()
    }

    /// Grants someone registrations of so many seconds only.
    pub async fn shorten_registrations(&self, person: &Person, seconds: u32) {
        let fault = json!({ "what": "short_registrations", "seconds": seconds, "user": person.login });
        self.post("faults", fault).await;
    }

    /// Waits until calls to someone would reach no phone.
    pub async fn until_unregistered(&self, person: &Person) {
        let gone = async || (!self.is_registered(person).await).then_some(());
        patience::until("no registration is left", EXPIRES_WITHIN, gone).await;
    }

    /// Waits, for so many seconds at most, until someone is registered.
    pub async fn until_registered(&self, person: &Person, seconds: u64) {
        let there = async || self.is_registered(person).await.then_some(());
        patience::until("a registration", seconds, there).await;
    }

    /// Waits until someone's registration was refreshed so often, each time before it ended.
    pub async fn until_refreshed(&self, person: &Person, times: u64, seconds: u64) {
        let refreshed = async || {
            let registration = self.registration_of(person).await.expect("it is registered all the time");
            (registration["refreshes"].as_u64() >= Some(times)).then_some(())
        };
        patience::until("so many refreshes", seconds, refreshed).await;
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

    /// Ends the calls that someone is in: an earlier story may have left in them, and the lab waits for its phone.
    #[allow(dead_code, reason = "for stories of the library, whose people come and go faster")]
    pub async fn end_calls_of(&self, person: &Person) {
        for id in self.call_ids_of(person).await {
            let answer = self.client.delete(format!("{}/calls/{id}", self.url)).send().await;
            // One that is not there any more has ended by itself.
            answer.unwrap_or_else(|cause| panic!("the lab does not answer: {cause}"));
        }
    }

    /// Waits until someone is in no call.
    pub async fn until_without_calls(&self, person: &Person) {
        let gone = async || (self.calls_of(person).await == 0).then_some(());
        patience::until("no call is left", CALLS_END_WITHIN, gone).await;
    }

    async fn registration_of(&self, person: &Person) -> Option<Value> {
        let registrations = self.list("registrations").await;
        registrations.into_iter().find(|registration| registration["user"] == person.login.as_str())
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
