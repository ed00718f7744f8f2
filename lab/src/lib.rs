//! A small stand-in for a XiVO server.
