//! What an attribute or a property may be given: a value, or a closure that gives one and is followed.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use leptos::wasm_bindgen::JsValue;

/// A closure as `view!` hands it over where components are erased, as they are in the download.
type Shared<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Given once.
pub struct Once;
/// Given by a closure.
pub struct ByClosure;
/// Given by a shared closure.
pub struct ByShared;

/// What is asked again whenever it may have changed.
pub type Read<T> = Box<dyn FnMut() -> T>;

/// A value, or how to read it. `K` only tells the implementations apart.
pub enum Given<T> {
    Once(T),
    Read(Read<T>),
}

/// What an attribute is written as; `None` takes it away.
pub type Written = Option<Cow<'static, str>>;

/// A type that an attribute can be written from.
pub trait Write: 'static {
    fn write(self) -> Written;
}

impl Write for &'static str {
    fn write(self) -> Written {
        Some(self.into())
    }
}

impl Write for String {
    fn write(self) -> Written {
        Some(self.into())
    }
}

impl Write for Option<&'static str> {
    fn write(self) -> Written {
        self.map(Into::into)
    }
}

/// There or not: an attribute without a value.
impl Write for bool {
    fn write(self) -> Written {
        self.then_some(Cow::Borrowed(""))
    }
}

/// What an attribute may be given.
pub trait Value<K> {
    fn given(self) -> Given<Written>;
}

impl<T: Write> Value<Once> for T {
    fn given(self) -> Given<Written> {
        Given::Once(self.write())
    }
}

impl<T: Write, F: FnMut() -> T + 'static> Value<ByClosure> for F {
    fn given(mut self) -> Given<Written> {
        Given::Read(Box::new(move || self().write()))
    }
}

impl<T: Write> Value<ByShared> for Shared<T> {
    fn given(self) -> Given<Written> {
        Given::Read(Box::new(move || ask(&self).write()))
    }
}

/// What a property may be given.
pub trait Property<K> {
    fn read(self) -> Read<JsValue>;
}

impl<T: Into<JsValue>, F: FnMut() -> T + 'static> Property<ByClosure> for F {
    fn read(mut self) -> Read<JsValue> {
        Box::new(move || self().into())
    }
}

impl<T: Into<JsValue> + 'static> Property<ByShared> for Shared<T> {
    fn read(self) -> Read<JsValue> {
        Box::new(move || ask(&self).into())
    }
}

fn ask<T>(shared: &Shared<T>) -> T {
    shared.lock().unwrap_or_else(PoisonError::into_inner)()
}
