//! REGISTER (RFC 3261 §10.3).

use std::sync::Arc;

use tokio::time::Instant;
use xc_webrtc::sip::header::{Contacts, Name};
use xc_webrtc::sip::message::Request;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::registrar::{Binding, MIN_EXPIRES, granted};
use super::socket::SocketId;
use crate::account::Account;

impl Exchange {
    pub(super) fn register(&mut self, socket: SocketId, request: &Request) {
        let Some(account) = self.authenticate(socket, request) else { return };
        let addressed = request.headers.to().is_ok_and(|to| to.user() == account.line_name);
        if !addressed {
            return self.refuse(socket, request, StatusCode::FORBIDDEN);
        }
        match self.rebind(socket, request, &account) {
            Ok(()) => self.confirm_registration(socket, request, &account),
            Err(status) => {
                let tag = self.names.tag();
                let mut response = request.reply(status, Some(&tag));
                if status == StatusCode::INTERVAL_TOO_BRIEF {
                    response.headers.push(Name::MIN_EXPIRES, MIN_EXPIRES.to_string());
                }
                self.send(socket, &response);
            }
        }
        self.link_found(socket, &account.login);
        self.tell_statuses();
    }

    /// Whose request that is; when it is nobody's, a challenge was sent.
    pub(super) fn authenticate(&mut self, socket: SocketId, request: &Request) -> Option<Arc<Account>> {
        let now = Instant::now();
        match self.guard.judge(request, &self.directory, now) {
            Ok(account) => Some(account),
            Err(denied) => {
                let tag = self.names.tag();
                let challenge = self.guard.challenge(request, &tag, denied, now);
                self.send(socket, &challenge);
                None
            }
        }
    }

    fn rebind(
        &mut self,
        socket: SocketId,
        request: &Request,
        account: &Arc<Account>,
    ) -> Result<(), StatusCode> {
        let headers = &request.headers;
        let contacts = headers.contacts().map_err(|_| StatusCode::BAD_REQUEST)?;
        let Contacts::List(contacts) = contacts else {
            if headers.expires() != Some(0) {
                return Err(StatusCode::BAD_REQUEST);
            }
            self.registrar.unbind_all(&account.login);
            return Ok(());
        };
        let call_id = headers.call_id().map_err(|_| StatusCode::BAD_REQUEST)?;
        let cseq = headers.cseq().map_err(|_| StatusCode::BAD_REQUEST)?.number;
        for contact in contacts {
            let asked = contact.expires().or(headers.expires());
            if asked == Some(0) {
                self.registrar.unbind(&account.login, &contact.uri);
                continue;
            }
            let lifetime = granted(self.faults.shortened(asked, &account.login))
                .ok_or(StatusCode::INTERVAL_TOO_BRIEF)?;
            let binding = Binding {
                account: account.clone(),
                contact: contact.uri,
                socket,
                expires_at: Instant::now() + lifetime,
                call_id: call_id.to_owned(),
                cseq,
                refreshes: 0,
            };
            self.registrar.bind(binding).map_err(|_| StatusCode::SERVER_INTERNAL_ERROR)?;
        }
        Ok(())
    }

    /// 200 with every contact of the account.
    fn confirm_registration(&mut self, socket: SocketId, request: &Request, account: &Account) {
        let tag = self.names.tag();
        let mut response = request.reply(StatusCode::OK, Some(&tag));
        let now = Instant::now();
        for binding in self.registrar.of(&account.login) {
            // Rounded up: the phone would else see a second less than it asked for.
            let left = (binding.expires_at - now).as_secs_f64().ceil();
            response.headers.push(Name::CONTACT, format!("<{}>;expires={left}", binding.contact));
        }
        self.send(socket, &response);
    }
}
