//! Browser media: one owner for each browser object, released when it is dropped.
