//! A lock that one page of the browser holds at a time (Web Locks), and is kept awake by: a page that holds one is not
//! frozen in the background.

use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::promise::settled;
use super::{spawn, window};

/// How the lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Only if nobody holds it.
    IfFree,
    /// When whoever holds it is gone.
    WhenFree,
    /// Whoever holds it loses it.
    Now,
}

/// What became of the wish.
pub enum Told {
    /// It is ours.
    Held(Held),
    /// It is somebody else's.
    Refused,
    /// It was ours, and somebody has taken it; or the browser gives none to this page, as where storage is forbidden.
    Lost,
}

/// The lock is ours until this is dropped.
#[must_use = "the lock is given back when this is dropped"]
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // What settles a promise throws nothing.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Asks for the lock of that name. `false`: this browser has no locks.
pub fn ask(name: &str, ask: Ask, told: Rc<dyn Fn(Told)>) -> bool {
    let lost = Rc::clone(&told);
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            told(Told::Refused);
            return JsValue::UNDEFINED;
        }
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        if let Some(release) = release {
            told(Told::Held(Held(release)));
        }
        held.into()
    });
    let Ok(over) = request(name, ask, &granted) else { return false };
    spawn(async move {
        // It ends well when we give the lock back.
        if settled(&over).await.is_err() {
            lost(Told::Lost);
        }
    });
    true
}

fn request(name: &str, ask: Ask, granted: &JsValue) -> Result<Promise, JsValue> {
    let options = Object::new();
    let option = match ask {
        Ask::IfFree => "ifAvailable",
        Ask::Now => "steal",
        Ask::WhenFree => "",
    };
    if !option.is_empty() {
        Reflect::set(&options, &option.into(), &JsValue::TRUE)?;
    }
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call3(&locks, &name.into(), &options, granted)?.dyn_into()
}
