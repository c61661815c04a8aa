//! Network addresses without their last part.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::policy::model::Column;
use crate::schema::Class;
use crate::value::Value;

/// Does the database itself see to it that the column holds addresses?
pub fn is_native(column: &Column) -> bool {
    column.class == Class::Other && ["inet", "cidr", "inet4", "inet6"].contains(&column.type_name.as_str())
}

/// Can a column hold addresses in a form that is understood: as text, in a type of its own, or as 4 or 16 bytes?
pub fn may_hold(column: &Column) -> bool {
    matches!(column.class, Class::Text | Class::Bytes) || is_native(column)
}

/// The address without its last byte (IPv4) or its last ten bytes (IPv6), in the form it had; `None` where it is none.
pub fn truncated(value: &Value) -> Option<Value> {
    match value {
        Value::Text(text) => Some(Value::Text(text_truncated(text)?)),
        Value::Bytes(bytes) => {
            let short = match bytes.len() {
                4 => network(IpAddr::from(<[u8; 4]>::try_from(bytes.as_slice()).ok()?)),
                16 => network(IpAddr::from(<[u8; 16]>::try_from(bytes.as_slice()).ok()?)),
                _ => return None,
            };
            Some(Value::Bytes(match short {
                IpAddr::V4(v4) => v4.octets().to_vec(),
                IpAddr::V6(v6) => v6.octets().to_vec(),
            }))
        }
        _ => None,
    }
}

fn text_truncated(text: &str) -> Option<String> {
    let (address, prefix) = match text.trim().split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
        None => (text.trim(), None),
    };
    let address: IpAddr = address.parse().ok()?;
    let (bits, kept) = if address.is_ipv4() { (32, 24) } else { (128, 48) };
    let short = network(address);
    match prefix {
        // A network that is larger already, and one that its prefix names, keep the prefix; a host in a network loses it.
        Some(prefix) if prefix > bits => None,
        Some(prefix) => Some(format!("{short}/{}", prefix.min(kept))),
        None => Some(short.to_string()),
    }
}

fn network(address: IpAddr) -> IpAddr {
    let v4 = |a: Ipv4Addr| Ipv4Addr::from_bits(a.to_bits() & !0xff);
    match address {
        IpAddr::V4(a) => v4(a).into(),
        IpAddr::V6(a) => match a.to_ipv4_mapped() {
            Some(mapped) => v4(mapped).to_ipv6_mapped().into(),
            None => Ipv6Addr::from_bits(a.to_bits() & !(u128::MAX >> 48)).into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Option<String> {
        match truncated(&Value::text(text))? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn the_last_part_goes_and_the_form_stays() {
        let cases = [
            ("192.0.2.77", "192.0.2.0"),
            (" 192.0.2.77 ", "192.0.2.0"),
            ("192.0.2.77/32", "192.0.2.0/24"),
            ("192.0.2.77/16", "192.0.2.0/16"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            ("2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("::ffff:192.0.2.77", "::ffff:192.0.2.0"),
        ];
        for (long, short) in cases {
            assert_eq!(text(long).as_deref(), Some(short), "{long}");
        }
        assert_eq!(truncated(&Value::Bytes(vec![192, 0, 2, 77])), Some(Value::Bytes(vec![192, 0, 2, 0])));
        for none in ["", "ann", "192.0.2", "192.0.2.7:80", "fe80::1%eth0", "192.0.2.7/33", "1.2.3.4, 5.6.7.8"] {
            assert_eq!(text(none), None, "{none}");
        }
        assert_eq!(truncated(&Value::Int(7)), None);
        assert_eq!(truncated(&Value::Bytes(vec![1, 2, 3])), None);
    }

    proptest! {
        #[test]
        fn hosts_of_one_network_are_alike_and_a_second_time_changes_nothing(a: [u8; 16], b: [u8; 16], v4: bool) {
            let (kept, all) = if v4 { (3, 4) } else { (6, 16) };
            let host = |tail: [u8; 16]| {
                let mut bytes = [&a[..kept], &tail[kept..all]].concat();
                bytes[0] = 0x20;
                Value::Bytes(bytes)
            };
            let short = truncated(&host(a));
            prop_assert!(short.is_some());
            prop_assert_eq!(&short, &truncated(&host(b)));
            prop_assert_eq!(&short, &truncated(short.as_ref().unwrap()));
        }
    }
}
