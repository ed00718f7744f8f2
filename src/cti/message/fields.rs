//! Reading and writing the fields of JSON objects: tolerant one way, strict the other.

use crate::json::{Object, Value, whole_number};

/// So many things are told of one frame; a broken one could hold thousands.
const MOST_COMPLAINTS: usize = 8;
/// More texts of one object are not read. Calls have tens of them.
const MOST_TEXTS: usize = 256;

/// The fields of one object from the wire. Every field is optional, `null` is the same as absent, identifiers may be
/// numbers or strings; a value of the wrong type counts as absent and leaves a complaint.
pub(super) struct Fields<'v, 'c> {
    what: &'static str,
    object: &'v Object,
    complaints: &'c mut Vec<String>,
}

impl<'v, 'c> Fields<'v, 'c> {
    /// The fields of `value`, or a complaint when it is not an object. `what` names it in complaints.
    pub(super) fn of(what: &'static str, value: &'v Value, complaints: &'c mut Vec<String>) -> Option<Self> {
        match value.as_object() {
            Some(object) => Some(Self { what, object, complaints }),
            None => {
                if complaints.len() < MOST_COMPLAINTS {
                    complaints.push(format!("{what} is {}, not an object", kind(value)));
                }
                None
            }
        }
    }

    /// The field as it came, unless it is `null`.
    pub(super) fn value(&self, key: &str) -> Option<&'v Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// The field's text; a number is given as its digits.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        let text = text_of(value);
        if text.is_none() {
            self.complain(key, value);
        }
        text
    }

    /// The field's text, unless it is empty.
    pub(super) fn filled(&mut self, key: &'static str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// The field's whole number, also when it is written as a string.
    pub(super) fn integer(&mut self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        let number = integer_of(value);
        if number.is_none() {
            self.complain(key, value);
        }
        number
    }

    /// The field's truth value, also when it is written as a string.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            _ => None,
        };
        if flag.is_none() {
            self.complain(key, value);
        }
        flag
    }

    /// The texts of an object such as `userData`, in the order in which they came. Of a name that comes twice, the last
    /// counts.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<(String, String)>> {
        let value = self.value(key)?;
        let Some(object) = value.as_object() else {
            self.complain(key, value);
            return None;
        };
        let mut texts: Vec<(String, String)> = Vec::new();
        for (name, value) in object.iter().take(MOST_TEXTS) {
            match text_of(value) {
                Some(text) => match texts.iter_mut().find(|(known, _)| known == name) {
                    Some((_, known)) => *known = text,
                    None => texts.push((name.clone(), text)),
                },
                None if value.is_null() => {}
                None => self.complain(key, value),
            }
        }
        Some(texts)
    }

    /// The elements of an array; none when there is no array.
    pub(super) fn list(&mut self, key: &'static str) -> &'v [Value] {
        match self.value(key) {
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.complain(key, other);
                &[]
            }
            None => &[],
        }
    }

    /// The fields of an object inside this one.
    pub(super) fn object(&mut self, key: &'static str) -> Option<Fields<'v, '_>> {
        let value = self.value(key)?;
        Fields::of(key, value, self.complaints)
    }

    /// Notes that a field cannot be used. Only its type is told: its value may be a secret.
    fn complain(&mut self, key: &str, value: &Value) {
        if self.complaints.len() < MOST_COMPLAINTS {
            self.complaints.push(format!("{}: {key} cannot be {}, ignored", self.what, kind(value)));
        }
    }
}

/// A string, or a number's digits.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number, or a string that holds one.
pub(super) fn integer_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => whole_number(text.trim()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// An object being written. What is `None` is left out, never written as `null`.
#[derive(Default)]
pub(super) struct Writer(Object);

impl Writer {
    /// Adds a field.
    pub(super) fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key, value);
        self
    }

    /// Adds a field that may be absent.
    pub(super) fn put_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// Adds an object of texts such as `userData`.
    pub(super) fn put_texts(self, key: &str, texts: &[(String, String)]) -> Self {
        let mut object = Object::default();
        for (name, text) in texts {
            object.insert(name, text.as_str());
        }
        self.put(key, object)
    }

    /// Adds an array of texts.
    pub(super) fn put_list(self, key: &str, texts: &[String]) -> Self {
        let list: Vec<Value> = texts.iter().map(|text| text.as_str().into()).collect();
        self.put(key, list)
    }

    /// The object.
    pub(super) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

impl From<Object> for Writer {
    fn from(object: Object) -> Self {
        Self(object)
    }
}

/// An identifier as the server writes it: a number where it is one, unless zeros in front would be lost.
pub(super) fn id_value(id: &str) -> Value {
    match whole_number(id) {
        Some(number) if number.to_string() == id => number.into(),
        Some(_) | None => id.into(),
    }
}
