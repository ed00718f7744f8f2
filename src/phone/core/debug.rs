//! What is logged, and the SIP messages that are shown on demand.

use super::super::api::{Debug, Level, Notice, Refusal};
use super::super::effect::Output;
use super::super::event::Event;
use super::Core;

impl Core {
    /// What is logged now; kept whatever is started and stopped.
    pub fn debug(&self) -> Debug {
        self.debug
    }

    pub(super) fn set_debug(&mut self, debug: Debug) -> Result<(), Refusal> {
        self.debug = debug;
        Ok(())
    }

    pub(super) fn log(&mut self, level: Level, text: String) {
        if level >= self.debug.level {
            self.outputs.push(Output::Log { level, text });
        }
    }

    pub(super) fn publish(&mut self, event: Event) {
        if let Some(to_line) = self.debug.events {
            self.outputs.push(Output::Log { level: Level::Info, text: to_line(&event) });
        }
        if let Event::Failed { reason } | Event::DialFailed { reason, .. } = &event {
            self.log(Level::Error, reason.clone());
        }
        self.outputs.push(Output::Notice(Notice::Event(event)));
    }

    /// Tells of something that was tolerated or dropped.
    pub(super) fn diagnose(&mut self, source: &'static str, text: String) {
        self.log(Level::Warn, format!("{source}: {text}"));
        self.outputs.push(Output::Notice(Notice::Diagnostic { source, text }));
    }

    /// Shows a SIP message, if that is wanted.
    pub(super) fn show_sip(&mut self, sent: bool, message: &str) {
        if let Some(masked) = self.debug.messages {
            self.outputs.push(Output::Notice(Notice::Sip { sent, text: masked(message) }));
        }
    }
}
