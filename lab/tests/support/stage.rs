//! One story: its browsers are closed when it is over, and leave a picture when it failed.

use std::any::type_name;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::browser::{Browser, Setup};
use super::people::{Borrowed, People, Person};
use super::settings;

/// How many stories are told at once. Each needs three people of nine at most, so that these never wait for each other.
const ROOMS: u32 = 4;

/// Stories that may run side by side take one room, those that disturb all others take the whole house.
static HOUSE: Semaphore = Semaphore::const_new(ROOMS as usize);

/// Tells a story.
pub async fn story(body: impl AsyncFnOnce(&Stage)) {
    in_rooms(1, body).await;
}

/// Tells a story that cannot be told while others are: it restarts or breaks a server.
pub async fn story_alone(body: impl AsyncFnOnce(&Stage)) {
    in_rooms(ROOMS, body).await;
}

async fn in_rooms(rooms: u32, body: impl AsyncFnOnce(&Stage)) {
    let _rooms = HOUSE.acquire_many(rooms).await.expect("the semaphore is never closed");
    tell(body).await;
}

async fn tell<B: AsyncFnOnce(&Stage)>(body: B) {
    let stage = Stage { name: name_of::<B>(), browsers: RefCell::default(), people: RefCell::default() };
    let outcome = AssertUnwindSafe(body(&stage)).catch_unwind().await;
    stage.close(outcome.is_err()).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// `e2e::calls::somebody_is_called::{{closure}}::{{closure}}` is the story `calls-somebody_is_called`.
fn name_of<B>() -> String {
    let parts = type_name::<B>().split("::").filter(|part| !part.starts_with('{'));
    parts.skip(1).collect::<Vec<_>>().join("-")
}

/// Where a story takes place.
pub struct Stage {
    name: String,
    browsers: RefCell<Vec<Rc<Browser>>>,
    // Given back after their browsers are closed: the fields go in this order.
    people: RefCell<Vec<Borrowed>>,
}

impl Stage {
    /// Opens a browser, at no page yet.
    pub async fn browser(&self, setup: Setup) -> Rc<Browser> {
        let browser = Rc::new(Browser::start(setup).await);
        self.browsers.borrow_mut().push(browser.clone());
        browser
    }

    /// Borrows someone until the story is over.
    pub async fn person(&self, people: &'static People) -> Person {
        let borrowed = people.borrow().await;
        let person = borrowed.clone();
        self.people.borrow_mut().push(borrowed);
        person
    }

    async fn close(&self, failed: bool) {
        for (number, browser) in self.browsers.take().into_iter().enumerate() {
            if failed {
                let picture = settings::folder().join(format!("{}-{}.png", self.name, number + 1));
                browser.leave_picture(&picture).await;
            }
            browser.quit().await;
        }
    }
}
