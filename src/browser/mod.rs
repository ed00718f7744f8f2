//! The rest of the outside world: sockets, clock, entropy, storage.
