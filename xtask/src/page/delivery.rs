//! How the page that users get is compiled: small.

use std::process::Command;

/// What cargo reads from its environment, so that trunk, which calls cargo too, compiles in the same way and not
/// everything a second time. The flags are added to those of `.cargo/config.toml`, and hold for the browser's target
/// alone: build scripts and macros stay as they are.
///
/// The standard library is compiled with the page, as small as it can be, in place of the one that rustup brought,
/// which is made for speed and holds the words of every panic. A panic then is a trap: the browser's console says
/// `RuntimeError: unreachable` and the functions it came through. A debug build has the words.
///
/// LLVM is kept from what makes loops faster by more code, for they are short here: counters of their own for each
/// address (loop strength reduction), and copies of a load on the paths that lead to it (partial redundancy).
const SETTINGS: [(&str, &str); 4] = [
    // Stable cargo and rustc offer these only so.
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
         -Cllvm-args=-disable-lsr -Cllvm-args=-enable-load-pre=false \
         -Cllvm-args=-enable-split-backedge-in-load-pre=false",
    ),
];

/// Prepares cargo, or trunk, for a build as it is delivered.
pub fn compile_small(command: &mut Command) -> &mut Command {
    command.envs(SETTINGS)
}
