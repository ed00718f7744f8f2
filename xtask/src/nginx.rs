//! A real nginx, with the sample configuration of `deploy/nginx.conf` and nothing in it changed but addresses.

use crate::cert;
use crate::net;
use crate::server::{Server, Servers};
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The configuration that people start from.
const SAMPLE: &str = "deploy/nginx.conf";

/// Puts the configuration beside the files of `dist`.
pub fn write_sample(workspace: &Workspace, dist: &Path) -> Done {
    write(&dist.join("nginx.conf"), &read(&workspace.root.join(SAMPLE))?)
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
