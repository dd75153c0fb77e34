//! Ranges of network addresses, for login limits and audiences.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// An inclusive range of addresses of one family. In text `10.0.0.0/8`, `10.0.0.1-10.0.0.9` or one
/// address. IPv4 addresses mapped into IPv6 count as IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressRange {
    from: IpAddr,
    to: IpAddr,
}

/// Text that is not a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a network: {why}; write 10.0.0.0/8, 10.0.0.1-10.0.0.9 or 2001:db8::/32")]
pub struct AddressError {
    text: String,
    why: &'static str,
}

impl AddressRange {
    /// From the first to the last address, both inside.
    ///
    /// # Errors
    ///
    /// When the two are of different families or in the wrong order.
    pub fn between(from: IpAddr, to: IpAddr) -> Result<Self, AddressError> {
        let (from, to) = (from.to_canonical(), to.to_canonical());
        let wrong = |why| AddressError { text: format!("{from}-{to}"), why };
        if from.is_ipv4() != to.is_ipv4() {
            return Err(wrong("the two ends are of different families"));
        }
        if from > to {
            return Err(wrong("the end lies before the start"));
        }
        Ok(Self { from, to })
    }

    /// The first address.
    pub const fn first(&self) -> IpAddr {
        self.from
    }

    /// Whether `address` lies inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.from.is_ipv4() && self.from <= address && address <= self.to
    }

    fn block(address: IpAddr, length: u8) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let host = if length == 0 {
                    u32::MAX
                } else {
                    u32::MAX.checked_shr(length.into()).unwrap_or(0)
                };
                (length <= 32).then(|| Self {
                    from: Ipv4Addr::from_bits(address.to_bits() & !host).into(),
                    to: Ipv4Addr::from_bits(address.to_bits() | host).into(),
                })
            }
            IpAddr::V6(address) => {
                let host = u128::MAX.checked_shr(length.into()).unwrap_or(0);
                (length <= 128).then(|| Self {
                    from: Ipv6Addr::from_bits(address.to_bits() & !host).into(),
                    to: Ipv6Addr::from_bits(address.to_bits() | host).into(),
                })
            }
        }
    }

    fn prefix_length(&self) -> Option<u8> {
        (0..=128).find(|length| Self::block(self.from, *length) == Some(*self))
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            return write!(f, "{}", self.from);
        }
        match self.prefix_length() {
            Some(length) => write!(f, "{}/{length}", self.from),
            None => write!(f, "{}-{}", self.from, self.to),
        }
    }
}
impl FromStr for AddressRange {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = |why| AddressError { text: text.to_owned(), why };
        let address =
            |part: &str| part.trim().parse::<IpAddr>().map_err(|_| wrong("not an address"));
        if let Some((base, length)) = text.split_once('/') {
            let length =
                length.trim().parse().map_err(|_| wrong("the prefix length is not a number"))?;
            return Self::block(address(base)?, length)
                .ok_or_else(|| wrong("the prefix length is too long"));
        }
        match text.split_once('-') {
            Some((from, to)) => Self::between(address(from)?, address(to)?)
                .map_err(|error| AddressError { text: text.to_owned(), why: error.why }),
            None => {
                Ok(Self { from: address(text)?.to_canonical(), to: address(text)?.to_canonical() })
            }
        }
    }
}
impl TryFrom<String> for AddressRange {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}
impl From<AddressRange> for String {
    fn from(range: AddressRange) -> Self {
        range.to_string()
    }
}
