//! The XUC server's address: what a person types, and the URLs made of it (xuc-cti §1, xc_webrtc-api §5.4).

use std::fmt;

use super::message::LineConfig;
use crate::secret::Secret;

/// Where the page itself came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOrigin {
    /// Over TLS.
    pub secure: bool,
    /// `host[:port]`; empty for a page that came from no server.
    pub host: String,
}

/// An XUC server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    secure: bool,
    /// `host[:port]` of each of its addresses, one at least.
    authorities: Vec<String>,
    /// The one that is used now.
    at: usize,
}

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// Neither `http` nor `https`.
    Scheme,
    /// No host, or characters that no host has.
    Host,
    /// Not a port number.
    Port,
    /// The page came over TLS, and browsers do not let such a page talk to a server without.
    Insecure,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the server's address must begin with http:// or https://, or with the host",
            Self::Host => "the server's address has no host that can be read",
            Self::Port => "the server's port must be a number from 1 to 65535",
            Self::Insecure => "a page served over TLS can only use a server with TLS",
        })
    }
}

impl std::error::Error for ServerError {}

impl Server {
    /// Reads `host[:port]` or `http(s)://host[:port]`; nothing typed means the server of the page. A path is left
    /// out, so that the address of a page on the server does as well. Further addresses of the same server, for when the
    /// first is not reached, follow behind commas, without a scheme.
    ///
    /// # Errors
    ///
    /// What is wrong with the address; nothing of it is guessed.
    pub fn parse(typed: &str, page: &PageOrigin) -> Result<Self, ServerError> {
        let typed = typed.trim();
        let scheme =
            typed.split_once(':').and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
        let (secure, rest) = match scheme {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            Some(_) => return Err(ServerError::Scheme),
            None if typed.is_empty() => (page.secure, page.host.as_str()),
            None => (page.secure, typed),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let mut authorities = Vec::new();
        for authority in authority.split(',').map(str::trim) {
            let host = check_authority(authority)?;
            if page.secure && !secure && !is_loopback(host) {
                return Err(ServerError::Insecure);
            }
            authorities.push(authority.to_owned());
        }
        Ok(Self { secure, authorities, at: 0 })
    }

    /// The server at that host, or at these hosts, with commas between them; an empty port means the scheme's own.
    ///
    /// # Errors
    ///
    /// What is wrong with host or port.
    pub fn at(secure: bool, host: &str, port: &str) -> Result<Self, ServerError> {
        let mut authorities = Vec::new();
        for host in host.split(',') {
            let mut authority = host.trim().to_owned();
            if !port.is_empty() {
                authority.push(':');
                authority.push_str(port);
            }
            check_authority(&authority)?;
            authorities.push(authority);
        }
        Ok(Self { secure, authorities, at: 0 })
    }

    /// The address in use was not reached: the next one, if there are several.
    pub fn fail_over(&mut self) {
        self.at = (self.at + 1) % self.authorities.len();
    }

    fn authority(&self) -> &str {
        &self.authorities[self.at]
    }

    /// Where to log in: POST.
    pub fn login_url(&self) -> String {
        format!("{self}/xuc/api/2.0/auth/login")
    }

    /// Where to have a token checked and renewed: GET with the token as bearer.
    pub fn check_url(&self) -> String {
        format!("{self}/xuc/api/2.0/auth/check")
    }

    /// The CTI websocket.
    pub fn cti_url(&self, token: &Secret) -> Secret {
        let token = percent_encoded(token.expose());
        Secret::new(format!(
            "{}://{}/xuc/api/2.0/cti?token={token}",
            self.websocket_scheme(),
            self.authority()
        ))
    }

    /// The SIP websocket of the media server that holds the line: `/wssip[-X]` with TLS, `/ws[-X]` without.
    pub fn sip_url(&self, line: &LineConfig, token: &Secret) -> Secret {
        let path = if self.secure { "wssip" } else { "ws" };
        let suffix =
            line.media_server().map(|name| format!("-{}", percent_encoded(name))).unwrap_or_default();
        let query = if token.is_empty() { "" } else { "?token=" };
        let token = percent_encoded(token.expose());
        Secret::new(format!(
            "{}://{}/{path}{suffix}{query}{token}",
            self.websocket_scheme(),
            self.authority()
        ))
    }

    /// Whether it is reached over TLS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    fn websocket_scheme(&self) -> &'static str {
        if self.secure { "wss" } else { "ws" }
    }
}

/// The address in use, in the form that [`Server::parse`] reads.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority())
    }
}

/// The host of `host[:port]`, once both are known to be fit for a URL.
fn check_authority(authority: &str) -> Result<&str, ServerError> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').ok_or(ServerError::Host)?;
            // Whether it is a whole address of RFC 4291, the browser says.
            if !address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')) {
                return Err(ServerError::Host);
            }
            match after.strip_prefix(':') {
                Some(port) => (address, Some(port)),
                None if after.is_empty() => (address, None),
                None => return Err(ServerError::Host),
            }
        }
        None => {
            let (host, port) = match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            };
            // What is beyond ASCII is left for the browser to encode or refuse.
            let fits = |c: char| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '-' | '.' | '_')
                    || !c.is_ascii() && !c.is_whitespace()
            };
            if host.is_empty() || !host.chars().all(fits) {
                return Err(ServerError::Host);
            }
            (host, port)
        }
    };
    match port {
        Some(port) if !port.bytes().all(|b| b.is_ascii_digit()) => Err(ServerError::Port),
        Some(port) => match port.parse::<u64>() {
            Ok(1..=65535) => Ok(host),
            Ok(_) | Err(_) => Err(ServerError::Port),
        },
        None => Ok(host),
    }
}

/// Hosts that browsers trust without TLS.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.starts_with("127.") || host == "::1"
}

/// The text with everything but the unreserved characters of RFC 3986 §2.3 encoded.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 0xf] {
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &str) -> Result<String, ServerError> {
        let page = PageOrigin { secure: true, host: "phone.example.org:8443".into() };
        Server::parse(typed, &page).map(|server| server.to_string())
    }

    fn read(typed: &str) -> String {
        parse(typed).unwrap()
    }

    #[test]
    fn nothing_typed_is_the_server_of_the_page() {
        assert_eq!(read("  "), "https://phone.example.org:8443");
        let file = PageOrigin { secure: false, host: String::new() };
        assert_eq!(Server::parse("", &file), Err(ServerError::Host));
    }

    #[test]
    fn a_host_takes_the_scheme_of_the_page() {
        assert_eq!(read("xivo.example.org"), "https://xivo.example.org");
        assert_eq!(read("xivo:8443"), "https://xivo:8443");
        let plain = PageOrigin { secure: false, host: "localhost".into() };
        assert_eq!(Server::parse("xivo:8090", &plain).unwrap().to_string(), "http://xivo:8090");
    }

    #[test]
    fn a_scheme_is_kept_and_a_path_is_left_out() {
        assert_eq!(read(" HTTPS://xivo.example.org/sample?x#y "), "https://xivo.example.org");
        assert_eq!(read("http://localhost:8090/"), "http://localhost:8090");
        assert_eq!(read("https://[2001:db8::1]:8443"), "https://[2001:db8::1]:8443");
        assert_eq!(read("https://téléphonie.example"), "https://téléphonie.example");
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        assert_eq!(parse("ftp://xivo"), Err(ServerError::Scheme));
        assert_eq!(parse("https://"), Err(ServerError::Host));
        assert_eq!(parse("xi vo"), Err(ServerError::Host));
        assert_eq!(parse("user:secret@xivo"), Err(ServerError::Port));
        assert_eq!(parse("user@xivo"), Err(ServerError::Host));
        assert_eq!(parse("<b>xivo</b>"), Err(ServerError::Host));
        assert_eq!(parse("[::1"), Err(ServerError::Host));
        assert_eq!(parse("[xivo]"), Err(ServerError::Host));
        assert_eq!(parse("[::1]8443"), Err(ServerError::Host));
        assert_eq!(parse("xivo:"), Err(ServerError::Port));
        assert_eq!(parse("xivo:0"), Err(ServerError::Port));
        assert_eq!(parse("xivo:65536"), Err(ServerError::Port));
        assert_eq!(parse("xivo:+80"), Err(ServerError::Port));
    }

    #[test]
    fn a_secure_page_only_talks_to_secure_servers_and_to_its_own_machine() {
        assert_eq!(parse("http://xivo"), Err(ServerError::Insecure));
        assert_eq!(read("http://127.0.0.1:8090"), "http://127.0.0.1:8090");
    }

    #[test]
    fn further_addresses_are_used_in_turn_when_one_fails() {
        let mut server = Server::at(true, "a.example.org, b.example.org", "8443").unwrap();
        for expected in ["a", "b", "a"] {
            assert_eq!(server.to_string(), format!("https://{expected}.example.org:8443"));
            server.fail_over();
        }
        assert_eq!(read("https://a.example.org,b.example.org:444/x"), "https://a.example.org");
        assert_eq!(parse("a.example.org,"), Err(ServerError::Host));
        assert_eq!(parse("http://localhost,xivo"), Err(ServerError::Insecure));
    }

    #[test]
    fn addresses_are_made_of_the_server_with_the_token_encoded() {
        let page = PageOrigin { secure: true, host: "x".into() };
        let server = Server::parse("xivo:8443", &page).unwrap();
        let token = Secret::new("a.b+c/d=");
        assert_eq!(server.login_url(), "https://xivo:8443/xuc/api/2.0/auth/login");
        assert_eq!(server.check_url(), "https://xivo:8443/xuc/api/2.0/auth/check");
        assert_eq!(server.cti_url(&token).expose(), "wss://xivo:8443/xuc/api/2.0/cti?token=a.b%2Bc%2Fd%3D");
    }

    #[test]
    fn the_sip_address_names_the_media_server_unless_it_is_the_main_one() {
        let page = PageOrigin { secure: true, host: "xivo".into() };
        let sip = |typed: &str, proxy: Option<&str>| {
            let line = LineConfig { sip_proxy_name: proxy.map(str::to_owned), ..LineConfig::default() };
            let server = Server::parse(typed, &page).unwrap();
            server.sip_url(&line, &Secret::new("T")).expose().to_owned()
        };
        assert_eq!(sip("", Some("default")), "wss://xivo/wssip?token=T");
        assert_eq!(sip("", None), "wss://xivo/wssip?token=T");
        assert_eq!(sip("", Some("mds_2")), "wss://xivo/wssip-mds_2?token=T");
        assert_eq!(sip("", Some("a/../b")), "wss://xivo/wssip-a%2F..%2Fb?token=T");
        assert_eq!(sip("http://localhost:8090", Some("default")), "ws://localhost:8090/ws?token=T");
    }
}
