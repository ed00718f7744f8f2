//! Gathers the style sheets of the components.

fn main() {}
