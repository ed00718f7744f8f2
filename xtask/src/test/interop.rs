//! The page in a real Chromium against a real Asterisk, alone and behind a real Kamailio.

use super::{Tally, cargo_test};
use crate::asterisk::{self, Asterisk, Media};
use crate::kamailio::Kamailio;
use crate::lab::{self, IceOptions};
use crate::server::Servers;
use crate::stage::{self, SecondStage, Stage};
use crate::tools::{self, Tool};
use crate::trouble::Done;
use crate::turn::{self, Access};
use crate::workspace::Workspace;

/// Starts an Asterisk, sets the stages with it and runs `lab/tests/interop`.
pub fn run(workspace: &Workspace, release: bool, rest: &[String]) -> Done<Tally> {
    let installed = asterisk::install(workspace)?;
    tools::need(workspace, &[Tool::Coturn, Tool::Kamailio])?;
    let peers = tools::need_peers(workspace)?;
    stage::prepare(workspace, release)?;
    let servers = Servers::new(workspace, "interop")?;
    let asterisk = Asterisk::start(workspace, &servers, &installed, Media::Loopback)?;
    let turn = turn::start(workspace, &servers, Access::Accounts)?;
    let url = asterisk.websocket();
    let for_tests = lab::Options { for_tests: true, asterisk: Some(&url), ..lab::Options::default() };
    let with_manager = lab::Options { environment: asterisk.lab_environment(), ..for_tests.clone() };
    let lab = lab::start(workspace, &servers, &with_manager)?;
    let stage = Stage::set(workspace, &servers, lab, release)?;
    let other_servers = Servers::new(workspace, "interop-without-manager")?;
    let (turn_user, turn_password) = turn::ACCOUNTS[0];
    let without_manager = lab::Options {
        environment: vec![("XC_TURN_PASSWORD", turn_password.into())],
        ice: IceOptions::with_account(&turn.url, turn_user),
        ..for_tests
    };
    let without_manager = SecondStage::set(workspace, &other_servers, &without_manager, release)?;
    let behind_kamailio = Servers::new(workspace, "interop-kamailio")?;
    let kamailio = Kamailio::start(workspace, &behind_kamailio, asterisk.sip_port())?;
    let edge = kamailio.websocket();
    let over_proxy = lab::Options { asterisk: Some(&edge), ..with_manager };
    let over_proxy = SecondStage::set(workspace, &behind_kamailio, &over_proxy, release)?;
    let mut command = workspace.cargo(["test", "--package", "xc-lab", "--test", "interop"]);
    command.envs(stage.environment()).envs(asterisk.environment());
    command.env("XC_PAGE_WITHOUT_MANAGER_URL", without_manager.page_url()).env("XC_TURN_URL", &turn.url);
    command.env("XC_PAGE_BEHIND_KAMAILIO_URL", over_proxy.page_url());
    command.env("XC_PEERS", peers);
    command.env("XC_KAMAILIO_WS", &edge).env("XC_KAMAILIO_RPC", kamailio.rpc());
    cargo_test(command, rest)
}
