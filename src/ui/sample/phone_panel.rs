//! The commands that the CTI server carries out.

use super::method_row::{Action, MethodRow};
use crate::json::{Object, Value};
use crate::phone::api::Command;
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// Dial, answer, hang up, and the question for the present calls.
#[component]
pub fn PhonePanel() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let destination = RwSignal::new(String::new());
    let dial = move |()| cti("dial", &[("destination", &destination.get_untracked())]);
    view! {
        <MethodRow signature="Cti.dial(destination)" actions=vec![Action::main(t.dial, dial)]>
            <Field label=t.destination id="cti-destination" value=destination />
        </MethodRow>
        <MethodRow
            signature="Cti.answer() · Cti.hangup()"
            actions=vec![
                Action::plain(t.answer, |()| cti("answer", &[])),
                Action::plain(t.hang_up, |()| cti("hangup", &[])),
            ]
        />
        <MethodRow
            signature="Cti.getCurrentCallsPhoneEvents()"
            actions=vec![Action::plain(t.ask, |()| cti("getCurrentCallsPhoneEvents", &[]))]
        />
    }
}

/// A CTI command as it is written on the wire.
fn cti(command: &str, arguments: &[(&str, &str)]) -> Command {
    let mut object = Object::default();
    object.insert("command", command);
    for (name, value) in arguments {
        object.insert(name, *value);
    }
    Command::Cti(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_beside_the_command() {
        let sent = |command| match command {
            Command::Cti(value) => value.to_string(),
            other => panic!("{other:?}"),
        };
        let dial = cti("dial", &[("destination", "1002")]);
        assert_eq!(sent(dial), r#"{"command":"dial","destination":"1002"}"#);
        assert_eq!(sent(cti("hangup", &[])), r#"{"command":"hangup"}"#);
    }
}
