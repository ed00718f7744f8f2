//! `cargo xtask run`: the phone in a browser, a minute after cloning.

use crate::asterisk::{self, Asterisk, Media};
use crate::lab;
use crate::net;
use crate::page::{self, Backend};
use crate::server::Servers;
use crate::tools;
use crate::trouble::{Done, failed};
use crate::workspace::Workspace;
use std::fmt::Write;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

/// Options of `run`.
#[derive(clap::Args)]
pub struct Options {
    /// Build optimised, as the page is delivered
    #[arg(long)]
    release: bool,
    /// Listen on all addresses of this machine, not only on localhost
    #[arg(long)]
    lan: bool,
    /// The port of the page
    #[arg(long, default_value_t = 8443, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// Use a XiVO server, https://HOST, instead of the lab
    #[arg(long, value_name = "URL", value_parser = server_url, conflicts_with = "asterisk")]
    xivo: Option<String>,
    /// A media server of that XiVO (the NAME in /wssip-NAME); may be given more than once
    #[arg(long, value_name = "NAME", value_parser = media_server, requires = "xivo")]
    media_server: Vec<String>,
    /// A PEM file with the certificate of that XiVO, when this machine does not trust it by itself
    #[arg(long, value_name = "FILE", requires = "xivo")]
    xivo_certificate: Option<PathBuf>,
    /// Let an Asterisk do SIP and media: the one at ws://HOST:8088/ws, or without URL one that is started here
    #[arg(long, value_name = "URL", value_parser = websocket_url)]
    asterisk: Option<Option<String>>,
    /// The manager interface (AMI) of that Asterisk, for CTI events and commands; its secret is taken from the
    /// environment: XC_ASTERISK_AMI_SECRET
    #[arg(long, value_name = "HOST:PORT", requires = "asterisk")]
    ami: Option<String>,
    /// The user in its manager.conf
    #[arg(long, value_name = "USER", requires = "ami", default_value = "xc-lab")]
    ami_user: String,
    #[command(flatten)]
    ice: lab::IceOptions,
}

/// Serves the page until Ctrl-C.
pub fn run(workspace: &Workspace, options: &Options) -> Done {
    let addresses = net::serving_addresses(options.lan);
    // All that can be known to fail is checked before anything is built.
    net::check_port(&addresses, options.port)?;
    check_reachable(options)?;
    tools::need_for_the_page(workspace, options.release, &[])?;

    let servers = Servers::new(workspace, format!("run-{}", options.port))?;
    let asterisk = match &options.asterisk {
        Some(None) => {
            Some(Asterisk::start(workspace, &servers, &asterisk::install(workspace)?, Media::AnyAddress)?)
        }
        Some(Some(_)) | None => None,
    };
    let websocket = asterisk.as_ref().map(Asterisk::websocket).or(options.asterisk.clone().flatten());
    let (backend, lab) = match &options.xivo {
        Some(url) => {
            let authority = options.xivo_certificate.as_ref().map(std::path::absolute).and_then(Result::ok);
            let media_servers = options.media_server.clone();
            (Backend::Xivo { url: url.clone(), media_servers, authority }, None)
        }
        None => {
            lab::build(workspace)?;
            let environment = match (&asterisk, &options.ami) {
                (Some(ours), _) => ours.lab_environment(),
                (None, Some(ami)) => {
                    vec![("XC_ASTERISK_AMI", ami.clone()), ("XC_ASTERISK_AMI_USER", options.ami_user.clone())]
                }
                (None, None) => Vec::new(),
            };
            let ice = options.ice.clone();
            let options = lab::Options { for_tests: false, asterisk: websocket.as_deref(), environment, ice };
            let lab = lab::start(workspace, &servers, &options)?;
            (Backend::Lab(lab.url), Some(lab.server))
        }
    };
    page::build(workspace, options.release)?;
    println!("Bundling the page.");
    let page = page::serve(
        workspace,
        &servers,
        &page::Options { release: options.release, addresses, port: options.port, rebuild: true, backend },
    )?;
    println!("{}", welcome(options, asterisk.as_ref()));
    page.server.show_output();

    // All are needed until somebody presses Ctrl-C, so the end of one is a failure.
    let ended = servers.wait_for_an_end();
    let others = [lab.as_ref(), asterisk.as_ref().map(Asterisk::server)];
    let culprit = others.into_iter().flatten().find(|server| ended.as_deref() == Some(server.name()));
    Err(culprit.unwrap_or(&page.server).ended())
}

/// Says in time that a server which is not ours does not answer.
fn check_reachable(options: &Options) -> Done {
    let Some(url) = options.xivo.as_ref().or(options.asterisk.as_ref().and_then(Option::as_ref)) else {
        return Ok(());
    };
    if let Some(file) = options.xivo_certificate.as_deref().filter(|file| !file.is_file()) {
        return failed(format!("there is no file {}; --xivo-certificate names a PEM file", file.display()));
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split('/').next().unwrap_or_default();
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if matches!(scheme, "https" | "wss") { 443 } else { 80 };
    let place = if has_port { authority.to_string() } else { format!("{authority}:{port}") };
    let Ok(mut found) = place.to_socket_addrs() else {
        return failed(format!("the name in {url} is not known; check it, and the network of this machine"));
    };
    if found.any(|address| TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_ok()) {
        return Ok(());
    }
    failed(format!(
        "nobody answers at {url}; check the address, and that the server is running and reachable"
    ))
}

fn welcome(options: &Options, asterisk: Option<&Asterisk>) -> String {
    let port = options.port;
    let mut text =
        format!("\nThe phone is ready: https://localhost:{port}/   (the developer's page: /sample)\n");
    if options.lan {
        for address in net::own_addresses() {
            let host = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
            let _ = writeln!(text, "On the network:     https://{host}:{port}/");
        }
    }
    text.push_str("The certificate is this machine's own, so the browser asks once whether to go on.\n\n");
    match (&options.xivo, &options.asterisk, asterisk) {
        (Some(url), _, _) => {
            let _ = writeln!(text, "Log in with an account of {url}.");
        }
        (None, _, Some(asterisk)) => text.push_str(&asterisk.welcome()),
        (None, Some(url), None) => {
            let place = url.as_deref().unwrap_or("that Asterisk");
            let _ = writeln!(text, "Log in with a SIP account of {place} and its password.");
        }
        (None, None, None) => text.push_str(LAB),
    }
    text.push_str("\nCtrl-C ends everything that was started.\n");
    text
}

/// The lab's users and numbers.
const LAB: &str = "\
Log in as           alice, bob, carol, dave, erin, frank, grace, heidi or ivan; the password is the login
Their numbers       1001 to 1009 in that order
Echo                *55     hear and see yourself
Tone                *56     1 kHz
Busy                *57
Rings for ever      *58
Refuses             *59
Digits              *60     type digits and then #: they are said back
";

fn server_url(text: &str) -> Result<String, String> {
    url_with(text, &["https", "http"], "https://HOST").map(|url| url.trim_end_matches('/').to_string())
}

fn websocket_url(text: &str) -> Result<String, String> {
    url_with(text, &["ws", "wss"], "ws://HOST:8088/ws")
}

/// A URL that can stand in trunk's settings as it is.
fn url_with(text: &str, schemes: &[&str], example: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
    match text.split_once("://") {
        Some((scheme, host)) if schemes.contains(&scheme) && !host.is_empty() && host.chars().all(fits) => {
            Ok(text.to_string())
        }
        Some(_) | None => Err(format!("this should look like {example}")),
    }
}

fn media_server(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let is_name = !text.is_empty() && text.chars().all(fits);
    is_name.then(|| text.to_string()).ok_or_else(|| "this should be a name such as mds1".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_url() {
        assert_eq!(server_url("https://pbx.example.org/"), Ok("https://pbx.example.org".into()));
        assert!(server_url("pbx.example.org").is_err());
        assert!(server_url("ftp://pbx.example.org").is_err());
        assert!(server_url("https://pbx\"\n[evil]").is_err());
        assert_eq!(websocket_url("ws://127.0.0.1:8088/ws"), Ok("ws://127.0.0.1:8088/ws".into()));
    }
}
