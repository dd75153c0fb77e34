//! Places that are taken at the same time, for connections and for requests: one address never takes all of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::attempts::network;

/// A number of places, of which one address takes half at most, so that whoever holds that many back shuts nobody else
/// out. Of IPv6 the network of one customer counts.
#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    share: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _one: OwnedSemaphorePermit,
    of: Option<(Arc<Places>, IpAddr)>,
}

/// The place of a running request: whoever only waits leaves it.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<Option<Place>>);

impl Places {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let (all, held) = (Arc::new(Semaphore::new(most)), Mutex::default());
        Arc::new(Self { all, share: most.div_ceil(2), held })
    }

    /// Waits for any place; it belongs to nobody yet.
    ///
    /// Errors: never, as nobody closes the places.
    pub(crate) async fn wait(&self) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
        Arc::clone(&self.all).acquire_owned().await
    }

    /// Gives a place to an address; none where it has its share. Whose address is not known has no share.
    pub(crate) fn give(
        self: &Arc<Self>,
        one: OwnedSemaphorePermit,
        address: Option<IpAddr>,
    ) -> Option<Place> {
        let Some(address) = address.map(network) else {
            return Some(Place { _one: one, of: None });
        };
        let mut held = self.held.lock();
        let count = held.entry(address).or_default();
        if *count >= self.share {
            return None;
        }
        *count += 1;
        drop(held);
        Some(Place { _one: one, of: Some((Arc::clone(self), address)) })
    }

    /// A place at once; none where all are taken or the address has its share.
    pub(crate) fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        self.give(one, address)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((places, address)) = &self.of else { return };
        let mut held = places.held.lock();
        if let Some(count) = held.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                held.remove(address);
            }
        }
    }
}

impl Running {
    /// Holds it until the request has ended.
    pub(crate) fn hold(&self, place: Place) {
        *self.0.lock() = Some(place);
    }

    /// Gives the place back before the request has ended.
    pub(crate) fn leave(&self) {
        drop(self.0.lock().take());
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use std::net::IpAddr;

    #[test]
    fn one_address_takes_half_and_what_is_given_back_is_free() {
        let places = Places::new(4);
        let (one, other): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut held: Vec<_> = (0..2).map(|_| places.take(Some(one)).unwrap()).collect();
        assert!(places.take(Some(one)).is_none());
        held.push(places.take(Some(other)).unwrap());
        held.push(places.take(None).unwrap());
        assert!(places.take(Some(other)).is_none(), "all are taken");
        held.clear();
        assert!(places.held.lock().is_empty());
        assert!(places.take(Some(one)).is_some());
    }

    #[test]
    fn where_there_is_one_place_anybody_takes_it() {
        let places = Places::new(1);
        let place = places.take("192.0.2.1".parse().ok());
        assert!(place.is_some() && places.take(None).is_none());
    }
}
