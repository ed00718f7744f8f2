//! Stories of what others tell outside of calls: voice mail (RFC 3842), subscriptions (RFC 6665), messages (RFC 3428).

use xc_webrtc::sip::event::{Event, SubscriptionEvent, SubscriptionId, TextMessage};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::message_summary::MessageSummary;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::user_agent::{CommandError, Package};

use crate::support::peer::challenge;
use crate::support::{Bench, Peer, With, answer, secs, status};

const SUMMARY: &str = "application/simple-message-summary";
const DIALOG_INFO: Package = Package { name: "dialog", accept: "application/dialog-info+xml" };

/// What Asterisk sends unasked.
fn mail(peer: &mut Peer, body: &str) -> Request {
    let notify = peer.request(Method::Notify).with(Name::EVENT, "message-summary");
    notify.with(Name::SUBSCRIPTION_STATE, "terminated").body(SUMMARY, body)
}

fn subscribed(bench: &mut Bench) -> (SubscriptionId, Request) {
    let target = "sip:desk@example.org".parse().unwrap();
    let id = bench.command(|ua, now| ua.subscribe(DIALOG_INFO, target, now)).unwrap();
    (id, bench.request(Method::Subscribe))
}

/// A NOTIFY of that subscription.
fn notify(notifier: &mut Peer, state: &str, body: &str) -> Request {
    let notify = notifier.request(Method::Notify).with(Name::EVENT, "dialog");
    let notify = notify.with(Name::SUBSCRIPTION_STATE, state);
    if body.is_empty() { notify } else { notify.body(DIALOG_INFO.accept, body) }
}

/// Subscribed and told of it.
fn held(bench: &mut Bench) -> (SubscriptionId, Peer) {
    let (id, subscribe) = subscribed(bench);
    bench.receive(answer(&subscribe, 202).with(Name::EXPIRES, "600"));
    let mut notifier = Peer::callee(&subscribe, "notifier");
    bench.receive(notify(&mut notifier, "active;expires=600", "<idle/>"));
    bench.response(200);
    told(bench, id, "<idle/>");
    (id, notifier)
}

#[track_caller]
fn told(bench: &mut Bench, id: SubscriptionId, body: &str) {
    let event = SubscriptionEvent::Notified { body: body.to_owned() };
    assert_eq!(bench.event(), Event::Subscription { id, event });
}

#[track_caller]
fn over(bench: &mut Bench, id: SubscriptionId) {
    assert_eq!(bench.event(), Event::Subscription { id, event: SubscriptionEvent::Ended });
}

#[test]
fn voice_mail_is_told_unasked_and_counted() {
    let mut bench = Bench::connected();
    let mut pbx = Peer::caller("mwi");
    let body = "Messages-Waiting: yes\r\nMessage-Account: sip:1001@pbx\r\nVoice-Message: 2/1 (0/0)\r\n";
    bench.receive(mail(&mut pbx, body));
    bench.response(200);
    assert_eq!(bench.event(), Event::MessageWaiting(MessageSummary { waiting: true, new: 2, old: 1 }));
    bench.receive(mail(&mut pbx, "Messages-Waiting: no\r\n"));
    bench.response(200);
    assert_eq!(bench.event(), Event::MessageWaiting(MessageSummary::default()));
    bench.over();
}

#[test]
fn voice_mail_that_cannot_be_read_is_refused_or_passed_over() {
    let mut bench = Bench::connected();
    let mut pbx = Peer::caller("mwi");
    bench.receive(mail(&mut pbx, "x").set(Name::CONTENT_TYPE, "text/html"));
    assert_eq!(bench.response(415).headers.get(&Name::ACCEPT), Some(SUMMARY));
    bench.receive(mail(&mut pbx, &"x".repeat(70_000)));
    bench.response(413);
    bench.receive(mail(&mut pbx, "nothing of it"));
    bench.response(200);
    assert!(bench.diagnostic().contains("message summary"));
    bench.receive(mail(&mut pbx, ""));
    bench.response(200);
    bench.over();
}

#[test]
fn events_that_nobody_asked_for_are_refused_with_those_that_are_known() {
    let mut bench = Bench::connected();
    let mut pbx = Peer::caller("odd");
    for request in [
        pbx.request(Method::Notify).with(Name::EVENT, "check-sync;reboot=false"),
        pbx.request(Method::Notify),
    ] {
        bench.receive(request);
        assert_eq!(bench.response(489).headers.get(&Name::ALLOW_EVENTS), Some("message-summary, refer"));
    }
    bench.over();
}

#[test]
fn a_subscription_is_asked_for_notified_of_and_refreshed() {
    let mut bench = Bench::connected();
    let (id, subscribe) = subscribed(&mut bench);
    assert_eq!(subscribe.uri.to_string(), "sip:desk@example.org");
    assert_eq!(subscribe.headers.get(&Name::EVENT), Some("dialog"));
    assert_eq!(subscribe.headers.get(&Name::ACCEPT), Some(DIALOG_INFO.accept));
    assert_eq!(subscribe.headers.expires(), Some(3600));
    assert!(subscribe.headers.contacts().unwrap().first().is_some());
    bench.receive(challenge(&subscribe, 401, "n1"));
    let subscribe = bench.request(Method::Subscribe);
    assert_eq!(subscribe.headers.cseq_number(), Some(2));
    // The NOTIFY is faster than the 200 (RFC 6665 §4.4.1), and makes the dialog.
    let mut notifier = Peer::callee(&subscribe, "notifier");
    let first = notify(&mut notifier, "pending", "").with(Name::RECORD_ROUTE, "<sip:p.example.org;lr>");
    bench.receive(first);
    bench.response(200);
    bench.receive(answer(&subscribe, 200).with(Name::EXPIRES, "100"));
    bench.receive(notify(&mut notifier, "active;expires=100", "<busy/>"));
    bench.response(200);
    told(&mut bench, id, "<busy/>");
    bench.pass(secs(49));
    bench.quiet();
    bench.pass(secs(1));
    let refresh = bench.request(Method::Subscribe);
    assert_eq!(refresh.headers.cseq_number(), Some(3));
    assert_eq!(refresh.uri.to_string(), "sip:bob@192.0.2.1:5060;transport=ws");
    assert_eq!(refresh.headers.route().unwrap()[0].to_string(), "<sip:p.example.org;lr>");
    assert_eq!(refresh.headers.tag(&Name::TO).as_deref(), Some("notifier"));
    bench.receive(answer(&refresh, 200).with(Name::EXPIRES, "100"));
    bench.pass(secs(50));
    bench.request(Method::Subscribe);
}

#[test]
fn a_notification_of_another_fork_or_out_of_order_is_refused() {
    let mut bench = Bench::connected();
    let (_, mut notifier) = held(&mut bench);
    bench.receive(notify(&mut notifier, "active", "").set(Name::FROM, "<sip:desk@example.org>;tag=other"));
    bench.response(481);
    bench.receive(notify(&mut notifier, "active", "").set(Name::CSEQ, "7 NOTIFY"));
    bench.response(500);
    let mut stateless = notify(&mut notifier, "active", "");
    stateless.headers.remove(&Name::SUBSCRIPTION_STATE);
    bench.receive(stateless);
    bench.response(400);
    bench.receive(notify(&mut notifier, "active", "").set(Name::EVENT, "presence"));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_subscription_that_ends_is_begun_anew_or_not_as_the_reason_says() {
    for (state, wait) in [
        ("terminated;reason=deactivated", Some(5)),
        ("terminated;reason=timeout", Some(5)),
        ("terminated;reason=probation;retry-after=90", Some(90)),
        ("terminated;reason=giveup;retry-after=20", Some(20)),
        ("terminated;reason=of_its_own", Some(5)),
        ("terminated", Some(5)),
        ("terminated;reason=rejected", None),
        ("terminated;reason=noresource", None),
        ("terminated;reason=invariant", None),
    ] {
        let mut bench = Bench::connected();
        let (id, mut notifier) = held(&mut bench);
        bench.receive(notify(&mut notifier, state, "<gone/>"));
        bench.response(200);
        told(&mut bench, id, "<gone/>");
        match wait {
            Some(seconds) => {
                bench.pass(secs(seconds - 1));
                bench.quiet();
                bench.pass(secs(1));
                let subscribe = bench.request(Method::Subscribe);
                assert_eq!(subscribe.headers.tag(&Name::TO), None, "{state}");
            }
            None => {
                over(&mut bench, id);
                bench.over();
            }
        }
    }
}

#[test]
fn refusals_end_a_subscription_unless_the_server_will_get_over_them() {
    for (code, retry_after, anew_in) in [
        (489, None, None),
        (403, None, None),
        (404, None, None),
        (603, None, None),
        (403, Some("60"), Some(60)),
        (503, None, Some(5)),
        (480, None, Some(5)),
        (503, Some("70"), Some(70)),
    ] {
        let mut bench = Bench::connected();
        let (id, subscribe) = subscribed(&mut bench);
        let mut refusal = answer(&subscribe, code);
        if let Some(seconds) = retry_after {
            refusal = refusal.with(Name::RETRY_AFTER, seconds);
        }
        bench.receive(refusal);
        match anew_in {
            Some(seconds) => {
                bench.pass(secs(seconds));
                bench.request(Method::Subscribe);
            }
            None => {
                over(&mut bench, id);
                bench.over();
            }
        }
    }
}

#[test]
fn a_refresh_that_finds_nothing_begins_anew() {
    let mut bench = Bench::connected();
    let (_, _) = held(&mut bench);
    bench.pass(secs(300));
    let refresh = bench.request(Method::Subscribe);
    bench.receive(answer(&refresh, 481));
    bench.pass(secs(5));
    let anew = bench.request(Method::Subscribe);
    assert_ne!(anew.headers.call_id(), refresh.headers.call_id());
    assert_eq!(anew.headers.tag(&Name::TO), None);
}

#[test]
fn a_longer_subscription_is_asked_for_where_the_server_wants_that_once() {
    let mut bench = Bench::connected();
    let (id, subscribe) = subscribed(&mut bench);
    bench.receive(answer(&subscribe, 423).with(Name::MIN_EXPIRES, "7200"));
    let longer = bench.request(Method::Subscribe);
    assert_eq!(longer.headers.expires(), Some(7200));
    bench.receive(answer(&longer, 423).with(Name::MIN_EXPIRES, "7200"));
    over(&mut bench, id);
}

#[test]
fn an_accepted_subscription_that_stays_silent_is_begun_anew_more_and_more_slowly() {
    let mut bench = Bench::connected();
    let (_, mut subscribe) = subscribed(&mut bench);
    for wait in [5, 30, 60, 300, 300] {
        bench.receive(answer(&subscribe, 200).with(Name::EXPIRES, "3600"));
        // Timer N, then the wait.
        bench.pass(secs(31 + wait));
        bench.quiet();
        bench.pass(secs(1));
        subscribe = bench.request(Method::Subscribe);
    }
    // No answer at all: timer F takes the place of timer N.
    bench.pass(secs(332));
    bench.request(Method::Subscribe);
}

#[test]
fn a_subscription_outlives_the_websocket_and_ends_with_the_registration() {
    let mut bench = Bench::connected();
    let (id, mut notifier) = held(&mut bench);
    bench.close();
    bench.pass(secs(4000));
    bench.quiet();
    bench.open();
    let anew = bench.request(Method::Subscribe);
    bench.receive(notify(&mut notifier, "active", ""));
    bench.response(481);
    let mut notifier = Peer::callee(&anew, "notifier");
    bench.receive(notify(&mut notifier, "active;expires=600", "<new/>"));
    bench.response(200);
    told(&mut bench, id, "<new/>");
    bench.receive(answer(&anew, 200).with(Name::EXPIRES, "600"));
    bench.command(|ua, now| ua.unregister(now));
    let last = bench.request(Method::Subscribe);
    assert_eq!(last.headers.expires(), Some(0));
    bench.receive(answer(&last, 200));
    bench.receive(notify(&mut notifier, "terminated;reason=timeout", ""));
    bench.response(481);
    bench.over();
}

#[test]
fn no_more_subscriptions_are_held_than_anybody_needs() {
    let mut bench = Bench::new();
    for at in 0..20 {
        let target = "sip:desk@example.org".parse().unwrap();
        let result = bench.command(|ua, now| ua.subscribe(DIALOG_INFO, target, now));
        assert_eq!(result.is_ok(), at < 16);
    }
    // One that was ended makes room.
    let mut bench = Bench::connected();
    let (id, _) = held(&mut bench);
    bench.command(|ua, now| ua.unsubscribe(id, now));
    assert_eq!(bench.request(Method::Subscribe).headers.expires(), Some(0));
    bench.over();
}

#[test]
fn voice_mail_is_asked_for_where_the_registrar_knows_it_and_only_once() {
    let mut bench = Bench::connected();
    bench.command(|ua, now| ua.register(now));
    let grants =
        |request: &Request| answer(request, 200).with(Name::ALLOW_EVENTS, "presence, message-summary, refer");
    let register = bench.request(Method::Register);
    bench.receive(grants(&register));
    bench.event();
    let subscribe = bench.request(Method::Subscribe);
    assert_eq!(subscribe.uri.to_string(), "sip:alice@example.org");
    assert_eq!(subscribe.headers.get(&Name::ACCEPT), Some(SUMMARY));
    bench.receive(answer(&subscribe, 489));
    assert!(matches!(bench.event(), Event::Subscription { event: SubscriptionEvent::Ended, .. }));
    bench.pass(secs(30));
    let refresh = bench.request(Method::Register);
    bench.receive(grants(&refresh));
    bench.quiet();
    // Another server may be behind the next websocket.
    bench.close();
    bench.open();
    bench.take_rest();
}

#[test]
fn what_somebody_writes_is_told_as_text() {
    let mut bench = Bench::connected();
    let mut bob = Peer::caller("chat");
    let html = "<script>alert(1)</script> é";
    let message = bob.request(Method::Message).body("text/plain;charset=UTF-8", html);
    bench.receive(message.with(Name::P_ASSERTED_IDENTITY, "\"Bob K.\" <sip:1002@example.org>"));
    assert!(bench.response(200).headers.tag(&Name::TO).is_some());
    let Event::Message(TextMessage { from, text }) = bench.event() else { panic!("a message") };
    assert_eq!((from.display_name.as_deref(), text.as_str()), (Some("Bob K."), html));
    // Inside of a call, too.
    let (_, mut peer) = bench.in_received_call();
    bench.receive(peer.request(Method::Message).body("TEXT/PLAIN", "hello"));
    bench.response(200);
    assert!(matches!(bench.event(), Event::Message(message) if message.text == "hello"));
}

#[test]
fn what_cannot_be_shown_is_refused_with_what_could_be() {
    let mut bench = Bench::connected();
    let mut bob = Peer::caller("chat");
    for kind in ["text/html", "message/cpim", "application/im-iscomposing+xml", ""] {
        bench.receive(bob.request(Method::Message).body(kind, "<b>hello</b>"));
        assert_eq!(bench.response(415).headers.get(&Name::ACCEPT), Some("text/plain"));
    }
    bench.receive(bob.request(Method::Message).body("text/plain", &"x".repeat(65_537)));
    bench.response(413);
    bench.receive(bob.request(Method::Message).body("text/plain", " \r\n"));
    bench.response(200);
    bench.over();
}

#[test]
fn messages_of_ours_are_sent_challenged_and_answered() {
    let mut bench = Bench::connected();
    let bob = bench.ua.resolve("bob").unwrap();
    let id = bench.command(|ua, now| ua.message(bob, "ça va ?", now)).unwrap();
    let message = bench.request(Method::Message);
    assert_eq!((message.headers.content_type(), message.body.as_str()), (Some("text/plain"), "ça va ?"));
    assert_eq!(message.headers.get(&Name::CONTACT), None, "RFC 3428 §4");
    bench.receive(challenge(&message, 407, "n1"));
    let again = bench.request(Method::Message);
    assert_eq!(again.body, message.body);
    bench.receive(answer(&again, 202));
    assert_eq!(bench.event(), Event::MessageAnswered { id, status: Some(status(202)) });
    bench.over();
}

#[test]
fn a_message_that_gets_no_answer_is_told_so_once() {
    let mut bench = Bench::connected();
    let bob = bench.ua.resolve("bob").unwrap();
    let id = bench.command(|ua, now| ua.message(bob.clone(), "1", now)).unwrap();
    bench.request(Method::Message);
    bench.pass(secs(32));
    assert_eq!(bench.event(), Event::MessageAnswered { id, status: None });
    let id = bench.command(|ua, now| ua.message(bob.clone(), "2", now)).unwrap();
    bench.request(Method::Message);
    bench.close();
    assert_eq!(bench.event(), Event::MessageAnswered { id, status: None });
    bench.quiet();
    let refused = bench.command(|ua, now| ua.message(bob, "3", now));
    assert_eq!(refused, Err(CommandError::NotConnected));
}
