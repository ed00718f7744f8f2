//! Who can be at the phone. A person has one line, so one story at a time borrows them.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

/// Someone with a login and a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they log in with.
    pub login: String,
    /// Their password.
    pub password: String,
    /// What others dial.
    pub number: String,
    /// What others see.
    pub name: String,
}

/// Login, number and shown name of those whom the lab and the Asterisk of the tests know.
const EVERYBODY: [(&str, &str, &str); 9] = [
    ("alice", "1001", "Alice Martin"),
    ("bob", "1002", "Bob Keller"),
    ("carol", "1003", "Carol Silva"),
    ("dave", "1004", "Dave Novak"),
    ("erin", "1005", "Erin Walsh"),
    ("frank", "1006", "Frank Okafor"),
    ("grace", "1007", "Grace Lindqvist"),
    ("heidi", "1008", "Heidi Brandt"),
    ("ivan", "1009", "Ivan Petrov"),
];

/// The people of one server.
pub struct People {
    resting: Mutex<VecDeque<Person>>,
    free: Semaphore,
}

impl People {
    /// Nobody is lent yet.
    pub fn new(all: impl IntoIterator<Item = Person>) -> Self {
        let resting = VecDeque::from_iter(all);
        Self { free: Semaphore::new(resting.len()), resting: Mutex::new(resting) }
    }

    /// Everybody, each with a password.
    pub fn everybody(password_of: impl Fn(&str) -> String) -> Self {
        Self::new(EVERYBODY.map(|(login, number, name)| Person {
            login: login.into(),
            password: password_of(login),
            number: number.into(),
            name: name.into(),
        }))
    }

    /// Someone whom no other story uses; waits until there is one.
    pub async fn borrow(&'static self) -> Borrowed {
        let permit = self.free.acquire().await.expect("the semaphore is never closed");
        // Given back when the person is.
        permit.forget();
        let person = self.resting().pop_front().expect("there are as many people as permits");
        Borrowed { person, from: self }
    }

    fn resting(&self) -> MutexGuard<'_, VecDeque<Person>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A borrowed person, given back when dropped.
pub struct Borrowed {
    person: Person,
    from: &'static People,
}

impl Deref for Borrowed {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        // To the end of the queue: the server has time to notice that their browser is gone.
        self.from.resting().push_back(self.person.clone());
        self.from.free.add_permits(1);
    }
}
