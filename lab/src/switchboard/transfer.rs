//! Transfers (xuc-cti §7). The parties are joined by Asterisk; the transferring phone's channels end by themselves.

use super::Switchboard;
use super::leg::Leg;
use super::line::Transfer;
use super::orders::Placing;
use super::responses::Pending;
use crate::ami::Action;

const UNDER_WAY: &str = "a transfer is under way already";
const NONE: &str = "there is no transfer under way";
const NO_CALL: &str = "there is no call that could be transferred";

impl Switchboard {
    /// Sends the other side of the current call to a number, without asking there: of the newest that is not on hold.
    pub(super) fn transfer_directly(&mut self, login: &str, destination: String) -> Result<(), String> {
        if self.transfer(login).is_some() {
            return Err(UNDER_WAY.to_owned());
        }
        let holds = |leg: &&Leg| self.channels.get(&leg.unique_id).is_some_and(|channel| channel.holds);
        let current = self.talks_of(login).find(|leg| !holds(leg));
        let of = current.or_else(|| self.talks_of(login).next()).ok_or(NO_CALL)?.unique_id.clone();
        self.look_up(login, &destination.clone(), Placing::DirectTransfer { of, destination });
        Ok(())
    }

    /// Begins an attended transfer: the person's own phone, which answers by itself, calls that number.
    pub(super) fn consult(&mut self, login: &str, destination: String) -> Result<(), String> {
        if self.transfer(login).is_some() {
            return Err(UNDER_WAY.to_owned());
        }
        // The newest: its phone has put it on hold before it asked. An older one may be left of a page that was lost.
        let of = self.talks_of(login).next().ok_or(NO_CALL)?.unique_id.clone();
        let consultation = self.place(login, destination, Vec::new());
        if let Some(line) = self.lines.get_mut(login) {
            line.transfer = Some(Transfer { of, consultation });
        }
        Ok(())
    }

    /// Joins the other sides of both calls.
    pub(super) fn complete_transfer(&mut self, login: &str) -> Result<(), String> {
        let Transfer { of, consultation } = self.transfer(login).ok_or(NONE)?;
        let one = self
            .channels
            .peer(of)
            .ok_or("nobody is at the other end of the call who could be transferred")?;
        let other =
            self.channels.peer(consultation).ok_or("nobody has answered the consultation call yet")?;
        let action = Action::new("Bridge")
            .with("Channel1", &other.name)
            // Who waits comes second: nothing else touches a channel once its tone has begun.
            .with("Channel2", &one.name)
            // Tells who waited that somebody is there now, and ends the music for certain: `Bridge` stops it from a thread
            // of its own, and misses it when the channel's thread is just making the next 20 ms of it (Asterisk's
            // `generator_force`). What plays the tone is the channel's thread, which stops the music first.
            .with("Tone", "channel2");
        let what = "the transfer could not be completed";
        self.ask(action, Pending::Order { login: login.to_owned(), what });
        Ok(())
    }

    /// Ends the consultation call. The other one is on hold; its phone takes it back.
    pub(super) fn cancel_transfer(&mut self, login: &str) -> Result<(), String> {
        let consultation = self.transfer(login).ok_or(NONE)?.consultation.clone();
        match self.errands.get_mut(&consultation) {
            Some(errand) => errand.cancelled = true,
            None => self.hang_up(login, &consultation),
        }
        if let Some(line) = self.lines.get_mut(login) {
            line.transfer = None;
        }
        Ok(())
    }

    /// Forgets the transfers whose consultation was asked for when the link to Asterisk was lost.
    pub(super) fn forget_lost_transfers(&mut self) {
        let there =
            |channel: &String| self.channels.get(channel).is_some() || self.errands.contains_key(channel);
        for line in self.lines.values_mut() {
            line.transfer = line.transfer.take().filter(|transfer| there(&transfer.consultation));
        }
    }

    fn transfer(&self, login: &str) -> Option<&Transfer> {
        self.lines.get(login)?.transfer.as_ref()
    }

    /// The calls that somebody could transfer, the newest first. Whether one has another side that can be transferred
    /// shows later: an answered call is bridged a moment after it is told.
    fn talks_of<'a>(&'a self, login: &'a str) -> impl Iterator<Item = &'a Leg> {
        self.legs_of(login).rev().filter(|leg| leg.is_answered())
    }
}
