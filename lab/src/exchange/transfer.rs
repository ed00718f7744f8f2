//! Transfers: two people go on without the one who brought them together (xuc-cti §7).

use std::sync::Arc;

use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::call::{Call, CallId, End, Referrer, Side, Stage};
use crate::account::Account;
use crate::media::{LegId, MediaKind};

impl Exchange {
    /// Moves the other party of someone's call to a number, and the someone out of it.
    pub(super) fn direct_transfer(&mut self, login: &str, destination: &str) -> Result<(), String> {
        let (id, side) = self.transferable(login)?;
        if let Some(call) = self.calls.remove(&id) {
            self.tell_left(&call, side);
            let linked_id = call.linked_id.clone();
            let (own, other) = call.split(side);
            self.leave(&own.legs);
            self.redirect(linked_id, other, destination, None);
        }
        self.tell_statuses();
        Ok(())
    }

    /// Calls a number for someone who has a call: the consultation (xuc-cti §7, step 1).
    pub(super) fn attended_transfer(
        &mut self,
        account: &Arc<Account>,
        destination: &str,
    ) -> Result<(), String> {
        if self.consultation(&account.login).is_some() {
            return Err("there is a consultation already".to_owned());
        }
        let (id, _) = self.transferable(&account.login)?;
        self.dial(account, destination, &[], Some(id))
    }

    /// Joins the two that someone talks to, and takes the someone out (step 2a).
    pub(super) fn complete_transfer(&mut self, login: &str) -> Result<(), String> {
        let (first, consultation) = self.consultation(login).ok_or("there is no transfer to complete")?;
        if self.calls.get(&consultation).is_none_or(|call| call.stage == Stage::Summoning) {
            return Err("your phone has not answered yet".to_owned());
        }
        let side = self.side_of(first, login).ok_or("the call to transfer is over")?;
        self.join((first, side), (consultation, Side::Caller))
    }

    /// Ends the consultation (step 2b). The first call stays on hold.
    pub(super) fn cancel_transfer(&mut self, login: &str) -> Result<(), String> {
        let (_, consultation) = self.consultation(login).ok_or("there is no transfer to cancel")?;
        self.end_call(consultation, StatusCode::REQUEST_TERMINATED, None);
        Ok(())
    }

    /// Joins the other parties of two calls of someone, who leaves both.
    pub(super) fn join(&mut self, first: (CallId, Side), second: (CallId, Side)) -> Result<(), String> {
        let there = |(id, side): (CallId, Side)| {
            self.calls.get(&id).is_some_and(|call| !call.end(side.other()).legs.is_empty())
        };
        if !there(first) && !there(second) {
            return Err("there is nobody to join".to_owned());
        }
        let swap = !there(first);
        let (Some(one), Some(other)) = (self.calls.remove(&first.0), self.calls.remove(&second.0)) else {
            return Err("there is no such call".to_owned());
        };
        for (call, side) in [(&one, first.1), (&other, second.1)] {
            self.tell_left(call, side);
        }
        let (linked_id, stage) = (one.linked_id.clone(), other.stage);
        let ((own, one), (also_own, other)) = (one.split(first.1), other.split(second.1));
        self.leave(&own.legs);
        self.leave(&also_own.legs);
        // Who has a phone hears what a service plays, and not the other way round.
        let ends = if swap { [other, one] } else { [one, other] };
        let kinds = vec![MediaKind::Audio];
        let id = self.enter(Call::new(linked_id, ends, stage, kinds));
        if stage == Stage::Talking {
            self.connect(id);
        } else {
            self.let_hear(id);
            self.settle(id);
        }
        self.tell_statuses();
        Ok(())
    }

    /// Calls a number for an end that is in a call already.
    pub(super) fn redirect(
        &mut self,
        linked_id: String,
        end: End,
        destination: &str,
        referrer: Option<Referrer>,
    ) {
        let video = self.phone_at(&end).is_some_and(|leg| leg.terms.video);
        let kinds =
            [MediaKind::Audio, MediaKind::Video].into_iter().take(if video { 2 } else { 1 }).collect();
        let callee = self.called_end(destination);
        let mut call = Call::new(linked_id, [end, callee], Stage::Ringing, kinds);
        call.referrer = referrer;
        let id = self.enter(call);
        self.place(id);
        self.settle(id);
    }

    /// Keeps a call whose ends come from others.
    pub(super) fn enter(&mut self, call: Call) -> CallId {
        let id = CallId(self.next_id());
        for side in Call::SIDES {
            for leg in &call.end(side).legs {
                if let Some(leg) = self.legs.get_mut(leg) {
                    leg.call = Some(id);
                    leg.side = side;
                }
            }
        }
        self.calls.insert(id, call);
        id
    }

    fn leave(&mut self, legs: &[LegId]) {
        for leg in legs {
            self.release(*leg, StatusCode::REQUEST_TERMINATED, None);
        }
    }

    /// The newest established call of someone, consultations left out.
    fn transferable(&self, login: &str) -> Result<(CallId, Side), String> {
        self.ends_of(login)
            .rev()
            .find(|(_, call, side)| {
                let other = call.end(side.other());
                let somebody = !other.legs.is_empty() || other.account.is_some() || *side == Side::Callee;
                call.stage == Stage::Talking && call.consults_for.is_none() && somebody
            })
            .map(|(id, _, side)| (id, side))
            .ok_or_else(|| "there is no call to transfer".to_owned())
    }

    /// The call that someone is about to transfer, and the consultation.
    fn consultation(&self, login: &str) -> Option<(CallId, CallId)> {
        self.ends_of(login).rev().find_map(|(id, call, _)| Some((call.consults_for?, id)))
    }

    fn side_of(&self, id: CallId, login: &str) -> Option<Side> {
        self.ends_of(login).find(|(known, ..)| *known == id).map(|(_, _, side)| side)
    }
}
