//! The style sheet of one page: the rules that its program can use, in one file.
//!
//! Stylers gives each component's rules a scope, a class such as `l-163754`, which the compiled component names too. A
//! rule whose scope a program does not hold is for the other page.

/// What the name of a scope begins with.
const SCOPE: &str = ".l-";

/// The rules of these sheets, in their order, that `program` can use.
pub fn used(sheets: &[String], program: &[u8]) -> String {
    let rules = sheets.iter().flat_map(|sheet| rules(sheet));
    rules.filter(|rule| is_used(rule, program)).collect()
}

/// Cuts a sheet into its outermost rules; `@media` with all in it is one.
fn rules(sheet: &str) -> Vec<&str> {
    let (mut rules, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, sign) in sheet.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    rules.push(sheet[start..=at].trim());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    rules.push(sheet[start..].trim());
    rules
}

/// Whether a rule holds for all components, or for one of the program.
fn is_used(rule: &str, program: &[u8]) -> bool {
    let mut scopes = rule.split(SCOPE).skip(1).map(scope).peekable();
    scopes.peek().is_none()
        || scopes.any(|scope| program.windows(scope.len()).any(|part| part == scope.as_bytes()))
}

/// The class that begins here, its dot and `l-` cut off: `l-` and a number, which may be negative.
fn scope(rest: &str) -> String {
    let number = |sign: char| sign.is_ascii_digit() || sign == '-';
    format!("l-{}", &rest[..rest.find(|sign| !number(sign)).unwrap_or(rest.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_other_programs_are_left_out_and_all_others_kept_in_order() {
        let tokens = ":root{--gap:4px}@media (prefers-color-scheme: dark){:root{--ink:#fff}}".to_string();
        let scoped = ".a.l-12{color:red;}.b.l--34{color:blue;}@media print{.a.l-12{color:black;}}\
                      @media print{.b.l--34{color:black;}}.c.l-1{margin:0}"
            .to_string();
        let sheet = used(&[tokens.clone(), scoped], b"\0class l--34 l-1\0");
        assert_eq!(
            sheet,
            tokens + ".b.l--34{color:blue;}@media print{.b.l--34{color:black;}}.c.l-1{margin:0}"
        );
    }
}
