//! The way to the exchange: one task owns it, everyone else asks there.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Duration, Instant, sleep_until};

use super::Exchange;
use crate::media::Report;

type Question = Box<dyn FnOnce(&mut Exchange) + Send>;

/// Takes questions to the exchange, in order. Cheap to clone; the exchange ends with its last desk.
#[derive(Clone)]
pub struct Desk {
    questions: UnboundedSender<Question>,
}

impl Desk {
    /// Starts the task that owns the exchange.
    pub fn open(exchange: Exchange, reports: UnboundedReceiver<Report>) -> Self {
        let (questions, asked) = unbounded_channel();
        tokio::spawn(serve(exchange, asked, reports));
        Self { questions }
    }

    /// Has something done, without waiting for it.
    pub fn tell(&self, what: impl FnOnce(&mut Exchange) + Send + 'static) {
        // An exchange that is gone has nothing more to do.
        let _ = self.questions.send(Box::new(what));
    }

    /// Has something done and waits for what comes of it; `None` when the exchange is gone.
    pub async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Exchange) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.tell(move |exchange| {
            // Who asked may have left meanwhile.
            let _ = answer.send(what(exchange));
        });
        answered.await.ok()
    }
}

async fn serve(
    mut exchange: Exchange,
    mut asked: UnboundedReceiver<Question>,
    mut reports: UnboundedReceiver<Report>,
) {
    loop {
        let idle = Duration::from_secs(3600);
        let deadline = exchange.next_deadline().unwrap_or_else(|| Instant::now() + idle);
        tokio::select! {
            question = asked.recv() => match question {
                Some(question) => question(&mut exchange),
                None => return,
            },
            Some(report) = reports.recv() => exchange.media_reported(report),
            () = sleep_until(deadline) => exchange.time_passed(Instant::now()),
        }
    }
}
