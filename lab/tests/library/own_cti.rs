//! The commands of our own `Cti`.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn it_has_the_commands_that_a_phone_needs() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const phone = [];
                 Cti.setHandler(Cti.MessageType.PHONEEVENT, ({ eventType }) => phone.push(eventType));
                 const next = type => new Promise(found => Cti.setHandler(type, found));
                 Cti.dial('*60', { order: '12' });
                 await happens('incoming Connected');
                 const listed = next('CurrentCallsPhoneEvents');
                 Cti.getCurrentCallsPhoneEvents();
                 const current = (await listed).events.length;
                 Cti.hold();
                 await happens('incoming Hold');
                 Cti.hold();
                 await happens('incoming Resume');
                 const sent = [Cti.sendDtmf('5'), Cti.setData({ colour: 'green' }), Cti.toggleMicrophone()];
                 const released = new Promise(found => Cti.setHandler('PhoneEvent',
                   ({ eventType }) => eventType === 'EventReleased' && found()));
                 Cti.hangup();
                 await happens('incoming Terminated');
                 await released;
                 return { current, sent, phone: [phone[0], phone.at(-1)], errors };",
            )
            .await;
        let expected = json!({ "current": 1, "sent": [true, true, true], "errors": [],
            "phone": ["EventDialing", "EventReleased"] });
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_answered_and_handed_over_by_it() {
    story(async |stage| {
        let page = stage.ready(700).await;
        crate::door::Door::new().call(&page.person, "0145", "Outside").await;
        let told = page
            .run(
                "await happens('incoming Setup');
                 Cti.answer();
                 const first = await happens('incoming Connected');
                 Cti.attendedTransfer('*56');
                 await happens('incoming Connected', first + 1);
                 // The phone was not asked to transfer; the page's `Cti` was.
                 const cancelled = xc_webrtc.cancelTransfer();
                 await happens('incoming Terminated');
                 Cti.directTransfer('*56');
                 const second = await happens('incoming Terminated', await happens('incoming Terminated') + 1);
                 return [cancelled, seen[second].calls, errors];",
            )
            .await;
        assert_eq!(told, json!([true, [], []]));
    })
    .await;
}

#[tokio::test]
async fn forwards_and_watched_numbers_come_as_messages() {
    story(async |stage| {
        let page = stage.ready(700).await;
        let told = page
            .run(
                "const until = (type, fits) => new Promise(found =>
                   Cti.setHandler(type, message => fits(message) && found(message)));
                 const must = sent => { if (!sent) throw new Error('it was not sent: the link is down'); };
                 const told = [];
                 // Nobody forwards calls to themselves.
                 const other = given.number === '1009' ? '1008' : '1009';
                 for (const [set, enabled, destination] of [['naFwd', 'naFwdEnabled', 'naFwdDestination'],
                   ['uncFwd', 'uncFwdEnabled', 'uncFwdDestination'], ['busyFwd', 'busyFwdEnabled', 'busyFwdDestination']]) {
                   const on = until('UserConfigUpdate', update => update[enabled]);
                   must(Cti[set](other, true));
                   told.push((await on)[destination] === other);
                   const off = until('UserConfigUpdate', update => update[enabled] === false);
                   must(Cti[set](other, false));
                   await off;
                 }
                 const hint = until('PhoneHintStatusEvent', ({ number }) => number === given.number);
                 must(Cti.subscribeToPhoneHints([given.number]));
                 told.push((await hint).number === given.number);
                 const busy = until('PhoneHintStatusEvent', ({ status }) => status !== Cti.PhoneStatus.AVAILABLE);
                 xc_webrtc.dial('*55');
                 await busy;
                 told.push(Cti.unsubscribeFromAllPhoneHints());
                 return told;",
            )
            .await;
        assert_eq!(told, json!([true, true, true, true, true]));
    })
    .await;
}
