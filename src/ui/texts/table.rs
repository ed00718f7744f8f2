//! How a language that is not part of the program is read: line by line, in the order of the fields.

/// A sentence with gaps, `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Sentence(pub &'static str);

impl Sentence {
    /// The sentence with its gaps filled, in their order.
    pub fn with(self, words: &[&str]) -> String {
        let mut parts = self.0.split("{}");
        let mut sentence = parts.next().unwrap_or_default().to_owned();
        for (gap, part) in parts.enumerate() {
            sentence.push_str(words.get(gap).copied().unwrap_or_default());
            sentence.push_str(part);
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

    /// The words of the next line that has any; what stands before ` = ` says where they belong.
    pub fn next(&mut self) -> &'static str {
        while let Some((line, rest)) = self.rest.split_once('\n') {
            self.rest = rest;
            if let Some((_, words)) = line.split_once(" = ") {
                return words;
            }
        }
        self.ended_early = true;
        ""
    }
}

/// What can stand in a table of texts.
pub trait Read {
    /// Takes as many lines as it has fields.
    fn read(lines: &mut Lines) -> Self;

    /// The places of the words, in the order in which they are read.
    #[cfg(test)]
    fn places(place: &str) -> Vec<String> {
        vec![place.to_owned()]
    }
}

impl Read for &'static str {
    fn read(lines: &mut Lines) -> Self {
        lines.next()
    }
}

impl Read for Sentence {
    fn read(lines: &mut Lines) -> Self {
        Self(lines.next())
    }
}

/// A list, in its order.
impl<T: Read, const N: usize> Read for [T; N] {
    fn read(lines: &mut Lines) -> Self {
        std::array::from_fn(|_| T::read(lines))
    }

    #[cfg(test)]
    fn places(place: &str) -> Vec<String> {
        (0..N).flat_map(|at| T::places(&format!("{place}.{at}"))).collect()
    }
}

/// Makes tables of texts whose fields can be read from lines.
macro_rules! texts {
    ($($(#[$about:meta])* pub struct $table:ident { $($(#[$note:meta])* pub $field:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub struct $table { $($(#[$note])* pub $field: $kind,)* }

        impl $crate::ui::texts::table::Read for $table {
            fn read(lines: &mut $crate::ui::texts::table::Lines) -> Self {
                Self { $($field: $crate::ui::texts::table::Read::read(lines),)* }
            }

            #[cfg(test)]
            fn places(place: &str) -> Vec<String> {
                let inside = |field: &str| match place {
                    "" => field.to_owned(),
                    _ => format!("{place}.{field}"),
                };
                let mut all = Vec::new();
                $(all.extend(<$kind as $crate::ui::texts::table::Read>::places(&inside(stringify!($field))));)*
                all
            }
        }
    )*};
}
pub(super) use texts;
