# An address loses its whole last byte.
# in crates/engine/src/actions/address.rs
s/!0xff\)/!0xf)/
