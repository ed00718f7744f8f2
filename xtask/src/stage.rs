//! What a test in a real browser plays on: the lab, the page over TLS, and a driver for Chromium.

use crate::asterisk::{Asterisk, Installed, Media};
use crate::lab::{self, Lab};
use crate::net;
use crate::nginx;
use crate::page::{self, Backend, Page};
use crate::server::{Server, Servers};
use crate::tools::{self, Tool};
use crate::trouble::Done;
use crate::workspace::Workspace;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

/// The servers of a test run, on free ports of the loopback interface. Dropping it ends them.
pub struct Stage {
    page: Page,
    lab: Lab,
    driver_url: String,
    _driver: Server,
}

/// Installs and builds what a stage needs.
pub fn prepare(workspace: &Workspace, release: bool) -> Done {
    tools::need_for_the_page(workspace, release, &[Tool::Chromium])?;
    lab::build(workspace)?;
    page::build(workspace, release)
}

impl Stage {
    /// Starts what is missing around a running lab.
    pub fn set(workspace: &Workspace, servers: &Servers, lab: Lab, release: bool) -> Done<Self> {
        println!("Bundling the page.");
        let page = serve_page(workspace, servers, &lab.url, release)?;
        let (driver, driver_url) = start_driver(workspace, servers)?;
        Ok(Stage { page, lab, driver_url, _driver: driver })
    }

    /// How tests learn where everything is.
    pub fn environment(&self) -> [(&'static str, &str); 3] {
        [
            ("XC_PAGE_URL", &self.page.url),
            ("XC_LAB_URL", &self.lab.url),
            ("XC_CHROMEDRIVER", &self.driver_url),
        ]
    }
}

/// Pages as nginx delivers them, with an Asterisk behind the lab. Dropping it ends all three.
pub struct AsteriskSite {
    /// Where the pages are.
    pub page: String,
    _nginx: Server,
    lab: Lab,
    /// The Asterisk.
    pub asterisk: Asterisk,
}

impl AsteriskSite {
    /// Starts all three for the files of a folder, in the name of a task.
    pub fn set(workspace: &Workspace, task: &'static str, installed: &Installed, site: &Path) -> Done<Self> {
        let servers = Servers::new(workspace, task)?;
        let asterisk = Asterisk::start(workspace, &servers, installed, Media::Loopback)?;
        let url = asterisk.websocket();
        let options = lab::Options {
            for_tests: true,
            asterisk: Some(&url),
            environment: asterisk.lab_environment(),
            ..lab::Options::default()
        };
        let lab = lab::start(workspace, &servers, &options)?;
        let (nginx, page) = nginx::serve(workspace, &servers, site, &lab.url)?;
        Ok(AsteriskSite { page, _nginx: nginx, lab, asterisk })
    }

    /// Where the lab is.
    pub fn lab_url(&self) -> &str {
        &self.lab.url
    }
}

/// Another lab with a page in front of it. Dropping it ends both.
pub struct SecondStage {
    page: Page,
    _lab: Lab,
}

impl SecondStage {
    /// Starts them, from what [`prepare`] built.
    pub fn set(
        workspace: &Workspace,
        servers: &Servers,
        options: &lab::Options<'_>,
        release: bool,
    ) -> Done<Self> {
        let lab = lab::start(workspace, servers, options)?;
        let page = serve_page(workspace, servers, &lab.url, release)?;
        Ok(SecondStage { page, _lab: lab })
    }

    /// Where the page is.
    pub fn page_url(&self) -> &str {
        &self.page.url
    }
}

/// Starts the driver of Chromium, and says where it listens.
pub fn start_driver(workspace: &Workspace, servers: &Servers) -> Done<(Server, String)> {
    let driver = servers.start("chromedriver", workspace.command("chromedriver").arg("--port=0"))?;
    let url = driver.wait_for(Duration::from_secs(20), driver_address)?;
    Ok((driver, url))
}

/// A page in front of a lab that the tests themselves start, end and start again. Dropping it ends the page.
pub struct PageAlone {
    page: Page,
    /// Where the lab is to listen.
    pub lab_address: String,
}

impl PageAlone {
    /// Serves it, from what [`prepare`] built.
    pub fn set(workspace: &Workspace, servers: &Servers, release: bool) -> Done<Self> {
        let lab_address = format!("{}:{}", Ipv4Addr::LOCALHOST, net::free_port()?);
        let page = serve_page(workspace, servers, &format!("http://{lab_address}"), release)?;
        Ok(PageAlone { page, lab_address })
    }

    /// Where the page is.
    pub fn page_url(&self) -> &str {
        &self.page.url
    }
}

fn serve_page(workspace: &Workspace, servers: &Servers, lab_url: &str, release: bool) -> Done<Page> {
    let options = page::Options {
        release,
        addresses: vec![Ipv4Addr::LOCALHOST.into()],
        port: 0,
        rebuild: false,
        backend: Backend::Lab(lab_url.to_string()),
    };
    page::serve(workspace, servers, &options)
}

/// From `ChromeDriver was started successfully on port 40123.`
fn driver_address(line: &str) -> Option<String> {
    let (_, port) = line.split_once("started successfully on port ")?;
    Some(format!("http://127.0.0.1:{}", port.trim_end_matches('.')))
}
