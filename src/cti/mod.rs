//! The CTI link to the XUC server: messages and link rules, no socket.
