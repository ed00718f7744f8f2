//! Ports and addresses of this machine.

use crate::trouble::{Done, OrSay, failed};
use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// The addresses that another machine can use to reach this one, without link-local ones: a URL cannot name
/// those, for they need an interface beside them.
pub fn own_addresses() -> BTreeSet<IpAddr> {
    let Ok(interfaces) = getifaddrs() else {
        return BTreeSet::new();
    };
    interfaces
        .filter(|interface| {
            interface.flags.contains(InterfaceFlags::IFF_UP)
                && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
        })
        .filter_map(|interface| interface.address)
        .filter_map(|address| match (address.as_sockaddr_in(), address.as_sockaddr_in6()) {
            (Some(v4), _) => Some(IpAddr::V4(v4.ip())),
            (None, Some(v6)) => Some(IpAddr::V6(v6.ip())),
            (None, None) => None,
        })
        .filter(|address| match address {
            IpAddr::V4(v4) => !v4.is_link_local(),
            IpAddr::V6(v6) => !v6.is_unicast_link_local(),
        })
        .collect()
}

/// The machine's own name, if it has one that can stand in a certificate.
pub fn host_name() -> Option<String> {
    let name = nix::unistd::gethostname().ok()?.into_string().ok()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    (!name.is_empty() && name.chars().all(fits)).then_some(name)
}

/// The addresses to serve on: this machine only, or all of them.
pub fn serving_addresses(all: bool) -> Vec<IpAddr> {
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    match (all, has_ipv6) {
        // A socket on `::` takes IPv4 as well.
        (true, true) => vec![Ipv6Addr::UNSPECIFIED.into()],
        (true, false) => vec![Ipv4Addr::UNSPECIFIED.into()],
        (false, true) => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        (false, false) => vec![Ipv4Addr::LOCALHOST.into()],
    }
}

/// Makes sure that a port can be had before anything is built.
pub fn check_port(addresses: &[IpAddr], port: u16) -> Done {
    for address in addresses {
        match TcpListener::bind(SocketAddr::new(*address, port)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return failed(format!(
                    "port {port} is in use by another program; end that one, or choose another port with --port"
                ));
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                return failed(format!("port {port} needs more rights; choose one above 1023 with --port"));
            }
            Err(error) => return failed(format!("cannot listen on {address} port {port}: {error}")),
        }
    }
    Ok(())
}

/// A port of the loopback interface that is free now, for a server that cannot choose one by itself.
pub fn free_port() -> Done<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    listener
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .or_say(|| "no port is free".into())
}

/// Some such ports, all different.
pub fn free_ports<const N: usize>() -> Done<[u16; N]> {
    let mut ports = [0; N];
    let mut listeners = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).or_say(|| "no port is free".into())?;
        *port = listener.local_addr().or_say(|| "no port is free".into())?.port();
        // Kept until all are chosen.
        listeners.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let sentence = check_port(&[Ipv4Addr::LOCALHOST.into()], port).unwrap_err().to_string();
        assert!(sentence.starts_with(&format!("port {port} is in use")), "{sentence}");
        drop(taken);
        check_port(&[Ipv4Addr::LOCALHOST.into()], port).unwrap();
    }

    #[test]
    fn no_address_needs_an_interface_beside_it() {
        assert!(own_addresses().iter().all(|address| !address.is_loopback()));
    }
}
