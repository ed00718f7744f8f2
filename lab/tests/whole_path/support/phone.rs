//! The SIP side of a phone, as simple as it can be: it does what the test says and shows what comes.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::digest::{self, Login};
use xc_webrtc::sip::header::{CSeq, Name, Replaces, Via};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::token::Tokens;
use xc_webrtc::sip::uri::{NameAddr, Uri};

use super::cti::{Cti, Socket};
use super::{http, soon};

pub struct Phone {
    lab: SocketAddr,
    token: String,
    socket: Socket,
    pub cti: Cti,
    name: String,
    password: Secret,
    names: Tokens,
    host: String,
    number: u32,
}

impl Phone {
    /// Someone's phone: logged in, CTI open, SIP websocket open, not registered.
    pub async fn of(lab: SocketAddr, login: &str) -> Self {
        let token = http::log_in(lab, login).await;
        let cti = Cti::open(lab, &token).await;
        let text = |key: &str| cti.line[key].as_str().unwrap().to_owned();
        let socket = open(lab, &format!("wssip?token={token}")).await.unwrap();
        let mut names = Tokens::new(xc_lab::random::seed());
        let (name, password, host) = (text("name"), Secret::new(text("password")), names.invalid_host());
        Self { lab, token, socket, cti, name, password, names, host, number: 0 }
    }

    /// The same, registered.
    pub async fn registered(lab: SocketAddr, login: &str) -> Self {
        let mut phone = Self::of(lab, login).await;
        assert_eq!(phone.register(60).await.status, StatusCode::OK);
        phone.cti.status("AVAILABLE").await;
        phone
    }

    /// A new SIP websocket in place of the old one, which is dropped without a word.
    pub async fn reopen(&mut self) {
        self.socket = open(self.lab, &format!("wssip?token={}", self.token)).await.unwrap();
    }

    /// Drops the SIP websocket; the CTI one stays.
    pub fn without_sip(self) -> Cti {
        self.cti
    }

    /// Sends a keep-alive; gives the frame that comes next.
    pub async fn keep_alive(&mut self) -> String {
        self.send("\r\n\r\n").await;
        soon("a keep-alive", self.socket.next()).await.unwrap().unwrap().into_text().unwrap().to_string()
    }

    /// Sends a websocket ping and counts the SIP messages that come before its pong.
    pub async fn frames_before_pong(&mut self) -> usize {
        self.socket.send(Frame::Ping("now".into())).await.unwrap();
        let mut frames = 0;
        while !matches!(soon("a pong", self.socket.next()).await, Some(Ok(Frame::Pong(_)))) {
            frames += 1;
        }
        frames
    }

    pub async fn send(&mut self, text: impl ToString) {
        self.socket.send(Frame::text(text.to_string())).await.unwrap();
    }

    /// The next message; `None` when the websocket was closed.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            match soon("a SIP message", self.socket.next()).await {
                Some(Ok(Frame::Text(text))) if parser::is_keep_alive(&text) => {}
                Some(Ok(Frame::Text(text))) => return Some(parser::parse(&text).unwrap().message),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    pub async fn response(&mut self) -> Response {
        match self.next().await {
            Some(Message::Response(response)) => response,
            other => panic!("a response was expected, not {other:?}"),
        }
    }

    pub async fn final_response(&mut self) -> Response {
        loop {
            let response = self.response().await;
            if response.status.is_final() {
                return response;
            }
        }
    }

    pub async fn request(&mut self, method: Method) -> Request {
        match self.next().await {
            Some(Message::Request(request)) if request.method == method => request,
            other => panic!("{method} was expected, not {other:?}"),
        }
    }

    fn contact(&self) -> String {
        format!("<sip:{}@{};transport=ws>", self.name, self.host)
    }

    fn own_address(&self) -> NameAddr {
        NameAddr::new(Uri::sip(Some(&self.name), "default"))
    }

    /// A request outside of dialogs.
    pub fn new_request(&mut self, method: Method, uri: Uri, call_id: &str) -> Request {
        self.number += 1;
        let to = if method == Method::Register { self.own_address() } else { NameAddr::new(uri.clone()) };
        let mut request = Request::new(method.clone(), uri);
        let branch = self.names.branch();
        let headers = &mut request.headers;
        headers.push(Name::VIA, Via::new("WS", &self.host, &branch).to_string());
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, self.own_address().with_tag(&self.names.tag()).to_string());
        headers.push(Name::TO, to.to_string());
        headers.push(Name::CALL_ID, call_id);
        headers.push(Name::CSEQ, CSeq { number: self.number, method }.to_string());
        headers.push(Name::CONTACT, self.contact());
        request
    }

    /// Sends a request; when it is challenged, once more with credentials. Gives the request as it was sent last and
    /// the first response to that.
    pub async fn ask(&mut self, mut request: Request) -> (Request, Response) {
        self.send(&request).await;
        let response = self.response().await;
        if response.status != StatusCode::UNAUTHORIZED {
            return (request, response);
        }
        if request.method == Method::Invite {
            self.send(ack(&request, &response)).await;
        }
        self.authorize(&mut request, &response);
        self.send(&request).await;
        let response = self.response().await;
        (request, response)
    }

    /// Adds credentials for the challenge in a 401.
    pub fn authorize(&mut self, request: &mut Request, response: &Response) {
        self.number += 1;
        let (branch, cnonce) = (self.names.branch(), self.names.cnonce());
        let challenges = response.headers.challenges(&Name::WWW_AUTHENTICATE);
        let login = Login { username: &self.name, password: &self.password };
        let uri = request.uri.to_string();
        let credentials =
            digest::authorize(&challenges, login, &request.method, &uri, &request.body, &cnonce, 1).unwrap();
        let cseq = CSeq { number: self.number, method: request.method.clone() };
        request.headers.set(Name::VIA, Via::new("WS", &self.host, &branch).to_string());
        request.headers.set(Name::CSEQ, cseq.to_string());
        request.headers.set(Name::AUTHORIZATION, credentials.to_string());
    }

    /// Registers for so many seconds; gives the final answer.
    pub async fn register(&mut self, expires: u32) -> Response {
        let call_id = format!("registration-of-{}", self.host);
        let mut request = self.new_request(Method::Register, Uri::sip(None, "default"), &call_id);
        request.headers.push(Name::EXPIRES, expires.to_string());
        self.ask(request).await.1
    }

    /// Calls a number; the INVITE that was sent and, after the 100, the next response.
    pub async fn call(&mut self, number: &str, offer: &str) -> (Request, Response) {
        let call_id = self.names.call_id();
        let mut invite = self.new_request(Method::Invite, Uri::sip(Some(number), "default"), &call_id);
        if !offer.is_empty() {
            invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
            invite.body = offer.to_owned();
        }
        let (invite, trying) = self.ask(invite).await;
        assert_eq!(trying.status, StatusCode::TRYING);
        let response = self.response().await;
        (invite, response)
    }

    /// Calls in the place of a dialog; the INVITE that was sent and the final response.
    pub async fn replace(&mut self, replaces: &Replaces, offer: &str) -> (Request, Response) {
        let call_id = self.names.call_id();
        let mut invite = self.new_request(Method::Invite, Uri::sip(Some("1002"), "default"), &call_id);
        invite.headers.push(Name::REPLACES, replaces.to_string());
        invite.headers.push(Name::REQUIRE, "replaces");
        invite.headers.push(Name::CONTENT_TYPE, "application/sdp");
        invite.body = offer.to_owned();
        let (invite, response) = self.ask(invite).await;
        let response = if response.status.is_final() { response } else { self.final_response().await };
        (invite, response)
    }

    /// A request inside the dialog that our INVITE and that response made.
    pub fn within(&mut self, invite: &Request, response: &Response, method: Method) -> Request {
        self.number += 1;
        let target = response.headers.contacts().unwrap().first().unwrap().uri.clone();
        let number = match method {
            Method::Ack => invite.headers.cseq().unwrap().number,
            _ => self.number,
        };
        let mut request = Request::new(method.clone(), target);
        let branch = self.names.branch();
        let headers = &mut request.headers;
        headers.push(Name::VIA, Via::new("WS", &self.host, &branch).to_string());
        headers.push(Name::FROM, invite.headers.get(&Name::FROM).unwrap());
        headers.push(Name::TO, response.headers.get(&Name::TO).unwrap());
        headers.push(Name::CALL_ID, invite.headers.call_id().unwrap());
        headers.push(Name::CSEQ, CSeq { number, method }.to_string());
        headers.push(Name::CONTACT, self.contact());
        request
    }

    /// Answers an INVITE from the lab; gives the 200.
    pub async fn answer(&mut self, invite: &Request, status: StatusCode, sdp: &str) -> Response {
        let mut response = invite.reply(status, Some(&self.names.tag()));
        response.headers.push(Name::CONTACT, self.contact());
        if !sdp.is_empty() {
            response.headers.push(Name::CONTENT_TYPE, "application/sdp");
            response.body = sdp.to_owned();
        }
        self.send(&response).await;
        response
    }

    /// A request in the dialog of an INVITE from the lab that was answered so.
    pub fn within_as_callee(&mut self, invite: &Request, ok: &Response, method: Method) -> Request {
        self.number += 1;
        let target = invite.headers.contacts().unwrap().first().unwrap().uri.clone();
        let number = self.number;
        let mut request = Request::new(method.clone(), target);
        let branch = self.names.branch();
        let headers = &mut request.headers;
        headers.push(Name::VIA, Via::new("WS", &self.host, &branch).to_string());
        headers.push(Name::FROM, ok.headers.get(&Name::TO).unwrap());
        headers.push(Name::TO, invite.headers.get(&Name::FROM).unwrap());
        headers.push(Name::CALL_ID, invite.headers.call_id().unwrap());
        headers.push(Name::CSEQ, CSeq { number, method }.to_string());
        headers.push(Name::CONTACT, self.contact());
        request
    }

    /// A BYE in the dialog of an INVITE from the lab that was answered so.
    pub fn bye_as_callee(&mut self, invite: &Request, ok: &Response) -> Request {
        self.within_as_callee(invite, ok, Method::Bye)
    }
}

/// The ACK to a refusal, or the CANCEL: same branch, same number.
pub fn ack(invite: &Request, response: &Response) -> Request {
    let mut request = Request::new(Method::Ack, invite.uri.clone());
    request.headers.push(Name::TO, response.headers.get(&Name::TO).unwrap());
    finish(request, invite)
}

pub fn cancel(invite: &Request) -> Request {
    let mut request = Request::new(Method::Cancel, invite.uri.clone());
    request.headers.push(Name::TO, invite.headers.get(&Name::TO).unwrap());
    finish(request, invite)
}

fn finish(mut request: Request, invite: &Request) -> Request {
    for name in [Name::VIA, Name::FROM, Name::CALL_ID] {
        request.headers.push(name.clone(), invite.headers.get(&name).unwrap());
    }
    let cseq = CSeq { number: invite.headers.cseq().unwrap().number, method: request.method.clone() };
    request.headers.push(Name::CSEQ, cseq.to_string());
    request
}

/// Only opens the websocket.
pub async fn open(lab: SocketAddr, path: &str) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
    let mut request = format!("ws://{lab}/{path}").into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("sip"));
    soon("a SIP websocket", connect_async(request)).await.map(|(socket, _)| socket)
}
