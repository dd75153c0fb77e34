//! The HTTP interface of Guan.
