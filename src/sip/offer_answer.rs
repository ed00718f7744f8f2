//! Who owes an offer or an answer (RFC 3261 §13.2.1, §14; RFC 3264), and what happens when both sides ask at once.

use super::status::StatusCode;
use super::transaction::timer::Repetition;
use super::transaction::{ClientId, ServerId};

/// Where the exchange of session descriptions stands in an established session.
///
/// ```text
///            reoffer                      re-INVITE, UPDATE with an offer
/// Offering <───────── Settled ──────────────────────> Asked
///     └──2xx, refusal──> ^ ^ <──UPDATE answered, refused──┤
///                        │ └────ACK──── Answered <──2xx───┘ <── accept
///                        └───answer_offer─── AckOwed <── 2xx with an offer to our INVITE without one
/// ```
#[derive(Debug)]
pub(super) enum Negotiation {
    /// Both sides agree.
    Settled,
    /// Our re-INVITE is out.
    Offering(ClientId),
    /// The other side's re-INVITE or UPDATE waits for our word.
    Asked {
        /// The request.
        request: ServerId,
        /// What our 2xx means for what follows.
        kind: Asking,
    },
    /// Our 2xx to an INVITE waits for its ACK.
    Answered(Answered),
    /// The 2xx to our INVITE had the offer: the ACK, with the answer, waits for our word.
    AckOwed(ClientId),
}

/// How the other side asked for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// By re-INVITE with an offer.
    Invite,
    /// By re-INVITE without one: our 2xx has the offer, the ACK the answer.
    InviteWithoutOffer,
    /// By UPDATE, which has no ACK.
    Update,
}

/// A 2xx of ours that has to be repeated until it is acknowledged (RFC 3261 §13.3.1.4).
#[derive(Debug)]
pub(super) struct Answered {
    /// The 2xx as it was printed.
    pub(super) text: String,
    /// The CSeq number of the INVITE, which its ACK repeats.
    pub(super) cseq: u32,
    /// When it is sent again.
    pub(super) repetition: Repetition,
    /// The ACK has to bring the answer to the offer in our 2xx.
    pub(super) wants_answer: bool,
    /// It answers the INVITE that began the session.
    pub(super) first: bool,
}

impl Negotiation {
    /// What an offer that comes now is refused with; `None`: it can be considered.
    ///
    /// 491 when an offer of ours is not answered yet, 500 with Retry-After when theirs is not (RFC 3261 §14.2,
    /// RFC 3311 §5.2).
    pub(super) fn glare(&self) -> Option<StatusCode> {
        match self {
            Self::Settled => None,
            Self::Offering(_) | Self::Answered(_) | Self::AckOwed(_) => Some(StatusCode::REQUEST_PENDING),
            Self::Asked { .. } => Some(StatusCode::SERVER_INTERNAL_ERROR),
        }
    }
}
