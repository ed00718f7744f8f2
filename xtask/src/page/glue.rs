//! The JavaScript that wasm-bindgen writes between a program and the browser, after trunk took the white space out.
//!
//! It is read by its words, not by its grammar: every rule here holds for what wasm-bindgen and trunk write, and what
//! does not look as expected is refused, not guessed.

use super::names::{Names, Renaming};
use crate::trouble::{Done, failed};
use std::collections::BTreeMap;

/// Makes the glue shorter, and says how its program has to be renamed to fit.
///
/// Imports carry a hash in their name, which no compression makes small; exported classes come from libraries, and
/// nobody calls them.
pub fn shorten(glue: &str, names: &Names) -> Done<(String, Renaming)> {
    let mut text = without_classes(glue)?;
    let module = format!("{:?}:", names.glue);
    if text.matches(&module).count() != 1 {
        return failed(format!("the glue does not look as expected: {module} is not there once"));
    }
    if let Some((_, word, _)) = words(&text).find(|(_, word, _)| word.starts_with('$') && word.len() > 1) {
        return failed(format!("the glue does not look as expected: {word} is taken"));
    }
    let renaming = Renaming {
        glue: "$".into(),
        imports: keys(&text, names).zip(short_names()).collect(),
        exports: names.exports.iter().filter(|name| calls(&text, name)).cloned().zip(short_names()).collect(),
    };
    if renaming.imports.len() != names.imports.len() {
        return failed(format!(
            "the glue does not look as expected: it has {} of the program's {} imports",
            renaming.imports.len(),
            names.imports.len()
        ));
    }
    text = text.replace(&module, "$:");
    let own: BTreeMap<String, String> =
        own_names(&text, names).into_iter().zip(short_names().map(|name| format!("${name}"))).collect();
    text = rewrite(&text, |before, word, after| {
        if before.ends_with("wasm.") {
            return renaming.exports.get(word);
        }
        if is_key(before, after) && renaming.imports.contains_key(word) {
            return renaming.imports.get(word);
        }
        own.get(word)
    });
    let left = words(&text).find(|(_, word, _)| {
        let is_plain = word.len() < 8;
        // What it hands out to its own callers has a name for them.
        let is_handed_out = || text.contains(&format!("exports.{word}={word};"));
        !is_plain
            && (names.imports.iter().any(|name| name == word)
                || names.exports.iter().any(|name| name == word) && !is_handed_out())
    });
    if let Some((_, word, _)) = left {
        return failed(format!(
            "the glue does not look as expected: {word} stands where no name was expected"
        ));
    }
    Ok((text, renaming))
}

/// Cuts the classes out that a program exports to JavaScript.
fn without_classes(glue: &str) -> Done<String> {
    let mut text = glue.to_string();
    while let Some((before, rest)) = text.split_once("export class ") {
        let (Some((name, _)), Some(end)) = (rest.split_once('{'), end_of_block(rest)) else {
            return failed("the glue does not look as expected: a class has no end");
        };
        let name = name.to_string();
        let rest = format!("{before}{}", &rest[end..]);
        let disposal = format!("Symbol.dispose&&({name}.prototype[Symbol.dispose]={name}.prototype.free);");
        let rest = rest.replacen(&disposal, "", 1);
        text = without_finalization(&rest, &name)?;
        if words(&text).any(|(_, word, _)| word.starts_with(&name)) {
            return failed(format!("the glue does not look as expected: the class {name} is needed"));
        }
    }
    Ok(text)
}

/// Cuts `let NAMEFinalization=… new FinalizationRegistry(…)` out, alone or from among others.
fn without_finalization(text: &str, class: &str) -> Done<String> {
    let Some(at) = text.find(&format!("{class}Finalization=")) else { return Ok(text.to_string()) };
    let (before, rest) = text.split_at(at);
    let Some(call) = rest.find("new FinalizationRegistry(") else {
        return failed(format!("the glue does not look as expected: {class} is finalized in another way"));
    };
    let Some(length) = rest[call..].find("))").map(|end| call + end + 2) else {
        return failed(format!("the glue does not look as expected: the finalization of {class} has no end"));
    };
    let rest = &rest[length..];
    match (
        before.strip_suffix("let "),
        before.strip_suffix(','),
        rest.strip_prefix(','),
        rest.strip_prefix(';'),
    ) {
        (Some(before), _, None, Some(rest)) => Ok(format!("{before}{rest}")),
        (Some(_), _, Some(rest), _) => Ok(format!("{before}{rest}")),
        (None, Some(before), _, _) => Ok(format!("{before}{rest}")),
        _ => failed(format!("the glue does not look as expected around {class}Finalization")),
    }
}

/// Where the first block of braces ends.
pub fn end_of_block(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// The imports in the order in which the glue has them.
fn keys(text: &str, names: &Names) -> impl Iterator<Item = String> {
    let is_import = |(before, word, after): &(&str, &str, &str)| {
        is_key(before, after) && names.imports.iter().any(|name| name == word)
    };
    words(text).filter(is_import).map(|(_, word, _)| word.to_string())
}

/// Whether the glue uses an export.
fn calls(text: &str, export: &str) -> bool {
    words(text).any(|(before, word, _)| word == export && before.ends_with("wasm."))
}

/// The long names that the glue gave to its own functions and variables: not those of the browser, and none that
/// stands anywhere as a member, a key or a text.
fn own_names(text: &str, names: &Names) -> Vec<String> {
    let mut uses: BTreeMap<&str, (usize, bool, bool)> = BTreeMap::new();
    for (before, word, after) in words(text) {
        // A function of the glue may have the name of the export that it calls.
        if word.len() < 4 || before.ends_with("wasm.") {
            continue;
        }
        let (count, declared, elsewhere) = uses.entry(word).or_default();
        *count += 1;
        *declared |= before.ends_with("function ") && after.starts_with('(')
            || before.ends_with("let ")
            || before.ends_with(',') && after.starts_with('=') && !after.starts_with("==");
        *elsewhere |= before.ends_with(['.', '"', '`', '\'', '-', '/'])
            || after.starts_with(['"', '`', '\'', ':', '-', '/']);
    }
    let is_own = |(word, (_, declared, elsewhere)): &(&&str, &(usize, bool, bool))| {
        *declared && !*elsewhere && **word != "wasm" && names.imports.iter().all(|name| name != **word)
    };
    let mut own: Vec<_> = uses.iter().filter(is_own).collect();
    own.sort_by_key(|(_, (count, ..))| std::cmp::Reverse(*count));
    own.into_iter().map(|(word, _)| (*word).to_string()).collect()
}

/// Whether a word is the name of a member in an object.
fn is_key(before: &str, after: &str) -> bool {
    before.ends_with(['{', ',']) && after.starts_with([':', '('])
}

/// Replaces words.
fn rewrite<'a>(text: &str, mut replacement: impl FnMut(&str, &str, &str) -> Option<&'a String>) -> String {
    let mut written = String::with_capacity(text.len());
    let mut from = 0;
    for (before, word, after) in words(text) {
        if let Some(new) = replacement(before, word, after) {
            written.push_str(&text[from..before.len()]);
            written.push_str(new);
            from = text.len() - after.len();
        }
    }
    written.push_str(&text[from..]);
    written
}

/// Each word with what is before and after it.
fn words(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !is_word(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        (start < at).then(|| (&text[..start], &text[start..at], &text[at..]))
    })
}

/// `a`, `b` … `Z`, `aa`, `ba` …
fn short_names() -> impl Iterator<Item = String> {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (0..).map(|number: usize| {
        let mut rest = number;
        let mut name = String::new();
        loop {
            name.push(char::from(LETTERS[rest % LETTERS.len()]));
            match (rest / LETTERS.len()).checked_sub(1) {
                Some(more) => rest = more,
                None => return name,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the shape in which it comes: two exported classes, two imports, a function of its own.
    const GLUE: &str = concat!(
        "let wasm;export class Sink{free(){let e=this.__destroy_into_raw();wasm.__wbg_sink_free(e,0);}}",
        "Symbol.dispose&&(Sink.prototype[Symbol.dispose]=Sink.prototype.free);",
        "export class Source{free(){wasm.__wbg_source_free(0,0);}}",
        "Symbol.dispose&&(Source.prototype[Symbol.dispose]=Source.prototype.free);",
        "function imports(){return{__proto__:null,\"./x_bg.js\":{__proto__:null,",
        "__wbg_abort_8bae0f33e7833997:function(e){getObject(e).abort();},__wbg_now_8bae0f33e7833998(){return 1;}}};}",
        "let SinkFinalization=\"undefined\"==typeof FinalizationRegistry?{}:new FinalizationRegistry(e=>wasm.__wbg_sink_free(e,1)),",
        "SourceFinalization=\"undefined\"==typeof FinalizationRegistry?{}:new FinalizationRegistry(e=>wasm.__wbg_source_free(e,1));",
        "function getObject(e){return wasm.memory[e];}function __wbg_call_5(e){wasm.__wbg_call_5(e);}export{imports as default};",
    );

    fn names() -> Names {
        Names {
            glue: "./x_bg.js".into(),
            imports: vec!["__wbg_now_8bae0f33e7833998".into(), "__wbg_abort_8bae0f33e7833997".into()],
            exports: vec![
                "__wbg_sink_free".into(),
                "__wbg_source_free".into(),
                "memory".into(),
                "__wbg_call_5".into(),
            ],
        }
    }

    #[test]
    fn names_become_short_and_classes_that_nobody_calls_go() {
        let (text, renaming) = shorten(GLUE, &names()).unwrap();
        let short = concat!(
            "let wasm;function $b(){return{__proto__:null,$:{__proto__:null,",
            "a:function(e){$a(e).abort();},b(){return 1;}}};}function $a(e){return wasm.a[e];}",
            "function $c(e){wasm.b(e);}export{$b as default};",
        );
        assert_eq!(text, short);
        assert_eq!(
            renaming.exports,
            [("memory".into(), "a".into()), ("__wbg_call_5".into(), "b".into())].into()
        );
    }

    #[test]
    fn an_import_that_the_glue_does_not_have_is_refused() {
        let mut names = names();
        names.imports.push("__wbg_other_8bae0f33e7833999".into());
        assert!(shorten(GLUE, &names).is_err());
    }

    #[test]
    fn a_class_that_the_page_needs_is_refused() {
        let glue = format!("{GLUE}new Sink;");
        assert!(shorten(&glue, &names()).is_err());
    }

    #[test]
    fn what_the_glue_hands_out_keeps_its_name() {
        let mut names = names();
        names.exports.push("show_pictures".into());
        let glue = format!(
            "{GLUE}function show_pictures(){{wasm.show_pictures();}}exports.show_pictures=show_pictures;"
        );
        let (text, _) = shorten(&glue, &names).unwrap();
        assert!(
            text.ends_with("function show_pictures(){wasm.c();}exports.show_pictures=show_pictures;"),
            "{text}"
        );
    }

    #[test]
    fn short_names_are_all_different() {
        let names: Vec<String> = short_names().take(3000).collect();
        assert_eq!(names[0], "a");
        assert_eq!(names[52], "aa");
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
