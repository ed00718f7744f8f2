//! The moments at which there may be other microphones and loudspeakers: one is plugged in or out, the system prefers
//! another one, the person allows or forbids them.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::clock::{self, Alarm};
use crate::browser::listener::Listener;
use crate::browser::promise::settled;
use crate::browser::{invoke, spawn, window};

/// One headset is several devices, and each of them comes by itself: they are looked at when it is quiet again.
const QUIET: Duration = Duration::from_millis(500);

/// Tells of them until it is dropped.
#[must_use = "nothing is told after this is dropped"]
pub struct DeviceWatch {
    /// One when the browser has devices, and one when it has permissions.
    _listeners: Rc<RefCell<Vec<Listener>>>,
}

impl DeviceWatch {
    /// Calls `changed` half a second after the last change of several.
    pub fn new(changed: impl FnMut() + 'static) -> Self {
        let alarm = Rc::new(Alarm::new(changed));
        let listeners = Rc::new(RefCell::new(Vec::new()));
        let later = move || {
            let alarm = Rc::clone(&alarm);
            move |_| alarm.set(Some(clock::now() + QUIET))
        };
        if let Ok(devices) = super::devices::media_devices() {
            listeners.borrow_mut().push(Listener::new(&devices, "devicechange", later()));
        }
        let place = Rc::downgrade(&listeners);
        spawn(async move {
            let asked = || -> Result<Promise, JsValue> {
                let microphone = Object::new();
                Reflect::set(&microphone, &"name".into(), &"microphone".into())?;
                let permissions = Reflect::get(&window().navigator(), &"permissions".into())?;
                invoke(&permissions, "query", &microphone)?.dyn_into()
            };
            // A browser that has no such permission tells by the microphone alone.
            let Ok(asked) = asked() else { return };
            if let (Ok(status), Some(listeners)) = (settled(&asked).await, place.upgrade()) {
                listeners.borrow_mut().push(Listener::new(status.unchecked_ref(), "change", later()));
            }
        });
        Self { _listeners: listeners }
    }
}
