//! How a language that is not part of the program is read: line by line, in the order of the fields.

/// A sentence with gaps, `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Sentence(pub &'static str);

impl Sentence {
    /// The sentence with its gaps filled, in their order.
    pub fn with(self, words: &[&str]) -> String {
        // Searches for one sign each: those for a text of two take a kilobyte of code.
        let mut parts = self.0.split('{');
        let mut sentence = parts.next().unwrap_or_default().to_owned();
        for (gap, part) in parts.enumerate() {
            sentence.push_str(words.get(gap).copied().unwrap_or_default());
            sentence.push_str(part.strip_prefix('}').unwrap_or(part));
        }
        sentence
    }
}

/// The lines of a language that were not read yet.
pub struct Lines {
    rest: &'static str,
    /// A line was missing.
    pub ended_early: bool,
}

impl Lines {
    pub fn new(file: &'static str) -> Self {
        Self { rest: file, ended_early: false }
    }

    /// Puts the words of the next line that has any in their place; what stands before ` = ` says which that is.
    // Called once for each field of all tables: in their place it would be a tenth of the program.
    #[inline(never)]
    fn next_into(&mut self, place: &mut &'static str) {
        while let Some((line, rest)) = self.rest.split_once('\n') {
            self.rest = rest;
            if let Some((_, words)) = line.split_once('=') {
                *place = words.strip_prefix(' ').unwrap_or(words);
                return;
            }
        }
        self.ended_early = true;
    }
}

/// What can stand in a table of texts.
pub trait Read {
    /// Takes as many lines as it has fields.
    fn read(&mut self, lines: &mut Lines);

    /// The places of the words, in the order in which they are read.
    #[cfg(test)]
    fn places(&self, place: &str) -> Vec<String> {
        vec![place.to_owned()]
    }
}

impl Read for &'static str {
    fn read(&mut self, lines: &mut Lines) {
        lines.next_into(self);
    }
}

impl Read for Sentence {
    fn read(&mut self, lines: &mut Lines) {
        lines.next_into(&mut self.0);
    }
}

/// A list, in its order.
impl<T: Read, const N: usize> Read for [T; N] {
    fn read(&mut self, lines: &mut Lines) {
        self.iter_mut().for_each(|item| item.read(lines));
    }

    #[cfg(test)]
    fn places(&self, place: &str) -> Vec<String> {
        self.iter().enumerate().flat_map(|(at, item)| item.places(&format!("{place}.{at}"))).collect()
    }
}

/// Makes tables of texts whose fields can be read from lines.
macro_rules! texts {
    ($($(#[$about:meta])* pub struct $table:ident { $($(#[$note:meta])* pub $field:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $table { $($(#[$note])* pub $field: $kind,)* }

        impl $crate::ui::texts::table::Read for $table {
            fn read(&mut self, lines: &mut $crate::ui::texts::table::Lines) {
                $($crate::ui::texts::table::Read::read(&mut self.$field, lines);)*
            }

            #[cfg(test)]
            fn places(&self, place: &str) -> Vec<String> {
                let inside = |field: &str| match place {
                    "" => field.to_owned(),
                    _ => format!("{place}.{field}"),
                };
                let mut all = Vec::new();
                $(all.extend($crate::ui::texts::table::Read::places(&self.$field, &inside(stringify!($field))));)*
                all
            }
        }
    )*};
}
pub(super) use texts;
