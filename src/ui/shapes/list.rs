//! The one type of all lists.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use leptos::prelude::{AnyView, IntoAny, Mountable, Owner, Render, RenderEffect, untrack};
use leptos::tachys::renderer::dom::Dom;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::web_sys::{Comment, Element, Node};

use super::drawn_in_browsers_only;

/// A list drawn by key: what stays is left alone or moved, not drawn anew. No key is there twice.
///
/// `keys` is followed, `draw` is not.
pub fn keyed(
    keys: impl Fn() -> Vec<u64> + Send + 'static,
    draw: impl Fn(u64) -> AnyView + Send + 'static,
) -> AnyView {
    List { keys: Box::new(keys), draw: Box::new(draw) }.into_any()
}

struct List {
    keys: Box<dyn Fn() -> Vec<u64> + Send>,
    draw: Box<dyn Fn(u64) -> AnyView + Send>,
}

/// A list in the document: its rows, then a comment that marks its end.
struct Listed {
    rows: Rc<RefCell<Vec<Row>>>,
    end: Comment,
    #[expect(dead_code, reason = "held for what its drop ends")]
    follows: RenderEffect<()>,
}

struct Row {
    key: u64,
    view: AnyViewState,
    /// Of what was made while the row was drawn.
    owner: Owner,
}

impl Drop for Row {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}

impl Render for List {
    type State = Listed;

    fn build(self) -> Listed {
        let Self { keys, draw } = self;
        let rows = Rc::new(RefCell::new(Vec::new()));
        let end = Dom::create_placeholder();
        let owner = Owner::current().unwrap_or_default();
        let make = move |key| {
            let owner = owner.with(Owner::new);
            let view = owner.with(|| untrack(|| draw(key).build()));
            Row { key, view, owner }
        };
        let (shared, marker) = (Rc::clone(&rows), end.clone());
        let follows = RenderEffect::new(move |_| {
            let keys = keys();
            // Rows may do anything while they are drawn or taken away: nothing is borrowed then.
            let mut rows = mem::take(&mut *shared.borrow_mut());
            bring_to(&mut rows, &keys, &marker, &make);
            shared.replace(rows);
        });
        Listed { rows, end, follows }
    }

    fn rebuild(self, state: &mut Listed) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

/// Makes the rows those of the keys, in their order.
fn bring_to(rows: &mut Vec<Row>, keys: &[u64], end: &Comment, make: &dyn Fn(u64) -> Row) {
    rows.retain_mut(|row| {
        let stays = keys.contains(&row.key);
        if !stays {
            row.view.unmount();
        }
        stays
    });
    for (at, key) in keys.iter().enumerate() {
        let mut row = match rows.iter().position(|row| row.key == *key) {
            Some(found) if found == at => continue,
            Some(found) => rows.remove(found),
            None => make(*key),
        };
        // Before the list is in the document, nothing stands before anything.
        match rows.get(at) {
            Some(next) => next.view.insert_before_this(&mut row.view),
            None => end.insert_before_this(&mut row.view),
        };
        rows.insert(at, row);
    }
}

impl Mountable for Listed {
    fn unmount(&mut self) {
        for row in self.rows.borrow_mut().iter_mut() {
            row.view.unmount();
        }
        self.end.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.end.mount(parent, marker);
        for row in self.rows.borrow_mut().iter_mut() {
            row.view.mount(parent, Some(&self.end));
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.borrow().first() {
            Some(row) => row.view.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        self.rows.borrow().iter().flat_map(|row| row.view.elements()).collect()
    }
}

drawn_in_browsers_only!(List, Listed);
