//! Pages that call each other.

use serde_json::{Value, json};

use crate::door::Door;
use crate::integrator::Page;
use crate::support::stage::{Stage, story};

/// What a page was told since its registration, but for `RemoteMediaAdded`, which may repeat.
const TOLD: &str = "seen.slice(2).filter(({ event }) => event.type !== 'RemoteMediaAdded')
    .map(({ topic, event: { type, data, ...others } }) => [topic, type, data ?? null, Object.keys(others)])";

async fn told(page: &Page) -> Value {
    page.run(&format!("return {TOLD}")).await
}

/// The first calls the second, who answers.
pub async fn talk(caller: &Page, called: &Page) {
    caller.run_with("xc_webrtc.dial(given.other);", json!(called.person.number)).await;
    called
        .run(
            "const from = seen.findLastIndex(({ event }) => event.type === 'Terminated') + 1;
             await happens('incoming Setup', from);
             xc_webrtc.answer();
             await happens('incoming Connected', from);",
        )
        .await;
    caller.run("await happens('outgoing Connected');").await;
}

#[tokio::test]
async fn a_call_to_somebody_is_told_in_the_documented_order_and_shape_on_both_sides() {
    story(async |stage| {
        let (caller, called) = (stage.ready(700).await, stage.ready(1300).await);
        talk(&caller, &called).await;
        caller.browser().hears(1300).await;
        called.browser().hears(700).await;
        called.run("xc_webrtc.hangup(); await happens('incoming Terminated');").await;
        caller.run("await happens('outgoing Terminated');").await;
        let (of_caller, of_called) = (&caller.person.number, &called.person.number);
        let id = json!(["sipCallId"]);
        assert_eq!(
            told(&caller).await,
            json!([
                ["outgoing", "Establishing", null, id],
                ["outgoing", "Ringing", { "callee": of_called }, id],
                ["outgoing", "Connected", { "callee": of_called }, id],
                ["outgoing", "Terminated", { "reason": "Call terminated" }, id],
            ])
        );
        assert_eq!(
            told(&called).await,
            json!([
                ["incoming", "Setup", { "caller": of_caller }, id],
                ["incoming", "Connected", { "caller": of_caller }, id],
                ["incoming", "Terminated", { "reason": "Call terminated" }, id],
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn calls_are_named_by_call_id_or_by_their_number() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let nothing = page
            .run(
                "return [xc_webrtc.answer(), xc_webrtc.answer(7), xc_webrtc.answerBySipCallId(),
                   xc_webrtc.answerBySipCallId('x'), xc_webrtc.hold(), xc_webrtc.hold(7),
                   xc_webrtc.holdBySipCallId('x'), xc_webrtc.toggleMicrophone('x')];",
            )
            .await;
        assert_eq!(nothing, json!([false, false, false, false, false, false, false, false]));
        Door::new().call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "const warned = [];
                 xc_webrtc.setCustomLogger({ ...console, log() {}, info() {}, error() {},
                   warn: line => warned.push(line) });
                 const { id, sipCallId } = seen[await happens('incoming Setup')].calls[0];
                 const wrong = [xc_webrtc.answer(id + 1), xc_webrtc.answerBySipCallId(`#${id}0`)];
                 const answered = xc_webrtc.answer(id);
                 await happens('incoming Connected');
                 const held = xc_webrtc.holdBySipCallId(sipCallId);
                 const at = await happens('incoming Hold');
                 const resumed = xc_webrtc.hold(String(id));
                 await happens('incoming Resume', at);
                 return [wrong, answered, held, resumed, warned.length, xc_webrtc.doesSessionExists(sipCallId)];",
            )
            .await;
        assert_eq!(told, json!([[false, false], true, true, true, 4, true]));
    })
    .await;
}

#[tokio::test]
async fn a_side_that_cannot_be_heard_is_told() {
    story(async |stage| {
        let (page, door) = (stage.ready(700).await, Door::new());
        page.run(
            "window.troubles = [];
             xc_webrtc.setCallsHandler(calls => troubles.push(calls[0]?.trouble ?? null));
             xc_webrtc.dial('*56');
             await happens('outgoing Connected');",
        )
        .await;
        page.browser().hears(1000).await;
        let told = "while (troubles.at(-1) !== given.other) await new Promise(requestAnimationFrame);
            return xc_webrtc.calls()[0].trouble;";
        door.lose_media(&page.person, 100).await;
        assert_eq!(page.run_with(told, json!("nothingComes")).await, "nothingComes");
        door.lose_media(&page.person, 0).await;
        assert_eq!(page.run_with(told, Value::Null).await, Value::Null);
        page.run("xc_webrtc.hangup(); await happens('outgoing Terminated');").await;
    })
    .await;
}

#[tokio::test]
async fn who_is_put_on_hold_is_told_and_told_when_it_is_over() {
    story(async |stage| {
        let (caller, called) = (stage.ready(700).await, stage.ready(1300).await);
        talk(&caller, &called).await;
        let held = "return xc_webrtc.calls()[0].heldByPeer;";
        called.run("xc_webrtc.hold(); await happens('incoming Hold');").await;
        caller.run("await happens('outgoing RemoteHold');").await;
        assert_eq!([caller.run(held).await, called.run(held).await], [json!(true), json!(false)]);
        called.run("xc_webrtc.hold(); await happens('incoming Resume');").await;
        caller.run("await happens('outgoing RemoteResume');").await;
        assert_eq!(caller.run(held).await, json!(false));
        caller.browser().hears(1300).await;
        // They may both hold; then each knows of the other.
        caller.run("xc_webrtc.hold(); await happens('outgoing Hold');").await;
        called.run("await happens('incoming RemoteHold'); xc_webrtc.hold();").await;
        let again = "await happens('outgoing RemoteHold', await happens('outgoing RemoteHold') + 1);";
        caller.run(again).await;
        assert_eq!([caller.run(held).await, called.run(held).await], [json!(true), json!(true)]);
        assert_eq!(caller.run("return errors;").await, json!([]));
    })
    .await;
}

/// The agent talks to the caller.
async fn three(stage: &Stage) -> [Page; 3] {
    let agent = stage.ready(700).await;
    let [caller, third] = [stage.ready(1300).await, stage.ready(2300).await];
    talk(&caller, &agent).await;
    [agent, caller, third]
}

#[tokio::test]
async fn a_call_is_handed_over_after_asking() {
    story(async |stage| {
        let [agent, caller, third] = three(stage).await;
        let begun = agent
            .run_with(
                "const begun = xc_webrtc.attendedTransfer(given.other);
                 await happens('incoming Hold');
                 return begun;",
                json!(third.person.number),
            )
            .await;
        assert_eq!(begun, true);
        third.run("await happens('incoming Setup'); xc_webrtc.answer();").await;
        third.browser().hears(700).await;
        let done = agent
            .run(
                "const done = xc_webrtc.completeTransfer();
                 await happens('incoming Terminated', await happens('incoming Terminated') + 1);
                 return [done, xc_webrtc.calls(), xc_webrtc.completeTransfer()];",
            )
            .await;
        assert_eq!(done[0], true);
        assert_eq!(done[1], json!([]));
        third.browser().hears(1300).await;
        caller.browser().hears(2300).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_is_handed_over_without_asking() {
    story(async |stage| {
        let [agent, caller, third] = three(stage).await;
        let done =
            agent.run_with("return xc_webrtc.directTransfer(given.other);", json!(third.person.number)).await;
        assert_eq!(done, true);
        third.run("await happens('incoming Setup'); xc_webrtc.answer();").await;
        agent.run("await happens('incoming Terminated');").await;
        third.browser().hears(1300).await;
        caller.browser().hears(2300).await;
    })
    .await;
}
