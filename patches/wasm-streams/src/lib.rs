//! Streams of JavaScript as streams of Rust and the other way, as far as Leptos's server functions want it.
//!
//! Leptos always brings them along. The crate of this name on crates.io offers its classes to JavaScript too, and what
//! is offered cannot be left out of a program: some kilobytes of download for pages that, like ours, never call a
//! server function. Here nothing is offered, so the linker drops what nobody calls.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;

use futures_util::stream::{Stream, try_unfold};
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, UnwrapThrowExt};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{ReadableStreamDefaultController, ReadableStreamDefaultReader};

type Items = Pin<Box<dyn Stream<Item = Result<JsValue, JsValue>>>>;

/// A `ReadableStream` of JavaScript.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// That stream.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// The stream as JavaScript has it.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// A stream that gives what `items` gives, when it is asked for it.
    pub fn from_stream(items: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        let items: Items = Box::pin(items);
        let items = Rc::new(RefCell::new(items));
        let pull: Box<dyn FnMut(ReadableStreamDefaultController) -> Promise> =
            Box::new(move |controller| future_to_promise(pull(items.clone(), controller)));
        let source = Object::new();
        Reflect::set(&source, &"pull".into(), &Closure::wrap(pull).into_js_value())
            .expect_throw("a new object takes a property");
        Self(
            web_sys::ReadableStream::new_with_underlying_source(&source)
                .expect_throw("streams take such a source"),
        )
    }

    /// What the stream gives, until it ends or fails. Nobody else can read it meanwhile.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        let reader: ReadableStreamDefaultReader = self.0.get_reader().unchecked_into();
        try_unfold(reader, |reader| async move {
            let step = JsFuture::from(reader.read()).await?;
            match Reflect::get(&step, &"done".into())?.is_truthy() {
                true => Ok(None),
                false => Ok(Some((Reflect::get(&step, &"value".into())?, reader))),
            }
        })
    }
}

/// Hands the next item on. JavaScript does not ask again before this is done.
async fn pull(
    items: Rc<RefCell<Items>>,
    controller: ReadableStreamDefaultController,
) -> Result<JsValue, JsValue> {
    match poll_fn(|context| items.borrow_mut().as_mut().poll_next(context)).await {
        Some(Ok(item)) => controller.enqueue_with_chunk(&item)?,
        Some(Err(error)) => controller.error_with_e(&error),
        None => controller.close()?,
    }
    Ok(JsValue::UNDEFINED)
}
