//! Established calls: how two phones come to talk, and change their session.

use xc_webrtc::sip::header::{CSeq, Name};
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::status::StatusCode;

use super::peer::Peer;
use super::phone::{Phone, ack};

/// An established dialog.
pub enum Talk {
    /// Our INVITE, and the 200.
    Ours(Request, Response),
    /// The lab's INVITE, and our 200.
    Theirs(Request, Response),
}

impl Phone {
    /// Changes the session that our INVITE made by a re-INVITE with that offer; gives the answer, acknowledged.
    pub async fn change(&mut self, talk: &Talk, offer: &str) -> Response {
        let mut again = self.inside(talk, Method::Invite);
        again.body = offer.to_owned();
        self.send(&again).await;
        let response = self.final_response().await;
        if response.status.is_success() {
            let number = again.headers.cseq().unwrap().number;
            let mut confirm = self.inside(talk, Method::Ack);
            confirm.headers.set(Name::CSEQ, CSeq { number, method: Method::Ack }.to_string());
            self.send(&confirm).await;
        } else {
            self.send(ack(&again, &response)).await;
        }
        response
    }

    /// A request in an established dialog.
    pub fn inside(&mut self, talk: &Talk, method: Method) -> Request {
        match talk {
            Talk::Ours(invite, ok) => self.within(invite, ok, method),
            Talk::Theirs(invite, ok) => self.within_as_callee(invite, ok, method),
        }
    }

    /// Calls a number that answers.
    pub async fn talks_to(&mut self, number: &str, peer: &mut Peer) -> Talk {
        let (invite, mut ok) = self.call(number, &peer.offer()).await;
        if !ok.status.is_final() {
            ok = self.final_response().await;
        }
        assert_eq!(ok.status, StatusCode::OK);
        let confirm = self.within(&invite, &ok, Method::Ack);
        self.send(confirm).await;
        peer.accept(&ok.body);
        Talk::Ours(invite, ok)
    }

    /// Takes the next call.
    pub async fn takes_call(&mut self, peer: &mut Peer) -> Talk {
        let invite = self.request(Method::Invite).await;
        let answer = peer.answer(&invite.body);
        let ok = self.answer(&invite, StatusCode::OK, &answer).await;
        self.request(Method::Ack).await;
        Talk::Theirs(invite, ok)
    }

    /// Takes the next re-INVITE from the lab; gives it.
    pub async fn takes_change(&mut self, peer: &mut Peer) -> Request {
        let again = self.request(Method::Invite).await;
        assert!(again.headers.to().unwrap().tag().is_some(), "a re-INVITE was expected, not a call");
        let answer = peer.answer(&again.body);
        self.answer(&again, StatusCode::OK, &answer).await;
        self.request(Method::Ack).await;
        again
    }
}

/// Two phones and what they say, in a call.
pub async fn talk_together(
    caller: (&mut Phone, &mut Peer),
    callee: (&mut Phone, &mut Peer),
    number: &str,
) -> (Talk, Talk) {
    tokio::join!(caller.0.talks_to(number, caller.1), callee.0.takes_call(callee.1))
}
