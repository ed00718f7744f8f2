//! A real Asterisk for the tests: the peer that XiVO's telephony server is.

mod install;
mod music;
mod settings;

use crate::net;
use crate::server::{Server, Servers};
use crate::short_lived::ShortLived;
use crate::trouble::Done;
use crate::workspace::Workspace;
use settings::Settings;
use std::path::Path;
use std::time::Duration;

pub use install::{Installed, install};
pub use settings::Media;

/// What Asterisk prints once everything is loaded.
const READY: &str = "Asterisk Ready.";

/// The name of an instance's folder, in front of the process that started it.
const PREFIX: &str = "asterisk-";

/// A running Asterisk with a folder of its own. Dropping it ends it and removes the folder.
pub struct Asterisk {
    settings: Settings,
    // Ended before its folder is removed: fields are dropped in this order.
    server: Server,
    _folder: ShortLived,
}

impl Asterisk {
    /// Starts one on free ports of the loopback interface.
    pub fn start(
        workspace: &Workspace,
        servers: &Servers,
        installed: &Installed,
        media: Media,
    ) -> Done<Self> {
        let instances = installed.instances(workspace);
        remove_orphans(&instances);
        let folder = ShortLived::new(instances.join(format!("{PREFIX}{}", std::process::id())));
        let settings = Settings::new(net::free_ports()?, media)?;
        settings.write(folder.path(), &installed.seen_from_inside(folder.path()))?;
        let server = servers.start("asterisk", &installed.command(workspace, folder.path()))?;
        server.wait_for(Duration::from_secs(60), |line| line.contains(READY).then_some(()))?;
        println!("Asterisk is ready at {}.", settings.websocket());
        Ok(Asterisk { settings, server, _folder: folder })
    }

    /// Its SIP websocket.
    pub fn websocket(&self) -> String {
        self.settings.websocket()
    }

    /// Where it takes SIP over TCP, from a proxy in front of it.
    pub fn sip_port(&self) -> u16 {
        self.settings.sip_port()
    }

    /// The process.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What a person may do with it.
    pub fn welcome(&self) -> String {
        self.settings.welcome()
    }

    /// How the lab learns where the manager interface is and who may use it.
    pub fn lab_environment(&self) -> Vec<(&'static str, String)> {
        self.settings.lab_environment()
    }

    /// How tests learn where it is and who may use it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.settings.environment()
    }
}

/// Removes what tasks left that were killed.
fn remove_orphans(instances: &Path) {
    for entry in std::fs::read_dir(instances).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        if !Path::new("/proc").join(process).exists() {
            drop(ShortLived::new(entry.path()));
        }
    }
}
