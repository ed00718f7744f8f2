//! A real nginx, with the sample configuration of `deploy/nginx.conf` and nothing in it changed but addresses.

use crate::cert;
use crate::net;
use crate::server::{Server, Servers};
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The configuration that people start from.
const SAMPLE: &str = "deploy/nginx.conf";

/// Behind it come the hashes of what a page runs without a file of its own.
const SCRIPTS: &str = "'wasm-unsafe-eval'";

/// Puts the configuration beside the files of `dist`, with the hashes of the scripts that stand in its pages: trunk
/// starts a page by such a script.
pub fn write_sample(workspace: &Workspace, dist: &Path) -> Done {
    let mut site = read(&workspace.root.join(SAMPLE))?;
    let mut allowed = SCRIPTS.to_string();
    for page in ["index.html", "sample/index.html"] {
        for script in inline_scripts(&read(&dist.join(page))?) {
            allowed.push_str(&format!(" 'sha256-{}'", base64(&Sha256::digest(script.as_bytes()))));
        }
    }
    site = site.replace(SCRIPTS, &allowed);
    write(&dist.join("nginx.conf"), &site)
}

/// The texts of the scripts that have no file of their own.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    for script in page.split("<script").skip(1) {
        if let Some((attributes, rest)) = script.split_once('>')
            && let Some((text, _)) = rest.split_once("</script>")
            && !attributes.contains(" src=")
        {
            texts.push(text);
        }
    }
    texts
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// Serves `folder`, with that lab behind it, on a free port; answers where.
pub fn serve(workspace: &Workspace, servers: &Servers, folder: &Path, lab: &str) -> Done<(Server, String)> {
    let tls = cert::certificate(workspace)?;
    let made = workspace.scratch(&format!("nginx/{}", servers.task()))?;
    let mut site = read(&workspace.root.join(SAMPLE))?;
    let port = net::free_port()?;
    let backend = lab.trim_start_matches("http://");
    let changes = [
        ("127.0.0.1:8090", backend.to_string()),
        ("127.0.0.1:5039", backend.to_string()),
        ("listen 443 ssl", format!("listen 127.0.0.1:{port} ssl")),
        ("phone.example.org", "localhost".to_string()),
        ("/etc/ssl/xc-webrtc/cert.pem", tls.certificate.display().to_string()),
        ("/etc/ssl/xc-webrtc/key.pem", tls.key.display().to_string()),
        ("/var/www/xc-webrtc", folder.display().to_string()),
    ];
    for (sample, here) in changes {
        if !site.contains(sample) {
            return failed(format!("{SAMPLE} has no {sample} that could be changed"));
        }
        site = site.replace(sample, &here);
    }
    write(&made.join("site.conf"), &site)?;
    // What Debian has in /etc/nginx/nginx.conf, without what belongs to the machine.
    let whole = format!(
        "include /etc/nginx/modules-enabled/*.conf;\n\
         daemon off;\nmaster_process off;\npid {made}/nginx.pid;\nerror_log stderr notice;\n\
         events {{}}\n\
         http {{\n    include /etc/nginx/mime.types;\n    \
         access_log off;\n    client_body_temp_path {made}/body;\n    proxy_temp_path {made}/proxy;\n    \
         fastcgi_temp_path {made}/fastcgi;\n    uwsgi_temp_path {made}/uwsgi;\n    scgi_temp_path {made}/scgi;\n    \
         include {made}/site.conf;\n}}\n",
        made = made.display()
    );
    let settings = made.join("nginx.conf");
    write(&settings, &whole)?;
    let mut nginx = workspace.command("nginx");
    nginx.arg("-e").arg("stderr").arg("-c").arg(&settings);
    let server = servers.start("nginx", &nginx)?;
    // It says so before it listens, but its sockets are open by then.
    server.wait_for(Duration::from_secs(20), |line| {
        line.contains("start worker process")
            .then_some(())
            .or_else(|| line.contains("using the").then_some(()))
    })?;
    Ok((server, format!("https://localhost:{port}")))
}

fn read(path: &Path) -> Done<String> {
    fs::read_to_string(path).or_say(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Done {
    fs::write(path, text).or_say(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_a_file_are_found() {
        let page =
            r#"<script src="a.js"></script><script type="module">import a</script><p><script>b</script>"#;
        assert_eq!(inline_scripts(page), ["import a", "b"]);
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let texts = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
