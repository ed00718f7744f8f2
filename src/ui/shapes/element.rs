//! The one type of all elements.

use std::borrow::Cow;

use leptos::prelude::{AnyView, IntoAny, IntoRender, Mountable, Render, RenderEffect, RenderHtml};
use leptos::tachys::html::element::{ElementType, HtmlElement};
use leptos::tachys::html::event::EventDescriptor;
use leptos::tachys::renderer::dom::Dom;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::{Element as DomElement, Node as DomNode};
use send_wrapper::SendWrapper;

use super::value::{Given, Property, Read, Value, Written};
use super::{Handler, drawn_in_browsers_only};
use crate::browser::listener::Listener;

/// An element of a `view!`, of whatever tag.
///
/// It is drawn while the `view!` is evaluated, and what changes is followed from then on. Drawn again in the same place
/// it is replaced, not compared: a closure that gives elements has to read something that changes seldom (a `Memo`), or
/// draw them by [`keyed`](super::keyed).
pub struct Element(Box<SendWrapper<Drawn>>);

/// An element in the document, and what lives as long as it.
pub struct Drawn {
    node: DomElement,
    kept: Vec<Kept>,
}

#[expect(dead_code, reason = "held for what their drop ends")]
enum Kept {
    Child(AnyViewState),
    Effect(RenderEffect<()>),
    Listener(Listener),
}

/// What `view!` says first of a new element: its content or, where it has none, its class or attributes.
///
/// Of the same names as Leptos's own traits, which are therefore not in scope.
pub trait Tag: Sized {
    /// Opens the element.
    fn open(self) -> Element;

    /// Opens it and puts something into it.
    fn child<C: IntoRender<Output: RenderHtml>>(self, child: C) -> Element {
        self.open().child(child)
    }

    /// Opens it and gives it a class.
    fn class(self, class: &'static str) -> Element {
        self.open().class(class)
    }

    /// Opens it and gives it an attribute.
    fn attr<K>(self, name: &'static str, value: impl Value<K>) -> Element {
        self.open().attr(name, value)
    }
}

impl<E: ElementType> Tag for HtmlElement<E, (), ()> {
    fn open(self) -> Element {
        Element::opened(E::TAG, E::NAMESPACE)
    }
}

/// A class of an element: its own, or that of its style sheet, which `view!` hands over with a `true`.
pub trait Class {
    /// The class.
    fn name(self) -> &'static str;
}

impl Class for &'static str {
    fn name(self) -> &'static str {
        self
    }
}

impl Class for (&'static str, bool) {
    fn name(self) -> &'static str {
        self.0
    }
}

/// Methods of the names of attributes.
macro_rules! attributes {
    ($($method:ident = $name:literal),* $(,)?) => {
        $(
            #[doc = concat!("Gives it the attribute `", $name, "`.")]
            pub fn $method<K>(self, value: impl Value<K>) -> Self {
                self.attr($name, value)
            }
        )*
    };
}

/// What `view!` calls.
impl Element {
    #[inline(never)]
    fn opened(tag: &str, namespace: Option<&str>) -> Self {
        let node = Dom::create_element(tag, namespace);
        Self(Box::new(SendWrapper::new(Drawn { node, kept: Vec::new() })))
    }

    attributes! {
        aria_describedby = "aria-describedby",
        aria_disabled = "aria-disabled",
        aria_hidden = "aria-hidden",
        aria_invalid = "aria-invalid",
        aria_label = "aria-label",
        aria_labelledby = "aria-labelledby",
        aria_live = "aria-live",
        aria_pressed = "aria-pressed",
        autocapitalize = "autocapitalize",
        autocomplete = "autocomplete",
        autoplay = "autoplay",
        enterkeyhint = "enterkeyhint",
        hidden = "hidden",
        href = "href",
        id = "id",
        inputmode = "inputmode",
        method = "method",
        muted = "muted",
        name = "name",
        novalidate = "novalidate",
        placeholder = "placeholder",
        playsinline = "playsinline",
        popover = "popover",
        popovertarget = "popovertarget",
        r#for = "for",
        r#type = "type",
        role = "role",
        scope = "scope",
        selected = "selected",
        spellcheck = "spellcheck",
        tabindex = "tabindex",
        title = "title",
        value = "value",
    }

    /// Puts something into it, after what is there.
    pub fn child<C: IntoRender<Output: RenderHtml>>(self, child: C) -> Self {
        self.hold(child.into_render().into_any())
    }

    fn hold(mut self, child: AnyView) -> Self {
        let mut child = child.build();
        child.mount(&self.0.node, None);
        self.0.kept.push(Kept::Child(child));
        self
    }

    /// Adds a class.
    pub fn class(self, class: impl Class) -> Self {
        self.add_class(class.name())
    }

    fn add_class(self, class: &str) -> Self {
        let node = &self.0.node;
        // A class has no reason to be refused.
        let _ = node.class_list().add_1(class);
        self
    }

    /// Gives it an attribute.
    pub fn attr<K>(self, name: &'static str, value: impl Value<K>) -> Self {
        self.write(name, value.given())
    }

    fn write(self, name: &'static str, value: Given<Written>) -> Self {
        match value {
            Given::Once(value) => {
                write(&self.0.node, name, value.as_deref());
                self
            }
            Given::Read(mut read) => {
                let node = self.0.node.clone();
                let mut before = None;
                self.follow(Box::new(move || {
                    let now = read();
                    // Whoever listens to the attribute is not told what they know.
                    if before.as_ref() != Some(&now) {
                        write(&node, name, now.as_deref());
                        before = Some(now);
                    }
                }))
            }
        }
    }

    /// Keeps a property of the element at what the closure gives.
    pub fn prop<K>(self, name: &'static str, value: impl Property<K>) -> Self {
        self.keep_property(name, value.read())
    }

    fn keep_property(self, name: &'static str, mut read: Read<JsValue>) -> Self {
        let node = self.0.node.clone();
        let mut before = JsValue::UNDEFINED;
        self.follow(Box::new(move || {
            let now = read();
            // What a person typed since stays.
            if before != now {
                Dom::set_property(&node, name, &now);
                before = now;
            }
        }))
    }

    /// Calls the handler when the event comes.
    pub fn on<E: EventDescriptor>(self, event: E, handler: Handler) -> Self {
        match event.name() {
            Cow::Borrowed(name) => self.listen(name, handler),
            // Only events without a type of their own have such a name; Leptos's are all listed.
            Cow::Owned(_) => self,
        }
    }

    fn listen(mut self, name: &'static str, handler: Handler) -> Self {
        let listener = Listener::new(&self.0.node, name, handler);
        self.0.kept.push(Kept::Listener(listener));
        self
    }

    fn follow(mut self, mut effect: Box<dyn FnMut()>) -> Self {
        self.0.kept.push(Kept::Effect(RenderEffect::new(move |_| effect())));
        self
    }
}

fn write(node: &DomElement, name: &str, value: Option<&str>) {
    // A name that is none would be refused; ours are written above and in the pages.
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.node.unmount();
    }

    fn mount(&mut self, parent: &DomElement, marker: Option<&DomNode>) {
        self.node.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.node.insert_before_this(child)
    }

    fn elements(&self) -> Vec<DomElement> {
        vec![self.node.clone()]
    }
}

impl Render for Element {
    type State = Drawn;

    fn build(self) -> Drawn {
        self.0.take()
    }

    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

drawn_in_browsers_only!(Element, Drawn);
