//! The pages: built by cargo, bundled and served over TLS by trunk.

mod css;
mod delivery;
mod finish;
mod glue;
mod loader;
mod names;
mod order;
mod pack;

use crate::cert;
use crate::library;
use crate::process;
use crate::server::{Server, Servers};
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::env;
use std::fmt::Write;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub use delivery::compile_small;
pub use finish::{PHONE, finish, optimise, optimise_code, shorten};
pub use loader::put_in as put_loader_in;

/// Bundling is quick, but wasm-opt takes its time on a slow machine.
const BUNDLING: Duration = Duration::from_secs(300);

/// What people edit; a change rebuilds the page.
const SOURCES: [&str; 6] = ["Cargo.toml", "Trunk.toml", "build.rs", "index.html", "src", "style"];

/// A page that is being served.
pub struct Page {
    /// Where, as trunk says it: `https://ADDRESS:PORT`.
    pub url: String,
    /// Trunk.
    pub server: Server,
}

/// Who answers what the page asks for.
pub enum Backend {
    /// The lab at this address, `http://…`.
    Lab(String),
    /// A XiVO server.
    Xivo {
        /// Its address, `https://HOST[:PORT]`.
        url: String,
        /// The names of its media servers: SIP for these goes to `/wssip-NAME`.
        media_servers: Vec<String>,
        /// A file with the certificate that vouches for it, when the system does not know it.
        authority: Option<PathBuf>,
    },
}

/// How to serve.
pub struct Options {
    /// Optimised, as it is delivered.
    pub release: bool,
    /// The addresses to listen on.
    pub addresses: Vec<IpAddr>,
    /// The port; 0 for a free one.
    pub port: u16,
    /// Whether a change of a source rebuilds the page and reloads it in the browser.
    pub rebuild: bool,
    /// Who is behind it.
    pub backend: Backend,
}

/// Compiles the pages and the library, so that the compiler's messages are seen, and the style sheet is there for trunk.
pub fn build(workspace: &Workspace, release: bool) -> Done {
    println!("Building the page.");
    let mut cargo = workspace.cargo(["build", "--bins", "--target", "wasm32-unknown-unknown"]);
    if release {
        compile_small(cargo.arg("--release"));
    }
    process::run("building the page", &mut cargo)?;
    library::compile(workspace, release)
}

/// What the linker says of a release of that program (`build.rs` has it written).
pub fn map_of(workspace: &Workspace, program: &str) -> PathBuf {
    workspace.target.join(format!("wasm32-unknown-unknown/release/{program}.map"))
}

/// Bundles a release into `folder`, in the place of what is there.
pub fn bundle(workspace: &Workspace, folder: &Path) -> Done {
    build(workspace, true)?;
    let settings = write_settings(workspace, "dist", "")?;
    let mut trunk = workspace.command("trunk");
    trunk.args(["build", "--release", "--offline", "--dist"]).arg(folder);
    trunk.arg("--config").arg(&settings).arg(workspace.root.join("index.html"));
    trunk.env("CARGO_TARGET_DIR", &workspace.target);
    process::run("trunk build", as_we_need(compile_small(&mut trunk)))
}

/// Serves what [`build`] built; returns once it can be asked for.
pub fn serve(workspace: &Workspace, servers: &Servers, options: &Options) -> Done<Page> {
    let settings = write_settings(workspace, servers.task(), &proxies(&options.backend))?;
    let tls = cert::certificate(workspace)?;

    let mut trunk = workspace.command("trunk");
    trunk.args(["serve", "--offline", "--disable-address-lookup", "--color", "never"]);
    trunk.arg("--config").arg(&settings);
    trunk.arg("--dist").arg(workspace.scratch(&format!("page/{}", servers.task()))?);
    trunk.arg("--tls-cert-path").arg(tls.certificate).arg("--tls-key-path").arg(tls.key);
    trunk.args(["--port", &options.port.to_string()]);
    for address in &options.addresses {
        trunk.args(["--address", &address.to_string()]);
    }
    if options.release {
        compile_small(trunk.arg("--release"));
    }
    if options.rebuild {
        for source in SOURCES.iter().map(|name| workspace.root.join(name)).filter(|path| path.exists()) {
            trunk.arg("--watch").arg(source);
        }
    } else {
        // Trunk cannot be told to watch nothing, so it watches a file that nobody changes.
        trunk.arg("--no-autoreload").arg("--watch").arg(&settings);
    }
    trunk.arg(workspace.root.join("index.html")).env("CARGO_TARGET_DIR", &workspace.target);
    if let Backend::Xivo { authority: Some(file), .. } = &options.backend {
        // What trunk's TLS reads the trusted certificates from.
        trunk.env("SSL_CERT_FILE", file);
    }

    let server = servers.start("page", as_we_need(&mut trunk))?;
    // Trunk serves even when it could not bundle, in the hope of an edit; here that is a failure.
    let mut broken = false;
    let url = server.wait_for(BUNDLING, |line| {
        broken |= line.contains(" ERROR ");
        listening_address(line)
    })?;
    if broken {
        return failed(server.sentence("could not bundle the page"));
    }
    Ok(Page { url, server })
}

/// Trunk reads NO_COLOR as an option of its own and refuses its usual value `1`; RUST_LOG could silence the line
/// that is waited for; and a backtrace of trunk says nothing about the page.
fn as_we_need(trunk: &mut Command) -> &mut Command {
    trunk.env_remove("NO_COLOR").env_remove("RUST_LOG").env("RUST_BACKTRACE", "0")
}

/// The address in the first such line, for example `    🏠 https://127.0.0.1:8443/`.
fn listening_address(line: &str) -> Option<String> {
    let (before, address) = line.split_once("https://")?;
    let is_listed = !before.contains("->") && address.ends_with('/');
    is_listed.then(|| format!("https://{}", address.trim_end_matches('/')))
}

/// Writes trunk's settings: those of the clone, this program as the step at the end, and the proxies, which trunk takes
/// from a file only.
fn write_settings(workspace: &Workspace, task: &str, proxies: &str) -> Done<PathBuf> {
    let common = workspace.root.join("Trunk.toml");
    let mut text = fs::read_to_string(&common).or_say(|| format!("cannot read {}", common.display()))?;
    let this = env::current_exe().or_say(|| "cannot tell which program this is".into())?;
    let _ = write!(
        text,
        "\n[[hooks]]\nstage = \"post_build\"\ncommand = {this:?}\ncommand_arguments = [\"finish-page\"]\n{proxies}"
    );
    let path = workspace.scratch("page")?.join(format!("{task}.toml"));
    fs::write(&path, text).or_say(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn proxies(backend: &Backend) -> String {
    let (http, media_servers) = match backend {
        Backend::Lab(url) => (url, &[][..]),
        Backend::Xivo { url, media_servers, .. } => (url, media_servers.as_slice()),
    };
    // http → ws, https → wss
    let ws = http.replacen("http", "ws", 1);
    let sip = media_servers.iter().map(|name| format!("/wssip-{name}"));
    let sockets = ["/xuc/api/2.0/cti".to_string(), "/wssip".to_string()].into_iter().chain(sip);
    let sockets = sockets
        .map(|path| format!("\n[[proxies]]\nrewrite = \"{path}\"\nbackend = \"{ws}{path}\"\nws = true\n"));
    format!("\n[[proxies]]\nrewrite = \"/xuc\"\nbackend = \"{http}/xuc\"\nno_redirect = true\n")
        + &sockets.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_list_and_not_from_a_proxy() {
        assert_eq!(
            listening_address("INFO     🏠 https://127.0.0.1:8443/"),
            Some("https://127.0.0.1:8443".into())
        );
        assert_eq!(listening_address("INFO 📡 proxying /xuc -> https://pbx.example.org/xuc  "), None);
        assert_eq!(listening_address("INFO 📡 serving static assets at -> /"), None);
    }

    #[test]
    fn sockets_of_media_servers_are_relayed_too() {
        let backend = Backend::Xivo {
            url: "https://pbx.example.org".into(),
            media_servers: vec!["mds_2".into()],
            authority: None,
        };
        let text = proxies(&backend);
        assert!(text.contains("backend = \"https://pbx.example.org/xuc\""), "{text}");
        assert!(text.contains("backend = \"wss://pbx.example.org/wssip-mds_2\""), "{text}");
    }
}
