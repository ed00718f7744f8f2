//! What loads a packed program, in the glue that wasm-bindgen wrote for one that is not packed.

use super::glue::end_of_block;
use super::pack;
use crate::squeeze::squeezed;
use crate::trouble::{Done, failed};

/// The functions of the glue that load, which nothing else calls.
const LOADING: [&str; 3] = ["async function __wbg_load(", "function initSync(", "async function __wbg_init("];

/// The glue with our own `load` in the place of those: it takes `{ module_or_path }` as theirs does. What the glue does
/// at its `end` becomes `begin`.
pub fn put_in(glue: &str, end: &str, begin: &str) -> Done<String> {
    let mut text = glue.to_string();
    for function in LOADING {
        let Some((before, rest)) = text.split_once(function) else {
            return failed(format!("the glue does not look as expected: it has no {function}"));
        };
        let Some(length) = end_of_block(rest) else {
            return failed(format!("the glue does not look as expected: {function} has no end"));
        };
        text = format!("{before}{}", &rest[length..]);
    }
    if text.matches(end).count() != 1 {
        return failed(format!("the glue does not look as expected: {end} is not there once"));
    }
    let loader = squeezed(&format!("{}{}", pack::constants(), include_str!("loader.js")));
    Ok(text.replace(end, &format!("{loader}{begin}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loads_is_replaced_and_the_rest_stays() {
        let glue = "function keep(){}async function __wbg_load(a,b){if(a){b();}}function initSync(a){}\
                    async function __wbg_init(a){}export{initSync,__wbg_init as default};";
        let text = put_in(glue, "export{initSync,__wbg_init as default};", "load(1);").unwrap();
        assert!(text.starts_with("function keep(){}const OPERANDS="), "{text}");
        assert!(text.ends_with("load(1);") && !text.contains("initSync"), "{text}");
    }

    #[test]
    fn glue_of_another_kind_is_refused() {
        assert!(put_in("export{initSync};", "export{initSync};", "").is_err());
    }
}
