//! What the pages ask of a phone, wherever it is: in the same program, or behind `xc_webrtc.js`.

use std::any::Any;

use crate::phone::Phone;
use crate::phone::api::{Command, Notice, Refusal, View};

/// What is told of everything.
pub type Told = Box<dyn FnMut(&Notice)>;

/// A phone, for the screen.
pub trait Telephone {
    /// All that a screen shows, at this moment.
    fn view(&self) -> View;

    /// Has it do something, or says why it does not.
    fn command(&self, command: Command) -> Result<(), Refusal>;

    /// Shows the pictures of calls in the elements that the page has now.
    fn show_pictures(&self);

    /// Has calls use that loudspeaker, or that microphone; empty: the one of the system. A page whose own matter this is
    /// does nothing.
    fn use_device(&self, _is_speaker: bool, _id: &str) {}

    /// Has `told` told of everything, until the answer is dropped.
    fn listen(&self, told: Told) -> Box<dyn Any>;
}

/// The one in the same program.
impl Telephone for Phone {
    fn view(&self) -> View {
        self.view()
    }

    fn command(&self, command: Command) -> Result<(), Refusal> {
        self.command(command)
    }

    fn show_pictures(&self) {
        self.look_for_elements();
    }

    fn use_device(&self, is_speaker: bool, id: &str) {
        let media = self.media();
        match is_speaker {
            true => media.set_speaker(id.to_owned()),
            false => media.set_microphone((!id.is_empty()).then(|| id.to_owned())),
        }
    }

    fn listen(&self, told: Told) -> Box<dyn Any> {
        Box::new(self.listen(told))
    }
}
