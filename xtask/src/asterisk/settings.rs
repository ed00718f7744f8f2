//! The settings of one Asterisk, written from the templates in `xtask/asterisk`.

use super::music;
use crate::net;
use crate::trouble::{Done, OrSay};
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The accounts: login, shown name, number. The lab's people.
const USERS: [(&str, &str, &str); 9] = [
    ("alice", "Alice Martin", "1001"),
    ("bob", "Bob Keller", "1002"),
    ("carol", "Carol Silva", "1003"),
    ("dave", "Dave Novak", "1004"),
    ("erin", "Erin Walsh", "1005"),
    ("frank", "Frank Okafor", "1006"),
    ("grace", "Grace Lindqvist", "1007"),
    ("heidi", "Heidi Brandt", "1008"),
    ("ivan", "Ivan Petrov", "1009"),
];

/// The accounts of the AMI: the tests', who may do everything, and the lab's.
const AMI_USER: &str = "xc";
const AMI_LAB_USER: &str = "xc-lab";

/// Room for some calls with audio and video. Asterisk passes over a port that another instance uses.
const RTP_PORTS: (u16, u16) = (20_000, 20_400);

/// What is the same for every user or has no users in it.
const TEMPLATES: [(&str, &str); 11] = [
    ("asterisk.conf", include_str!("../../asterisk/asterisk.conf")),
    ("confbridge.conf", include_str!("../../asterisk/confbridge.conf")),
    ("extensions.conf", include_str!("../../asterisk/extensions.conf")),
    ("http.conf", include_str!("../../asterisk/http.conf")),
    ("logger.conf", include_str!("../../asterisk/logger.conf")),
    ("manager.conf", include_str!("../../asterisk/manager.conf")),
    ("modules.conf", include_str!("../../asterisk/modules.conf")),
    ("musiconhold.conf", include_str!("../../asterisk/musiconhold.conf")),
    ("pjsip.conf", include_str!("../../asterisk/pjsip.conf")),
    ("pjsip_notify.conf", include_str!("../../asterisk/pjsip_notify.conf")),
    ("rtp.conf", include_str!("../../asterisk/rtp.conf")),
];

/// What is added to a file once for each user.
const PER_USER: [(&str, &str); 2] = [
    ("extensions.conf", include_str!("../../asterisk/extensions.user.conf")),
    ("pjsip.conf", include_str!("../../asterisk/pjsip.user.conf")),
];

/// What Asterisk complains about when it is absent, and needs nothing of.
const EMPTY: [&str; 7] =
    ["acl.conf", "ccss.conf", "cdr.conf", "cel.conf", "features.conf", "pjproject.conf", "udptl.conf"];

/// The folders of an instance, as asterisk.conf names them.
const FOLDERS: [&str; 7] = ["cache", "etc", "lib/keys", "log", "music", "run", "spool"];

/// Where media may go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Only over the loopback interface, as tests want it.
    Loopback,
    /// Over any address of the machine, for an ordinary browser, which does not offer loopback.
    AnyAddress,
}

/// What differs from one instance to the next.
pub struct Settings {
    media: Media,
    http_port: u16,
    ami_port: u16,
    sip_port: u16,
    ami_secret: String,
    password: String,
}

impl Settings {
    /// New secrets for these ports.
    pub fn new([http_port, ami_port, sip_port]: [u16; 3], media: Media) -> Done<Self> {
        Ok(Settings { media, http_port, ami_port, sip_port, ami_secret: secret()?, password: secret()? })
    }

    /// Writes everything into `folder`, which the Asterisk itself sees under another name in a chroot.
    pub fn write(&self, folder: &Path, seen: &Path) -> Done {
        let doing = || format!("cannot write the settings of Asterisk into {}", folder.display());
        for name in FOLDERS {
            fs::create_dir_all(folder.join(name)).or_say(doing)?;
        }
        // The passwords in it are for this run only, but still nobody else's business.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).or_say(doing)?;
        for name in EMPTY {
            fs::write(folder.join("etc").join(name), "[general]\n").or_say(doing)?;
        }
        for (name, template) in TEMPLATES {
            let mut text = self.fill(template, seen);
            for (_, per_user) in PER_USER.iter().filter(|(file, _)| *file == name) {
                for (login, shown, number) in USERS {
                    let user = per_user.replace("{login}", login).replace("{name}", shown);
                    text.push_str(&self.fill(&user.replace("{number}", number), seen));
                }
            }
            fs::write(folder.join("etc").join(name), text).or_say(doing)?;
        }
        fs::write(folder.join("music/tone.sln"), music::tone()).or_say(doing)
    }

    /// The websocket that these settings open.
    pub fn websocket(&self) -> String {
        format!("ws://127.0.0.1:{}/ws", self.http_port)
    }

    /// Where it takes SIP over TCP, from the proxy of the tests.
    pub fn sip_port(&self) -> u16 {
        self.sip_port
    }

    /// How tests learn all this.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let accounts =
            [("XC_ASTERISK_WS", self.websocket()), ("XC_ASTERISK_PASSWORD", self.password.clone())];
        accounts.into_iter().chain(self.manager(AMI_USER)).collect()
    }

    /// How the lab learns where the AMI is.
    pub fn lab_environment(&self) -> Vec<(&'static str, String)> {
        self.manager(AMI_LAB_USER).into()
    }

    fn manager(&self, user: &str) -> [(&'static str, String); 3] {
        [
            ("XC_ASTERISK_AMI", format!("127.0.0.1:{}", self.ami_port)),
            ("XC_ASTERISK_AMI_USER", user.into()),
            ("XC_ASTERISK_AMI_SECRET", self.ami_secret.clone()),
        ]
    }

    /// What a person may do with it.
    pub fn welcome(&self) -> String {
        let logins = USERS.map(|(login, _, number)| format!("{login} ({number})")).join(", ");
        format!(
            "Log in as           {logins}\n\
             Password            {}\n\
             Echo                *55     hear your own voice\n\
             Tone                601     1 kHz\n\
             Busy                603\n\
             Conference          700\n",
            self.password
        )
    }

    /// For rtp.conf. Asterisk never offers the loopback interface by itself, but it can be told to put another
    /// address in the place of one that it finds.
    fn host_candidates(&self) -> String {
        match self.media {
            Media::Loopback => {
                net::own_addresses().iter().map(|own| format!("{own} => 127.0.0.1\n")).collect()
            }
            Media::AnyAddress => String::new(),
        }
    }

    /// For the endpoints of pjsip.conf.
    fn media_address(&self) -> &'static str {
        match self.media {
            Media::Loopback => "media_address = 127.0.0.1\nbind_rtp_to_media_address = yes",
            Media::AnyAddress => "",
        }
    }

    fn fill(&self, template: &str, seen: &Path) -> String {
        template
            .replace("{folder}", &seen.display().to_string())
            .replace("{http_port}", &self.http_port.to_string())
            .replace("{ami_port}", &self.ami_port.to_string())
            .replace("{sip_port}", &self.sip_port.to_string())
            .replace("{ami_user}", AMI_USER)
            .replace("{ami_lab_user}", AMI_LAB_USER)
            .replace("{ami_secret}", &self.ami_secret)
            .replace("{password}", &self.password)
            .replace("{host_candidates}", &self.host_candidates())
            .replace("{media_address}", self.media_address())
            .replace("{rtp_start}", &RTP_PORTS.0.to_string())
            .replace("{rtp_end}", &RTP_PORTS.1.to_string())
    }
}

/// Sixteen random bytes in hexadecimal digits.
fn secret() -> Done<String> {
    let mut bytes = [0; 16];
    let read = fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.or_say(|| "cannot read /dev/urandom".into())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_placeholder_stays_in_the_settings() {
        let folder = std::env::temp_dir().join(format!("xtask-asterisk-{}", std::process::id()));
        Settings::new([8088, 5038, 5060], Media::Loopback)
            .unwrap()
            .write(&folder, Path::new("/srv/one"))
            .unwrap();
        for (name, _) in TEMPLATES {
            let text = fs::read_to_string(folder.join("etc").join(name)).unwrap();
            // The dial plan has variables of its own, `${…}`.
            let left = text.replace("${", "").lines().any(|line| line.contains('{'));
            assert!(!left, "{name}: {text}");
        }
        let pjsip = fs::read_to_string(folder.join("etc/pjsip.conf")).unwrap();
        assert_eq!(pjsip.matches("auth_type = userpass").count(), USERS.len() + 1);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(secret().unwrap(), secret().unwrap());
    }
}
