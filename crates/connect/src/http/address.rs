//! Which addresses may be called.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use engine::ask::Failure;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Hosts that may be called, and whether they may have private addresses.
#[derive(Clone)]
pub(super) struct Allowed {
    hosts: Vec<String>,
    private: bool,
}

impl Allowed {
    /// The host of the base address, and the further ones that the description names.
    pub fn new(base: &Url, further: impl Iterator<Item = String>, private: bool) -> Allowed {
        Allowed { hosts: further.chain([place(base)]).collect(), private }
    }

    /// Fails for an address that may not be called. An answer may have named it, so it is not repeated.
    pub fn check(&self, url: &Url) -> Result<(), Failure> {
        let refused = |reason: &str| Err(Failure::Refused { reason: reason.to_owned() });
        if !url.username().is_empty() || url.password().is_some() {
            return refused("an address of the service holds a user, which belongs into the credential");
        }
        match url.scheme() {
            "https" => {}
            "http" if self.private => {}
            "http" => return refused("the service's address is http, so all would travel readable; use https"),
            _ => return refused("the service's address is neither https nor http"),
        }
        if !self.hosts.contains(&place(url)) {
            return refused("the service names an address on another host, which the description does not allow");
        }
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if literal.is_some_and(is_private) && !self.private {
            return refused("the service has a private address; if that is meant, say `private = true` under `[http]`");
        }
        Ok(())
    }
}

/// Host, and the port where it is not the usual one.
fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Looks names up, and leaves out private addresses, so that no name can lead into our own network.
pub(super) struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| !is_private(address.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("it has no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Is it an address that the public internet does not reach?
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_4(ip),
        IpAddr::V6(ip) => is_private_6(ip),
    }
}

fn is_private_4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4() {
        return is_private_4(inner) || ip.is_loopback() || ip.is_unspecified();
    }
    let [first, second, ..] = ip.segments();
    // Addresses that carry an IPv4 address inside lead wherever that leads.
    let carries = first == 0x2002 || (first, second) == (0x64, 0xff9b) || (first, second) == (0x2001, 0);
    carries
        || ip.is_multicast()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xffc0) == 0xfe80
        || (first & 0xffc0) == 0xfec0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_disguise() {
        for private in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "172.32.0.1", "100.128.0.1"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_hosts_of_the_description_are_called() {
        let base: Url = "https://api.example.net/v1".parse().unwrap();
        let public = Allowed::new(&base, ["files.example.net".to_owned()].into_iter(), false);
        for good in ["https://api.example.net/x", "https://files.example.net/y"] {
            assert!(public.check(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "https://api.example.net:8443/",
            "https://files.example.net:8443/y",
            "https://example.net/",
            "http://api.example.net/",
            "https://a@api.example.net/",
            "https://api.example.net.evil.example/",
            "file:///etc/passwd",
        ] {
            assert!(public.check(&bad.parse().unwrap()).is_err(), "{bad}");
        }
        let inner: Url = "http://127.0.0.1:9000".parse().unwrap();
        assert!(Allowed::new(&inner, std::iter::empty(), false).check(&inner).is_err());
        assert!(Allowed::new(&inner, std::iter::empty(), true).check(&inner).is_ok());
    }
}
