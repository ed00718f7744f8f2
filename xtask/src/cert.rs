//! The self-signed certificate that the page is served with.

use crate::net;
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use time::OffsetDateTime;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a certificate is valid. Browsers refuse longer ones than 398 days (CA/Browser Forum ballot SC31).
const VALID: Duration = DAY.saturating_mul(365);

/// It is renewed well before, so that a page left open for weeks does not die of it.
const RENEWED_AFTER: Duration = DAY.saturating_mul(300);

/// Where the certificate and its key lie.
pub struct Certificate {
    /// The certificate, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM, readable by its owner only.
    pub key: PathBuf,
}

/// The certificate in `target/tls`, made anew when it is old or when the machine's addresses changed.
pub fn certificate(workspace: &Workspace) -> Done<Certificate> {
    let folder = workspace.scratch("tls")?;
    let names = names();
    if !is_current(&folder, &names) {
        make(&folder, &names)?;
    }
    Ok(Certificate { certificate: folder.join("cert.pem"), key: folder.join("key.pem") })
}

/// All by which a browser may reach this machine.
fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["localhost".to_string()]);
    names.extend([Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()]);
    names.extend(net::host_name());
    names.extend(net::own_addresses().iter().map(ToString::to_string));
    names
}

fn is_current(folder: &Path, names: &BTreeSet<String>) -> bool {
    let age = fs::metadata(folder.join("cert.pem"))
        .and_then(|file| file.modified())
        .ok()
        .and_then(|made| SystemTime::now().duration_since(made).ok());
    age.is_some_and(|age| age < RENEWED_AFTER)
        && folder.join("key.pem").is_file()
        && fs::read_to_string(folder.join("names")).is_ok_and(|known| known == list(names))
}

fn make(folder: &Path, names: &BTreeSet<String>) -> Done {
    let doing = || "cannot make a certificate".to_string();
    let mut wanted = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>()).or_say(doing)?;
    wanted.distinguished_name = DistinguishedName::new();
    wanted.distinguished_name.push(DnType::CommonName, "xc-webrtc on this machine");
    // A clock that is a little slow must not refuse it.
    wanted.not_before = OffsetDateTime::now_utc() - DAY;
    wanted.not_after = OffsetDateTime::now_utc() + VALID;
    let key = KeyPair::generate().or_say(doing)?;
    let certificate = wanted.self_signed(&key).or_say(doing)?;

    write(&folder.join("key.pem"), &key.serialize_pem(), 0o600)?;
    write(&folder.join("cert.pem"), &certificate.pem(), 0o644)?;
    // Last, so that an interrupted run starts again.
    write(&folder.join("names"), &list(names), 0o644)
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

fn write(path: &Path, text: &str, mode: u32) -> Done {
    let doing = || format!("cannot write {}", path.display());
    // A new file, for the mode of an old one would stay.
    if path.exists() {
        fs::remove_file(path).or_say(doing)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).or_say(doing)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).or_say(doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_kept_until_the_addresses_change() {
        let folder = std::env::temp_dir().join(format!("xtask-cert-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let home = BTreeSet::from(["localhost".to_string(), "192.0.2.7".to_string()]);
        assert!(!is_current(&folder, &home));
        make(&folder, &home).unwrap();
        assert!(is_current(&folder, &home));
        let away = BTreeSet::from(["localhost".to_string(), "198.51.100.7".to_string()]);
        assert!(!is_current(&folder, &away));
        fs::remove_dir_all(&folder).unwrap();
    }
}
